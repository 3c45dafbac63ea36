/** The TCP segment in a packet, through the layers around it. */
import { UsageError } from '../usage-error.js';
import type { Packet } from './capture-file.js';

/** What TCP says in one packet. */
export interface TcpSegment {
  /** `10.0.0.1:50123`. */
  readonly from: string;
  readonly to: string;
  readonly sequence: number;
  readonly isSyn: boolean;
  /** FIN or RST: nothing follows. */
  readonly isLast: boolean;
  readonly bytes: Uint8Array;
}

/** `undefined` for anything that is no whole TCP segment. @throws UsageError for a link type that is not known here */
export function tcpSegmentOf({ bytes, linkType }: Packet): TcpSegment | undefined {
  const ip = ipPacketOf(bytes, linkType);
  if (ip === undefined) return undefined;
  const version = (ip[0] ?? 0) >> 4;
  if (version === 4) return segmentOfIpv4(ip);
  return version === 6 ? segmentOfIpv6(ip) : undefined;
}

/** Link types of https://www.tcpdump.org/linktypes.html. */
function ipPacketOf(packet: Uint8Array, linkType: number): Uint8Array | undefined {
  switch (linkType) {
    // Loopback of BSD: the address family, in the byte order of the machine or of the network.
    case 0:
    case 108:
      return packet.subarray(4);
    case 1:
      return behindEtherType(packet, 12);
    // Raw IP; 12 and 14 are what some systems write for it.
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return packet;
    // Linux cooked, as "any" captures.
    case 113:
      return behindEtherType(packet, 14);
    case 276:
      return behindEtherType(packet, 0, 20);
    default:
      throw new UsageError(
        `Captures of link type ${linkType} are not known here: capture on Ethernet, loopback or any`,
      );
  }
}

/** VLAN tags (IEEE 802.1Q, 802.1ad) stand between an EtherType and the one of what they carry. */
function behindEtherType(packet: Uint8Array, typeAt: number, headerBytes = typeAt + 2): Uint8Array | undefined {
  let at = headerBytes;
  let type = uint16(packet, typeAt);
  while (type === 0x8100 || type === 0x88a8 || type === 0x9100) {
    type = uint16(packet, at + 2);
    at += 4;
  }
  return type === 0x0800 || type === 0x86dd ? packet.subarray(at) : undefined;
}

function segmentOfIpv4(ip: Uint8Array): TcpSegment | undefined {
  if (ip.length < 20) return undefined;
  const headerBytes = ((ip[0] ?? 0) & 15) * 4;
  const isFragment = (uint16(ip, 6) & 0x3fff) !== 0;
  if (ip[9] !== 6 || isFragment || headerBytes < 20) return undefined;
  // Segmentation offload leaves the length 0; what is behind the length is padding of the link.
  const end = uint16(ip, 2) || ip.length;
  return segmentOf(ip.subarray(headerBytes, end), ip.subarray(12, 16).join('.'), ip.subarray(16, 20).join('.'));
}

/** Hop-by-hop options, routing, destination options: headers that may stand before TCP. RFC 8200 4.1. */
const extensionHeaders = [0, 43, 60];

function segmentOfIpv6(ip: Uint8Array): TcpSegment | undefined {
  if (ip.length < 40) return undefined;
  const end = uint16(ip, 4) === 0 ? ip.length : 40 + uint16(ip, 4);
  let next = ip[6] ?? 0;
  let at = 40;
  while (extensionHeaders.includes(next) && at + 2 <= ip.length) {
    next = ip[at] ?? 0;
    at += 8 + (ip[at + 1] ?? 0) * 8;
  }
  if (next !== 6) return undefined;
  return segmentOf(ip.subarray(at, end), address6(ip.subarray(8, 24)), address6(ip.subarray(24, 40)));
}

function segmentOf(segment: Uint8Array, from: string, to: string): TcpSegment | undefined {
  const headerBytes = ((segment[12] ?? 0) >> 4) * 4;
  if (segment.length < 20 || headerBytes < 20) return undefined;
  const flags = segment[13] ?? 0;
  return {
    from: `${from}:${uint16(segment, 0)}`,
    to: `${to}:${uint16(segment, 2)}`,
    sequence: ((uint16(segment, 4) << 16) | uint16(segment, 6)) >>> 0,
    isSyn: (flags & 0x02) !== 0,
    isLast: (flags & 0x05) !== 0,
    bytes: segment.subarray(headerBytes),
  };
}

function address6(bytes: Uint8Array): string {
  const words = Array.from({ length: 8 }, (_, index) => uint16(bytes, index * 2).toString(16)).join(':');
  // The first run of zeros is left out; a URL knows how (RFC 5952).
  return new URL(`http://[${words}]`).hostname;
}

/** 0 beyond the end. */
function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
