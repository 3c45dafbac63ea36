import { annotatePdu } from './annotate-pdu.js';
import type { Annotation } from './annotation.js';
import { type LimitOptions, resolveLimits } from './limits.js';

/** Options of {@link annotate}. */
export interface AnnotateOptions {
  /** Caps; what is not given is as in {@link DEFAULT_LIMITS}. */
  readonly limits?: LimitOptions | undefined;
  /** The name of a UID, to stand beside it; `undefined` when it has none. Default: UIDs stand alone. */
  readonly nameUid?: ((uid: string) => string | undefined) | undefined;
}

/**
 * Explains bytes: a tree of each PDU, its items and their fields. The annotations at one level cover every byte once, in order.
 *
 * Throws at no bytes. A malformed PDU is explained up to its break; the next one is looked for where its length says that it
 * ends, unless that length itself is wrong. What is there of an incomplete PDU at the end is explained as well. It is the very code of
 * {@link decode} that reads the bytes.
 *
 * @param bytes - Any number of PDUs, one after another.
 * @returns One annotation for each PDU.
 * @see PS3.8 9.3
 *
 * @example
 * ```ts
 * import { annotate } from '@dicomwire/pdu';
 *
 * const [rejection] = annotate(Uint8Array.of(0x03, 0, 0, 0, 0, 4, 0, 1, 1, 7));
 * for (const { offset, name, meaning } of rejection?.fields ?? []) {
 *   console.log(offset, name, meaning); // the last: 9 reason called AE title not recognized (7)
 * }
 * ```
 */
export function annotate(bytes: Uint8Array, options?: AnnotateOptions): readonly Annotation[] {
  const limits = resolveLimits(options?.limits);
  const pdus: Annotation[] = [];
  for (let at = 0; at < bytes.length; ) {
    const pdu = annotatePdu(bytes.subarray(at), at, limits, options?.nameUid);
    pdus.push(pdu);
    at += pdu.byteLength;
  }
  return pdus;
}
