/**
 * What one side of a connection sent, put together from its segments and cut into PDUs. Segments may come twice, overlap, or come in
 * another order. Where a part was not captured, the next segment that begins with a PDU goes on.
 */
import type { TcpSegment } from './tcp-segment.js';

/** A PDU, or what there is of it. */
export interface CapturedPdu {
  /** Where it begins in the stream. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Segments that wait for one before them. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const MAX_WAITING_SEGMENTS = 4096;
/** Larger PDUs are shown by their beginning. */
const MAX_PDU_BYTES = 16 * 1024 * 1024;
const PDU_HEADER_BYTES = 6;

/** One direction of a connection. */
export class PduStream {
  /** `10.0.0.1:50123 → 10.0.0.2:104`. */
  readonly name: string;
  /** Bytes that are missing or that nothing can be made of. */
  lostBytes = 0;
  /** TLS, or `undefined`. */
  protocol: 'dicom' | 'tls' | 'other' | undefined;
  /** Sequence number of the byte after the last; `undefined` until a beginning is found. */
  #next: number | undefined;
  readonly #initial: number | undefined;
  #position = 0;
  #isSeeking: boolean;
  #waiting: TcpSegment[] = [];
  #waitingBytes = 0;
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #endsAt: number | undefined;

  constructor({ from, to, isSyn, sequence }: TcpSegment) {
    this.name = `${from} → ${to}`;
    this.#initial = isSyn ? sequence : undefined;
    this.#next = isSyn ? (sequence + 1) >>> 0 : undefined;
    // A capture may begin in the middle of a connection.
    this.#isSeeking = !isSyn;
  }

  /** Bytes held. */
  get heldBytes(): number {
    return this.#waitingBytes + this.#partBytes;
  }

  /** All that the side sent is here. */
  get isOver(): boolean {
    return this.#endsAt !== undefined && (this.#next === undefined || distance(this.#next, this.#endsAt) <= 0);
  }

  /** Whether a SYN begins another connection on the same ports. */
  isAnother({ isSyn, sequence }: TcpSegment): boolean {
    return isSyn && sequence !== this.#initial;
  }

