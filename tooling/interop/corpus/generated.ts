/** Small well-formed objects of any size and transfer syntax, written without the packages under test. PS3.5 7, A; PS3.10 7.1. */
import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';

/** What an object is to be. */
export interface GeneratedObjectOptions {
  /** Transfer syntax UID; any encapsulated one gets one fragment of random bytes. Default: explicit VR little endian. */
  readonly transferSyntax?: string | undefined;
  /** SOP class UID. Default: CT Image Storage. */
  readonly sopClassUid?: string | undefined;
  /** Default: a fresh one. */
  readonly sopInstanceUid?: string | undefined;
  /** Default: a fresh one. */
  readonly studyInstanceUid?: string | undefined;
  /** Default: a fresh one. */
  readonly seriesInstanceUid?: string | undefined;
  /** Bytes of pixel data, even. Default: 512. */
  readonly pixelBytes?: number | undefined;
}

/** An object with its bytes. */
export interface GeneratedObject {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntax: string;
  readonly dataSet: Buffer;
  /** The whole Part 10 file. */
  readonly file: Buffer;
}

/** A UID made of random digits. PS3.5 B.2. */
export function freshUid(): string {
  return `2.25.${BigInt(`0x${randomBytes(15).toString('hex')}`)}`;
}

/** Makes an object: a CT-like image of one row, with patient, study and series. */
export function generateObject(options: GeneratedObjectOptions = {}): GeneratedObject {
  const transferSyntax = options.transferSyntax ?? '1.2.840.10008.1.2.1';
  const sopClassUid = options.sopClassUid ?? '1.2.840.10008.5.1.4.1.1.2';
  const sopInstanceUid = options.sopInstanceUid ?? freshUid();
  const pixels = randomBytes(options.pixelBytes ?? 512);
  const encode = encodingOf(transferSyntax);
  const us = (value: number) => encode.uint16(value);
  const elements = Buffer.concat([
    encode.element(0x0008, 0x0005, 'CS', text('ISO_IR 100')),
    encode.element(0x0008, 0x0016, 'UI', uid(sopClassUid)),
    encode.element(0x0008, 0x0018, 'UI', uid(sopInstanceUid)),
    encode.element(0x0008, 0x0020, 'DA', text('20260102')),
    encode.element(0x0008, 0x0030, 'TM', text('030405')),
    encode.element(0x0008, 0x0050, 'SH', text('A1')),
    encode.element(0x0008, 0x0060, 'CS', text('CT')),
    encode.element(0x0010, 0x0010, 'PN', text('Interop^Generated')),
    encode.element(0x0010, 0x0020, 'LO', text('INTEROP')),
    encode.element(0x0010, 0x0030, 'DA', text('19700101')),
    encode.element(0x0010, 0x0040, 'CS', text('O')),
    encode.element(0x0020, 0x000d, 'UI', uid(options.studyInstanceUid ?? freshUid())),
    encode.element(0x0020, 0x000e, 'UI', uid(options.seriesInstanceUid ?? freshUid())),
    encode.element(0x0020, 0x0010, 'SH', text('1')),
    encode.element(0x0020, 0x0011, 'IS', text('1')),
    encode.element(0x0020, 0x0013, 'IS', text('1')),
    encode.element(0x0028, 0x0002, 'US', us(1)),
    encode.element(0x0028, 0x0004, 'CS', text('MONOCHROME2')),
    encode.element(0x0028, 0x0010, 'US', us(1)),
    encode.element(0x0028, 0x0011, 'US', us((pixels.length / 2) & 0xffff)),
    encode.element(0x0028, 0x0100, 'US', us(16)),
    encode.element(0x0028, 0x0101, 'US', us(16)),
    encode.element(0x0028, 0x0102, 'US', us(15)),
    encode.element(0x0028, 0x0103, 'US', us(0)),
    encode.pixelData(pixels),
  ]);
  const dataSet = transferSyntax === DEFLATED ? evenLength(deflateRawSync(elements)) : elements;
  const file = Buffer.concat([part10Header(sopClassUid, sopInstanceUid, transferSyntax), dataSet]);
  return { sopClassUid, sopInstanceUid, transferSyntax, dataSet, file };
}

