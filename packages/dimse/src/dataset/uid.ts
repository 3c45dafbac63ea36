/** UIDs: whether text is one, and new ones. PS3.5 9. */

const pattern = /^(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*$/;

/** True for 1 to 64 characters of dotted numbers without leading zeros. PS3.5 9.1. */
export function isValidUid(text: string): boolean {
  return text.length > 0 && text.length <= 64 && pattern.test(text);
}

/** A new UID under 2.25 from 122 random bits, at most 44 characters. PS3.5 B.2. */
export function newUid(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  let hex = '0x';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return `2.25.${BigInt(hex)}`;
}
