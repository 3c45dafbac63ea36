/** Reading of file meta information, with the tolerance that real files need. PS3.10 7.1. */
import { Contents } from './contents.js';
import { ElementMap, mapOver } from './element-map.js';
import { type Encoding, explicitBigEndian, explicitLittleEndian, implicitLittleEndian } from './encoding.js';
import { DataSetError, type DataSetWarning } from './errors.js';
import { fileMetaGroupLengthTag, fileMetaTextElements, privateInformationTag } from './file-meta-elements.js';
import type { FileMetaInformation } from './file-meta-types.js';
import { HeaderReader } from './header.js';
import { defaultDataSetLimits } from './limits.js';
import { locateElements, noStop } from './locate.js';
import { contradicts, plausibleTransferSyntax } from './plausible-encoding.js';
import { Source } from './source.js';
import { undefinedLength } from './tag.js';
import { TransferSyntax } from './transfer-syntax.js';
import { formNone, headerForm } from './vr-code.js';

/** File meta information larger than this is none. */
export const maxMetaBytes = 0x100_0000;

/** File meta information as it was read. */
export interface FileMetaRead {
  /** Its fields; where the file has none, the transfer syntax guessed from the data set and nothing else. */
  readonly meta: FileMetaInformation;
  /** Where the data set begins. */
  readonly dataSetOffset: number;
  /** All elements of group 0002, unknown and private ones included. */
  readonly elements: ElementMap;
  /** What was odd. */
  readonly warnings: readonly DataSetWarning[];
}

/** How file meta information is read. */
export interface ReadFileMetaOptions {
  /** The bytes are the whole file, so that more can't come. Default: false. */
  readonly isComplete?: boolean | undefined;
}

/**
 * Reads the file meta information at the beginning of a file. 4 KiB of a file nearly always suffice.
 *
 * Read all the same: files without preamble, files without any file meta information (the encoding is guessed from the first
 * elements), group lengths that are missing or wrong, meta information in implicit VR or big endian, a transfer syntax that is missing or
 * can't be right. To tell whether it is right takes the beginning of the data set: when that isn't at hand, the stated one is given.
 *
 * @returns undefined when more bytes are needed to tell; never when `isComplete`, unless the file ends inside.
 * @throws DataSetError `invalid-meta` when this can't be a DICOM file.
 */
export function readFileMeta(bytes: Uint8Array, options: ReadFileMetaOptions = {}): FileMetaRead | undefined {
  const isComplete = options.isComplete === true;
  const start = metaStart(bytes, isComplete);
  if (start === undefined) return undefined;
  const warnings: DataSetWarning[] = [];
  if (start !== 132) warnings.push({ message: 'The file has no preamble', offset: 0 });
  const source = new Source(bytes, metaEncoding(bytes, start), defaultDataSetLimits);
  const end = metaEnd(source, start, isComplete, warnings);
  if (end === undefined) return undefined;
  const elements = elementsBetween(source, start, end);
  const fields = fieldsOf(elements);
  const transferSyntaxUid = transferSyntaxOf(fields.transferSyntaxUid, bytes, end, isComplete, warnings);
  if (transferSyntaxUid === undefined) return undefined;
  return { meta: { ...fields, transferSyntaxUid }, dataSetOffset: end, elements, warnings };
}

/** What is stated, unless the data set tells otherwise; `undefined` when more bytes are needed. */
function transferSyntaxOf(
  stated: string | undefined,
  bytes: Uint8Array,
  at: number,
  isComplete: boolean,
  warnings: DataSetWarning[],
): string | undefined {
  if (stated !== undefined && /^[0-9.]+$/.test(stated)) {
    const found = contradicts(stated, bytes, at, isComplete);
    if (found === undefined) return stated;
    warnings.push({ message: `The transfer syntax is ${found}, and not ${stated} as the file says`, offset: at });
    return found;
  }
  if (bytes.length < at + 6 && !isComplete) return undefined;
  warnings.push({ message: 'The transfer syntax is guessed from the data set', offset: at });
  return plausibleTransferSyntax(bytes, at, isComplete) ?? guessTransferSyntax(bytes, at);
}

/** Explicit VR little endian, as it should be; some files have it otherwise. */
function metaEncoding(bytes: Uint8Array, start: number): Encoding {
  if (!looksExplicit(bytes, start)) return implicitLittleEndian;
  return bytes[start] === 0 && bytes[start + 1] === 2 ? explicitBigEndian : explicitLittleEndian;
}

