import { PduError, type PduErrorCode } from './errors.js';
import type { Limits } from './limits.js';

/** Bytes of a PDU before its value: type, reserved, 32-bit length. PS3.8 9.3.1. */
export const PDU_HEADER_BYTES = 6;

/** The PDUs of PS3.8, at the place of their type. */
export const PDU_TYPES = [
  'unknown',
  'A-ASSOCIATE-RQ',
  'A-ASSOCIATE-AC',
  'A-ASSOCIATE-RJ',
  'P-DATA-TF',
  'A-RELEASE-RQ',
  'A-RELEASE-RP',
  'A-ABORT',
] as const;

/** Shortest and longest length of each PDU, as the length field says it, at the place of its type; 0: see {@link Limits}. */
const LENGTHS = [
  [0, 0],
  [68, 0],
  [68, 0],
  [4, 4],
  [6, 0],
  [4, 4],
  [4, 4],
  [4, 4],
] as const;

/** Whether PS3.8 defines PDUs of this type. */
export function isPduType(pduType: number): boolean {
  return pduType > 0 && pduType < PDU_TYPES.length;
}

/** The clause that describes PDUs of this type. */
export function pduClause(pduType: number): string {
  return `PS3.8 9.3.${isPduType(pduType) ? pduType + 1 : 1}`;
}

/** Tests the length of a PDU before any of its value is read. `pDataTfBytes` is the cap in force for P-DATA-TF. */
export function checkPduLength(pduType: number, length: number, limits: Limits, pDataTfBytes: number): void {
  const [shortest, longest] = LENGTHS[pduType] ?? LENGTHS[0];
  const cap = longest || (pduType === 0x04 ? pDataTfBytes : limits.associatePduBytes);
  if (length < shortest || (longest > 0 && length > longest)) {
    throw headerError('invalid-pdu-length', pduType, `${length}, expected ${longest ? '' : 'at least '}${shortest}`);
  }
  if (length > cap) throw headerError('pdu-over-limit', pduType, `${length}, at most ${cap} are let in`);
}

/** The error for a PDU type that PS3.8 does not define. */
export function unknownPduType(pduType: number): PduError {
  return headerError('unknown-pdu-type', pduType, `${pduType.toString(16).padStart(2, '0').toUpperCase()}H`);
}

function headerError(code: PduErrorCode, pduType: number, detail: string): PduError {
  const isTypeUnknown = code === 'unknown-pdu-type';
  return new PduError(code, {
    detail,
    offset: isTypeUnknown ? 0 : 2,
    path: isTypeUnknown ? 'pduType' : 'pduLength',
    clause: pduClause(pduType),
    abort: { source: 2, reason: isTypeUnknown ? 1 : 6 },
  });
}
