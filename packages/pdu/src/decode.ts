import { Cursor } from './cursor.js';
import { ACCEPT_ITEMS, REQUEST_ITEMS } from './item-kinds.js';
import { type LimitOptions, resolveLimits } from './limits.js';
import { readPDataTf } from './p-data.js';
import { checkPduLength, PDU_HEADER_BYTES } from './pdu-header.js';
import { readContextResult, readProposedContext } from './presentation-context.js';
import { trimAeTitle } from './text.js';
import type { AssociateAcPdu, AssociatePduFields, AssociateRqPdu, Pdu, UnknownItem, UserInformation } from './types.js';
import { readUserInformation } from './user-information.js';

/** Options of {@link decode}. */
export interface DecodeOptions {
  /** Caps; what is not given is as in {@link DEFAULT_LIMITS}. */
  readonly limits?: LimitOptions | undefined;
}

/** What {@link decode} found at the start of its bytes. */
export interface Decoded {
  /** The PDU. Byte strings in it are views of the bytes that were decoded, not copies. */
  readonly pdu: Pdu;
  /** Bytes of the whole PDU: the next one begins there. */
  readonly byteLength: number;
}

/**
 * Decodes the PDU at the start of `bytes`.
 *
 * What the standard leaves to the layers above is no error here: protocol version, application context, maximum length, values of
 * A-ASSOCIATE-RJ and A-ABORT, results of contexts, characters and length of UIDs and AE titles. Reserved fields are not tested.
 *
 * @param bytes - Starts with a PDU; may hold less than one, or more.
 * @returns The PDU and its length, or `undefined` when not all bytes of it are there.
 * @throws {@link PduError} When it is malformed or over a limit. Lengths are tested as soon as the header is there.
 * @see PS3.8 9.3
 *
 * @example
 * ```ts
 * import { decode } from '@dicomwire/pdu';
 *
 * const bytes = Uint8Array.of(0x07, 0, 0, 0, 0, 4, 0, 0, 2, 6);
 * console.log(decode(bytes)); // { pdu: { type: 'A-ABORT', source: 2, reason: 6 }, byteLength: 10 }
 * console.log(decode(bytes.subarray(0, 9))); // undefined
 * ```
 */
export function decode(bytes: Uint8Array, options?: DecodeOptions): Decoded | undefined {
  if (bytes.length < PDU_HEADER_BYTES) return undefined;
  const cursor = new Cursor(bytes, resolveLimits(options?.limits));
  const pduType = readPduHeader(cursor);
  const byteLength = cursor.frame.end;
  if (bytes.length < byteLength) return undefined;
  return { pdu: readPduValue(cursor, pduType), byteLength };
}

/** Reads type and length, and tests the length, which is then where the frame of the PDU ends. Returns the type. */
export function readPduHeader(cursor: Cursor): number {
  const pduType = cursor.u8('pduType');
  cursor.take('reserved', 1);
  const length = cursor.u32('pduLength');
  checkPduLength(pduType, length, cursor.limits, cursor.limits.pDataTfBytes);
  cursor.frame.end = cursor.at + length;
  return pduType;
}

/**
 * Reads what follows the header. Each PDU is read up to the end: lists of items do by themselves, and lengths that are
 * fixed have been tested.
 */
export function readPduValue(cursor: Cursor, pduType: number): Pdu {
  switch (pduType) {
    case 0x01:
      return readAssociateRq(cursor);
    case 0x02:
      return readAssociateAc(cursor);
    case 0x03:
      cursor.take('reserved', 1);
      return {
        type: 'A-ASSOCIATE-RJ',
        result: cursor.u8('result'),
        source: cursor.u8('source'),
        reason: cursor.u8('reason'),
      };
    case 0x04:
      return readPDataTf(cursor);
    case 0x05:
      cursor.take('reserved', 4);
      return { type: 'A-RELEASE-RQ' };
    case 0x06:
      cursor.take('reserved', 4);
      return { type: 'A-RELEASE-RP' };
    case 0x07:
      cursor.take('reserved', 2);
      return { type: 'A-ABORT', source: cursor.u8('source'), reason: cursor.u8('reason') };
    default:
      return { type: 'unknown', pduType, data: cursor.bytes('data') };
  }
}

function readAssociateRq(cursor: Cursor): AssociateRqPdu {
  const { fields, contexts } = readAssociate(cursor, true, readProposedContext);
  return { type: 'A-ASSOCIATE-RQ', ...fields, presentationContexts: contexts };
}

function readAssociateAc(cursor: Cursor): AssociateAcPdu {
  const { fields, contexts } = readAssociate(cursor, false, readContextResult);
  return { type: 'A-ASSOCIATE-AC', ...fields, presentationContexts: contexts };
}

/**
 * Protocol version (2), reserved (2), called AE title (16), calling AE title (16), reserved (32), items.
 * PS3.8 Tables 9-11 and 9-17.
 */
function readAssociate<C>(
  cursor: Cursor,
  isRequest: boolean,
  readContext: (cursor: Cursor, ids: boolean[]) => C,
): { fields: AssociatePduFields; contexts: C[] } {
  const protocolVersion = cursor.u16('protocolVersion');
  cursor.take('reserved', 2);
  const calledAeTitle = trimAeTitle(cursor.text('calledAeTitle', 16));
  const callingAeTitle = trimAeTitle(cursor.text('callingAeTitle', 16));
  cursor.take('reserved', 32);
  const titleBytes = cursor.passed(64);
  let applicationContextName: string | undefined;
  let userInformation: UserInformation = {};
  const contexts: C[] = [];
  const contextIds: boolean[] = [];
  const unknownItems: UnknownItem[] = [];
  const contextItemType = isRequest ? 0x20 : 0x21;
  cursor.items(isRequest ? REQUEST_ITEMS : ACCEPT_ITEMS, (itemType) => {
    if (itemType === contextItemType) contexts.push(readContext(cursor, contextIds));
    else if (itemType === 0x10) applicationContextName = cursor.uid('uid');
    else if (itemType === 0x50) userInformation = readUserInformation(cursor, isRequest);
    else unknownItems.push(cursor.unknownItem(itemType));
  });
  return {
    contexts,
    fields: {
      protocolVersion,
      calledAeTitle,
      callingAeTitle,
      titleBytes,
      applicationContextName,
      userInformation,
      ...(unknownItems.length > 0 && { unknownItems }),
    },
  };
}
