/** Data sets from a stream of fragments, as far as a stop tag. */
import { referTo } from './bulk-data.js';
import { Contents } from './contents.js';
import { DataSet } from './data-set.js';
import { elementDefinition } from './dictionary.js';
import { type ElementMap, mapOver } from './element-map.js';
import { ElementRow } from './element-row.js';
import { type Encoding, encodingOf } from './encoding.js';
import { DataSetError } from './errors.js';
import { HeaderScanner, type PassedOverElement } from './header-scanner.js';
import { BoundedInflate } from './inflate.js';
import { type DataSetLimits, type ResolvedDataSetLimits, resolveLimits } from './limits.js';
import { type Located, locateElements, noStop } from './locate.js';
import type { PrivateDictionary } from './private/private-dictionary.js';
import { Source } from './source.js';
import type { Vr } from './vr.js';
import { noVr, vrCode } from './vr-code.js';

/** What is wanted of a data set that streams in. */
export interface DataSetStreamParserOptions {
  /** Transfer syntax UID. */
  readonly transferSyntax: string;
  /**
   * Elements that aren't wanted: those with this tag or a higher one, or from the first on for which the function says true. Parsing is
   * complete when one comes. Default: all are wanted.
   */
  readonly stopBefore?: number | ((tag: number) => boolean) | undefined;
  /** Elements that are kept however long their values are, up to `maxBytes`. */
  readonly wanted?: ReadonlySet<number> | undefined;
  /** Other elements are left out when their value is longer than this; its bytes aren't buffered. Default: 64 KiB. */
  readonly maxValueBytes?: number | undefined;
  /**
   * `refer` keeps a reference (`bulkData`, kind `range`) of an element whose value is too long, sequences apart, which are then kept whatever their
   * length. Values of a deflated data set lie nowhere: they are kept as well. Default: `leave-out`.
   */
  readonly longValues?: 'leave-out' | 'refer' | undefined;
  /** Added to the offsets of references: where in the file the data set begins. Default: 0. */
  readonly dataSetOffset?: number | undefined;
  /**
   * Where the data set ends inside an element, or what is deflated is damaged, keep what is there instead of throwing. Default: false.
   */
  readonly keepTruncated?: boolean | undefined;
  /** Bound on all that is buffered; beyond it parsing fails with `too-large`. Default: 4 MiB. */
  readonly maxBytes?: number | undefined;
  /** What is known of private elements: decides their VR where the bytes have none. Default: nothing. */
  readonly privateDictionary?: PrivateDictionary | undefined;
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
  private readonly dataSetOffset: number;
  private readonly refers: boolean;
  private readonly keepsTruncated: boolean;
  private readonly privateDictionary: PrivateDictionary | undefined;
  private parsed: DataSet | undefined;

