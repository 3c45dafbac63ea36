/** Bytes of hex digits; white space is for the eye. */
export function hex(digits: string): Uint8Array {
  const pairs = digits.replace(/\s/g, '').match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

/** Hex digits of bytes, without white space. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, digits).join('');
}

/** Hex digits of characters up to 0xFF. */
export function ascii(text: string): string {
  return Array.from(text, (character) => digits(character.charCodeAt(0))).join('');
}

/** An item: type, second byte, length worked out, value. */
export function item(itemType: number, value: string, secondByte = 0): string {
  const length = hex(value).length;
  return `${digits(itemType)}${digits(secondByte)}${length.toString(16).padStart(4, '0')}${value}`;
}

/** An item that holds a UID. */
export function uidItem(itemType: number, uid: string): string {
  return item(itemType, ascii(uid));
}

/** A PDU: type, reserved, length worked out, value. */
export function pdu(pduType: number, value: string): string {
  return `${digits(pduType)}00${hex(value).length.toString(16).padStart(8, '0')}${value}`;
}

/** Bytes 11 to 74 of an associate PDU from CT1 to PACS. */
export const TITLES = ascii('PACS'.padEnd(16)) + ascii('CT1'.padEnd(16)) + '00'.repeat(32);

/** An A-ASSOCIATE-RQ or A-ASSOCIATE-AC, protocol version 1, from CT1 to PACS, with these items. */
export function associate(pduType: 0x01 | 0x02, items: string): string {
  return pdu(pduType, `00010000${TITLES}${items}`);
}

function digits(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
