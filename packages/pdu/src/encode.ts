import { ACCEPT_ITEMS, REQUEST_ITEMS } from './item-kinds.js';
import { writePDataTf } from './p-data.js';
import { isPduType, PDU_TYPES, pduClause } from './pdu-header.js';
import { writeContextResults, writeProposedContexts } from './presentation-context.js';
import { trimAeTitle } from './text.js';
import type { AssociateAcPdu, AssociateRqPdu, Pdu } from './types.js';
import { writeUserInformation } from './user-information.js';
import { Writer } from './writer.js';

/**
 * Encodes a PDU. Items are written in ascending order of their type, unknown ones last; UIDs without padding, AE titles padded with
 * spaces, reserved fields as 0.
 *
 * @returns The bytes of the whole PDU, newly allocated.
 * @throws {@link PduError} When a value cannot be written (`invalid-value`, `text-too-long`, `item-too-long`) or the
 * result would be malformed (`invalid-context-id`, `duplicate-context-id`, `missing-item`).
 * @see PS3.8 9.3
 *
 * @example
 * ```ts
 * import { encode } from '@dicomwire/pdu';
 *
 * console.log(encode({ type: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 7 })); // 03 00 00 00 00 04 00 01 01 07
 * ```
 */
export function encode(pdu: Pdu): Uint8Array {
  const pduType = pdu.type === 'unknown' ? pdu.pduType : PDU_TYPES.indexOf(pdu.type);
  const writer = new Writer(pduClause(pduType));
  if (pdu.type === 'unknown' && isPduType(pduType)) {
    throw writer.error('invalid-value', 'pduType', `${pduType} is not unknown`);
  }
  writer.uint('pduType', pduType, 1);
  writer.zeros(1);
  writer.sized('pduLength', 4, () => writeValue(writer, pdu));
  return writer.done();
}

function writeValue(writer: Writer, pdu: Pdu): void {
  switch (pdu.type) {
    case 'A-ASSOCIATE-RQ':
    case 'A-ASSOCIATE-AC':
      writeAssociate(writer, pdu);
      break;
    case 'A-ASSOCIATE-RJ':
      writer.zeros(1);
      writer.uint('result', pdu.result, 1);
      writer.uint('source', pdu.source, 1);
      writer.uint('reason', pdu.reason, 1);
      break;
    case 'P-DATA-TF':
      writePDataTf(writer, pdu);
      break;
    case 'A-RELEASE-RQ':
    case 'A-RELEASE-RP':
      writer.zeros(4);
      break;
    case 'A-ABORT':
      writer.zeros(2);
      writer.uint('source', pdu.source, 1);
      writer.uint('reason', pdu.reason, 1);
      break;
    case 'unknown':
      writer.raw(pdu.data);
  }
}

/** PS3.8 Tables 9-11 and 9-17. */
function writeAssociate(writer: Writer, pdu: AssociateRqPdu | AssociateAcPdu): void {
  const isRequest = pdu.type === 'A-ASSOCIATE-RQ';
  const kinds = isRequest ? REQUEST_ITEMS : ACCEPT_ITEMS;
  writer.uint('protocolVersion', pdu.protocolVersion, 2);
  writer.zeros(2);
  writeTitles(writer, pdu);
  const { applicationContextName } = pdu;
  if (applicationContextName !== undefined) {
    writer.item(kinds, 0x10, undefined, () => writer.uid('uid', applicationContextName));
  }
  if (isRequest) writeProposedContexts(writer, pdu.presentationContexts);
  else writeContextResults(writer, pdu.presentationContexts);
  writer.item(kinds, 0x50, undefined, () => writeUserInformation(writer, pdu.userInformation, isRequest));
  writer.unknownItems(kinds, pdu.unknownItems);
}

/** Bytes 11 to 74: as given, or both titles padded with spaces and 32 reserved bytes. */
function writeTitles(writer: Writer, pdu: AssociateRqPdu | AssociateAcPdu): void {
  const { titleBytes } = pdu;
  if (titleBytes === undefined) {
    writeTitle(writer, 'calledAeTitle', pdu.calledAeTitle);
    writeTitle(writer, 'callingAeTitle', pdu.callingAeTitle);
    writer.zeros(32);
  } else if (titleBytes.length === 64) {
    writer.raw(titleBytes);
  } else {
    throw writer.error('invalid-value', 'titleBytes', `${titleBytes.length} bytes, not 64`);
  }
}

function writeTitle(writer: Writer, field: string, aeTitle: string): void {
  const title = trimAeTitle(aeTitle);
  if (title.length > 16) throw writer.error('text-too-long', field, `${title.length} characters, at most 16`);
  writer.text(field, title.padEnd(16, ' '));
}
