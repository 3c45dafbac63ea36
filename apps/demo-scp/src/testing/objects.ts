/** Objects for tests, made from a few numbers. */
import { createHash } from 'node:crypto';
import type { InstanceToSend } from '@dicomwire/services';

/** What an object is to be. */
export interface ObjectSpec {
  readonly sopInstanceUid: string;
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly patientName?: string;
  readonly instanceNumber?: number;
  /** Length of the pixel data; even. */
  readonly pixelBytes?: number;
  /** Pixel data of two objects differ when this does. */
  readonly variant?: number;
}

/** Secondary Capture Image Storage. */
export const secondaryCapture = '1.2.840.10008.5.1.4.1.1.7';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';

/** An object in explicit VR little endian. */
export function makeObject(spec: ObjectSpec): InstanceToSend {
  return {
    sopClassUid: secondaryCapture,
    sopInstanceUid: spec.sopInstanceUid,
    transferSyntaxUid: explicitLittleEndian,
    dataSet: makeDataSet(spec),
  };
}

/** The object's data set, explicit VR little endian. */
export function makeDataSet(spec: ObjectSpec): Uint8Array {
  return Buffer.concat([makeHeader(spec), makePixels(spec)]);
}

function makeHeader(spec: ObjectSpec): Uint8Array {
  const { studyInstanceUid = '1.2.3', seriesInstanceUid = '1.2.3.4' } = spec;
  return Buffer.concat([
    element(0x00080016, 'UI', secondaryCapture),
    element(0x00080018, 'UI', spec.sopInstanceUid),
    element(0x00080020, 'DA', '20260102'),
    element(0x00080030, 'TM', '101500'),
    element(0x00080050, 'SH', 'A1'),
    element(0x00080060, 'CS', 'OT'),
    element(0x00081030, 'LO', 'Head'),
    element(0x0008103e, 'LO', 'Axial'),
    element(0x00100010, 'PN', spec.patientName ?? 'DOE^JANE'),
    element(0x00100020, 'LO', 'P1'),
    element(0x00100030, 'DA', '19700101'),
    element(0x00100040, 'CS', 'F'),
    element(0x0020000d, 'UI', studyInstanceUid),
    element(0x0020000e, 'UI', seriesInstanceUid),
    element(0x00200010, 'SH', 'S1'),
    element(0x00200011, 'IS', '1'),
    element(0x00200013, 'IS', String(spec.instanceNumber ?? 1)),
  ]);
}

/** One element with a short length. PS3.5 7.1.2. */
export function element(tag: number, vr: string, value: string): Uint8Array {
  const padded = value.length % 2 === 0 ? value : value + (vr === 'UI' ? '\0' : ' ');
  const bytes = Buffer.alloc(8 + padded.length);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  bytes.write(vr, 4, 'latin1');
  bytes.writeUInt16LE(padded.length, 6);
  bytes.write(padded, 8, 'latin1');
  return bytes;
}

function makePixels({ pixelBytes = 1000, variant = 0, sopInstanceUid }: ObjectSpec): Uint8Array {
  const bytes = Buffer.alloc(12 + pixelBytes);
  bytes.writeUInt16LE(0x7fe0, 0);
  bytes.writeUInt16LE(0x0010, 2);
  bytes.write('OB', 4, 'latin1');
  bytes.writeUInt32LE(pixelBytes, 8);
  const pattern = createHash('sha512').update(`${sopInstanceUid} ${variant}`).digest();
  for (let at = 12; at < bytes.length; at += pattern.length) pattern.copy(bytes, at);
  return bytes;
}
