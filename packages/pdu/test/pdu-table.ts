import type { AssociateAcPdu, AssociateRqPdu, Pdu, UserInformation } from '../src/index.js';
import { ascii, associate, hex, item, uidItem } from './hex.js';

/** Every PDU, item and sub-item with the bytes that it is on the wire, in both directions. */
export const PDU_TABLE: readonly (readonly [name: string, pdu: Pdu, hex: string])[] = [
  ['A-ASSOCIATE-RJ', { type: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 7 }, '03 00 00000004 00 01 01 07'],
  [
    'A-ASSOCIATE-RJ with values that the standard does not have',
    { type: 'A-ASSOCIATE-RJ', result: 9, source: 0, reason: 255 },
    '03 00 00000004 00 09 00 ff',
  ],
  ['A-RELEASE-RQ', { type: 'A-RELEASE-RQ' }, '05 00 00000004 00000000'],
  ['A-RELEASE-RP', { type: 'A-RELEASE-RP' }, '06 00 00000004 00000000'],
  ['A-ABORT of the user', { type: 'A-ABORT', source: 0, reason: 0 }, '07 00 00000004 0000 00 00'],
  ['A-ABORT of the provider', { type: 'A-ABORT', source: 2, reason: 6 }, '07 00 00000004 0000 02 06'],
  ['P-DATA-TF with one command', pData([1, true, true, '0102']), '04 00 00000008 00000004 01 03 0102'],
  [
    'P-DATA-TF with several values, one of them empty',
    pData([1, true, false, 'aa'], [1, true, true, ''], [255, false, false, 'bbccdd'], [4, false, true, '00']),
    '04 00 0000001d 00000003 01 01 aa 00000002 01 03 00000005 ff 00 bbccdd 00000003 04 02 00',
  ],
  ['a PDU of unknown type', { type: 'unknown', pduType: 0x47, data: hex('0102') }, '47 00 00000002 0102'],
  ['a PDU of unknown type without value', { type: 'unknown', pduType: 0x00, data: hex('') }, '00 00 00000000'],
  [
    'A-ASSOCIATE-RQ',
    request({
      presentationContexts: [{ id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
    }),
    `01 00 00000093 0001 0000
      50414353202020202020202020202020 43543120202020202020202020202020 ${'00'.repeat(32)}
      10 00 0015 312e322e3834302e31303030382e332e312e312e31
      20 00 002e 01 00 00 00
        30 00 0011 312e322e3834302e31303030382e312e31
        40 00 0011 312e322e3834302e31303030382e312e32
      50 00 0000`,
  ],
  [
    'A-ASSOCIATE-RQ with as little as there can be',
    request({ applicationContextName: undefined }),
    associate(0x01, '50000000'),
  ],
  [
    'A-ASSOCIATE-RQ with protocol version 3 and blank AE titles',
    request({ protocolVersion: 3, calledAeTitle: '', callingAeTitle: '', applicationContextName: undefined }),
    `01 00 00000048 0003 0000 ${'20'.repeat(32)} ${'00'.repeat(32)} 50000000`,
  ],
  [
    'A-ASSOCIATE-RQ with AE titles of 16 characters, not all ASCII',
    request({
      calledAeTitle: 'ABCDEFGHIJKLMNOP',
      callingAeTitle: 'R\u00d6NTGEN \u0080\u00ff',
      applicationContextName: undefined,
    }),
    `01 00 00000048 0001 0000 4142434445464748494a4b4c4d4e4f50 52d64e5447454e2080ff202020202020 ${'00'.repeat(32)} 50000000`,
  ],
  [
    'A-ASSOCIATE-RQ with several contexts and transfer syntaxes',
    request({
      applicationContextName: '1.2',
      presentationContexts: [
        { id: 255, abstractSyntax: '1.3', transferSyntaxes: ['1.4', '1.5.66'] },
        { id: 3, abstractSyntax: '1.3', transferSyntaxes: ['1.4'] },
      ],
    }),
    associate(
      0x01,
      `1000 0003 312e32
      2000 001c ff000000 30000003 312e33 40000003 312e34 40000006 312e352e3636
      2000 0012 03000000 30000003 312e33 40000003 312e34
      5000 0000`,
    ),
  ],
  [
    'A-ASSOCIATE-RQ with unknown items in each place',
    request({
      applicationContextName: undefined,
      presentationContexts: [
        {
          id: 1,
          abstractSyntax: '1.3',
          transferSyntaxes: ['1.4'],
          unknownItems: [{ itemType: 0x41, data: hex('0a') }],
        },
      ],
      userInformation: { maximumLength: 0, unknownItems: [{ itemType: 0xff, data: hex('') }] },
      unknownItems: [
        { itemType: 0x21, data: hex('01') },
        { itemType: 0x60, data: hex('0203') },
        { itemType: 0x60, data: hex('04') },
      ],
    }),
    associate(
      0x01,
      `2000 0017 01000000 30000003 312e33 40000003 312e34 41000001 0a
      5000 000c 51000004 00000000 ff000000
      2100 0001 01
      6000 0002 0203
      6000 0001 04`,
    ),
  ],
  [
    'A-ASSOCIATE-AC with every result, with and without transfer syntax',
    accept({
      presentationContexts: [
        { id: 1, result: 0, transferSyntax: '1.2.840.10008.1.2' },
        { id: 3, result: 1, transferSyntax: '' },
        { id: 5, result: 2, transferSyntax: undefined },
        { id: 7, result: 3, transferSyntax: '1.4', unknownItems: [{ itemType: 0x30, data: hex('31') }] },
        { id: 9, result: 4, transferSyntax: undefined },
        { id: 11, result: 200, transferSyntax: undefined },
      ],
    }),
    associate(
      0x02,
      `1000 0015 312e322e3834302e31303030382e332e312e312e31
      2100 0019 01000000 40000011 312e322e3834302e31303030382e312e32
      2100 0008 03000100 40000000
      2100 0004 05000200
      2100 0010 07000300 40000003 312e34 30000001 31
      2100 0004 09000400
      2100 0004 0b00c800
      5000 0000`,
    ),
  ],
  informed('maximum length (51H)', { maximumLength: 0xfffffffe }, '5100 0004 fffffffe'),
  informed('implementation class UID (52H)', { implementationClassUid: '1.2.3' }, uidItem(0x52, '1.2.3')),
  informed(
    'asynchronous operations window (53H)',
    { asynchronousOperationsWindow: { maximumOperationsInvoked: 0x102, maximumOperationsPerformed: 0 } },
    '5300 0004 0102 0000',
  ),
  informed(
    'role selections (54H)',
    {
      roleSelections: [
        { sopClassUid: '1.2', scuRole: true, scpRole: false },
        { sopClassUid: '1.3.4', scuRole: false, scpRole: true },
      ],
    },
    '5400 0007 0003 312e32 01 00 5400 0009 0005 312e332e34 00 01',
  ),
  informed(
    'implementation version name (55H) of 16 characters',
    { implementationVersionName: 'DICOMWIRE 0.1.00' },
    item(0x55, ascii('DICOMWIRE 0.1.00')),
  ),
  informed(
    'SOP class extended negotiations (56H)',
    {
      sopClassExtendedNegotiations: [
        { sopClassUid: '1.2', serviceClassApplicationInformation: hex('010001') },
        { sopClassUid: '1.3', serviceClassApplicationInformation: hex('') },
      ],
    },
    '5600 0008 0003 312e32 010001 5600 0005 0003 312e33',
  ),
  informed(
    'SOP class common extended negotiations (57H)',
    {
      sopClassCommonExtendedNegotiations: [
        { version: 0, sopClassUid: '1.2', serviceClassUid: '1.3', relatedGeneralSopClassUids: ['1.4', '1.5.6'] },
        {
          version: 7,
          sopClassUid: '1.2',
          serviceClassUid: '1.3',
          relatedGeneralSopClassUids: [],
          reserved: hex('beef'),
        },
      ],
    },
    '5700 0018 0003 312e32 0003 312e33 000c 0003 312e34 0005 312e352e36 5707 000e 0003 312e32 0003 312e33 0000 beef',
  ),
  informed(
    'user identity (58H): username and passcode',
    {
      userIdentity: {
        userIdentityType: 2,
        positiveResponseRequested: true,
        primaryField: hex(ascii('alice')),
        secondaryField: hex(ascii('s3')),
      },
    },
    '5800 000d 02 01 0005 616c696365 0002 7333',
  ),
  informed(
    'user identity (58H): JSON web token',
    {
      userIdentity: {
        userIdentityType: 5,
        positiveResponseRequested: false,
        primaryField: hex('ff'),
        secondaryField: hex(''),
      },
    },
    '5800 0007 05 00 0001 ff 0000',
  ),
  informed('user identity response (59H)', { userIdentityResponse: hex('c0de') }, '5900 0004 0002 c0de'),
  informed('user identity response (59H), empty', { userIdentityResponse: hex('') }, '5900 0002 0000'),
  informed(
    'all sub-items in ascending order',
    {
      maximumLength: 1,
      implementationClassUid: '1',
      asynchronousOperationsWindow: { maximumOperationsInvoked: 1, maximumOperationsPerformed: 1 },
      roleSelections: [{ sopClassUid: '1', scuRole: true, scpRole: true }],
      implementationVersionName: 'A',
      sopClassExtendedNegotiations: [{ sopClassUid: '1', serviceClassApplicationInformation: hex('00') }],
      sopClassCommonExtendedNegotiations: [
        { version: 0, sopClassUid: '1', serviceClassUid: '1', relatedGeneralSopClassUids: [] },
      ],
      userIdentity: {
        userIdentityType: 1,
        positiveResponseRequested: false,
        primaryField: hex('41'),
        secondaryField: hex(''),
      },
      userIdentityResponse: hex(''),
      unknownItems: [{ itemType: 0x50, data: hex('00') }],
    },
    `5100 0004 00000001 5200 0001 31 5300 0004 00010001 5400 0005 0001 31 01 01 5500 0001 41 5600 0004 0001 31 00
      5700 0008 0001 31 0001 31 0000 5800 0007 01 00 0001 41 0000 5900 0002 0000 5000 0001 00`,
  ),
];

/** What decode gives for a PDU of the table: associate PDUs also have their title bytes as they came. */
export function asDecoded(pdu: Pdu, bytes: Uint8Array): Pdu {
  if (pdu.type !== 'A-ASSOCIATE-RQ' && pdu.type !== 'A-ASSOCIATE-AC') return pdu;
  return { ...pdu, titleBytes: bytes.slice(10, 74) };
}

/** An A-ASSOCIATE-RQ from CT1 to PACS without contexts. */
export function request(fields: Partial<AssociateRqPdu> = {}): AssociateRqPdu {
  return {
    type: 'A-ASSOCIATE-RQ',
    protocolVersion: 1,
    calledAeTitle: 'PACS',
    callingAeTitle: 'CT1',
    applicationContextName: '1.2.840.10008.3.1.1.1',
    presentationContexts: [],
    userInformation: {},
    ...fields,
  };
}

/** An A-ASSOCIATE-AC from CT1 to PACS without contexts. */
export function accept(fields: Partial<AssociateAcPdu> = {}): AssociateAcPdu {
  return { ...request(), presentationContexts: [], ...fields, type: 'A-ASSOCIATE-AC' };
}

function informed(name: string, userInformation: UserInformation, items: string): readonly [string, Pdu, string] {
  return [name, request({ applicationContextName: undefined, userInformation }), associate(0x01, item(0x50, items))];
}

function pData(...values: [contextId: number, isCommand: boolean, isLast: boolean, data: string][]): Pdu {
  return {
    type: 'P-DATA-TF',
    values: values.map(([contextId, isCommand, isLast, data]) => ({ contextId, isCommand, isLast, data: hex(data) })),
  };
}
