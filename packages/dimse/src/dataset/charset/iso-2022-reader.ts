/** Bytes with escape sequences to text. PS3.5 6.1.2.5. */
import type { CodeElements } from './code-elements.js';
import { textOf } from './decoders.js';
import { designated, isToG1, type Repertoire, replacement } from './repertoire.js';

const esc = 0x1b;

/**
 * Reads one value field. Escape sequences designate sets to G0 (bytes 0x21 to 0x7e) and G1 (0xa1 to 0xfe); control characters and
 * delimiters put both back to those of value 1. Bytes of G1 where nothing is designated to it belong to the first set that might be,
 * since escape sequences are forgotten in the field, or are taken for ISO 8859-1.
 */
export class Iso2022Reader {
  /** What was wrong first. */
  problem: string | undefined = undefined;
  private readonly bytes: Uint8Array;
  private readonly elements: CodeElements;
  private readonly delimiters: string;
  private readonly units: Uint16Array;
  private length = 0;
  private at = 0;
  private g0: Repertoire;
  private g1: Repertoire | undefined;

  constructor(bytes: Uint8Array, elements: CodeElements, delimiters: string) {
    this.bytes = bytes;
    this.elements = elements;
    this.delimiters = delimiters;
    this.units = new Uint16Array(bytes.length);
    this.g0 = elements.g0.set;
    this.g1 = elements.g1?.set;
  }

  /** The whole text. */
  read(): string {
    while (this.at < this.bytes.length) {
      const byte = this.bytes[this.at]!;
      if (byte === esc) this.designate();
      else if (byte >= 0xa0) this.upper(byte);
      else if (byte > 0x20 && byte < 0x7f) this.lower(byte);
      else this.control(byte);
    }
    return textOf(this.units.subarray(0, this.length));
  }

  private designate(): void {
    let end = this.at + 1;
    if (this.bytes[end] === 0x24) end++;
    if (isIntermediate(this.bytes[end])) end++;
    const designation = textOf(this.bytes.subarray(this.at + 1, end + 1));
    const set = designated(designation);
    if (set === undefined) {
      this.note('An escape sequence that is not known');
      this.put(replacement, 1);
      return;
    }
    if (isToG1(designation)) this.g1 = set;
    else this.g0 = set;
    this.at = end + 1;
    if (designation !== '(B' && !this.elements.all.some((element) => element.designation === designation)) {
      this.note(`The escape sequence ESC ${designation} of a character set that is not named`);
    }
  }

  private lower(byte: number): void {
    if (this.g0.isPaired) {
      this.pair(this.g0, 0);
      return;
    }
    if (this.delimiters.includes(String.fromCharCode(byte))) {
      this.put(byte, 1);
      this.reset();
      return;
    }
    this.put(this.g0.characterOf(byte), 1);
  }

  private upper(byte: number): void {
    const set = this.g1 ?? this.elements.all.find((element) => element.isG1)?.set;
    if (this.g1 === undefined) this.note('Bytes of a character set that no escape sequence has named');
    if (set === undefined) this.put(byte, 1);
    else if (set.isPaired) this.pair(set, 0x80);
    else this.put(set.characterOf(byte - 0x80), 1);
  }

  private pair(set: Repertoire, highBit: number): void {
    const [first, second] = [this.bytes[this.at]! - highBit, (this.bytes[this.at + 1] ?? 0) - highBit];
    const isPair = first > 0x20 && first < 0x7f && second > 0x20 && second < 0x7f;
    if (isPair) this.put(set.characterOf((first << 8) | second), 2);
    else this.put(replacement, 1);
  }

  /** C0, space, DEL and C1. A space stands in every set. */
  private control(byte: number): void {
    if (byte > 0x7f) this.note('Control characters that no character set has');
    if (byte !== 0x20) this.reset();
    this.put(byte, 1);
  }

  private reset(): void {
    this.g0 = this.elements.g0.set;
    this.g1 = this.elements.g1?.set;
  }

  private put(unit: number, bytes: number): void {
    if (unit === replacement)
      this.note(`Bytes that ${this.elements.terms || 'the default character repertoire'} does not have`);
    this.units[this.length++] = unit;
    this.at += bytes;
  }

  private note(problem: string): void {
    this.problem ??= problem;
  }
}

/** `(`, `)` or `-`: which of G0 and G1, and sets of which size. */
function isIntermediate(byte: number | undefined): boolean {
  return byte === 0x28 || byte === 0x29 || byte === 0x2d;
}
