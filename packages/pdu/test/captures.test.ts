import { describe, expect, test } from 'vitest';
import { decode, encode } from '../src/index.js';
import { ascii, hex, toHex } from './hex.js';

// What widely used implementations sent over a socket, byte for byte.

const ECHOSCU = `
  0100000000cd00010000414e592d5343502020202020202020204543484f534355202020202020202020000000000000
  000000000000000000000000000000000000000000000000000010000015312e322e3834302e31303030382e332e312e
  312e312000002e0100ff0030000011312e322e3834302e31303030382e312e3140000011312e322e3834302e31303030
  382e312e325000003a51000004000040005200001b312e322e3237362e302e373233303031302e332e302e332e362e37
  5500000f4f464649535f44434d544b5f333637`;

const ECHOSCU_TITLES = `
  0100000000fb000100005041435320202020202020202020202043543120202020202020202020202020000000000000
  000000000000000000000000000000000000000000000000000010000015312e322e3834302e31303030382e332e312e
  312e312000005c0100ff0030000011312e322e3834302e31303030382e312e3140000011312e322e3834302e31303030
  382e312e3240000013312e322e3834302e31303030382e312e322e3140000013312e322e3834302e31303030382e312e
  322e325000003a51000004000080005200001b312e322e3237362e302e373233303031302e332e302e332e362e375500
  000f4f464649535f44434d544b5f333637`;

const PYNETDICOM = `
  01000000023900010000414e592020202020202020202020202050594e45542020202020202020202020000000000000
  000000000000000000000000000000000000000000000000000010000015312e322e3834302e31303030382e332e312e
  312e31200000760100000030000011312e322e3834302e31303030382e312e3140000011312e322e3834302e31303030
  382e312e3240000013312e322e3834302e31303030382e312e322e3140000016312e322e3834302e31303030382e312e
  322e312e393940000013312e322e3834302e31303030382e312e322e322000004d0300000030000019312e322e383430
  2e31303030382e352e312e342e312e312e3240000013312e322e3834302e31303030382e312e322e3140000011312e32
  2e3834302e31303030382e312e325000010d5100000400003ffe52000020312e322e3832362e302e312e333638303034
  332e392e333831312e332e302e345500000e50594e45544449434f4d5f3330345400001d0019312e322e3834302e3130
  3030382e352e312e342e312e312e32010153000004000400005800001102010005616c69636500067365637265745600
  00210019312e322e3834302e31303030382e352e312e342e312e312e32020003000100570000680019312e322e383430
  2e31303030382e352e312e342e312e312e320011312e322e3834302e31303030382e342e320038001b312e322e383430
  2e31303030382e352e312e342e312e312e322e310019312e322e3834302e31303030382e352e312e342e312e312e34`;

const STORESCP = `
  0200000000d900010000414e592020202020202020202020202050594e45542020202020202020202020000000000000
  000000000000000000000000000000000000000000000000000010000015312e322e3834302e31303030382e332e312e
  312e312100001b0100000040000013312e322e3834302e31303030382e312e322e312100001b0300000040000013312e
  322e3834302e31303030382e312e322e315000003a51000004000040005200001b312e322e3237362e302e3732333030
  31302e332e302e332e362e375500000f4f464649535f44434d544b5f333637`;

const DCMTK_IDENTITY = {
  implementationClassUid: '1.2.276.0.7230010.3.0.3.6.7',
  implementationVersionName: 'OFFIS_DCMTK_367',
};

const APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';

describe('what others send is understood:', () => {
  test('DCMTK echoscu', () => {
    expect(decode(hex(ECHOSCU))?.pdu).toMatchObject({
      type: 'A-ASSOCIATE-RQ',
      protocolVersion: 1,
      calledAeTitle: 'ANY-SCP',
      callingAeTitle: 'ECHOSCU',
      applicationContextName: APPLICATION_CONTEXT,
      presentationContexts: [{ id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
      userInformation: { maximumLength: 16384, ...DCMTK_IDENTITY },
    });
  });

  test('DCMTK storescp, accepting', () => {
    expect(decode(hex(STORESCP))?.pdu).toMatchObject({
      type: 'A-ASSOCIATE-AC',
      presentationContexts: [
        { id: 1, result: 0, transferSyntax: '1.2.840.10008.1.2.1' },
        { id: 3, result: 0, transferSyntax: '1.2.840.10008.1.2.1' },
      ],
      userInformation: { maximumLength: 16384, ...DCMTK_IDENTITY },
    });
  });

  test('pynetdicom with every negotiation that it has', () => {
    const sopClassUid = '1.2.840.10008.5.1.4.1.1.2';
    expect(decode(hex(PYNETDICOM))?.pdu).toMatchObject({
      calledAeTitle: 'ANY',
      callingAeTitle: 'PYNET',
      userInformation: {
        maximumLength: 16382,
        implementationVersionName: 'PYNETDICOM_304',
        asynchronousOperationsWindow: { maximumOperationsInvoked: 4, maximumOperationsPerformed: 0 },
        roleSelections: [{ sopClassUid, scuRole: true, scpRole: true }],
        sopClassExtendedNegotiations: [{ sopClassUid, serviceClassApplicationInformation: hex('020003000100') }],
        sopClassCommonExtendedNegotiations: [
          {
            sopClassUid,
            serviceClassUid: '1.2.840.10008.4.2',
            relatedGeneralSopClassUids: ['1.2.840.10008.5.1.4.1.1.2.1', '1.2.840.10008.5.1.4.1.1.4'],
          },
        ],
        userIdentity: {
          userIdentityType: 2,
          positiveResponseRequested: true,
          primaryField: hex(ascii('alice')),
          secondaryField: hex(ascii('secret')),
        },
      },
    });
  });
});

describe('we write the same bytes as', () => {
  // DCMTK sets a reserved byte of a proposed context, there is nothing else in which we differ.
  test.each([
    ['DCMTK echoscu', ECHOSCU.replace(/0100\s*ff00/, '01000000'), 'ANY-SCP', 'ECHOSCU', ['1.2.840.10008.1.2'], 16384],
    [
      'DCMTK echoscu, other titles and syntaxes',
      ECHOSCU_TITLES.replace(/0100\s*ff00/, '01000000'),
      'PACS',
      'CT1',
      ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2'],
      32768,
    ],
  ])('%s', (_name, captured, calledAeTitle, callingAeTitle, transferSyntaxes, maximumLength) => {
    const bytes = encode({
      type: 'A-ASSOCIATE-RQ',
      protocolVersion: 1,
      calledAeTitle,
      callingAeTitle,
      applicationContextName: APPLICATION_CONTEXT,
      presentationContexts: [{ id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes }],
      userInformation: { maximumLength, ...DCMTK_IDENTITY },
    });
    expect(toHex(bytes)).toBe(toHex(hex(captured)));
  });

  test('DCMTK storescp', () => {
    const { pdu } = decode(hex(STORESCP)) ?? {};
    expect(pdu && toHex(encode(pdu))).toBe(toHex(hex(STORESCP)));
  });
});
