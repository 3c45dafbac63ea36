/** Writing of file meta information. PS3.10 7.1. */
import { ElementMap } from './element-map.js';
import { encodeDataSet } from './encode.js';
import { DataSetError } from './errors.js';
import { fileMetaTextElements, fileMetaVersionTag, privateInformationTag } from './file-meta-elements.js';
import type { FileMetaInformation } from './file-meta-types.js';
import { TransferSyntax } from './transfer-syntax.js';

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
  const elements = new ElementMap().setValues(fileMetaVersionTag, 'OB', [Uint8Array.of(0, 1)]);
  const complete = withDefaults(meta);
  for (const [tag, vr, field] of fileMetaTextElements) {
    const value = complete[field];
    check(field, vr, value);
    if (value !== undefined) elements.setValues(tag, vr, [value]);
  }
  if (meta.privateInformation !== undefined) {
    if (meta.privateInformationCreatorUid === undefined)
      throw invalid('privateInformation needs privateInformationCreatorUid');
    elements.setValues(privateInformationTag, 'OB', [meta.privateInformation]);
  }
  const group = encodeDataSet(elements, TransferSyntax.ExplicitVRLittleEndian);
  const bytes = new Uint8Array(144 + group.length);
  bytes.set([0x44, 0x49, 0x43, 0x4d, 0x02, 0x00, 0x00, 0x00, 0x55, 0x4c, 0x04, 0x00], 128);
  new DataView(bytes.buffer).setUint32(140, group.length, true);
  bytes.set(group, 144);
  return bytes;
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

function check(field: string, vr: string, value: string | undefined): void {
  if (value === undefined) {
    if (required.includes(field)) throw invalid(`${field} is missing`);
    return;
  }
  // Components with leading zeros are wrong, and real devices send them: what was received must be filed.
  if (vr === 'UI' && !/^[0-9.]{1,64}$/.test(value)) throw invalid(`${field} is no UID: ${JSON.stringify(value)}`);
  if ((vr === 'AE' || vr === 'SH') && value.length > 16)
    throw invalid(`${field} is longer than 16 characters: ${value}`);
}

function invalid(message: string): DataSetError {
  return new DataSetError('invalid-meta', message);
}
