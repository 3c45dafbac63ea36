import { describe, expect, test } from 'vitest';
import { decode, PduError } from '../src/index.js';
import { associate, hex, item, pdu, uidItem } from './hex.js';

const SYNTAXES = `${uidItem(0x30, '1.3')}${uidItem(0x40, '1.4')}`;

/** An A-ASSOCIATE-RQ whose one item is this user information; its sub-items begin at offset 78. */
function informed(subItems: string): string {
  return associate(0x01, item(0x50, subItems));
}

function failure(digits: string): PduError {
  try {
    decode(hex(digits));
  } catch (error) {
    if (error instanceof PduError) return error;
    throw error;
  }
  throw new Error('was decoded');
}

describe('refuses, naming field, offset and clause, and answers with ABORT(2,6):', () => {
  test.each<[name: string, digits: string, code: string, path: string, offset: number, clause: string]>([
    [
      'a context ID that is even',
      associate(0x01, item(0x20, `02000000${SYNTAXES}`)),
      'invalid-context-id',
      'presentationContext[0]/id',
      78,
      'PS3.8 9.3.2.2',
    ],
    [
      'a context ID of 0',
      associate(0x02, item(0x21, '00000000')),
      'invalid-context-id',
      'presentationContext[0]/id',
      78,
      'PS3.8 9.3.3.2',
    ],
    [
      'a context ID that is there twice',
      associate(0x01, item(0x20, `01000000${SYNTAXES}`).repeat(2)),
      'duplicate-context-id',
      'presentationContext[1]/id',
      100,
      'PS3.8 9.3.2.2',
    ],
    [
      'a context ID that is answered twice',
      associate(0x02, item(0x21, '01000000').repeat(2)),
      'duplicate-context-id',
      'presentationContext[1]/id',
      86,
      'PS3.8 9.3.3.2',
    ],
    [
      'a context without abstract syntax',
      associate(0x01, item(0x20, `01000000${uidItem(0x40, '1.4')}`)),
      'missing-item',
      'presentationContext[0]/abstractSyntax',
      89,
      'PS3.8 9.3.2.2',
    ],
    [
      'a context without transfer syntax',
      associate(0x01, item(0x20, `01000000${uidItem(0x30, '1.3')}`)),
      'missing-item',
      'presentationContext[0]/transferSyntax',
      89,
      'PS3.8 9.3.2.2',
    ],
    [
      'two abstract syntaxes in a context',
      associate(0x01, item(0x20, `01000000${uidItem(0x30, '1.3')}${SYNTAXES}`)),
      'duplicate-item',
      'presentationContext[0]/abstractSyntax',
      89,
      'PS3.8 9.3.2.2.1',
    ],
    [
      'two transfer syntaxes in an answer',
      associate(0x02, item(0x21, `01000000${uidItem(0x40, '1.4').repeat(2)}`)),
      'duplicate-item',
      'presentationContext[0]/transferSyntax',
      89,
      'PS3.8 9.3.3.2.1',
    ],
    [
      'two user information items',
      associate(0x01, '5000000050000000'),
      'duplicate-item',
      'userInformation',
      78,
      'PS3.8 9.3.2.3',
    ],
    [
      'two maximum lengths',
      informed('5100000400000000'.repeat(2)),
      'duplicate-item',
      'userInformation/maximumLength',
      86,
      'PS3.8 D.1',
    ],
    [
      'an item longer than its PDU',
      associate(0x01, '1000 0004 312e32'),
      'overrun',
      'applicationContextName/itemLength',
      76,
      'PS3.8 9.3.2.1',
    ],
    [
      'a sub-item longer than its item, though not than the PDU',
      associate(0x01, `${item(0x50, '52000004312e32')}${item(0x60, '00')}`),
      'overrun',
      'userInformation/implementationClassUid/itemLength',
      80,
      'PS3.7 D.3.3.2.1',
    ],
    [
      'a syntax longer than its context',
      associate(0x01, item(0x20, `01000000${uidItem(0x30, '1.3')}40000004312e34`)),
      'overrun',
      'presentationContext[0]/transferSyntax[0]/itemLength',
      91,
      'PS3.8 9.3.2.2.2',
    ],
    [
      'an item header cut short',
      associate(0x01, '100000'),
      'overrun',
      'applicationContextName/itemLength',
      76,
      'PS3.8 9.3.2.1',
    ],
    [
      'an unknown item longer than its PDU, described by the clause of what holds it',
      associate(0x02, '6000 0001'),
      'overrun',
      'unknownItem[0]/itemLength',
      76,
      'PS3.8 9.3.3',
    ],
    [
      'a context without room for its ID',
      associate(0x01, '20000000'),
      'overrun',
      'presentationContext[0]/id',
      78,
      'PS3.8 9.3.2.2',
    ],
    [
      'bytes left over in a maximum length',
      informed('510000050000000000'),
      'leftover-bytes',
      'userInformation/maximumLength',
      86,
      'PS3.8 D.1',
    ],
    [
      'a maximum length of two bytes',
      informed('510000020000'),
      'overrun',
      'userInformation/maximumLength/value',
      82,
      'PS3.8 D.1',
    ],
    [
      'bytes left over in an asynchronous operations window',
      informed('5300000600010001ffff'),
      'leftover-bytes',
      'userInformation/asynchronousOperationsWindow',
      86,
      'PS3.7 D.3.3.3',
    ],
    [
      'a role selection whose UID is longer than itself',
      informed('54000007 0003 313131 01 01 54000007 0006 313131 01 01'),
      'overrun',
      'userInformation/roleSelection[1]/uidLength',
      93,
      'PS3.7 D.3.3.4',
    ],
    [
      'a role selection without its second role',
      informed('54000006 0003 313131 01'),
      'overrun',
      'userInformation/roleSelection[0]/scpRole',
      88,
      'PS3.7 D.3.3.4',
    ],
    [
      'bytes left over in a role selection',
      informed('54000008 0003 313131 01 01 01'),
      'leftover-bytes',
      'userInformation/roleSelection[0]',
      89,
      'PS3.7 D.3.3.4',
    ],
    [
      'an extended negotiation whose UID is longer than itself',
      informed('56000003 0002 31'),
      'overrun',
      'userInformation/sopClassExtendedNegotiation[0]/uidLength',
      82,
      'PS3.7 D.3.3.5',
    ],
    [
      'a common extended negotiation whose list is longer than itself',
      informed(item(0x57, '0001 31 0001 31 0004 0001 31')),
      'overrun',
      'userInformation/sopClassCommonExtendedNegotiation[0]/relatedGeneralSopClassIdentificationLength',
      88,
      'PS3.7 D.3.3.6',
    ],
    [
      'a related general SOP class longer than its list',
      informed(item(0x57, '0001 31 0001 31 0005 0001 31 0001 32')),
      'overrun',
      'userInformation/sopClassCommonExtendedNegotiation[0]/relatedGeneralSopClass[1]/uidLength',
      93,
      'PS3.7 D.3.3.6',
    ],
    [
      'a user identity of type 0',
      informed(item(0x58, '00 00 0000 0000')),
      'invalid-value',
      'userInformation/userIdentity/userIdentityType',
      82,
      'PS3.7 D.3.3.7.1',
    ],
    [
      'a user identity of type 6',
      informed(item(0x58, '06 00 0000 0000')),
      'invalid-value',
      'userInformation/userIdentity/userIdentityType',
      82,
      'PS3.7 D.3.3.7.1',
    ],
    [
      'a user identity whose passcode is longer than itself',
      informed(item(0x58, '02 00 0001 41 0002 42')),
      'overrun',
      'userInformation/userIdentity/secondaryFieldLength',
      87,
      'PS3.7 D.3.3.7.1',
    ],
    [
      'bytes left over in a user identity response',
      associate(0x02, item(0x50, item(0x59, '0001 41 42'))),
      'leftover-bytes',
      'userInformation/userIdentityResponse',
      85,
      'PS3.7 D.3.3.7.2',
    ],
    [
      'an A-ASSOCIATE-RQ shorter than its fixed fields',
      pdu(0x01, '00'.repeat(67)),
      'invalid-pdu-length',
      'pduLength',
      2,
      'PS3.8 9.3.2',
    ],
    [
      'an A-ASSOCIATE-AC shorter than its fixed fields',
      pdu(0x02, ''),
      'invalid-pdu-length',
      'pduLength',
      2,
      'PS3.8 9.3.3',
    ],
    ['an A-ASSOCIATE-RJ of 3 bytes', pdu(0x03, '000101'), 'invalid-pdu-length', 'pduLength', 2, 'PS3.8 9.3.4'],
    ['an A-RELEASE-RQ without value', pdu(0x05, ''), 'invalid-pdu-length', 'pduLength', 2, 'PS3.8 9.3.6'],
    ['an A-RELEASE-RP of 5 bytes', pdu(0x06, '0000000000'), 'invalid-pdu-length', 'pduLength', 2, 'PS3.8 9.3.7'],
    ['an A-ABORT that claims 4 GB', '0700ffffffff', 'invalid-pdu-length', 'pduLength', 2, 'PS3.8 9.3.8'],
    ['an A-ASSOCIATE-RQ that claims 4 GB', '0100ffffffff', 'pdu-over-limit', 'pduLength', 2, 'PS3.8 9.3.2'],
    ['a P-DATA-TF that claims 4 GB', '0400ffffffff', 'pdu-over-limit', 'pduLength', 2, 'PS3.8 9.3.5'],
    ['a PDU of unknown type that claims 4 GB', '4700ffffffff', 'pdu-over-limit', 'pduLength', 2, 'PS3.8 9.3.1'],
    ['a P-DATA-TF without value', pdu(0x04, ''), 'invalid-pdu-length', 'pduLength', 2, 'PS3.8 9.3.5'],
    [
      'a presentation data value of length 0',
      pdu(0x04, '00000000 0103'),
      'invalid-pdv-length',
      'presentationDataValue[0]/itemLength',
      6,
      'PS3.8 9.3.5.1',
    ],
    [
      'a presentation data value of length 1',
      pdu(0x04, '00000003 0101aa 00000001 0103'),
      'invalid-pdv-length',
      'presentationDataValue[1]/itemLength',
      13,
      'PS3.8 9.3.5.1',
    ],
    [
      'a presentation data value longer than its PDU',
      pdu(0x04, '00000004 0103aa'),
      'overrun',
      'presentationDataValue[0]/itemLength',
      6,
      'PS3.8 9.3.5.1',
    ],
    [
      'a presentation data value that claims 4 GB',
      pdu(0x04, 'ffffffff 0103aa'),
      'overrun',
      'presentationDataValue[0]/itemLength',
      6,
      'PS3.8 9.3.5.1',
    ],
    [
      'bytes left over after a presentation data value',
      pdu(0x04, '00000003 0103aa 0000000201'),
      'leftover-bytes',
      'presentationDataValue[1]',
      13,
      'PS3.8 9.3.5.1',
    ],
  ])('%s', (_name, digits, code, path, offset, clause) => {
    const error = failure(digits);
    expect({ ...error, message: error.message }).toMatchObject({ code, path, offset, clause, name: 'PduError' });
    expect(error.abort).toEqual({ source: 2, reason: 6 });
    expect(error.reject).toBeUndefined();
    expect(error.message).toContain(`${path}: `);
    expect(error.message).toContain(clause);
  });
});
