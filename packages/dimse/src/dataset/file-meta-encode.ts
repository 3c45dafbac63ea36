/** Writing of file meta information. PS3.10 7.1. */
import { ByteWriter } from './byte-writer.js';
import { textCodec } from './charset/specific-character-set.js';
import { encodeValues, padded } from './encode-value.js';
import { DataSetError } from './errors.js';
import { fileMetaTextElements, fileMetaVersionTag, privateInformationTag } from './file-meta-elements.js';
import type { FileMetaInformation } from './file-meta-types.js';
import { textProblem } from './rules/value-rules.js';
import { type Vr, vrTraits } from './vr.js';

/** What dicomwire writes as implementation class UID of the files it makes. */
export const fileImplementationClassUid = '2.25.44595941221974006919224810689007874329';
/** What dicomwire writes as implementation version name of the files it makes. */
export const fileImplementationVersionName = 'DICOMWIRE_0_1_0';

/**
 * Preamble of 128 zero bytes, `DICM`, and group 0002 in explicit VR little endian with its group length and version.
 *
 * @throws DataSetError `invalid-meta` when SOP class, SOP instance or transfer syntax is missing, or a UID or AE title is none.
 */
export function encodeFileMeta(meta: FileMetaInformation): Uint8Array {
  const writer = new ByteWriter(false, 512);
  writer.bytes(beginning);
  writeElement(writer, fileMetaVersionTag, 'OB', version);
  const complete = withDefaults(meta);
  for (const [tag, vr, field] of fileMetaTextElements) {
    const value = complete[field];
    check(field, vr, value);
    if (value === undefined) continue;
    // Of UIDs, which most of it is, `check` let digits and full stops pass.
    if (vr === 'UI') writeUid(writer, tag, value);
    else writeElement(writer, tag, vr, encodeValues(vr, [value], false, textCodec([])));
  }
  if (meta.privateInformation !== undefined) {
    if (meta.privateInformationCreatorUid === undefined)
      throw invalid('privateInformation needs privateInformationCreatorUid');
    writeElement(writer, privateInformationTag, 'OB', padded(meta.privateInformation, 0));
  }
  writer.patchUint32(beginning.length - 4, writer.length - beginning.length);
  return writer.written().slice();
}

const version = Uint8Array.of(0, 1);

/** Preamble, prefix, and the group length, still to be filled in. */
const beginning = /* @__PURE__ */ makeBeginning();

function makeBeginning(): Uint8Array {
  const bytes = new Uint8Array(144);
  bytes.set([0x44, 0x49, 0x43, 0x4d, 0x02, 0x00, 0x00, 0x00, 0x55, 0x4c, 0x04, 0x00], 128);
  return bytes;
}

function writeUid(writer: ByteWriter, tag: number, uid: string): void {
  writer.shortHeader(tag, 0x55, 0x49, uid.length + (uid.length % 2));
  writer.ascii(uid, vrTraits.UI.padding);
}

function writeElement(writer: ByteWriter, tag: number, vr: Vr, value: Uint8Array): void {
  const isLong = vrTraits[vr].hasLongLength;
  writer.shortHeader(tag, vr.charCodeAt(0), vr.charCodeAt(1), isLong ? 0 : value.length);
  if (isLong) writer.uint32(value.length);
  writer.bytes(value);
}

function withDefaults(meta: FileMetaInformation): FileMetaInformation {
  if (meta.implementationClassUid !== undefined) return meta;
  return {
    ...meta,
    implementationClassUid: fileImplementationClassUid,
    implementationVersionName: meta.implementationVersionName ?? fileImplementationVersionName,
  };
}

const required: readonly string[] = ['mediaStorageSopClassUid', 'mediaStorageSopInstanceUid', 'transferSyntaxUid'];

function check(field: string, vr: Vr, value: string | undefined): void {
  if (value === undefined) {
    if (required.includes(field)) throw invalid(`${field} is missing`);
    return;
  }
  // Components with leading zeros are wrong, and real devices send them: what was received must be filed.
  if (vr === 'UI' && !/^[0-9.]{1,64}$/.test(value)) throw invalid(`${field} is no UID: ${JSON.stringify(value)}`);
  const problem = vr === 'UI' ? undefined : textProblem(vr, value);
  if (problem !== undefined) throw invalid(`${field}: ${problem}`);
}

function invalid(message: string): DataSetError {
  return new DataSetError('invalid-meta', message);
}