/** Offset of group 0002, or of the data set in a file that has none. */
function metaStart(bytes: Uint8Array, isComplete: boolean): number | undefined {
  if (hasMagic(bytes, 128)) return 132;
  // A whole file shorter than a preamble may still be a bare data set.
  if (bytes.length < 132 && !isComplete) return undefined;
  if (hasMagic(bytes, 0)) return 4;
  if (bytes.length >= 8 && isPlausibleStart(bytes)) return 0;
  throw new DataSetError(
    'invalid-meta',
    'This is no DICOM file: neither DICM nor a data element stands where it should',
  );
}

function hasMagic(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x44 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x43 && bytes[at + 3] === 0x4d;
}

/** True when the first bytes can be a data element of a low group, as every data set has them first, or a command set before it. */
function isPlausibleStart(bytes: Uint8Array): boolean {
  const [low = 0, high = 0] = bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (looksExplicit(bytes, 0)) return low === 0 || high === 0;
  if (view.getUint32(0, true) === 0) return view.getUint32(4, true) === 4;
  return high === 0 && low >= 2 && low <= 0x20 && low % 2 === 0 && view.getUint32(4, true) <= 0xffff;
}

/** True when a VR stands after the tag. */
function looksExplicit(bytes: Uint8Array, at: number): boolean {
  return headerForm(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0) !== formNone;
}

/** Offset after group 0002; `undefined` when more bytes are needed. */
function metaEnd(source: Source, start: number, isComplete: boolean, warnings: DataSetWarning[]): number | undefined {
  const { bytes } = source;
  const header = new HeaderReader();
  let stated = -1;
  let position = start;
  for (;;) {
    const isAtEnd = position === bytes.length && (isComplete || position === stated);
    // A whole file may end in a data set too short to be one: deflated, say, or cut off.
    const isBeforeStub = isComplete && position === stated && position + 6 > bytes.length;
    if (isAtEnd || isBeforeStub) break;
    // Right where the group length says, in doubt the data set begins: deflated bytes may look like anything.
    if (position + 6 <= bytes.length && !isGroup2(source, position, position === stated)) break;
    if (!header.read(source, position, bytes.length)) return isComplete ? cutOff(position) : undefined;
    if (header.length === undefinedLength || header.valueOffset + header.length > start + maxMetaBytes) {
      throw new DataSetError('invalid-meta', 'An element of the file meta information is too long', {
        offset: position,
      });
    }
    const next = header.valueOffset + header.length;
    if (next > bytes.length) return isComplete ? cutOff(position) : undefined;
    if (header.tag === fileMetaGroupLengthTag && header.length === 4) {
      stated = next + source.view.getUint32(header.valueOffset, !source.isBigEndian);
    }
    position = next;
  }
  if (stated !== position && position > start) {
    const message =
      stated < 0 ? 'The group length of the file meta information is missing' : 'It is wrong about its length';
    warnings.push({ message, offset: start });
  }
  return position;
}

function isGroup2(source: Source, position: number, isStatedEnd: boolean): boolean {
  const { bytes, view } = source;
  if (view.getUint16(position, !source.isBigEndian) !== 2) return false;
  return !isStatedEnd || (view.getUint16(position + 2, !source.isBigEndian) <= 0x1ff && looksExplicit(bytes, position));
}

function cutOff(offset: number): never {
  throw new DataSetError('invalid-meta', 'The file ends inside its file meta information', { offset });
}

function elementsBetween(source: Source, start: number, end: number): ElementMap {
  const range = { start, end, depth: 0, stopTag: noStop, stopWhen: undefined, path: () => '' };
  return mapOver(new ElementMap(), Contents.of(source, start, locateElements(source, range)));
}

function fieldsOf(elements: ElementMap): Partial<FileMetaInformation> {
  const fields: { -readonly [K in keyof FileMetaInformation]?: FileMetaInformation[K] } = {};
  for (const [tag, , field] of fileMetaTextElements) {
    const value = elements.text(tag);
    if (value !== undefined) fields[field] = value;
  }
  const information = elements.bytes(privateInformationTag);
  if (information !== undefined) fields.privateInformation = information;
  return fields;
}

function guessTransferSyntax(bytes: Uint8Array, at: number): string {
  if (!looksExplicit(bytes, at)) return TransferSyntax.ImplicitVRLittleEndian;
  // The first group of a data set is low: its zero byte comes first only when the high byte does.
  const isBigEndian = bytes[at] === 0 && bytes[at + 1] !== 0;
  return isBigEndian ? TransferSyntax.ExplicitVRBigEndian : TransferSyntax.ExplicitVRLittleEndian;
}
