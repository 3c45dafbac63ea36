import { describe, expect, it } from 'vitest';
import { DimseError } from '../errors.js';
import { decodeCommandSet } from './decode.js';
import { encodeCommandSet } from './encode.js';
import { MESSAGES } from './messages.js';
import type { CommandSet } from './types.js';

/** Bytes written by pydicom, an implementation that shares nothing with this one. */
const COMMAND_SETS: readonly (readonly [CommandSet, string])[] = [
  [
    {
      type: 'C-STORE-RQ',
      hasDataSet: true,
      affectedSopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      messageId: 7,
      priority: 1,
      affectedSopInstanceUid: '1.2.3.4',
      moveOriginatorApplicationEntityTitle: 'CT1',
      moveOriginatorMessageId: 513,
    },
    '000000000400000070000000000002001a000000312e322e3834302e31303030382e352e312e342e312e312e32000000' +
      '00010200000001000000100102000000070000000007020000000100000000080200000001000000001008000000312e' +
      '322e332e340000003010040000004354312000003110020000000102',
  ],
  [
    {
      type: 'C-STORE-RSP',
      hasDataSet: false,
      affectedSopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      messageIdBeingRespondedTo: 7,
      status: 0xa700,
      offendingElements: [0x00100020, 0x7fe00010],
      errorComment: 'disk full',
      errorId: 42,
      affectedSopInstanceUid: '1.2.3.4',
    },
    '000000000400000086000000000002001a000000312e322e3834302e31303030382e352e312e342e312e312e32000000' +
      '00010200000001800000200102000000070000000008020000000101000000090200000000a700000109080000001000' +
      '2000e07f1000000002090a0000006469736b2066756c6c2000000309020000002a000000001008000000312e322e332e' +
      '3400',
  ],
  [
    {
      type: 'C-GET-RQ',
      hasDataSet: true,
      affectedSopClassUid: '1.2.840.10008.5.1.4.1.2.2.1',
      messageId: 65535,
      priority: 2,
    },
    '00000000040000004c000000000002001c000000312e322e3834302e31303030382e352e312e342e312e322e322e3100' +
      '000000010200000010000000100102000000ffff0000000702000000020000000008020000000100',
  ],
  [
    {
      type: 'C-GET-RSP',
      hasDataSet: false,
      affectedSopClassUid: '1.2.840.10008.5.1.4.1.2.2.1',
      messageIdBeingRespondedTo: 65535,
      status: 0xff00,
      numberOfRemainingSuboperations: 5,
      numberOfCompletedSuboperations: 4,
      numberOfFailedSuboperations: 3,
      numberOfWarningSuboperations: 2,
    },
    '000000000400000074000000000002001c000000312e322e3834302e31303030382e352e312e342e312e322e322e3100' +
      '000000010200000010800000200102000000ffff00000008020000000101000000090200000000ff0000201002000000' +
      '0500000021100200000004000000221002000000030000002310020000000200',
  ],
  [
    {
      type: 'C-FIND-RQ',
      hasDataSet: true,
      affectedSopClassUid: '1.2.840.10008.5.1.4.1.2.2.1',
      messageId: 1,
      priority: 0,
    },
    '00000000040000004c000000000002001c000000312e322e3834302e31303030382e352e312e342e312e322e322e3100' +
      '00000001020000002000000010010200000001000000000702000000000000000008020000000100',
  ],
  [
    {
      type: 'C-FIND-RSP',
      hasDataSet: true,
      affectedSopClassUid: '1.2.840.10008.5.1.4.1.2.2.1',
      messageIdBeingRespondedTo: 1,
      status: 0xff01,
    },
    '00000000040000004c000000000002001c000000312e322e3834302e31303030382e352e312e342e312e322e322e3100' +
      '000000010200000020800000200102000000010000000008020000000100000000090200000001ff',
  ],
  [
    {
      type: 'C-MOVE-RQ',
      hasDataSet: true,
      affectedSopClassUid: '1.2.840.10008.5.1.4.1.2.2.1',
      messageId: 2,
      moveDestination: 'ARCHIVE',
      priority: 0,
    },
    '00000000040000005c000000000002001c000000312e322e3834302e31303030382e352e312e342e312e322e322e3100' +
      '000000010200000021000000100102000000020000000006080000004152434849564520000000070200000000000000' +
      '0008020000000100',
  ],
  [
    {
      type: 'C-MOVE-RSP',
      hasDataSet: true,
      affectedSopClassUid: '1.2.840.10008.5.1.4.1.2.2.1',
      messageIdBeingRespondedTo: 2,
      status: 0xb000,
      numberOfCompletedSuboperations: 1,
      numberOfFailedSuboperations: 1,
      numberOfWarningSuboperations: 0,
    },
    '00000000040000006a000000000002001c000000312e322e3834302e31303030382e352e312e342e312e322e322e3100' +
      '000000010200000021800000200102000000020000000008020000000100000000090200000000b00000211002000000' +
      '01000000221002000000010000002310020000000000',
  ],
  [
    { type: 'C-ECHO-RQ', hasDataSet: false, affectedSopClassUid: '1.2.840.10008.1.1', messageId: 1 },
    '0000000004000000380000000000020012000000312e322e3834302e31303030382e312e310000000001020000003000' +
      '0000100102000000010000000008020000000101',
  ],
  [
    {
      type: 'C-ECHO-RSP',
      hasDataSet: false,
      affectedSopClassUid: '1.2.840.10008.1.1',
      messageIdBeingRespondedTo: 1,
      status: 0x0000,
    },
    '0000000004000000420000000000020012000000312e322e3834302e31303030382e312e310000000001020000003080' +
      '000020010200000001000000000802000000010100000009020000000000',
  ],
  [
    { type: 'C-CANCEL-RQ', hasDataSet: false, messageIdBeingRespondedTo: 9 },
    '00000000040000001e0000000000000102000000ff0f0000200102000000090000000008020000000101',
  ],
  [
    {
      type: 'N-EVENT-REPORT-RQ',
      hasDataSet: true,
      affectedSopClassUid: '1.2.840.10008.1.20.1',
      messageId: 3,
      affectedSopInstanceUid: '1.2.840.10008.1.20.1.1',
      eventTypeId: 2,
    },
    '0000000004000000620000000000020014000000312e322e3834302e31303030382e312e32302e310000000102000000' +
      '000100001001020000000300000000080200000001000000001016000000312e322e3834302e31303030382e312e3230' +
      '2e312e3100000210020000000200',
  ],
  [
    {
      type: 'N-EVENT-REPORT-RSP',
      hasDataSet: false,
      affectedSopClassUid: '1.2.840.10008.1.20.1',
      messageIdBeingRespondedTo: 3,
      status: 0x0000,
      affectedSopInstanceUid: '1.2.840.10008.1.20.1.1',
      eventTypeId: 2,
    },
    '00000000040000006c0000000000020014000000312e322e3834302e31303030382e312e32302e310000000102000000' +
      '00810000200102000000030000000008020000000101000000090200000000000000001016000000312e322e3834302e' +
      '31303030382e312e32302e312e3100000210020000000200',
  ],
  [
    {
      type: 'N-GET-RQ',
      hasDataSet: false,
      requestedSopClassUid: '1.2.840.10008.3.1.2.3.3',
      messageId: 4,
      requestedSopInstanceUid: '1.2.3.4',
      attributeIdentifierList: [0x00100010, 0x00400252],
    },
    '00000000040000005e0000000000030018000000312e322e3834302e31303030382e332e312e322e332e330000000001' +
      '02000000100100001001020000000400000000080200000001010000011008000000312e322e332e3400000005100800' +
      '00001000100040005202',
  ],
  [
    {
      type: 'N-GET-RSP',
      hasDataSet: true,
      affectedSopClassUid: '1.2.840.10008.3.1.2.3.3',
      messageIdBeingRespondedTo: 4,
      status: 0x0000,
      affectedSopInstanceUid: '1.2.3.4',
    },
    '0000000004000000580000000000020018000000312e322e3834302e31303030382e332e312e322e332e330000000001' +
      '0200000010810000200102000000040000000008020000000100000000090200000000000000001008000000312e322e' +
      '332e3400',
  ],
  [
    {
      type: 'N-SET-RQ',
      hasDataSet: true,
      requestedSopClassUid: '1.2.840.10008.3.1.2.3.3',
      messageId: 5,
      requestedSopInstanceUid: '1.2.3.4',
    },
    '00000000040000004e0000000000030018000000312e322e3834302e31303030382e332e312e322e332e330000000001' +
      '02000000200100001001020000000500000000080200000001000000011008000000312e322e332e3400',
  ],
  [
    {
      type: 'N-SET-RSP',
      hasDataSet: false,
      affectedSopClassUid: '1.2.840.10008.3.1.2.3.3',
      messageIdBeingRespondedTo: 5,
      status: 0x0110,
      errorComment: 'no',
      errorId: 42768,
      affectedSopInstanceUid: '1.2.3.4',
    },
    '00000000040000006c0000000000020018000000312e322e3834302e31303030382e332e312e322e332e330000000001' +
      '02000000208100002001020000000500000000080200000001010000000902000000100100000209020000006e6f0000' +
      '03090200000010a70000001008000000312e322e332e3400',
  ],
  [
    {
      type: 'N-ACTION-RQ',
      hasDataSet: true,
      requestedSopClassUid: '1.2.840.10008.1.20.1',
      messageId: 6,
      requestedSopInstanceUid: '1.2.840.10008.1.20.1.1',
      actionTypeId: 1,
    },
    '0000000004000000620000000000030014000000312e322e3834302e31303030382e312e32302e310000000102000000' +
      '300100001001020000000600000000080200000001000000011016000000312e322e3834302e31303030382e312e3230' +
      '2e312e3100000810020000000100',
  ],
  [
    {
      type: 'N-ACTION-RSP',
      hasDataSet: false,
      affectedSopClassUid: '1.2.840.10008.1.20.1',
      messageIdBeingRespondedTo: 6,
      status: 0x0000,
      affectedSopInstanceUid: '1.2.840.10008.1.20.1.1',
      actionTypeId: 1,
    },
    '00000000040000006c0000000000020014000000312e322e3834302e31303030382e312e32302e310000000102000000' +
      '30810000200102000000060000000008020000000101000000090200000000000000001016000000312e322e3834302e' +
      '31303030382e312e32302e312e3100000810020000000100',
  ],
  [
    {
      type: 'N-CREATE-RQ',
      hasDataSet: true,
      affectedSopClassUid: '1.2.840.10008.3.1.2.3.3',
      messageId: 8,
      affectedSopInstanceUid: '1.2.3.4',
    },
    '00000000040000004e0000000000020018000000312e322e3834302e31303030382e332e312e322e332e330000000001' +
      '02000000400100001001020000000800000000080200000001000000001008000000312e322e332e3400',
  ],
  [
    {
      type: 'N-CREATE-RSP',
      hasDataSet: false,
      affectedSopClassUid: '1.2.840.10008.3.1.2.3.3',
      messageIdBeingRespondedTo: 8,
      status: 0x0107,
      affectedSopInstanceUid: '1.2.3.4',
      attributeIdentifierList: [0x00100010],
    },
    '0000000004000000640000000000020018000000312e322e3834302e31303030382e332e312e322e332e330000000001' +
      '0200000040810000200102000000080000000008020000000101000000090200000007010000001008000000312e322e' +
      '332e3400000005100400000010001000',
  ],
  [
    {
      type: 'N-DELETE-RQ',
      hasDataSet: false,
      requestedSopClassUid: '1.2.840.10008.5.1.1.1',
      messageId: 10,
      requestedSopInstanceUid: '1.2.3.4',
    },
    '00000000040000004c0000000000030016000000312e322e3834302e31303030382e352e312e312e3100000000010200' +
      '0000500100001001020000000a00000000080200000001010000011008000000312e322e332e3400',
  ],
  [
    {
      type: 'N-DELETE-RSP',
      hasDataSet: false,
      affectedSopClassUid: '1.2.840.10008.5.1.1.1',
      messageIdBeingRespondedTo: 10,
      status: 0x0112,
      affectedSopInstanceUid: '1.2.3.4',
    },
    '0000000004000000560000000000020016000000312e322e3834302e31303030382e352e312e312e3100000000010200' +
      '0000508100002001020000000a0000000008020000000101000000090200000012010000001008000000312e322e332e' +
      '3400',
  ],
];

