/** Base64 for browsers and Node alike, of arrays of any length. RFC 4648 4. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const padding = 0x3d;
/** What a character stands for; {@link skipped} for white space, {@link invalid} for what is no base64. */
const skipped = 64;
const invalid = 65;

let encodeTable: Uint8Array | undefined;
let decodeTable: Uint8Array | undefined;
let decoder: InstanceType<typeof TextDecoder> | undefined;

/** Bytes to base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  encodeTable ??= Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
  decoder ??= new TextDecoder('latin1');
  const table = encodeTable;
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let to = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const three = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text[to++] = table[three >> 18]!;
    text[to++] = table[(three >> 12) & 63]!;
    text[to++] = left > 1 ? table[(three >> 6) & 63]! : padding;
    text[to++] = left > 2 ? table[three & 63]! : padding;
  }
  return decoder.decode(text);
}

/**
 * Base64 to bytes. White space, the alphabet for URLs and missing padding are read too.
 *
 * @returns undefined when the text is no base64.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  decodeTable ??= makeDecodeTable();
  const table = decodeTable;
  const bytes = new Uint8Array(Math.ceil(text.length / 4) * 3);
  let length = 0;
  let bits = 0;
  let group = 0;
  let end = text.length;
  while (end > 0 && (text[end - 1] === '=' || text.charCodeAt(end - 1) <= 0x20)) end--;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    const value = code < 128 ? table[code]! : invalid;
    if (value === skipped) continue;
    if (value === invalid) return undefined;
    group = (group << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = group >> bits;
    group &= (1 << bits) - 1;
  }
  // One character alone is no byte.
  return bits === 6 ? undefined : bytes.subarray(0, length);
}

function makeDecodeTable(): Uint8Array {
  const table = new Uint8Array(128).fill(invalid);
  for (let value = 0; value < 64; value++) table[alphabet.charCodeAt(value)] = value;
  for (const blank of ' \t\r\n') table[blank.charCodeAt(0)] = skipped;
  table['-'.charCodeAt(0)] = 62;
  table['_'.charCodeAt(0)] = 63;
  return table;
}
