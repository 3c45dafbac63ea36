/** Captures of network traffic in the pcap format, and the TCP streams in them, put together for each direction. */
import { UsageError } from './usage-error.js';

/** What one side of a connection sent. */
export interface TcpStream {
  /** `10.0.0.1:50123 → 10.0.0.2:104`. */
  readonly name: string;
  /** The bytes from the first that was captured up to the first that is missing. */
  readonly bytes: Uint8Array;
  /** Bytes that were captured behind a gap, and are left out. */
  readonly bytesBehindGap: number;
}

interface Segment {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

interface Flow {
  readonly name: string;
  /** Sequence number of the first byte; `undefined` when the beginning of the connection was not captured. */
  start: number | undefined;
  readonly segments: Segment[];
}

/** True for the beginning of a pcap file, of either byte order and either precision of time. */
export function isPcap(bytes: Uint8Array): boolean {
  return bytes.length >= 24 && littleEndianOf(bytes) !== undefined;
}

/** True for the beginning of a pcapng file, which is another format. */
export function isPcapNg(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && view(bytes).getUint32(0) === 0x0a0d0d0a;
}

/** The TCP streams, in the order in which they begin. A file that is cut short gives what is there. */
export function tcpStreams(file: Uint8Array): readonly TcpStream[] {
  const isLittle = littleEndianOf(file);
  if (isLittle === undefined) throw new UsageError('This is no pcap file');
  const data = view(file);
  const linkType = data.getUint32(20, isLittle) & 0xffff;
  const flows = new Map<string, Flow>();
  for (let at = 24; at + 16 <= file.length; ) {
    const length = data.getUint32(at + 8, isLittle);
    takePacket(file.subarray(at + 16, at + 16 + length), linkType, flows);
    at += 16 + length;
  }
  return [...flows.values()].filter(({ segments }) => segments.length > 0).map(reassemble);
}

function littleEndianOf(bytes: Uint8Array): boolean | undefined {
  const magic = view(bytes).getUint32(0, true);
  if (magic === 0xa1b2c3d4 || magic === 0xa1b23c4d) return true;
  return magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1 ? false : undefined;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Anything that is no whole TCP segment is passed over. */
function takePacket(packet: Uint8Array, linkType: number, flows: Map<string, Flow>): void {
  const ip = packet.subarray(linkHeaderBytes(packet, linkType));
  const version = (ip[0] ?? 0) >> 4;
  if (version === 4 && ip.length >= 20) {
    const data = view(ip);
    const isFragment = (data.getUint16(6) & 0x3fff) !== 0;
    const headerBytes = ((ip[0] ?? 0) & 15) * 4;
    // Offloading leaves the length 0.
    const end = data.getUint16(2) || ip.length;
    if (ip[9] !== 6 || isFragment || headerBytes < 20) return;
    takeSegment(ip.subarray(headerBytes, end), ip.subarray(12, 16).join('.'), ip.subarray(16, 20).join('.'), flows);
  } else if (version === 6 && ip.length >= 40 && ip[6] === 6) {
    const end = 40 + (view(ip).getUint16(4) || ip.length);
    takeSegment(ip.subarray(40, end), address6(ip.subarray(8, 24)), address6(ip.subarray(24, 40)), flows);
  }
}

function linkHeaderBytes(packet: Uint8Array, linkType: number): number {
  switch (linkType) {
    case 0:
    case 108:
      return 4;
    case 1: {
      // IEEE 802.1Q puts 4 bytes between the addresses and the type.
      let at = 12;
      while (
        at + 4 <= packet.length &&
        (view(packet).getUint16(at) === 0x8100 || view(packet).getUint16(at) === 0x88a8)
      )
        at += 4;
      return at + 2;
    }
    case 12:
    case 101:
    case 228:
    case 229:
      return 0;
    case 113:
      return 16;
    case 276:
      return 20;
    default:
      throw new UsageError(`Captures of link type ${linkType} are not known here`);
  }
}

function address6(bytes: Uint8Array): string {
  const data = view(bytes);
  return `[${Array.from({ length: 8 }, (_, index) => data.getUint16(index * 2).toString(16)).join(':')}]`;
}

function takeSegment(segment: Uint8Array, from: string, to: string, flows: Map<string, Flow>): void {
  if (segment.length < 20) return;
  const data = view(segment);
  const name = `${from}:${data.getUint16(0)} → ${to}:${data.getUint16(2)}`;
  const sequence = data.getUint32(4);
  const isSyn = ((segment[13] ?? 0) & 2) !== 0;
  let flow = flows.get(name);
  if (flow === undefined || (isSyn && flow.segments.length > 0)) {
    // Ports that are used again make another stream.
    if (flow !== undefined) flows.set(`${name} #${flows.size}`, flow);
    flow = { name, start: undefined, segments: [] };
    flows.set(name, flow);
  }
  if (isSyn) flow.start = (sequence + 1) >>> 0;
  const bytes = segment.subarray(((segment[12] ?? 0) >> 4) * 4);
  if (bytes.length > 0) flow.segments.push({ sequence, bytes });
}

/** Segments may come twice, overlap, or come in another order; sequence numbers begin anew after 2^32. */
function reassemble({ name, start, segments }: Flow): TcpStream {
  const origin = start ?? segments[0]?.sequence ?? 0;
  const placed = segments
    .map(({ sequence, bytes }) => ({ offset: (sequence - origin) | 0, bytes }))
    .sort((a, b) => a.offset - b.offset);
  const parts: Uint8Array[] = [];
  let length = 0;
  let bytesBehindGap = 0;
  for (const { offset, bytes } of placed) {
    const fresh = bytes.subarray(Math.max(0, length - offset));
    if (offset > length) bytesBehindGap += bytes.length;
    else if (offset + bytes.length > length) {
      parts.push(fresh);
      length += fresh.length;
    }
  }
  return { name, bytes: Buffer.concat(parts), bytesBehindGap };
}
