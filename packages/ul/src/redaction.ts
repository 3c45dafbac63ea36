/** Takes credentials out of bytes that are shown to observers. PS3.7 D.3.3.7. */

/**
 * An A-ASSOCIATE-RQ or A-ASSOCIATE-AC with the values of its user identity sub-items set to zero: passcode, ticket, assertion and token,
 * and the server's response; a name stays. Lengths and everything else are as they were. Where the structure is broken, the rest is
 * blanked whatever it is. Other PDUs are returned as they are.
 */
export function redacted(pdu: Uint8Array): Uint8Array {
  if (pdu[0] !== 0x01 && pdu[0] !== 0x02) return pdu;
  const copy = pdu.slice();
  forEachItem(copy, firstItem, copy.length, (itemType, start, end) => {
    if (itemType === 0x50) forEachItem(copy, start, end, (subType, from, to) => blankSubItem(copy, subType, from, to));
  });
  return copy;
}

/** Offset of the first item. PS3.8 Table 9-11. */
const firstItem = 74;

/** Items and sub-items: type, reserved, length (2), value. */
function forEachItem(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (itemType: number, start: number, end: number) => void,
): void {
  let at = start;
  while (at < end) {
    const valueAt = at + 4;
    const valueEnd = valueAt + uint16(bytes, at + 2);
    if (valueEnd > end) {
      bytes.fill(0, at + 1);
      return;
    }
    visit(bytes[at] ?? 0, valueAt, valueEnd);
    at = valueEnd;
  }
}

function blankSubItem(bytes: Uint8Array, subType: number, start: number, end: number): void {
  // 59H: length (2), server response.
  if (subType === 0x59) bytes.fill(0, Math.min(start + 2, end), end);
  if (subType !== 0x58) return;
  // 58H: type, positive response requested, length (2), primary field, length (2), secondary field.
  const identityType = bytes[start];
  const primaryAt = start + 4;
  const primaryEnd = primaryAt + uint16(bytes, start + 2);
  const isName = (identityType === 1 || identityType === 2) && primaryEnd <= end;
  const blankFrom = isName ? primaryEnd + 2 : primaryAt;
  bytes.fill(0, Math.min(blankFrom, end), end);
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
