import type { PduError } from './errors.js';

/** A stretch of bytes and what it is: a PDU, an item in it, or a single field. */
export interface Annotation {
  /**
   * Of a PDU its type, `unknown` for one that PS3.8 does not define; of an item or field its segment in {@link PduError.path}, as
   * `presentationContext[0]`. Besides, as the last of a PDU: `undecoded`, the bytes from where decoding broke off, and
   * `missing`, where the bytes end before the PDU does.
   */
  readonly name: string;
  /** Bytes before it, from the first byte that was annotated. */
  readonly offset: number;
  readonly byteLength: number;
  /** A view of the annotated bytes, not a copy. */
  readonly bytes: Uint8Array;
  /**
   * Of a field its value in words, as `called AE title not recognized (7)`; printable whatever the bytes are. Of `undecoded` and
   * `missing` what is wrong. Empty for PDUs, items and reserved fields.
   */
  readonly meaning: string;
  /** Where the standard describes it, as `PS3.8 9.3.2.2`. */
  readonly clause: string;
  /** What a PDU or item consists of, which is every byte of it once and in order; empty for a field. */
  readonly fields: readonly Annotation[];
  /** Of a PDU that is malformed, and of `undecoded` in it: what {@link decode} throws. Its `offset` counts from the PDU. */
  readonly error?: PduError | undefined;
}
