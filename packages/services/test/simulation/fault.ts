/** What happens to an association in the middle of an operation: by whom, how, and when. */
import { oneOf, type Random } from './random.js';

/** How a side vanishes. Those on the wire happen to whoever is at its ends; the others are done by an application. */
export type Way = (typeof wireWays)[number] | (typeof applicationWays)[number];

/**
 * - `release`: A-RELEASE-RQ in the middle of everything, and nothing but the end of the connection after the answer.
 * - `abort`, `provider-abort`: A-ABORT of source 0 and 2.
 * - `reset`: RST for both.
 * - `end`: FIN; what the other side still sends arrives nowhere.
 * - `half-end`: FIN from one that still reads.
 * - `silence`: nothing arrives any more, on either side, the end of the connection included.
 * - `stall`: one side neither sends nor reads.
 * - `garbage`: bytes that are no PDU.
 */
export const wireWays = [
  'release',
  'abort',
  'provider-abort',
  'reset',
  'end',
  'half-end',
  'silence',
  'stall',
  'garbage',
] as const;

/**
 * - `user-release`, `user-abort`: the client is released or aborted.
 * - `signal`: the signal of the call fires.
 * - `provider-close`: the provider is closed at once.
 * - `provider-drain`: the provider is closed, and its associations have ten seconds.
 */
export const applicationWays = ['user-release', 'user-abort', 'signal', 'provider-close', 'provider-drain'] as const;

/** A fault, before it happened. */
export interface Fault {
  readonly way: Way;
  /** Who vanishes, where that is not said by the way. */
  readonly vanishing: 'user' | 'provider';
  /** The PDU at which it happens, of all that go over any connection in either direction, from 1. */
  readonly pdu: number;
  /** Bytes of that PDU that still arrive: none, some, or all. */
  readonly bytes: number;
  /** What becomes of connections that are opened afterwards. */
  readonly afterwards: 'reachable' | 'refused' | 'dark';
}

/** A fault within so many PDUs. */
export function anyFault(random: Random, pdus: number): Fault {
  const way = oneOf<Way>(random, [...wireWays, ...applicationWays]);
  const isPdu = way === 'release' || way === 'abort' || way === 'provider-abort' || way === 'garbage';
  const bytes = oneOf(random, [0, 1 + random(6), 6 + random(200), Number.POSITIVE_INFINITY]);
  return {
    way,
    vanishing: oneOf(random, ['user', 'provider']),
    pdu: 1 + random(pdus),
    // What is read as a PDU has to begin where one may.
    bytes: isPdu && bytes > 0 ? Number.POSITIVE_INFINITY : bytes,
    afterwards: isOnWire(way) ? oneOf(random, ['reachable', 'reachable', 'reachable', 'refused', 'dark']) : 'reachable',
  };
}

/** Whether it happens on the wire. */
export function isOnWire(way: Way): way is (typeof wireWays)[number] {
  return (wireWays as readonly string[]).includes(way);
}

/** What somebody who was left alone is to be told: words that the reason must have. */
export function reasonOf({ way, vanishing }: Fault, survivor: 'user' | 'provider'): RegExp {
  if (isOnWire(way) && vanishing === survivor) return /ECONNRESET|lost|within|ended|abort/i;
  switch (way) {
    case 'release':
      return /released|A-RELEASE-RQ/;
    case 'abort':
    case 'provider-abort':
      return /A-ABORT|aborted by the peer/;
    case 'reset':
      return /ECONNRESET/;
    case 'end':
    case 'half-end':
      return /closed by the peer|lost/;
    case 'silence':
    case 'stall':
      return /within \d+ ms|for \d+ ms/;
    case 'garbage':
      return /broke the protocol|protocol/;
    case 'user-release':
      return /released/;
    case 'user-abort':
      return /abort/i;
    case 'signal':
      return /Enough|Not all instances/;
    case 'provider-close':
    case 'provider-drain':
      return /abort|closed by the peer|lost/i;
  }
}