/** Preamble, prefix and file meta information. PS3.10 7.1. */
export function part10Header(sopClassUid: string, sopInstanceUid: string, transferSyntax: string): Buffer {
  const { element } = explicit(false);
  const meta = Buffer.concat([
    element(0x0002, 0x0001, 'OB', Buffer.from([0, 1])),
    element(0x0002, 0x0002, 'UI', uid(sopClassUid)),
    element(0x0002, 0x0003, 'UI', uid(sopInstanceUid)),
    element(0x0002, 0x0010, 'UI', uid(transferSyntax)),
    element(0x0002, 0x0012, 'UI', uid('2.25.1')),
  ]);
  const groupLength = Buffer.alloc(4);
  groupLength.writeUInt32LE(meta.length);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element(0x0002, 0x0000, 'UL', groupLength), meta]);
}

const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const NATIVE: ReadonlySet<string> = new Set([
  IMPLICIT_LITTLE_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  DEFLATED,
  EXPLICIT_BIG_ENDIAN,
]);

interface Encoding {
  element(group: number, element: number, vr: string, value: Buffer): Buffer;
  uint16(value: number): Buffer;
  pixelData(pixels: Buffer): Buffer;
}

function encodingOf(transferSyntax: string): Encoding {
  const isBigEndian = transferSyntax === EXPLICIT_BIG_ENDIAN;
  const base = transferSyntax === IMPLICIT_LITTLE_ENDIAN ? implicit() : explicit(isBigEndian);
  const native = (pixels: Buffer) => base.element(0x7fe0, 0x0010, 'OW', pixels);
  return { ...base, pixelData: NATIVE.has(transferSyntax) ? native : encapsulated };
}

function implicit(): Omit<Encoding, 'pixelData'> {
  return {
    uint16: (value) => uint16(value, false),
    element(group, element, _vr, value) {
      const header = Buffer.alloc(8);
      header.writeUInt16LE(group, 0);
      header.writeUInt16LE(element, 2);
      header.writeUInt32LE(value.length, 4);
      return Buffer.concat([header, value]);
    },
  };
}

function explicit(isBigEndian: boolean): Omit<Encoding, 'pixelData'> {
  const u16 = (value: number) => uint16(value, isBigEndian);
  return {
    uint16: u16,
    element(group, element, vr, value) {
      const tag = [u16(group), u16(element), Buffer.from(vr, 'latin1')];
      if (vr !== 'OB' && vr !== 'OW') return Buffer.concat([...tag, u16(value.length), value]);
      const length = Buffer.alloc(6);
      if (isBigEndian) length.writeUInt32BE(value.length, 2);
      else length.writeUInt32LE(value.length, 2);
      return Buffer.concat([...tag, length, value]);
    },
  };
}

/** Undefined length, an empty basic offset table, one fragment. PS3.5 A.4. */
function encapsulated(pixels: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(pixels.length);
  return Buffer.concat([
    Buffer.from('e07f10004f420000ffffffff' + 'feff00e000000000' + 'feff00e0', 'hex'),
    length,
    pixels,
    Buffer.from('feffdde000000000', 'hex'),
  ]);
}

function uint16(value: number, isBigEndian: boolean): Buffer {
  const bytes = Buffer.alloc(2);
  if (isBigEndian) bytes.writeUInt16BE(value);
  else bytes.writeUInt16LE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.from(value.length % 2 === 0 ? value : `${value} `, 'latin1');
}

function uid(value: string): Buffer {
  return evenLength(Buffer.from(value, 'latin1'));
}

function evenLength(bytes: Buffer): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
}
