import { Cursor } from './cursor.js';
import { readPduHeader, readPduValue } from './decode.js';
import { type LimitOptions, type Limits, resolveLimits } from './limits.js';
import { checkPdvLength, checkPdvRoom, isCommandBit, isLastBit, PDV_HEADER_BYTES } from './p-data.js';
import { checkPduLength, isPduType, PDU_HEADER_BYTES, unknownPduType } from './pdu-header.js';
import type { PDataTfPdu, Pdu, UnknownPdu } from './types.js';

/** What a {@link PduReader} calls, synchronously, in the order of the bytes. */
export interface PduSink {
  /** A whole PDU other than P-DATA-TF. It owns its bytes; `byteLength` is that of the PDU, header included. */
  pdu(pdu: Exclude<Pdu, PDataTfPdu | UnknownPdu>, byteLength: number): void;
  /** The header of a P-DATA-TF is there; `pduLength` as its length field says (without the six bytes of header). */
  pDataBegin(pduLength: number): void;
  /**
   * Bytes of a presentation data value. One value comes in several calls when its bytes are in several chunks; `isLast` is true only
   * with the final bytes of a value that is marked as the last fragment. `data` is a view of the chunk that was pushed; it is
   * empty only where the whole value is.
   */
  fragment(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): void;
  /** All values of the P-DATA-TF were handed over. */
  pDataEnd(): void;
}

/** Options of {@link PduReader}. */
export interface PduReaderOptions {
  /** Caps; what is not given is as in {@link DEFAULT_LIMITS}. */
  readonly limits?: LimitOptions | undefined;
}

/** How much longer than announced a P-DATA-TF may be: some peers do not count the header of the value (or the PDU). */
const MAXIMUM_LENGTH_TOLERANCE = 6;

const NO_BYTES = new Uint8Array(0);

/** First size of the buffer for a PDU whose bytes arrive in several chunks. */
const FIRST_BUFFER_BYTES = 1024;

/**
 * Cuts a stream of bytes into PDUs, in whatever pieces it arrives. Fragments of data go to the sink as their bytes arrive, without being
 * gathered or copied; all other PDUs are handed over whole.
 *
 * What it holds is bounded by {@link Limits}: a length is tested as soon as it is there, memory grows with bytes that came, not with those that
 * were promised. An unknown PDU type is refused at its first byte.
 *
 * @example
 * ```ts
 * import { PduReader, type PduSink } from '@dicomwire/pdu';
 *
 * const sink: PduSink = {
 *   pdu: (pdu, byteLength) => console.log(pdu.type, byteLength),
 *   pDataBegin: (pduLength) => console.log('P-DATA-TF', pduLength),
 *   fragment: (contextId, isCommand, isLast, data) => console.log(contextId, isCommand, isLast, data.length),
 *   pDataEnd: () => {},
 * };
 * const reader = new PduReader();
 * reader.push(Uint8Array.of(0x05, 0, 0, 0, 0, 4, 0), sink); // nothing yet
 * reader.push(Uint8Array.of(0, 0, 0), sink); // A-RELEASE-RQ 10
 * ```
 */
export class PduReader {
  readonly #limits: Limits;
  #maximumPDataLength = 0;
  #pDataTfBytes: number;

  /** Header of a PDU or of a presentation data value, both six bytes. */
  readonly #head = new Uint8Array(PDU_HEADER_BYTES);
  readonly #headView = new DataView(this.#head.buffer);
  #headLength = 0;

  /** A PDU other than P-DATA-TF that is being gathered: the bytes so far, their number, and how many it will be. */
  #body: Uint8Array | undefined;
  #bodyLength = 0;
  #bodyTotal = 0;

  /** Whether a P-DATA-TF is being read, its bytes after the current value, and those left in the current value. */
  #inPData = false;
  #pduLength = 0;
  #pduLeft = 0;
  #pdvLeft = 0;
  #pdvIndex = 0;
  #contextId = 0;
  #isCommand = false;
  #isLast = false;

