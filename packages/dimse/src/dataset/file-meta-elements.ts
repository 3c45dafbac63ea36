/** Which element of group 0002 holds which field. PS3.10 Table 7.1-1. */
import type { FileMetaInformation } from './file-meta-types.js';
import type { Vr } from './vr.js';

/** (0002,0000). */
export const fileMetaGroupLengthTag = 0x00020000;
/** (0002,0001). */
export const fileMetaVersionTag = 0x00020001;
/** (0002,0102). */
export const privateInformationTag = 0x00020102;

/** Fields that hold text. */
export type FileMetaTextField = Exclude<keyof FileMetaInformation, 'privateInformation'>;

/** Text fields in order of their tags. */
export const fileMetaTextElements: readonly (readonly [tag: number, vr: Vr, field: FileMetaTextField])[] = [
  [0x00020002, 'UI', 'mediaStorageSopClassUid'],
  [0x00020003, 'UI', 'mediaStorageSopInstanceUid'],
  [0x00020010, 'UI', 'transferSyntaxUid'],
  [0x00020012, 'UI', 'implementationClassUid'],
  [0x00020013, 'SH', 'implementationVersionName'],
  [0x00020016, 'AE', 'sourceApplicationEntityTitle'],
  [0x00020017, 'AE', 'sendingApplicationEntityTitle'],
  [0x00020018, 'AE', 'receivingApplicationEntityTitle'],
  [0x00020026, 'UR', 'sourcePresentationAddress'],
  [0x00020027, 'UR', 'sendingPresentationAddress'],
  [0x00020028, 'UR', 'receivingPresentationAddress'],
  [0x00020100, 'UI', 'privateInformationCreatorUid'],
];
