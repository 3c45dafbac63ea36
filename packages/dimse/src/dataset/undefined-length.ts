/**
 * Finds where content of undefined length ends, without recursion. PS3.5 7.5.2 and A.4.
 *
 * Only what has undefined length itself is entered; everything with a length is passed over by it. So the stack holds nothing
 * but the open containers, and a scan may be broken off at any byte and resumed with more of them.
 */
import { DataSetError } from './errors.js';
import { HeaderReader } from './header.js';
import type { Source } from './source.js';
import {
  formatTag,
  itemDelimiterTag,
  itemGroupTag,
  itemTag,
  pixelDataTag,
  sequenceDelimiterTag,
  undefinedLength,
} from './tag.js';
import { vrTraits } from './vr.js';
import { noVr, vrCode, vrOfCode } from './vr-code.js';

/** Items are expected. */
const inSequence = 0;
/** Elements are expected. */
const inItem = 1;
/** Fragments are expected: items that hold bytes. */
const inFragments = 2;
/** Added to a kind: the content is implicit VR little endian, whatever the data set is. */
const readAsImplicit = 4;
/** Added to that where UN begins: some writers leave explicit VR in it, which the first element of an item tells. */
const maybeExplicit = 8;

const sequenceCode = vrCode('SQ');
const unknownCode = vrCode('UN');
const fragmentCodes = new Set([vrCode('OB'), vrCode('OW')]);

/**
 * True when the element at `offset` has a VR, although what stands in UN should be implicit VR (PS3.5 6.2.2 Note 4): the first one of an
 * item tells for all of it.
 */
export function isExplicitInside(source: Source, offset: number): boolean {
  const { bytes, isImplicitVr } = source;
  if (isImplicitVr || offset + 8 > bytes.length) return false;
  const vr = vrOfCode((bytes[offset + 4]! << 8) | bytes[offset + 5]!);
  // Two reserved bytes, or a length that isn't zero.
  return vr !== undefined && vrTraits[vr].hasLongLength === ((bytes[offset + 6]! | bytes[offset + 7]!) === 0);
}

/** True when an element of undefined length is made of fragments rather than items with elements. PS3.5 A.4. */
export function holdsFragments(tag: number, vr: number): boolean {
  return fragmentCodes.has(vr) || (vr === noVr && tag === pixelDataTag);
}

/** Scans one outermost container at a time. */
export class UndefinedLengthScanner {
  /** Where the scan goes on; after it is finished, the byte after the delimiter. May lie beyond the bytes at hand. */
  position = 0;
  private readonly kinds: number[] = [];
  private readonly starts: number[] = [];
  private readonly header = new HeaderReader();
  private readonly maxSequences: number;
  private depth = 0;
  private sequences = 0;

  /** @param maxNesting - how deep sequences may nest within the first, which counts. */
  constructor(maxNesting: number) {
    this.maxSequences = maxNesting;
  }

  /** True between the opening of a container and its end. */
  get isOpen(): boolean {
    return this.depth > 0;
  }

  /** Begins with the value of an element of undefined length. */
  openElement(tag: number, vr: number, valueOffset: number): void {
    this.reset(valueOffset);
    this.pushElement(tag, vr, 0, valueOffset);
  }

  /** Begins with the content of an item of undefined length. */
  openItem(contentOffset: number): void {
    this.reset(contentOffset);
    this.push(inItem, contentOffset);
  }

  /** Moves all offsets, when the bytes were moved. */
  shift(by: number): void {
    this.position += by;
    for (let level = 0; level < this.depth; level++) this.starts[level] = this.starts[level]! + by;
  }

  /**
   * Goes on until the container is closed or the bytes end.
   *
   * @returns true when it is closed; false when more bytes are needed.
   * @throws DataSetError `invalid-structure`, `invalid-length`, `nesting-too-deep`.
   */
  run(source: Source, end: number): boolean {
    while (this.depth > 0) {
      const kind = this.kinds[this.depth - 1]!;
      const from = (kind & readAsImplicit) !== 0 ? source.asImplicit() : source;
      if (!this.header.read(from, this.position, end)) return false;
      if ((kind & 3) === inItem) this.takeElement(source, kind);
      else this.takeItem(source, kind);
    }
    return true;
  }

  private takeElement(source: Source, kind: number): void {
    const { tag, vr, length, valueOffset } = this.header;
    if ((kind & maybeExplicit) !== 0) {
      this.kinds[this.depth - 1] = isExplicitInside(source, this.position) ? inItem : inItem | readAsImplicit;
      return;
    }
    if (tag === itemDelimiterTag) this.close(source);
    else if (tag >= itemGroupTag) throw this.misplaced(tag);
    else if (length === undefinedLength) this.pushElement(tag, vr, kind & readAsImplicit, valueOffset);
    else this.position = valueOffset + length;
  }

  private takeItem(source: Source, kind: number): void {
    const { tag, length, valueOffset } = this.header;
    // A delimiter after an item of defined length says nothing new; some writers leave one there.
    if (tag === sequenceDelimiterTag) this.close(source);
    else if (tag === itemDelimiterTag && length === 0) this.position = valueOffset;
    else if (tag !== itemTag) throw this.misplaced(tag);
    else if (length !== undefinedLength) this.position = valueOffset + length;
    else if ((kind & 3) === inFragments) throw this.error('invalid-length', 'A fragment has undefined length');
    else this.push(inItem | (kind & (readAsImplicit | maybeExplicit)), valueOffset);
  }

  private pushElement(tag: number, vr: number, inherited: number, valueOffset: number): void {
    if (holdsFragments(tag, vr)) {
      this.push(inFragments, valueOffset);
      return;
    }
    if (vr !== sequenceCode && vr !== unknownCode && vr !== noVr) {
      throw this.error('invalid-length', `${formatTag(tag)} has undefined length, which its VR doesn't allow`);
    }
    if (++this.sequences > this.maxSequences) throw this.error('nesting-too-deep', 'Sequences nest too deep');
    const reading = vr === sequenceCode ? inherited : readAsImplicit | (vr === unknownCode ? maybeExplicit : 0);
    this.push(inSequence | reading, valueOffset);
  }

  private push(kind: number, contentOffset: number): void {
    this.kinds[this.depth] = kind;
    this.starts[this.depth] = contentOffset;
    this.depth++;
    this.position = contentOffset;
  }

  private close(source: Source): void {
    this.depth--;
    if ((this.kinds[this.depth]! & 3) === inSequence) this.sequences--;
    source.contentEnds?.set(this.starts[this.depth]!, this.position);
    this.position += 8;
  }

  private reset(position: number): void {
    this.depth = 0;
    this.sequences = 0;
    this.position = position;
  }

  private misplaced(tag: number): DataSetError {
    return this.error('invalid-structure', `${formatTag(tag)} stands where it may not`);
  }

  private error(code: 'invalid-structure' | 'invalid-length' | 'nesting-too-deep', message: string): DataSetError {
    return new DataSetError(code, message, { offset: this.position });
  }
}
