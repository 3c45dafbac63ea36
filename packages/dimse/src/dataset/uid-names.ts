/** Names of UIDs. Importing this brings the table of PS3.6 Annex A along (about 10 kB compressed). */
import { uidLines, uidTypes } from './uid.generated.js';

/** A UID of PS3.6 Annex A. */
export interface UidInfo {
  /** UID. */
  readonly uid: string;
  /** Name. */
  readonly name: string;
  /** Keyword; empty for a few retired ones. */
  readonly keyword: string;
  /** `SOP Class`, `Transfer Syntax`, `Meta SOP Class`, … as Table A-1 has it. */
  readonly type: string;
  /** True when the standard has retired it. */
  readonly isRetired: boolean;
}

let table: Map<string, UidInfo> | undefined;

/** What the standard says of a UID; `undefined` when it isn't one of the standard's. */
export function uidInfo(uid: string): UidInfo | undefined {
  table ??= unpack();
  return table.get(uid);
}

/** The standard's name for a UID, the UID itself when it has none. */
export function uidName(uid: string): string {
  return uidInfo(uid)?.name || uid;
}

/** Name of a SOP class (`CT Image Storage`), its UID when it is unknown. */
export function sopClassName(uid: string): string {
  return uidName(uid);
}

function unpack(): Map<string, UidInfo> {
  const infos = new Map<string, UidInfo>();
  for (const line of uidLines.split('\n')) {
    const [short = '', type = '', keyword = '', name = ''] = line.split('|');
    const uid = short.startsWith('.') ? `1.2.840.10008${short}` : short;
    const isRetired = type.endsWith('r');
    infos.set(uid, { uid, name, keyword, type: uidTypes[Number.parseInt(type.charAt(0), 36)] ?? '', isRetired });
  }
  return infos;
}
