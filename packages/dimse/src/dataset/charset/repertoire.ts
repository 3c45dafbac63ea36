/** Graphic character sets as ISO/IEC 2022 designates them: 94, 96 or 94×94 characters. PS3.3 Tables C.12-2 to C.12-4. */
import { decoderOf } from './decoders.js';

/** What a code that no character has decodes to. */
export const replacement = 0xfffd;

/** A graphic character set. Its tables are made from `TextDecoder` when they are first needed. */
export class Repertoire {
  /** True for sets of 94×94 characters, of two bytes each. */
  readonly isPaired: boolean;
  private readonly load: () => string;
  private readonly isLacking: (code: number) => boolean;
  private loaded: string | undefined;
  private reversed: Map<string, number> | undefined;

  constructor(isPaired: boolean, load: () => string, isLacking: (code: number) => boolean = () => false) {
    this.isPaired = isPaired;
    this.load = load;
    this.isLacking = isLacking;
  }

  /** The character of a 7-bit code, 0x20 to 0x7f, or of a pair of them, the first in the high byte; U+FFFD if it has none. */
  characterOf(code: number): number {
    this.loaded ??= this.load();
    const index = this.isPaired ? ((code >> 8) - 0x21) * 94 + (code & 0xff) - 0x21 : code - 0x20;
    return this.loaded.charCodeAt(index);
  }

  /** The 7-bit code, or pair of them, of a character that the set itself has; extensions of vendors are only read. */
  codeOf(character: string): number | undefined {
    this.reversed ??= this.reverse();
    const code = this.reversed.get(character);
    return code === undefined && this.isPaired ? this.reversed.get(twins.get(character) ?? '') : code;
  }

  private reverse(): Map<string, number> {
    const codes = new Map<string, number>();
    this.loaded ??= this.load();
    for (let index = 0; index < this.loaded.length; index++) {
      const code = this.isPaired ? ((Math.floor(index / 94) + 0x21) << 8) | ((index % 94) + 0x21) : index + 0x20;
      const character = this.loaded.charAt(index);
      const isOwn = !/[\ufffd\ue000-\uf8ff]/.test(character) && !this.isLacking(code);
      if (isOwn && !codes.has(character)) codes.set(character, code);
    }
    return codes;
  }
}

/** Characters that `TextDecoder` gives for codes, U+FFFD where it gives none or several. */
export function decodedCharacters(label: string, codes: readonly (readonly number[])[]): string {
  // A line for each code: a line feed is never the second half of a character.
  const bytes = Uint8Array.from(codes.flatMap((code) => [...code, 0x0a]));
  const lines = decoderOf(label).decode(bytes).split('\n');
  return codes.map((_code, index) => (lines[index]?.length === 1 ? lines[index] : '\ufffd')).join('');
}

/** Every pair of bytes from ranges. */
export function pairs(
  first: readonly [number, number],
  second: readonly [number, number],
  prefix: readonly number[] = [],
): number[][] {
  const codes: number[][] = [];
  for (let high = first[0]; high <= first[1]; high++) {
    for (let low = second[0]; low <= second[1]; low++) codes.push([...prefix, high, low]);
  }
  return codes;
}

/** Characters of sets of two bytes that the tables in use don't agree on, each beside its twin. */
const twins = new Map<string, string>(
  ['〜～', '‖∥', '−－', '¢￠', '£￡', '¬￢', '—―'].flatMap(([one = '', other = '']) => [
    [one, other],
    [other, one],
  ]),
);

/** The 96 codes from a space on, as they are in ASCII; some differ. */
function ascii(differing: Readonly<Record<number, number>> = {}): Repertoire {
  const codes = Array.from({ length: 96 }, (_, index) => differing[index + 0x20] ?? index + 0x20);
  return new Repertoire(false, () => String.fromCharCode(...codes));
}

