/** Text to bytes with escape sequences. PS3.5 6.1.2.5. */
import type { CodeElement, CodeElements } from './code-elements.js';
import type { Delimiters } from './text-codec.js';
import { lackingCharacter, type Unencodable } from './unencodable.js';

/**
 * Writes one value field. A character is written in the set that is active if that has it, else in the first of (0008,0005) that does. Before
 * control characters and delimiters, and at the end, value 1 is active again (PS3.5 6.1.2.5.3).
 *
 * G0 and G1 are independent of each other, but many readers know only the set that was designated last. So nothing is written to G1
 * while G0 has characters of two bytes, and G1 is designated anew once G0 was.
 */
export class Iso2022Writer {
  private readonly elements: CodeElements;
  private readonly delimiters: Delimiters;
  private readonly unencodable: Unencodable;
  private readonly bytes: number[] = [];
  private g0: CodeElement;
  /** What may be written to G1 as things are; `undefined` where it has to be designated first. */
  private g1: CodeElement | undefined;
  /** What is designated to G1, written to or not. */
  private designatedG1: CodeElement | undefined;

  constructor(elements: CodeElements, delimiters: Delimiters, unencodable: Unencodable) {
    this.elements = elements;
    this.delimiters = delimiters;
    this.unencodable = unencodable;
    this.g0 = elements.g0;
    this.g1 = elements.g1;
    this.designatedG1 = elements.g1;
  }

  /** @throws DataSetError `unsupported-character-set`. */
  write(text: string): Uint8Array {
    for (const character of text) {
      if (this.delimiters.includes(character) || isControl(character)) {
        this.reset();
        this.bytes.push(character.charCodeAt(0));
      } else if (!this.graphic(character)) {
        if (this.unencodable === 'error') throw lackingCharacter(character, this.elements.terms);
        this.graphic('?');
      }
    }
    this.reset();
    return Uint8Array.from(this.bytes);
  }

  private graphic(character: string): boolean {
    for (const element of [this.g0, this.g1, ...this.elements.all]) {
      const code = element?.set.codeOf(character);
      if (element === undefined || code === undefined || this.isDelimiter(element, code)) continue;
      this.designate(element);
      const highBit = element.isG1 ? 0x80 : 0;
      if (element.set.isPaired) this.bytes.push((code >> 8) | highBit);
      this.bytes.push((code & 0xff) | highBit);
      return true;
    }
    return false;
  }

  /** The yen sign of JIS X 0201 has the byte that divides values. */
  private isDelimiter(element: CodeElement, code: number): boolean {
    return !element.isG1 && !element.set.isPaired && this.delimiters.includes(String.fromCharCode(code));
  }

  private designate(element: CodeElement): void {
    if (element === this.g0 || element === this.g1) return;
    if (element.isG1) {
      if (this.g0.set.isPaired) this.designate(this.elements.g0);
      this.g1 = element;
      this.designatedG1 = element;
    } else {
      this.g0 = element;
      this.g1 = undefined;
    }
    this.bytes.push(0x1b, ...Array.from(element.designation, (character) => character.charCodeAt(0)));
  }

  private reset(): void {
    this.designate(this.elements.g0);
    const { g1 } = this.elements;
    if (g1 !== undefined && this.designatedG1 !== g1) this.designate(g1);
    this.g1 = g1;
    this.designatedG1 = g1;
  }
}

/** Control characters that text may have; ESC is none, since it would begin an escape sequence. */
function isControl(character: string): boolean {
  return (character < ' ' || character === '\x7f') && character !== '\x1b';
}
