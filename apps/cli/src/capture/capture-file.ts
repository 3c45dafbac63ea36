/**
 * Packets of a capture file: pcap of either byte order and either precision of time, and pcapng with any number of sections and
 * interfaces. A file that is cut short gives what is there.
 */
import { UsageError } from '../usage-error.js';
import type { ByteSource } from './byte-source.js';

/** What was captured at an instant. */
export interface Packet {
  /** LINKTYPE of the interface. */
  readonly linkType: number;
  /** Since 1970, nanoseconds; `undefined` where the file has none. */
  readonly timeNs: bigint | undefined;
  readonly bytes: Uint8Array;
}

/** Longer packets and blocks are not in captures of networks: Wireshark's own bound is 256 KiB. */
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
const MAX_INTERFACES = 4096;

/** True for the beginning of a pcap or pcapng file; 4 bytes are enough. */
export function isCapture(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && (isPcapNg(bytes) || pcapFormat(bytes) !== undefined);
}

/** The packets in the order of the file. @throws UsageError for what is no capture, or no sound one */
export async function* packetsOf(source: ByteSource): AsyncGenerator<Packet, void> {
  const head = await source.peek(4);
  if (isPcapNg(head)) yield* pcapNgPackets(source);
  else yield* pcapPackets(source);
}

interface PcapFormat {
  readonly isLittle: boolean;
  /** Nanoseconds in a unit of the fraction of a second. */
  readonly unitNs: bigint;
}

function pcapFormat(bytes: Uint8Array): PcapFormat | undefined {
  if (bytes.length < 4) return undefined;
  for (const isLittle of [true, false]) {
    const magic = view(bytes).getUint32(0, isLittle);
    if (magic === 0xa1b2c3d4) return { isLittle, unitNs: 1000n };
    if (magic === 0xa1b23c4d) return { isLittle, unitNs: 1n };
  }
  return undefined;
}

async function* pcapPackets(source: ByteSource): AsyncGenerator<Packet, void> {
  const header = await source.take(24);
  const format = pcapFormat(header);
  if (format === undefined || header.length < 24) throw new UsageError('This is no capture, or only the head of one');
  const { isLittle, unitNs } = format;
  // The upper bits tell of a frame check sequence.
  const linkType = view(header).getUint32(20, isLittle) & 0xffff;
  for (;;) {
    const record = await source.take(16);
    if (record.length < 16) return;
    const data = view(record);
    const length = data.getUint32(8, isLittle);
    checkLength(length);
    const bytes = await source.take(length);
    const timeNs = BigInt(data.getUint32(0, isLittle)) * 1_000_000_000n + BigInt(data.getUint32(4, isLittle)) * unitNs;
    yield { linkType, timeNs, bytes };
    if (bytes.length < length) return;
  }
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Time stamps count this many units a second. */
  readonly unitsPerSecond: bigint;
  readonly offsetSeconds: bigint;
}

function isPcapNg(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && view(bytes).getUint32(0) === SECTION_HEADER;
}

/** Blocks of type, length, body and the length again. draft-ietf-opsawg-pcapng 3.1. */
async function* pcapNgPackets(source: ByteSource): AsyncGenerator<Packet, void> {
  let isLittle = true;
  let interfaces: Interface[] = [];
  for (;;) {
    const head = await source.peek(12);
    if (head.length < 12) return;
    if (isPcapNg(head)) {
      // A section begins: its byte order, and interfaces of its own.
      isLittle = view(head).getUint32(8, true) === 0x1a2b3c4d;
      if (!isLittle && view(head).getUint32(8) !== 0x1a2b3c4d)
        throw new UsageError('This is no sound pcapng file: a section without its byte order');
      interfaces = [];
    }
    const type = view(head).getUint32(0, isLittle);
    const length = view(head).getUint32(4, isLittle);
    checkLength(length);
    if (length < 12 || length % 4 !== 0)
      throw new UsageError(`This is no sound pcapng file: a block of ${length} bytes`);
    const block = await source.take(length);
    if (block.length < length) return;
    const body = block.subarray(8, length - 4);
    if (type === INTERFACE_DESCRIPTION) {
      if (interfaces.length >= MAX_INTERFACES) throw new UsageError(`More than ${MAX_INTERFACES} interfaces`);
      interfaces.push(interfaceOf(body, isLittle));
    }
    const packet = packetOf(type, body, interfaces, isLittle);
    if (packet !== undefined) yield packet;
  }
}

function interfaceOf(body: Uint8Array, isLittle: boolean): Interface {
  if (body.length < 8) throw new UsageError('This is no sound pcapng file: an interface without its link type');
  const data = view(body);
  let unitsPerSecond = 1_000_000n;
  let offsetSeconds = 0n;
  for (let at = 8; at + 4 <= body.length; ) {
    const code = data.getUint16(at, isLittle);
    const length = data.getUint16(at + 2, isLittle);
    if (code === 0 || at + 4 + length > body.length) break;
    if (code === 9 && length === 1) unitsPerSecond = resolutionOf(data.getUint8(at + 4));
    if (code === 14 && length === 8) offsetSeconds = data.getBigInt64(at + 4, isLittle);
    at += 4 + padded(length);
  }
  return {
    linkType: data.getUint16(0, isLittle),
    snapLength: data.getUint32(4, isLittle),
    unitsPerSecond,
    offsetSeconds,
  };
}

/** if_tsresol: negative powers of ten, or of two with the highest bit set. */
function resolutionOf(byte: number): bigint {
  return (byte & 0x80) === 0 ? 10n ** BigInt(byte) : 2n ** BigInt(byte & 0x7f);
}

function packetOf(
  type: number,
  body: Uint8Array,
  interfaces: readonly Interface[],
  isLittle: boolean,
): Packet | undefined {
  const data = view(body);
  if (type === SIMPLE_PACKET && body.length >= 4) {
    const [only] = interfaces;
    if (only === undefined) return undefined;
    const { linkType, snapLength } = only;
    const captured = Math.min(data.getUint32(0, isLittle), snapLength || Number.POSITIVE_INFINITY);
    return { linkType, timeNs: undefined, bytes: body.subarray(4, 4 + captured) };
  }
  if ((type !== ENHANCED_PACKET && type !== OLD_PACKET) || body.length < 20) return undefined;
  const id = type === ENHANCED_PACKET ? data.getUint32(0, isLittle) : data.getUint16(0, isLittle);
  const from = interfaces[id];
  if (from === undefined) throw new UsageError(`This is no sound pcapng file: a packet of interface ${id}`);
  const units = (BigInt(data.getUint32(4, isLittle)) << 32n) | BigInt(data.getUint32(8, isLittle));
  const timeNs = from.offsetSeconds * 1_000_000_000n + (units * 1_000_000_000n) / from.unitsPerSecond;
  return { linkType: from.linkType, timeNs, bytes: body.subarray(20, 20 + data.getUint32(12, isLittle)) };
}

function checkLength(length: number): void {
  if (length > MAX_BLOCK_BYTES) throw new UsageError(`This is no sound capture: a packet of ${length} bytes`);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
