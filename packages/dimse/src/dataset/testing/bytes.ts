/** Bytes for tests, written as a person would write them down. */

/** Bytes of hex digits and quoted text: `hex("0800 1600 'UI' 0400 '1.2' 00")`. */
export function hex(notation: string): Uint8Array {
  const bytes: number[] = [];
  for (const [, text, digits] of notation.matchAll(/'([^']*)'|([0-9a-fA-F]+)/g)) {
    if (text !== undefined) bytes.push(...[...text].map((character) => character.charCodeAt(0)));
    for (let at = 0; at < (digits ?? '').length; at += 2)
      bytes.push(Number.parseInt((digits ?? '').slice(at, at + 2), 16));
  }
  return Uint8Array.from(bytes);
}

/** Hex digits of bytes. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** All of them, one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The same bytes several times. */
export function repeated(bytes: Uint8Array, times: number): Uint8Array {
  const whole = new Uint8Array(bytes.length * times);
  for (let index = 0; index < times; index++) whole.set(bytes, index * bytes.length);
  return whole;
}
