/**
 * The one place where a peer's identifiers become file names.
 */
import { StatusError } from '@dicomwire/dimse';

/** UIDs that say where an instance is filed. */
export interface StoragePathParts {
  /** Study Instance UID (0020,000D). Absent: no folder for the study. */
  readonly studyInstanceUid?: string | undefined;
  /** Series Instance UID (0020,000E). Absent: no folder for the series. */
  readonly seriesInstanceUid?: string | undefined;
  /** SOP Instance UID (0008,0018). */
  readonly sopInstanceUid: string;
}

/** A value that came from a peer and is no UID, so that it can't name a file. Answered with C000 (cannot understand). */
export class UnusableUidError extends StatusError {
  /** Stable name of this error. */
  readonly code = 'unusable-uid';
  /** Which of the UIDs it was. */
  readonly part: keyof StoragePathParts;
  /** The value as it came; not to be used in a path, a command or markup. */
  readonly value: string;

  constructor(part: keyof StoragePathParts, value: string) {
    super(cannotUnderstand, `${uidNames[part]} is not a valid UID`);
    this.part = part;
    this.value = value;
  }
}

/**
 * Maps UIDs to the relative path of an instance's file, `study/series/instance.dcm`, with `/` between the parts.
 *
 * Nothing but digits and inner dots passes, 64 characters at most (PS3.5 9.1), so that the result can't leave the directory it is
 * joined to, nor name a device, a hidden file or a stream of another file. Leading zeros in a component, which the standard
 * forbids and some devices write, are harmless here and pass. Trailing padding (a NUL or spaces) is taken off before.
 *
 * @throws {@link UnusableUidError} for anything else.
 *
 * @example
 * ```ts
 * import { storagePath } from '@dicomwire/services';
 *
 * storagePath({ studyInstanceUid: '1.2.3', sopInstanceUid: '1.2.3.4' }); // '1.2.3/1.2.3.4.dcm'
 * ```
 */
export function storagePath(parts: StoragePathParts): string {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = parts;
  const file = `${fileNamePart('sopInstanceUid', sopInstanceUid)}.dcm`;
  const series = seriesInstanceUid === undefined ? '' : `${fileNamePart('seriesInstanceUid', seriesInstanceUid)}/`;
  const study = studyInstanceUid === undefined ? '' : `${fileNamePart('studyInstanceUid', studyInstanceUid)}/`;
  return study + series + file;
}

/** Whether a value, its trailing padding aside, is something that {@link storagePath} takes. */
export function isUsableUid(value: string): boolean {
  const uid = withoutPadding(value);
  return uid.length <= maximumUidLength && uidPattern.test(uid);
}

/** A UID without trailing NULs and spaces, as it stands in a command or a data set. PS3.5 9.1. */
export function withoutPadding(value: string): string {
  let end = value.length;
  while (end > 0 && (value.charCodeAt(end - 1) === 0 || value.charCodeAt(end - 1) === 0x20)) end -= 1;
  return end === value.length ? value : value.slice(0, end);
}

/** Digits in components parted by single dots: no sign, no slash, no empty component (`..`), nothing before or after. */
const uidPattern = /^[0-9]+(?:\.[0-9]+)*$/;
const maximumUidLength = 64;

/** PS3.4 B.2.3: "Error: Cannot understand". */
const cannotUnderstand = 0xc000;

const uidNames: Readonly<Record<keyof StoragePathParts, string>> = {
  studyInstanceUid: 'Study Instance UID',
  seriesInstanceUid: 'Series Instance UID',
  sopInstanceUid: 'SOP Instance UID',
};

function fileNamePart(part: keyof StoragePathParts, value: string): string {
  if (!isUsableUid(value)) throw new UnusableUidError(part, value);
  return withoutPadding(value);
}
