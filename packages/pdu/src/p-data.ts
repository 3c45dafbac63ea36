import type { Cursor } from './cursor.js';
import { PduError, type PduErrorCode } from './errors.js';
import type { PDataTfPdu, PresentationDataValue } from './types.js';
import type { Writer } from './writer.js';

/** Bytes of a presentation data value before its fragment: 32-bit length, context ID, message control header. */
export const PDV_HEADER_BYTES = 6;

/** Bytes that {@link encodePDataHeader} writes: the header of a P-DATA-TF and of the one value in it. */
export const P_DATA_HEADER_BYTES = 12;

const CLAUSE = 'PS3.8 9.3.5.1';

/**
 * Writes the 12 bytes that go before a fragment sent as a P-DATA-TF with one presentation data value. Allocates nothing.
 *
 * @param contextId - Presentation context ID.
 * @param isCommand - The fragment is of a command set (true) or of a data set (false).
 * @param isLast - The last fragment of its command or data set.
 * @param dataByteLength - Bytes of the fragment that follows, at most 0xFFFFFFF9.
 * @param into - Where to write.
 * @param at - Offset of the first of the 12 bytes in `into`.
 * @throws {@link PduError} `invalid-value` when the length cannot be said or `into` has no room.
 * @see PS3.8 9.3.5, Annex E.2
 */
export function encodePDataHeader(
  contextId: number,
  isCommand: boolean,
  isLast: boolean,
  dataByteLength: number,
  into: Uint8Array,
  at: number,
): void {
  const pdvLength = dataByteLength + 2;
  if (!(dataByteLength >= 0 && pdvLength <= 0xfffffffb && at >= 0 && at + P_DATA_HEADER_BYTES <= into.length)) {
    throw pdvError('invalid-value', 0, 'itemLength', `no header for ${dataByteLength} bytes at ${at}`, 0, 0);
  }
  into[at] = 0x04;
  into[at + 1] = 0;
  writeUint32(pdvLength + 4, into, at + 2);
  writeUint32(pdvLength, into, at + 6);
  into[at + 10] = contextId;
  into[at + 11] = controlHeader(isCommand, isLast);
}

/** P-DATA-TF: presentation data values up to its end. */
export function readPDataTf(cursor: Cursor): PDataTfPdu {
  const values: PresentationDataValue[] = [];
  cursor.list('presentationDataValue', CLAUSE, 'presentationDataValues', cursor.frame.end, (index) => {
    const room = cursor.left;
    checkPdvRoom(room, index, cursor.at);
    const length = cursor.u32('itemLength');
    checkPdvLength(length, room, index, cursor.at - 4);
    cursor.frame.end = cursor.at + length;
    const contextId = cursor.u8('contextId');
    const control = cursor.u8('messageControlHeader');
    values.push({
      contextId,
      isCommand: isCommandBit(control),
      isLast: isLastBit(control),
      data: cursor.bytes('data'),
    });
  });
  return { type: 'P-DATA-TF', values };
}

/** Writes the value of a P-DATA-TF. */
export function writePDataTf(writer: Writer, { values }: PDataTfPdu): void {
  if (values.length === 0) throw writer.error('missing-item', 'presentationDataValue', 'there must be one at least');
  for (const { contextId, isCommand, isLast, data } of values) {
    writer.uint('itemLength', data.length + 2, 4);
    writer.uint('contextId', contextId, 1);
    writer.uint('messageControlHeader', controlHeader(isCommand, isLast), 1);
    writer.raw(data);
  }
}

/** Tests that `room`, the bytes left in a P-DATA-TF, can hold the header of one more value. */
export function checkPdvRoom(room: number, index: number, offset: number): void {
  if (room >= PDV_HEADER_BYTES) return;
  throw pdvError('leftover-bytes', index, '', `${room} bytes are left, too few for a value`, offset, 2);
}

/** Tests the length field of a value in a P-DATA-TF that has `room` bytes from that field on. */
export function checkPdvLength(length: number, room: number, index: number, offset: number): void {
  if (length < 2) throw pdvError('invalid-pdv-length', index, 'itemLength', `is ${length}, at least 2`, offset, 2);
  if (length <= room - 4) return;
  throw pdvError('overrun', index, 'itemLength', `is ${length}, ${room - 4} bytes are left in the PDU`, offset, 2);
}

/** Message control header bit 0; bits 2 to 7 are not tested. PS3.8 E.2. */
export function isCommandBit(control: number): boolean {
  return (control & 1) !== 0;
}

/** Message control header bit 1. PS3.8 E.2. */
export function isLastBit(control: number): boolean {
  return (control & 2) !== 0;
}

function controlHeader(isCommand: boolean, isLast: boolean): number {
  return (isCommand ? 1 : 0) | (isLast ? 2 : 0);
}

function writeUint32(value: number, into: Uint8Array, at: number): void {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
}

function pdvError(
  code: PduErrorCode,
  index: number,
  field: string,
  detail: string,
  offset: number,
  source: 0 | 2,
): PduError {
  const path = `presentationDataValue[${index}]${field && `/${field}`}`;
  return new PduError(code, { detail, offset, path, clause: CLAUSE, abort: { source, reason: source && 6 } });
}