  #failure: { readonly error: unknown } | undefined;
  #isPushing = false;
  #isStopped = false;

  constructor(options?: PduReaderOptions) {
    this.#limits = resolveLimits(options?.limits);
    this.#pDataTfBytes = this.#limits.pDataTfBytes;
  }

  /**
   * The maximum length that this side announced (PS3.8 D.1), bytes; it holds from the next P-DATA-TF on, in place of
   * `limits.pDataTfBytes`. Up to 6 bytes over are let pass. Default 0: nothing or "unlimited" was announced, and `limits.pDataTfBytes` holds.
   */
  get maximumPDataLength(): number {
    return this.#maximumPDataLength;
  }

  set maximumPDataLength(length: number) {
    this.#maximumPDataLength = length;
    this.#pDataTfBytes = length > 0 ? length + MAXIMUM_LENGTH_TOLERANCE : this.#limits.pDataTfBytes;
  }

  /** Bytes that are held until more arrive. */
  get bufferedBytes(): number {
    return this.#headLength + this.#bodyLength;
  }

  /** Whether a PDU has begun and is not at its end: what a deadline for its completion goes by. */
  get isMidPdu(): boolean {
    return this.#headLength > 0 || this.#inPData || this.#body !== undefined;
  }

  /**
   * Reads a chunk and hands what is in it to the sink, before it returns. The chunk is not kept.
   *
   * An error ends the reader, since nothing tells where the next PDU would begin: each later call throws the same error. That holds
   * for what the sink throws as well. After `stop()` it throws no more. A sink must not push.
   *
   * @throws {@link PduError} When a PDU is malformed or over a limit; what came before it has been handed over.
   */
  push(chunk: Uint8Array, sink: PduSink): void {
    if (this.#isStopped) return;
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#isPushing) throw new Error('PduReader.push was called by its own sink');
    this.#isPushing = true;
    try {
      let at = 0;
      while (at < chunk.length && !this.#isStopped) {
        if (this.#pdvLeft > 0) at = this.#readFragment(chunk, at, sink);
        else if (this.#inPData) at = this.#readPdvHeader(chunk, at, sink);
        else if (this.#body === undefined) at = this.#readPduHeader(chunk, at, sink);
        else at = this.#gather(this.#body, chunk, at, sink);
      }
    } catch (error) {
      this.#failure = { error };
      throw error;
    } finally {
      this.#isPushing = false;
    }
  }

  /**
   * Stops for good: what is left of the current chunk and everything pushed later is discarded without a look. To be called
   * by a sink that aborts, after an error, or at any other time.
   */
  stop(): void {
    this.#isStopped = true;
    this.#body = undefined;
    this.#headLength = this.#bodyLength = 0;
    this.#inPData = false;
  }

  #readPduHeader(chunk: Uint8Array, from: number, sink: PduSink): number {
    if (this.#headLength === 0) {
      const pduType = chunk[from] ?? 0;
      if (!isPduType(pduType)) throw unknownPduType(pduType);
    }
    const at = this.#fillHead(chunk, from);
    if (this.#headLength < PDU_HEADER_BYTES) return at;
    const pduType = this.#headView.getUint8(0);
    const length = this.#headView.getUint32(2);
    checkPduLength(pduType, length, this.#limits, this.#pDataTfBytes);
    this.#headLength = 0;
    if (pduType === 0x04) {
      this.#inPData = true;
      this.#pduLength = this.#pduLeft = length;
      this.#pdvIndex = 0;
      sink.pDataBegin(length);
      return at;
    }
    // As much as there is, not as much as is claimed.
    const there = Math.max(PDU_HEADER_BYTES + chunk.length - at, FIRST_BUFFER_BYTES);
    this.#bodyTotal = PDU_HEADER_BYTES + length;
    this.#body = new Uint8Array(Math.min(this.#bodyTotal, there));
    this.#body.set(this.#head);
    this.#bodyLength = PDU_HEADER_BYTES;
    return at;
  }

  #gather(body: Uint8Array, chunk: Uint8Array, at: number, sink: PduSink): number {
    const total = this.#bodyTotal;
    const have = this.#bodyLength;
    const end = Math.min(chunk.length, at + total - have);
    const length = have + end - at;
    let bytes = body;
    if (length > body.length) {
      bytes = new Uint8Array(Math.min(total, Math.max(length, body.length * 2)));
      bytes.set(body.subarray(0, have));
    }
    bytes.set(chunk.subarray(at, end), have);
    if (length < total) {
      this.#body = bytes;
      this.#bodyLength = length;
      return end;
    }
    this.#body = undefined;
    this.#bodyLength = 0;
    const cursor = new Cursor(bytes, this.#limits);
    const pdu = readPduValue(cursor, readPduHeader(cursor));
    // Neither of the two comes here: P-DATA-TF is not gathered, unknown types are refused.
    if (pdu.type !== 'P-DATA-TF' && pdu.type !== 'unknown') sink.pdu(pdu, total);
    return end;
  }

  #readPdvHeader(chunk: Uint8Array, from: number, sink: PduSink): number {
    const at = this.#fillHead(chunk, from);
    if (this.#headLength < PDV_HEADER_BYTES) return at;
    const head = this.#headView;
    const length = head.getUint32(0);
    checkPdvLength(length, this.#pduLeft, this.#pdvIndex, this.#pduOffset());
    const control = head.getUint8(5);
    this.#headLength = 0;
    this.#contextId = head.getUint8(4);
    this.#isCommand = isCommandBit(control);
    this.#isLast = isLastBit(control);
    this.#pduLeft -= 4 + length;
    this.#pdvLeft = length - 2;
    if (this.#pdvLeft === 0) {
      sink.fragment(this.#contextId, this.#isCommand, this.#isLast, NO_BYTES);
      this.#endPdv(sink);
    }
    return at;
  }

  #readFragment(chunk: Uint8Array, at: number, sink: PduSink): number {
    const end = Math.min(chunk.length, at + this.#pdvLeft);
    this.#pdvLeft -= end - at;
    const isDone = this.#pdvLeft === 0;
    // Not `subarray`, which of a `Buffer` is a function of its own that makes another `Buffer`.
    const data = new Uint8Array(chunk.buffer, chunk.byteOffset + at, end - at);
    sink.fragment(this.#contextId, this.#isCommand, this.#isLast && isDone, data);
    if (isDone) this.#endPdv(sink);
    return end;
  }

  #endPdv(sink: PduSink): void {
    if (this.#isStopped) return;
    this.#pdvIndex++;
    if (this.#pduLeft > 0) {
      checkPdvRoom(this.#pduLeft, this.#pdvIndex, this.#pduOffset());
    } else {
      this.#inPData = false;
      sink.pDataEnd();
    }
  }

  /** Offset in the P-DATA-TF of the next value. */
  #pduOffset(): number {
    return PDU_HEADER_BYTES + this.#pduLength - this.#pduLeft;
  }

  #fillHead(chunk: Uint8Array, from: number): number {
    const head = this.#head;
    let at = from;
    if (this.#headLength === 0 && chunk.length - from >= PDU_HEADER_BYTES) {
      // Nearly always all of it is there. Two of them a message, mostly before V8 has compiled a loop.
      head[0] = chunk[at] ?? 0;
      head[1] = chunk[at + 1] ?? 0;
      head[2] = chunk[at + 2] ?? 0;
      head[3] = chunk[at + 3] ?? 0;
      head[4] = chunk[at + 4] ?? 0;
      head[5] = chunk[at + 5] ?? 0;
      this.#headLength = PDU_HEADER_BYTES;
      return at + PDU_HEADER_BYTES;
    }
    while (this.#headLength < PDU_HEADER_BYTES && at < chunk.length) {
      head[this.#headLength++] = chunk[at++] ?? 0;
    }
    return at;
  }
}
