/**
 * SOP class and instance of any file, with file meta information or without, by a reading that shares nothing with the
 * packages under test.
 */
import { inflateRawSync } from 'node:zlib';
import { splitPart10, trimUid } from './part10.ts';

/** What a file is. */
export interface Identity {
  /** From the data set, else from the file meta information; `''` when in neither. */
  readonly sopClassUid: string;
  /** Likewise. */
  readonly sopInstanceUid: string;
  /** From the file meta information, or as recognised; `''` when that can't be said. */
  readonly transferSyntax: string;
  /** The data set as it stands in the file. */
  readonly dataSet: Buffer;
}

/** Reads it; `undefined` for a file that holds no DICOM data set. */
export function identityOf(file: Buffer): Identity | undefined {
  const part10 = splitPart10(file);
  const transferSyntax = part10?.transferSyntax ?? recognise(file);
  const dataSet = part10?.dataSet ?? file;
  if (transferSyntax === undefined) return undefined;
  const uids = transferSyntax === '' ? new Map<number, string>() : identifyingUids(dataSet, transferSyntax);
  return {
    sopClassUid: uids.get(SOP_CLASS_UID) || part10?.sopClassUid || '',
    sopInstanceUid: uids.get(SOP_INSTANCE_UID) || part10?.sopInstanceUid || '',
    transferSyntax,
    dataSet,
  };
}

/** Whether a data set ends inside a value whose length it says, as far as it can be walked through. */
export function isCut({ dataSet, transferSyntax }: Pick<Identity, 'dataSet' | 'transferSyntax'>): boolean {
  if (transferSyntax === DEFLATED) return false;
  let end = 0;
  for (const { valueOffset, length } of walk(dataSet, transferSyntax)) end = valueOffset + length;
  return end > dataSet.length;
}

/** Whether instances of the SOP class can be stored by C-STORE: PS3.4 B.5 and the non-patient objects of GG. */
export function isStorageSopClass(uid: string): boolean {
  return uid.startsWith('1.2.840.10008.5.1.4.1.1.') || uid === '1.2.840.10008.5.1.4.39.1';
}

const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const SOP_CLASS_UID = 0x0008_0016;
const SOP_INSTANCE_UID = 0x0008_0018;
const LONG_FORMS: ReadonlySet<string> = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

/** A bare data set begins with group 0008 in one byte order or the other. */
function recognise(file: Buffer): string | undefined {
  if (file.length < 8) return undefined;
  const isExplicit = /^[A-Z]{2}$/.test(file.toString('latin1', 4, 6));
  if (file.readUInt16BE(0) === 0x0008 && isExplicit) return EXPLICIT_BIG_ENDIAN;
  if (file.readUInt16LE(0) !== 0x0008) return undefined;
  if (isExplicit) return EXPLICIT_LITTLE_ENDIAN;
  return file.readUInt32LE(4) < file.length ? IMPLICIT_LITTLE_ENDIAN : undefined;
}

/** Looks through the first elements until both have been passed, or until something is not understood. */
function identifyingUids(encoded: Buffer, transferSyntax: string): Map<number, string> {
  const bytes = transferSyntax === DEFLATED ? inflateRawSync(encoded) : encoded;
  const uids = new Map<number, string>();
  for (const { tag, valueOffset, length } of walk(bytes, transferSyntax)) {
    if (tag > SOP_INSTANCE_UID || valueOffset + length > bytes.length) break;
    if (tag === SOP_CLASS_UID || tag === SOP_INSTANCE_UID) {
      uids.set(tag, trimUid(bytes.toString('latin1', valueOffset, valueOffset + length)));
    }
  }
  return uids;
}

interface WalkedElement {
  readonly tag: number;
  readonly valueOffset: number;
  readonly length: number;
}

/** Elements one after another, as long as their lengths are said; the last one may reach beyond the end. */
function* walk(bytes: Buffer, transferSyntax: string): IterableIterator<WalkedElement> {
  const isBigEndian = transferSyntax === EXPLICIT_BIG_ENDIAN;
  const isImplicit = transferSyntax === IMPLICIT_LITTLE_ENDIAN;
  const u16 = (at: number) => (isBigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at));
  const u32 = (at: number) => (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  let at = 0;
  while (at + 12 <= bytes.length) {
    const tag = u16(at) * 0x1_0000 + u16(at + 2);
    const vr = bytes.toString('latin1', at + 4, at + 6);
    // Encoded otherwise than it says.
    if (!isImplicit && !/^[A-Z]{2}$/.test(vr)) return;
    const isLong = !isImplicit && LONG_FORMS.has(vr);
    const length = isImplicit ? u32(at + 4) : isLong ? u32(at + 8) : u16(at + 6);
    if (length === 0xffff_ffff) return;
    const valueOffset = at + (isLong ? 12 : 8);
    yield { tag, valueOffset, length };
    at = valueOffset + length;
  }
}
