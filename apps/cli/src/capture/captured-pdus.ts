/** The PDUs of all connections in a capture, in the order in which they were whole. */
import { UsageError } from '../usage-error.js';
import type { ByteSource } from './byte-source.js';
import { packetsOf } from './capture-file.js';
import { type CapturedPdu, PduStream } from './pdu-stream.js';
import { type TcpSegment, tcpSegmentOf } from './tcp-segment.js';

/** What a capture had beside PDUs. */
export interface CaptureSummary {
  readonly packets: number;
  readonly dicomStreams: number;
  readonly tlsStreams: number;
  /** Streams of which something is missing, with how many bytes. */
  readonly gaps: readonly { readonly name: string; readonly lostBytes: number }[];
}

/** A PDU with where it comes from. */
export interface PduOfCapture extends CapturedPdu {
  /** `10.0.0.1:50123 → 10.0.0.2:104`. */
  readonly stream: string;
  /** When its last byte was captured, nanoseconds since 1970. */
  readonly timeNs: bigint | undefined;
}

/** Connections that are followed at once, and bytes of them that are held. */
const MAX_STREAMS = 100_000;
const MAX_HELD_BYTES = 128 * 1024 * 1024;

/** Reads a capture to its end. @throws UsageError for what is no sound capture, or too wild a one */
export async function* capturedPdus(source: ByteSource): AsyncGenerator<PduOfCapture, CaptureSummary> {
  const streams = new Map<string, PduStream>();
  const tally = new Tally();
  let packets = 0;
  let heldBytes = 0;
  let timeNs: bigint | undefined;
  for await (const packet of packetsOf(source)) {
    packets++;
    const segment = tcpSegmentOf(packet);
    if (segment === undefined) continue;
    ({ timeNs } = packet);
    const name = `${segment.from} → ${segment.to}`;
    let stream = streams.get(name);
    if (stream?.isAnother(segment)) {
      heldBytes -= stream.heldBytes;
      yield* named(stream, stream.end(), timeNs);
      tally.add(stream);
      stream = undefined;
    }
    if (stream === undefined) {
      if (!mayBegin(segment)) continue;
      stream = new PduStream(segment);
      streams.set(name, stream);
      if (streams.size > MAX_STREAMS) throw new UsageError(tooWild(`${MAX_STREAMS} connections are open at once`));
    }
    const heldBefore = stream.heldBytes;
    yield* named(stream, stream.take(segment), timeNs);
    heldBytes += stream.heldBytes - heldBefore;
    if (heldBytes > MAX_HELD_BYTES) throw new UsageError(tooWild('too much of it is in unfinished PDUs'));
    if (!stream.isOver) continue;
    heldBytes -= stream.heldBytes;
    yield* named(stream, stream.end(), timeNs);
    tally.add(stream);
    streams.delete(name);
  }
  for (const stream of streams.values()) {
    yield* named(stream, stream.end(), timeNs);
    tally.add(stream);
  }
  return tally.summary(packets);
}

/** Acknowledgements and repeated ends of connections that are over begin none. */
function mayBegin({ isSyn, bytes }: TcpSegment): boolean {
  return isSyn || bytes.length > 1;
}

function* named(
  { name: stream }: PduStream,
  pdus: Iterable<CapturedPdu>,
  timeNs: bigint | undefined,
): Generator<PduOfCapture, void> {
  for (const pdu of pdus) yield { ...pdu, stream, timeNs };
}

function tooWild(what: string): string {
  return `${what}: take a part of the capture, with tshark -r FILE -Y "tcp.port == 104" -w PART`;
}

const MAX_GAPS = 1000;

/** Counts streams that are over. */
class Tally {
  readonly #gaps: { readonly name: string; readonly lostBytes: number }[] = [];
  #dicomStreams = 0;
  #tlsStreams = 0;

  add({ name, protocol, lostBytes }: PduStream): void {
    if (protocol === 'tls') this.#tlsStreams++;
    if (protocol !== 'dicom') return;
    this.#dicomStreams++;
    if (lostBytes > 0 && this.#gaps.length < MAX_GAPS) this.#gaps.push({ name, lostBytes });
  }

  summary(packets: number): CaptureSummary {
    return { packets, dicomStreams: this.#dicomStreams, tlsStreams: this.#tlsStreams, gaps: this.#gaps };
  }
}
