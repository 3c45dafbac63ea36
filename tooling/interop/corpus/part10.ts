/**
 * The Part 10 file format, read by a few lines that share nothing with the packages under test: an oracle must not have
 * the same faults. PS3.10 7.1.
 */

/** A Part 10 file, cut in two. */
export interface Part10 {
  /** (0002,0002) Media Storage SOP Class UID; `''` when absent. */
  readonly sopClassUid: string;
  /** (0002,0003) Media Storage SOP Instance UID; `''` when absent. */
  readonly sopInstanceUid: string;
  /** (0002,0010) Transfer Syntax UID; `''` when absent. */
  readonly transferSyntax: string;
  /** Everything after the file meta information, as it stands. */
  readonly dataSet: Buffer;
}

/** Cuts a file; `undefined` for one that has no `DICM` prefix or whose meta information runs past its end. */
export function splitPart10(file: Buffer): Part10 | undefined {
  if (file.toString('latin1', 128, 132) !== 'DICM') return undefined;
  const meta = new Map<number, string>();
  let at = 132;
  // The group length is not trusted: some files lack it, in some it is wrong.
  while (at + 8 <= file.length && file.readUInt16LE(at) === 0x0002) {
    const element = file.readUInt16LE(at + 2);
    const isLong = LONG_VALUE_REPRESENTATIONS.has(file.toString('latin1', at + 4, at + 6));
    const valueAt = at + (isLong ? 12 : 8);
    if (valueAt > file.length) return undefined;
    const length = isLong ? file.readUInt32LE(at + 8) : file.readUInt16LE(at + 6);
    if (valueAt + length > file.length) return undefined;
    meta.set(element, trimUid(file.toString('latin1', valueAt, valueAt + length)));
    at = valueAt + length;
  }
  return {
    sopClassUid: meta.get(0x0002) ?? '',
    sopInstanceUid: meta.get(0x0003) ?? '',
    transferSyntax: meta.get(0x0010) ?? '',
    dataSet: file.subarray(at),
  };
}

/** A UID without the NUL or the spaces that pad it. */
export function trimUid(value: string): string {
  let end = value.length;
  while (end > 0 && (value[end - 1] === '\0' || value[end - 1] === ' ')) end--;
  return value.slice(0, end);
}

/** Value representations with a 32-bit length field. PS3.5 7.1.2. */
const LONG_VALUE_REPRESENTATIONS: ReadonlySet<string> = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