/** Taken from the wire between DCMTK 3.6.7's echoscu, storescu and storescp. */
const DCMTK_COMMAND_SETS: readonly (readonly [CommandSet, string])[] = [
  [
    { type: 'C-ECHO-RQ', hasDataSet: false, affectedSopClassUid: '1.2.840.10008.1.1', messageId: 1 },
    '0000000004000000380000000000020012000000312e322e3834302e31303030382e312e310000000001020000003000' +
      '0000100102000000010000000008020000000101',
  ],
  [
    {
      type: 'C-ECHO-RSP',
      hasDataSet: false,
      affectedSopClassUid: '1.2.840.10008.1.1',
      messageIdBeingRespondedTo: 1,
      status: 0x0000,
    },
    '0000000004000000420000000000020012000000312e322e3834302e31303030382e312e310000000001020000003080' +
      '000020010200000001000000000802000000010100000009020000000000',
  ],
  [
    {
      type: 'C-STORE-RQ',
      hasDataSet: true,
      affectedSopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      messageId: 1,
      priority: 0,
      affectedSopInstanceUid: '1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322',
    },
    '000000000400000082000000000002001a000000312e322e3834302e31303030382e352e312e342e312e312e32000000' +
      '0001020000000100000010010200000001000000000702000000000000000008020000000100000000103000' +
      '0000312e332e362e312e342e312e353936322e312e312e312e312e312e32303034303131393037323733302e313233323200',
  ],
  [
    {
      type: 'C-STORE-RSP',
      hasDataSet: false,
      affectedSopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      messageIdBeingRespondedTo: 1,
      status: 0x0000,
      affectedSopInstanceUid: '1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322',
    },
    '000000000400000082000000000002001a000000312e322e3834302e31303030382e352e312e342e312e312e32000000' +
      '0001020000000180000020010200000001000000000802000000010100000009020000000000000000103000' +
      '0000312e332e362e312e342e312e353936322e312e312e312e312e312e32303034303131393037323733302e313233323200',
  ],
];

