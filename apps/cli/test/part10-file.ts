/** Part 10 files to send, written by hand. PS3.10 7.1. */
import { writeFileSync } from 'node:fs';

/** What a file is to be. */
export interface FileOptions {
  readonly sopInstanceUid: string;
  /** Default: explicit VR little endian. */
  readonly transferSyntax?: string | undefined;
  /** Bytes of the only value beside the UIDs. Default: 100. */
  readonly valueBytes?: number | undefined;
}

/** CT Image Storage. */
export const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const JPEG_2000 = '1.2.840.10008.1.2.4.90';

/** Writes a file that holds a CT image. */
export function writePart10(path: string, options: FileOptions): void {
  const { sopInstanceUid, transferSyntax = EXPLICIT_LITTLE_ENDIAN, valueBytes = 100 } = options;
  const meta = Buffer.concat([
    element(0x0002, 0x0001, 'OB', Buffer.from([0, 1])),
    element(0x0002, 0x0002, 'UI', CT_IMAGE_STORAGE),
    element(0x0002, 0x0003, 'UI', sopInstanceUid),
    element(0x0002, 0x0010, 'UI', transferSyntax),
  ]);
  const groupLength = Buffer.alloc(4);
  groupLength.writeUInt32LE(meta.length);
  const dataSet = [
    element(0x0008, 0x0016, 'UI', CT_IMAGE_STORAGE),
    element(0x0008, 0x0018, 'UI', sopInstanceUid),
    element(0x7fe0, 0x0010, 'OW', Buffer.alloc(valueBytes, 7)),
  ];
  const prefix = [Buffer.alloc(128), Buffer.from('DICM'), element(0x0002, 0x0000, 'UL', groupLength)];
  writeFileSync(path, Buffer.concat([...prefix, meta, ...dataSet]));
}

function element(group: number, number: number, vr: string, value: Buffer | string): Buffer {
  const bytes =
    typeof value === 'string' ? Buffer.from(value.length % 2 === 0 ? value : `${value}\0`, 'latin1') : value;
  const isLong = vr === 'OB' || vr === 'OW';
  const header = Buffer.alloc(isLong ? 12 : 8);
  header.writeUInt16LE(group, 0);
  header.writeUInt16LE(number, 2);
  header.write(vr, 4, 'latin1');
  if (isLong) header.writeUInt32LE(bytes.length, 8);
  else header.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([header, bytes]);
}