  /** Takes a segment, and gives the PDUs that are whole with it. */
  *take(segment: TcpSegment): Generator<CapturedPdu, void> {
    const start = segment.isSyn ? (segment.sequence + 1) >>> 0 : segment.sequence;
    if (segment.isLast) this.#endsAt ??= (start + segment.bytes.length) >>> 0;
    if (segment.bytes.length === 0 || this.protocol === 'tls' || this.protocol === 'other') return;
    yield* this.#place({ ...segment, sequence: start });
    while (this.#waitingBytes > MAX_WAITING_BYTES || this.#waiting.length > MAX_WAITING_SEGMENTS) yield* this.#giveUp();
  }

  /** At the end of the capture: what waits behind gaps, and the last PDU as far as it goes. */
  *end(): Generator<CapturedPdu, void> {
    while (this.#waiting.length > 0) yield* this.#giveUp();
    yield* this.#cut(true);
  }

  *#place(segment: TcpSegment): Generator<CapturedPdu, void> {
    if (this.#next === undefined) {
      if (!beginsPdu(segment.bytes)) {
        this.lostBytes += segment.bytes.length;
        return;
      }
      this.#next = segment.sequence;
    }
    const ahead = distance(this.#next, segment.sequence);
    if (ahead > 0) {
      this.#wait(segment);
      return;
    }
    yield* this.#append(segment.bytes.subarray(-ahead));
    yield* this.#drain();
  }

  /** Kept in order. A copy: the packet's bytes lie in a chunk of the file that would stay for it. */
  #wait(segment: TcpSegment): void {
    let at = this.#waiting.length;
    while (at > 0 && distance(segment.sequence, this.#waiting[at - 1]?.sequence ?? 0) > 0) at--;
    const before = this.#waiting[at - 1];
    if (before?.sequence === segment.sequence && before.bytes.length >= segment.bytes.length) return;
    this.#waiting.splice(at, 0, { ...segment, bytes: segment.bytes.slice() });
    this.#waitingBytes += segment.bytes.length;
  }

  *#drain(): Generator<CapturedPdu, void> {
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || this.#next === undefined) return;
      const ahead = distance(this.#next, first.sequence);
      if (ahead > 0) return;
      this.#waiting.shift();
      this.#waitingBytes -= first.bytes.length;
      yield* this.#append(first.bytes.subarray(-ahead));
    }
  }

  /** The part before what waits will not come any more. */
  *#giveUp(): Generator<CapturedPdu, void> {
    const [first] = this.#waiting;
    if (first === undefined || this.#next === undefined) return;
    yield* this.#cut(true);
    const missing = distance(this.#next, first.sequence);
    this.lostBytes += missing;
    this.#position += missing;
    this.#next = first.sequence;
    this.#isSeeking = true;
    yield* this.#drain();
  }

  *#append(fresh: Uint8Array): Generator<CapturedPdu, void> {
    if (fresh.length === 0 || this.#next === undefined) return;
    this.#next = (this.#next + fresh.length) >>> 0;
    if (this.#isSeeking && this.#partBytes === 0) {
      if (!beginsPdu(fresh)) {
        this.lostBytes += fresh.length;
        this.#position += fresh.length;
        return;
      }
      this.#isSeeking = false;
    }
    this.#parts.push(fresh.slice());
    this.#partBytes += fresh.length;
    yield* this.#cut(false);
  }

  *#cut(isEnd: boolean): Generator<CapturedPdu, void> {
    this.#recognize();
    while (this.#partBytes > 0) {
      const header = this.#head();
      const bodyBytes = header.length < PDU_HEADER_BYTES ? undefined : new DataView(header.buffer).getUint32(2);
      const isTooLarge = bodyBytes !== undefined && bodyBytes > MAX_PDU_BYTES;
      const needed = bodyBytes === undefined || isTooLarge ? undefined : PDU_HEADER_BYTES + bodyBytes;
      if (needed !== undefined && this.#partBytes >= needed) {
        const bytes = this.#parts.length === 1 ? (this.#parts[0] ?? header) : Buffer.concat(this.#parts);
        yield { offset: this.#position, bytes: bytes.subarray(0, needed) };
        const rest = bytes.subarray(needed);
        this.#parts = rest.length === 0 ? [] : [rest];
        this.#partBytes = rest.length;
        this.#position += needed;
      } else {
        if (!isEnd && !isTooLarge) return;
        yield { offset: this.#position, bytes: Buffer.concat(this.#parts) };
        this.#position += this.#partBytes;
        this.#parts = [];
        this.#partBytes = 0;
        this.#isSeeking = true;
      }
    }
  }

  /** By its first bytes: most captures have streams of other protocols. */
  #recognize(): void {
    if (this.protocol !== undefined || this.#partBytes < 2) return;
    const [type = 0, second] = this.#head();
    if (type >= 1 && type <= 7 && second === 0) {
      this.protocol = 'dicom';
      return;
    }
    this.protocol = type === 0x16 && second === 3 ? 'tls' : 'other';
    this.#parts = [];
    this.#partBytes = 0;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** Up to six bytes. */
  #head(): Uint8Array {
    const head = new Uint8Array(Math.min(PDU_HEADER_BYTES, this.#partBytes));
    let at = 0;
    for (const part of this.#parts) {
      if (at === head.length) break;
      const taken = part.subarray(0, head.length - at);
      head.set(taken, at);
      at += taken.length;
    }
    return head;
  }
}

/** How far the second is ahead; sequence numbers begin anew after 2^32. */
function distance(from: number, to: number): number {
  return (to - from) | 0;
}

/** Whether bytes from the middle of a stream look like a PDU's beginning. PS3.8 9.3. */
function beginsPdu(bytes: Uint8Array): boolean {
  if (bytes.length < 10 || bytes[1] !== 0) return false;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = data.getUint32(2);
  switch (bytes[0]) {
    case 1:
    case 2:
      return length >= 68 && length < 1_048_576 && data.getUint16(6) === 1;
    case 3:
    case 5:
    case 6:
    case 7:
      return length === 4;
    case 4: {
      const valueBytes = data.getUint32(6);
      return length <= MAX_PDU_BYTES && valueBytes >= 2 && valueBytes <= length - 4;
    }
    default:
      return false;
  }
}
