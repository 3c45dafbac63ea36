import { describe, expect, test } from 'vitest';
import { ascii, hex, toHex } from '../test/hex.js';
import { accept, request } from '../test/pdu-table.js';
import { decode } from './decode.js';
import { encode } from './encode.js';
import { PduError } from './errors.js';
import type { Pdu, UserInformation } from './types.js';

const CONTEXT = { id: 1, abstractSyntax: '1.3', transferSyntaxes: ['1.4'] };

function failure(pdu: Pdu): PduError {
  try {
    encode(pdu);
  } catch (error) {
    if (error instanceof PduError) return error;
    throw error;
  }
  throw new Error('was encoded');
}

function informed(userInformation: UserInformation): Pdu {
  return request({ userInformation });
}

function pData(contextId: number): Pdu {
  return { type: 'P-DATA-TF', values: [{ contextId, isCommand: true, isLast: true, data: hex('') }] };
}

describe('refuses', () => {
  test.each<[name: string, pdu: Pdu, code: string, path: string]>([
    ['an AE title of 17 characters', request({ calledAeTitle: 'A'.repeat(17) }), 'text-too-long', 'calledAeTitle'],
    ['an AE title beyond ISO 8859-1', request({ callingAeTitle: '\u65e5' }), 'invalid-value', 'callingAeTitle'],
    ['title bytes that are not 64', accept({ titleBytes: hex('00') }), 'invalid-value', 'titleBytes'],
    ['a protocol version over 16 bits', request({ protocolVersion: 0x10000 }), 'invalid-value', 'protocolVersion'],
    [
      'an even context ID',
      request({ presentationContexts: [{ ...CONTEXT, id: 2 }] }),
      'invalid-context-id',
      'presentationContext[0]/id',
    ],
    [
      'a context ID of 257',
      accept({ presentationContexts: [{ id: 257, result: 0, transferSyntax: '1.4' }] }),
      'invalid-context-id',
      'presentationContext[0]/id',
    ],
    [
      'a context ID that is a fraction',
      request({ presentationContexts: [{ ...CONTEXT, id: 1.5 }] }),
      'invalid-context-id',
      'presentationContext[0]/id',
    ],
    [
      'the same context ID twice',
      request({ presentationContexts: [CONTEXT, CONTEXT] }),
      'duplicate-context-id',
      'presentationContext[1]/id',
    ],
    [
      'a context without transfer syntax',
      request({ presentationContexts: [{ ...CONTEXT, transferSyntaxes: [] }] }),
      'missing-item',
      'presentationContext[0]/transferSyntax',
    ],
    [
      'a result over 8 bits',
      accept({ presentationContexts: [{ id: 1, result: 256, transferSyntax: undefined }] }),
      'invalid-value',
      'presentationContext[0]/result',
    ],
    [
      'an item over 64 kB',
      request({ applicationContextName: '1'.repeat(0x10000) }),
      'item-too-long',
      'applicationContextName/itemLength',
    ],
    [
      'sub-items that are over 64 kB together',
      informed({ implementationClassUid: '1'.repeat(0x8000), userIdentityResponse: new Uint8Array(0x8000) }),
      'item-too-long',
      'userInformation/itemLength',
    ],
    ['a maximum length of -1', informed({ maximumLength: -1 }), 'invalid-value', 'userInformation/maximumLength/value'],
    [
      'an operations window over 16 bits',
      informed({ asynchronousOperationsWindow: { maximumOperationsInvoked: 1, maximumOperationsPerformed: 0x10000 } }),
      'invalid-value',
      'userInformation/asynchronousOperationsWindow/maximumOperationsPerformed',
    ],
    [
      'an implementation version name of 17 characters',
      informed({ implementationVersionName: 'A'.repeat(17) }),
      'text-too-long',
      'userInformation/implementationVersionName/name',
    ],
    [
      'a user identity type out of range',
      informed({
        userIdentity: {
          userIdentityType: 6,
          positiveResponseRequested: true,
          primaryField: hex(''),
          secondaryField: hex(''),
        },
      }),
      'invalid-value',
      'userInformation/userIdentity/userIdentityType',
    ],
    [
      'an unknown item of a type that is known there',
      request({ unknownItems: [{ itemType: 0x20, data: hex('') }] }),
      'invalid-value',
      'unknownItem[0]/itemType',
    ],
    [
      'an unknown sub-item of a type that is known there',
      informed({
        unknownItems: [
          { itemType: 0x60, data: hex('') },
          { itemType: 0x51, data: hex('') },
        ],
      }),
      'invalid-value',
      'userInformation/unknownItem[1]/itemType',
    ],
    [
      'an unknown PDU of a type that is known',
      { type: 'unknown', pduType: 7, data: hex('') },
      'invalid-value',
      'pduType',
    ],
    ['a PDU type over 8 bits', { type: 'unknown', pduType: 256, data: hex('') }, 'invalid-value', 'pduType'],
    ['a reason over 8 bits', { type: 'A-ABORT', source: 0, reason: 256 }, 'invalid-value', 'reason'],
    ['a P-DATA-TF without value', { type: 'P-DATA-TF', values: [] }, 'missing-item', 'presentationDataValue'],
    ['a context ID over 8 bits in a P-DATA-TF', pData(256), 'invalid-value', 'contextId'],
  ])('%s', (_name, pdu, code, path) => {
    expect(failure(pdu)).toMatchObject({ code, path, abort: { source: 0, reason: 0 } });
  });
});

test('UIDs are written without padding, whatever their length', () => {
  const bytes = encode(request({ applicationContextName: '1.2.3\0', presentationContexts: [] }));
  expect(toHex(bytes)).toContain(`10000005${ascii('1.2.3')}5000`);
});

test('title bytes are written as they are, in place of both titles', () => {
  const titleBytes = Uint8Array.from({ length: 64 }, (_, i) => 255 - i);
  const bytes = encode(accept({ titleBytes, calledAeTitle: 'IGNORED' }));
  expect(bytes.slice(10, 74)).toEqual(titleBytes);
});

test('an A-ASSOCIATE-AC repeats bytes 11 to 74 of a request, reserved and non-ASCII ones included', () => {
  const sent = encode(request({ titleBytes: Uint8Array.from({ length: 64 }, (_, i) => i + 150) }));
  const decoded = decode(sent)?.pdu;
  if (decoded?.type !== 'A-ASSOCIATE-RQ') throw new Error('no request');
  const answer = encode({ ...decoded, type: 'A-ASSOCIATE-AC', presentationContexts: [] });
  expect(answer.slice(10, 74)).toEqual(sent.slice(10, 74));
});

test('what is encoded owns its bytes', () => {
  const data = hex('0102');
  const bytes = encode({ type: 'P-DATA-TF', values: [{ contextId: 1, isCommand: true, isLast: true, data }] });
  data.fill(0);
  expect(toHex(bytes.subarray(12))).toBe('0102');
});