/** The upper half of an 8-bit code. */
function upperHalf(label: string, first = 0xa0): Repertoire {
  const codes = Array.from({ length: 96 }, (_, index) => [index + 0xa0]);
  return new Repertoire(
    false,
    () => decodedCharacters(label, codes),
    (code) => code + 0x80 < first,
  );
}

function paired(label: string, isLacking?: (code: number) => boolean, prefix: readonly number[] = []): Repertoire {
  return new Repertoire(true, () => decodedCharacters(label, pairs([0xa1, 0xfe], [0xa1, 0xfe], prefix)), isLacking);
}

/** Rows of JIS X 0208 that vendors have filled. */
function isBeyondJisX0208(code: number): boolean {
  const row = (code >> 8) - 0x20;
  return row === 13 || row > 84;
}

/** ISO-IR 149 is the edition of 1987; the end of row 2 was filled later. */
function isBeyondKsX1001(code: number): boolean {
  return code >> 8 === 0x22 && (code & 0xff) > 0x65;
}

/** GB 2312 has fewer characters than GBK, from which it is decoded, in the same rows. */
function isBeyondGb2312(code: number): boolean {
  const [row, cell] = [(code >> 8) - 0x20, (code & 0xff) - 0x20];
  if (row === 2) return cell < 17 || cell === 67;
  if (row === 6) return cell > 56;
  return row === 8 && cell > 26 && cell < 33;
}

/** The 94 graphic characters of ASCII and a space. */
export const asciiRepertoire: Repertoire = /* @__PURE__ */ ascii();

/**
 * Sets by their designation: `(` and final byte for 94 characters, `-` for 96, `$` for 94×94, whichever side (G0 or G1) they are
 * designated to.
 */
const repertoires: ReadonlyMap<string, Repertoire> = new Map([
  ['(B', asciiRepertoire],
  // JIS X 0201: yen sign and overline in place of backslash and tilde; katakana of half width.
  ['(J', ascii({ 92: 0xa5, 126: 0x203e })],
  ['(I', new Repertoire(false, () => `\ufffd${halfWidthKatakana()}`.padEnd(96, '\ufffd'))],
  ['-A', new Repertoire(false, () => String.fromCharCode(...Array.from({ length: 96 }, (_, index) => index + 0xa0)))],
  ['-B', upperHalf('iso-8859-2')],
  ['-C', upperHalf('iso-8859-3')],
  ['-D', upperHalf('iso-8859-4')],
  ['-F', upperHalf('iso-8859-7')],
  ['-G', upperHalf('iso-8859-6')],
  ['-H', upperHalf('iso-8859-8')],
  ['-L', upperHalf('iso-8859-5')],
  ['-M', upperHalf('windows-1254')],
  ['-T', upperHalf('windows-874', 0xa1)],
  ['-b', upperHalf('iso-8859-15')],
  ['$A', paired('gbk', isBeyondGb2312)],
  ['$B', paired('euc-jp', isBeyondJisX0208)],
  ['$C', paired('euc-kr', isBeyondKsX1001)],
  ['$D', paired('euc-jp', (code) => code >> 8 > 0x6d, [0x8f])],
]);

/** The set that an escape sequence designates, by what follows its ESC: `(B`, `$)C`, `$B`. */
export function designated(designation: string): Repertoire | undefined {
  const final = designation.charAt(designation.length - 1);
  // JIS C 6226-1978, the first edition of JIS X 0208.
  if (designation === '$@') return repertoires.get('$B');
  if (designation.startsWith('$')) return repertoires.get(`$${final}`);
  return repertoires.get(designation.startsWith(')') ? `(${final}` : designation);
}

/** True for sequences that designate to G1, whose bytes have their high bit set. */
export function isToG1(designation: string): boolean {
  return designation.includes(')') || designation.startsWith('-');
}

function halfWidthKatakana(): string {
  return String.fromCharCode(...Array.from({ length: 63 }, (_, index) => 0xff61 + index));
}
