/** Encoded bytes to data sets. */
import { Contents } from './contents.js';
import { DataSet } from './data-set.js';
import { ElementMap, mapOver } from './element-map.js';
import { type Encoding, encodingOf } from './encoding.js';
import { inflateAll } from './inflate.js';
import { type DataSetLimits, resolveLimits } from './limits.js';
import { locateElements, noStop } from './locate.js';
import type { PrivateDictionary } from './private/private-dictionary.js';
import { Source } from './source.js';

/** How a data set is read. */
export interface ParseOptions {
  /**
   * Elements that aren't wanted: those with this tag or a higher one, or from the first on for which the function says true. What
   * follows is neither looked at nor written back. Default: everything is wanted.
   */
  readonly stopBefore?: number | ((tag: number) => boolean) | undefined;
  /** Where bytes end inside an element, at the end of the data set or of an item, keep what is there instead of throwing. Default: false. */
  readonly keepTruncated?: boolean | undefined;
  /** What is known of private elements: decides their VR where the bytes have none. Default: nothing. */
  readonly privateDictionary?: PrivateDictionary | undefined;
  /** Bounds. */
  readonly limits?: DataSetLimits | undefined;
}

/**
 * Parses an encoded data set: one pass locates its elements, values and items are decoded when asked for. The data set keeps hold of
 * `bytes`, which must not be changed while it is in use.
 *
 * A transfer syntax that isn't known is read as explicit VR little endian.
 *
 * @throws DataSetError whatever the bytes; nothing else.
 */
export function parseDataSet(bytes: Uint8Array, transferSyntaxUid: string, options: ParseOptions = {}): DataSet {
  return mapOver(new DataSet(options), parseContents(bytes, encodingOf(transferSyntaxUid), options));
}

/** As {@link parseDataSet}, without the dictionary: elements by tag, VRs only where the bytes have them. */
export function parseElements(bytes: Uint8Array, transferSyntaxUid: string, options: ParseOptions = {}): ElementMap {
  return mapOver(new ElementMap(), parseContents(bytes, encodingOf(transferSyntaxUid), options));
}

/** Locates elements in bytes of an encoding, inflating them first if need be. */
export function parseContents(bytes: Uint8Array, encoding: Encoding, options: ParseOptions): Contents<ElementMap> {
  const { stopBefore, keepTruncated = false } = options;
  const limits = resolveLimits(options.limits);
  const inflated = encoding.isDeflated ? inflateAll(bytes, limits, keepTruncated) : bytes;
  const source = new Source(inflated, encoding, limits, new Map(), keepTruncated);
  const located = locateElements<ElementMap>(source, {
    start: 0,
    end: source.bytes.length,
    depth: 0,
    stopTag: typeof stopBefore === 'number' ? stopBefore : noStop,
    stopWhen: typeof stopBefore === 'function' ? stopBefore : undefined,
    path: () => '',
  });
  if (encoding.isDeflated && stopBefore === undefined) source.deflated = bytes;
  return Contents.of(source, 0, located);
}
