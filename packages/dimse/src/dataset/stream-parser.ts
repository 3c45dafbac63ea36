/** Data sets from a stream of fragments, as far as a stop tag. */
import { Contents } from './contents.js';
import { DataSet } from './data-set.js';
import { type ElementMap, mapOver } from './element-map.js';
import { type Encoding, encodingOf } from './encoding.js';
import { DataSetError } from './errors.js';
import { HeaderScanner } from './header-scanner.js';
import { BoundedInflate } from './inflate.js';
import { type DataSetLimits, type ResolvedDataSetLimits, resolveLimits } from './limits.js';
import { locateElements, noStop } from './locate.js';
import { Source } from './source.js';

/** What is wanted of a data set that streams in. */
export interface DataSetStreamParserOptions {
  /** Transfer syntax UID. */
  readonly transferSyntax: string;
  /** Elements with this tag or a higher one aren't wanted: parsing is complete when one comes. Default: all are wanted. */
  readonly stopBefore?: number | undefined;
  /** Elements that are kept however long their values are, up to `maxBytes`. */
  readonly wanted?: ReadonlySet<number> | undefined;
  /** Other elements are left out when their value is longer than this; its bytes aren't buffered. Default: 64 KiB. */
  readonly maxValueBytes?: number | undefined;
  /** Bound on all that is buffered; beyond it parsing fails with `too-large`. Default: 4 MiB. */
  readonly maxBytes?: number | undefined;
  /** Bounds on nesting and inflating. */
  readonly limits?: DataSetLimits | undefined;
}

/**
 * Parses the head of a data set while it streams by: fragments cut anywhere go in, a data set of the wanted elements comes out. What
 * it keeps is copied, so fragments may be reused after `write`. Large values that nobody wants pass by unbuffered. After an error it is
 * of no more use.
 *
 * @example
 * ```ts
 * import { DataSet, DataSetStreamParser, encodeDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
 *
 * const transferSyntax = TransferSyntax.ExplicitVRLittleEndian;
 * const bytes = encodeDataSet(DataSet.from({ PatientID: '4711', Rows: 512 }), transferSyntax);
 * const parser = new DataSetStreamParser({ transferSyntax, stopBefore: 0x00280000 });
 * for (let at = 0; at < bytes.length; at += 5) if (parser.write(bytes.subarray(at, at + 5))) break;
 * console.log(parser.isComplete, parser.dataSet.get('PatientID')); // true 4711
 * ```
 */
export class DataSetStreamParser {
  private readonly encoding: Encoding;
  private readonly limits: ResolvedDataSetLimits;
  private readonly scanner: HeaderScanner;
  private readonly inflate: BoundedInflate | undefined;
  private parsed: DataSet | undefined;

  constructor(options: DataSetStreamParserOptions) {
    this.encoding = encodingOf(options.transferSyntax);
    this.limits = resolveLimits(options.limits);
    this.scanner = new HeaderScanner(this.encoding, {
      stopTag: options.stopBefore ?? noStop,
      wanted: options.wanted,
      maxValueBytes: options.maxValueBytes ?? 0x1_0000,
      maxBytes: options.maxBytes ?? 0x40_0000,
      limits: this.limits,
    });
    this.inflate = this.encoding.isDeflated
      ? new BoundedInflate(this.limits, (bytes) => this.scanner.push(bytes))
      : undefined;
  }

  /** True when the data set is there: the stop tag came, or {@link end} was called. */
  get isComplete(): boolean {
    return this.parsed !== undefined;
  }

  /**
   * The wanted elements. Offsets in errors and warnings count from the first byte that was kept.
   *
   * @throws Error before parsing is complete.
   */
  get dataSet(): DataSet {
    if (this.parsed === undefined) throw new Error('The data set is not complete yet: write more, or call end().');
    return this.parsed;
  }

  /**
   * Takes the next bytes of the data set.
   *
   * @returns true when nothing more is wanted; writing on does no harm.
   * @throws DataSetError when the bytes can't be a data set, or exceed a limit.
   */
  write(fragment: Uint8Array): boolean {
    if (this.parsed !== undefined) return true;
    const isComplete = this.inflate === undefined ? this.scanner.push(fragment) : this.inflate.push(fragment);
    if (isComplete) this.complete();
    return isComplete;
  }

  /**
   * Says that the data set has ended. Does nothing when parsing was complete before.
   *
   * @throws DataSetError `truncated` when it ended inside an element.
   */
  end(): void {
    if (this.parsed !== undefined) return;
    this.inflate?.finish();
    if (!this.scanner.isComplete && !this.scanner.isBetweenElements) {
      throw new DataSetError('truncated', 'The data set ends inside an element');
    }
    this.complete();
  }

  private complete(): void {
    const bytes = this.scanner.keptBytes();
    const source = new Source(bytes, this.encoding, this.limits, new Map());
    const located = locateElements<ElementMap>(source, {
      start: 0,
      end: bytes.length,
      depth: 0,
      stopTag: noStop,
      stopWhen: undefined,
      isHead: this.scanner.isComplete,
      path: () => '',
    });
    this.parsed = mapOver(new DataSet(), Contents.of(source, 0, located));
  }
}
