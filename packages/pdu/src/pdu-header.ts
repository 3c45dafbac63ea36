import { PduError, type PduErrorCode } from './errors.js';
import type { Limits } from './limits.js';

/** Bytes of a PDU before its value: type, reserved, 32-bit length. PS3.8 9.3.1. */
export const PDU_HEADER_BYTES = 6;

/** Clause, and shortest and longest length (as the length field says it) of each PDU; longest 0: see {@link Limits}. */
const PDU_KINDS: Readonly<Record<number, readonly [clause: string, shortest: number, longest: number]>> = {
  1: ['PS3.8 9.3.2', 68, 0],
  2: ['PS3.8 9.3.3', 68, 0],
  3: ['PS3.8 9.3.4', 4, 4],
  4: ['PS3.8 9.3.5', 6, 0],
  5: ['PS3.8 9.3.6', 4, 4],
  6: ['PS3.8 9.3.7', 4, 4],
  7: ['PS3.8 9.3.8', 4, 4],
};

/** Whether PS3.8 defines PDUs of this type. */
export function isPduType(pduType: number): boolean {
  return pduType in PDU_KINDS;
}

/** The clause that describes PDUs of this type. */
export function pduClause(pduType: number): string {
  return PDU_KINDS[pduType]?.[0] ?? 'PS3.8 9.3.1';
}

/** Tests the length of a PDU before any of its value is read. `pDataTfBytes` is the cap in force for P-DATA-TF. */
export function checkPduLength(pduType: number, length: number, limits: Limits, pDataTfBytes: number): void {
  const [, shortest, longest] = PDU_KINDS[pduType] ?? ['', 0, 0];
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
