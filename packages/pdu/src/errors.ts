/**
 * What is wrong, stable over releases:
 *
 * | code | meaning |
 * |---|---|
 * | `unknown-pdu-type` | the first byte is no PDU type of PS3.8 (reader only; `decode` returns such a PDU as `unknown`) |
 * | `invalid-pdu-length` | the PDU length is impossible for its type |
 * | `pdu-over-limit` | the PDU length is over a cap of {@link Limits} or over the announced maximum length |
 * | `count-over-limit` | more items than {@link Limits} allow |
 * | `overrun` | a field or an item is longer than what holds it |
 * | `leftover-bytes` | bytes are left after the last field of a PDU or item |
 * | `missing-item` | a context without abstract syntax or transfer syntax; a P-DATA-TF to encode without value |
 * | `duplicate-item` | an item that can be there once is there twice |
 * | `invalid-context-id` | a presentation context ID is even (0 included) or no byte |
 * | `duplicate-context-id` | two presentation contexts have the same ID |
 * | `invalid-pdv-length` | a presentation data value is shorter than its own two bytes of header |
 * | `invalid-value` | a value out of its range, or not to be written in its field |
 * | `text-too-long` | encode: AE title or implementation version name over 16 characters |
 * | `item-too-long` | encode: an item or PDU is longer than its length field can say |
 */
export type PduErrorCode =
  | 'unknown-pdu-type'
  | 'invalid-pdu-length'
  | 'pdu-over-limit'
  | 'count-over-limit'
  | 'overrun'
  | 'leftover-bytes'
  | 'missing-item'
  | 'duplicate-item'
  | 'invalid-context-id'
  | 'duplicate-context-id'
  | 'invalid-pdv-length'
  | 'invalid-value'
  | 'text-too-long'
  | 'item-too-long';

/** Where and how a PDU is broken; what {@link PduError} carries beside its code. */
export interface PduErrorDetails {
  /** What was expected and what came. */
  readonly detail: string;
  /** Bytes from the first byte of the PDU to the offending field. */
  readonly offset: number;
  /** The offending field, as `userInformation/roleSelection[1]/uidLength`. Indexes count from 0. */
  readonly path: string;
  /** Where the standard describes it, as `PS3.8 9.3.2.2`. */
  readonly clause: string;
  /** Source and reason of the A-ABORT to answer with. PS3.8 9.3.8. */
  readonly abort: { readonly source: number; readonly reason: number };
  /** The A-ASSOCIATE-RJ that fits as well: only where a well-formed request is over a local limit. PS3.8 9.3.4. */
  readonly reject?: { readonly result: number; readonly source: number; readonly reason: number } | undefined;
}

/**
 * A PDU that cannot be decoded or encoded. The only error that this package throws about the content of a PDU.
 *
 * @example
 * ```ts
 * import { decode, PduError } from '@dicomwire/pdu';
 *
 * try {
 *   decode(Uint8Array.of(0x05, 0, 0, 0, 0, 9));
 * } catch (error) {
 *   if (error instanceof PduError) console.log(error.code, error.path, error.abort);
 * }
 * ```
 */
export class PduError extends Error {
  override readonly name = 'PduError';
  /** What is wrong: see {@link PduErrorCode}. */
  readonly code: PduErrorCode;
  /** Bytes from the first byte of the PDU to the offending field. */
  readonly offset: number;
  /** The offending field, as `userInformation/roleSelection[1]/uidLength`. */
  readonly path: string;
  /** Where the standard describes it, as `PS3.8 9.3.2.2`. */
  readonly clause: string;
  /**
   * The A-ABORT that answers this PDU on an association: (2,1) for an unknown PDU type, (2,6) for everything else that
   * a peer sent, (0,0) when encoding failed. Before an association is requested (Sta2) PS3.8 has (0,0) for all: action AA-1.
   */
  readonly abort: { readonly source: number; readonly reason: number };
  /**
   * (1,3,2), "local limit exceeded", when an A-ASSOCIATE-RQ is well formed but has more items than {@link Limits} allow: an acceptor may
   * answer so rather than abort. `undefined` otherwise.
   */
  readonly reject: { readonly result: number; readonly source: number; readonly reason: number } | undefined;

  constructor(code: PduErrorCode, { detail, offset, path, clause, abort, reject }: PduErrorDetails) {
    super(`${path}: ${detail} (offset ${offset}, ${clause})`);
    this.code = code;
    this.offset = offset;
    this.path = path;
    this.clause = clause;
    this.abort = abort;
    this.reject = reject;
  }
}