describe('command sets', () => {
  it.each(COMMAND_SETS)('encodes $type', (command, hex) => {
    expect(Buffer.from(encodeCommandSet(command)).toString('hex')).toBe(hex);
  });

  it.each(COMMAND_SETS)('decodes $type', (command, hex) => {
    expect(decodeCommandSet(fromHex(hex))).toEqual(command);
  });

  it.each(DCMTK_COMMAND_SETS)('decodes the $type of DCMTK, and writes the same bytes', (command, hex) => {
    const decoded = decodeCommandSet(fromHex(hex));
    expect(decoded).toEqual(command);
    expect(Buffer.from(encodeCommandSet(decoded)).toString('hex')).toBe(hex);
  });

  it('covers every message of the standard', () => {
    expect(new Set(COMMAND_SETS.map(([command]) => command.type))).toEqual(new Set(Object.keys(MESSAGES)));
  });

  it('throws nothing but DimseError, wherever a command set is cut', () => {
    for (const [, hex] of COMMAND_SETS) {
      const bytes = fromHex(hex);
      for (let length = 0; length < bytes.length; length++) {
        expect(thrownOrUndefined(() => decodeCommandSet(bytes.subarray(0, length)))).toSatisfy(
          (error) => error === undefined || error instanceof DimseError,
        );
      }
    }
  });
});

function fromHex(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}

function thrownOrUndefined(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
