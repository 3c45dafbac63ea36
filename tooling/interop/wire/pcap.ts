/**
 * Recorded connections as a capture file that tshark reads: classic pcap, raw IPv4, one TCP segment per piece of data,
 * with handshake and FIN so that streams reassemble.
 */
import type { RecordedConnection, Side } from './recording-proxy.ts';

/** The port of the server in every capture. */
export const CAPTURED_SERVER_PORT = 11112;

/** The bytes of a capture file. */
export function toPcap(connections: readonly RecordedConnection[]): Buffer {
  const packets: Buffer[] = [globalHeader()];
  let microseconds = 0;
  for (const connection of connections) {
    for (const packet of segments(connection)) packets.push(recordHeader(microseconds++, packet.length), packet);
  }
  return Buffer.concat(packets);
}

/** LINKTYPE_RAW: packets begin with an IP header. */
const LINK_TYPE_RAW = 101;
/** What an IPv4 packet of 65535 bytes holds beside its headers. */
const MAX_SEGMENT_BYTES = 65_535 - 40;
const FIN = 0x01;
const SYN = 0x02;
const PSH = 0x08;
const ACK = 0x10;

function* segments({ clientPort, events }: RecordedConnection): Generator<Buffer> {
  const sequence: Record<Side, number> = { client: 0, server: 0 };
  const segment = (from: Side, flags: number, data: Buffer = Buffer.alloc(0)) => {
    const [source, destination] = from === 'client' ? [1, 2] : [2, 1];
    const [sourcePort, destinationPort] =
      from === 'client' ? [clientPort, CAPTURED_SERVER_PORT] : [CAPTURED_SERVER_PORT, clientPort];
    const acknowledged = sequence[from === 'client' ? 'server' : 'client'];
    const tcp = tcpHeader(sourcePort, destinationPort, sequence[from], acknowledged, flags);
    const advance = data.length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0);
    sequence[from] = (sequence[from] + advance) >>> 0;
    return Buffer.concat([ipHeader(source, destination, tcp.length + data.length), tcp, data]);
  };
  yield segment('client', SYN);
  yield segment('server', SYN | ACK);
  yield segment('client', ACK);
  for (const event of events) {
    if (event.kind === 'end') {
      yield segment(event.from, FIN | ACK);
      continue;
    }
    for (let at = 0; at < event.bytes.length; at += MAX_SEGMENT_BYTES) {
      yield segment(event.from, PSH | ACK, event.bytes.subarray(at, at + MAX_SEGMENT_BYTES));
    }
  }
}

function globalHeader(): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0x40000, 16);
  header.writeUInt32LE(LINK_TYPE_RAW, 20);
  return header;
}

function recordHeader(microseconds: number, byteLength: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(Math.floor(microseconds / 1_000_000), 0);
  header.writeUInt32LE(microseconds % 1_000_000, 4);
  header.writeUInt32LE(byteLength, 8);
  header.writeUInt32LE(byteLength, 12);
  return header;
}

function ipHeader(source: number, destination: number, payloadBytes: number): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + payloadBytes, 2);
  header[8] = 64;
  header[9] = 6;
  header.writeUInt32BE(0x7f000000 + source, 12);
  header.writeUInt32BE(0x7f000000 + destination, 16);
  return header;
}

function tcpHeader(source: number, destination: number, sequence: number, acknowledged: number, flags: number): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(source, 0);
  header.writeUInt16BE(destination, 2);
  header.writeUInt32BE(sequence, 4);
  header.writeUInt32BE(acknowledged, 8);
  header[12] = 5 << 4;
  header[13] = flags;
  header.writeUInt16BE(0xffff, 14);
  return header;
}