  constructor(options: DataSetStreamParserOptions) {
    const { transferSyntax, stopBefore, maxValueBytes = 0x1_0000, longValues, keepTruncated = false } = options;
    this.encoding = encodingOf(transferSyntax);
    this.limits = resolveLimits(options.limits);
    this.dataSetOffset = options.dataSetOffset ?? 0;
    this.keepsTruncated = keepTruncated;
    this.refers = longValues === 'refer';
    this.privateDictionary = options.privateDictionary;
    this.scanner = new HeaderScanner(this.encoding, {
      stopTag: typeof stopBefore === 'number' ? stopBefore : noStop,
      stopWhen: typeof stopBefore === 'function' ? stopBefore : undefined,
      wanted: options.wanted,
      maxValueBytes: this.refers && this.encoding.isDeflated ? Number.POSITIVE_INFINITY : maxValueBytes,
      isAlwaysWanted: this.refers ? isSequence : undefined,
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
    const { inflate } = this;
    const isComplete =
      inflate === undefined ? this.scanner.push(fragment) : this.unlessDamaged(() => inflate.push(fragment));
    if (isComplete === undefined) this.finish();
    else if (isComplete) this.complete();
    return this.isComplete;
  }

  /**
   * How many of the next bytes nobody wants. Who reads from a file can go on behind them, and says so by {@link skip}; writing them all the same
   * does no harm.
   */
  get bytesToSkip(): number {
    return this.inflate === undefined && this.parsed === undefined ? this.scanner.bytesToSkip : 0;
  }

  /**
   * Passes over the next bytes without their being written.
   *
   * @param byteCount - {@link bytesToSkip} at most.
   * @throws RangeError when it is more.
   */
  skip(byteCount: number): void {
    if (byteCount < 0 || byteCount > this.bytesToSkip) throw new RangeError(`${byteCount} bytes can't be skipped here`);
    this.scanner.skipBytes(byteCount);
  }

  /**
   * Says that the data set has ended. Does nothing when parsing was complete before.
   *
   * @throws DataSetError `truncated` when it ended inside an element, unless `keepTruncated`.
   */
  end(): void {
    if (this.parsed !== undefined) return;
    this.unlessDamaged(() => this.inflate?.finish());
    this.finish();
  }

  /** What inflating gives; `undefined` where it fails and what came before is to be kept. */
  private unlessDamaged<T>(inflates: () => T): T | undefined {
    try {
      return inflates();
    } catch (error) {
      if (!this.keepsTruncated || !(error instanceof DataSetError) || error.code !== 'inflate-failed') throw error;
      return undefined;
    }
  }

  /** No more comes. */
  private finish(): void {
    if (!this.scanner.isComplete && !this.scanner.isBetweenElements) {
      if (!this.keepsTruncated) throw new DataSetError('truncated', 'The data set ends inside an element');
      this.scanner.takeCutOff();
    }
    this.complete();
  }

  private complete(): void {
    const bytes = this.scanner.keptBytes();
    const source = new Source(bytes, this.encoding, this.limits, new Map(), this.keepsTruncated);
    const located = locateElements<ElementMap>(source, {
      start: 0,
      end: bytes.length,
      depth: 0,
      stopTag: noStop,
      stopWhen: undefined,
      isHead: this.scanner.isComplete,
      path: () => '',
    });
    const passedOver = this.refers ? this.scanner.passedOver : [];
    const contents = Contents.of(
      source,
      0,
      passedOver.length === 0 ? located : this.withReferences(located, passedOver),
    );
    // Its bytes alone are not the data set any longer.
    contents.isModified = passedOver.length > 0;
    this.parsed = mapOver(new DataSet({ privateDictionary: this.privateDictionary }), contents);
  }

  private withReferences(located: Located<ElementMap>, passedOver: readonly PassedOverElement[]): Located<ElementMap> {
    const rows: ElementRow<ElementMap>[] = [];
    let next = 0;
    for (const element of passedOver) {
      while (next < located.rows.length && located.rows[next]!.start < element.keptBefore)
        rows.push(located.rows[next++]!);
      rows.push(this.referenceTo(element));
    }
    for (; next < located.rows.length; next++) rows.push(located.rows[next]!);
    const isAscending = rows.every((row, index) => index === 0 || row.tag > rows[index - 1]!.tag);
    return { ...located, rows, isAscending };
  }

  private referenceTo({ tag, vr, offset, byteLength, isUndefinedLength }: PassedOverElement): ElementRow<ElementMap> {
    const row = ElementRow.of<ElementMap>(
      tag,
      vr === noVr ? vrCode(likelyVr(tag, isUndefinedLength)) : vr,
      [],
      undefined,
    );
    return referTo(row, {
      kind: 'range',
      offset: this.dataSetOffset + offset,
      byteLength,
      isEncapsulated: isUndefinedLength,
    });
  }
}

const sequenceCode = vrCode('SQ');
const unknownCode = vrCode('UN');

function isSequence(tag: number, vr: number): boolean {
  return vr === sequenceCode || ((vr === noVr || vr === unknownCode) && elementDefinition(tag)?.vrs[0] === 'SQ');
}

/** VR of an element without one that is too long to be a number or two. */
function likelyVr(tag: number, isEncapsulated: boolean): Vr {
  const vrs = elementDefinition(tag)?.vrs ?? [];
  if (isEncapsulated) return 'OB';
  return vrs.includes('OW') ? 'OW' : (vrs[0] ?? 'UN');
}
