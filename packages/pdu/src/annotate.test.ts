import { describe, expect, test } from 'vitest';
import { ascii, associate, hex, item, pdu, uidItem } from '../test/hex.js';
import { annotate } from './annotate.js';
import type { Annotation } from './annotation.js';
import { decode } from './decode.js';
import { PduError } from './errors.js';

const SYNTAXES = `${uidItem(0x30, '1.3')}${uidItem(0x40, '1.4')}`;

/** Paths of all fields with their offsets and meanings, as `path @offset meaning`. */
function outline(annotations: readonly Annotation[], outer = ''): string[] {
  return annotations.flatMap(({ name, offset, meaning, fields }) => {
    const path = `${outer}${name}`;
    return fields.length > 0 ? outline(fields, `${path}/`) : [`${path} @${offset} ${meaning}`.trimEnd()];
  });
}

/** The meaning of the field at this path below the PDU. */
function meaningAt(digits: string, path: string): string | undefined {
  const segments = path.split('/');
  let at: readonly Annotation[] = annotate(hex(digits))[0]?.fields ?? [];
  for (const segment of segments.slice(0, -1)) at = at.find(({ name }) => name === segment)?.fields ?? [];
  return at.find(({ name }) => name === segments.at(-1))?.meaning;
}

function informed(subItems: string): string {
  return associate(0x01, item(0x50, subItems));
}

test('names every field with its offset and meaning, PDU after PDU', () => {
  const digits = `${pdu(0x03, '00 01 01 07')} ${pdu(0x04, '00000004 01 03 0102')}`;
  expect(outline(annotate(hex(digits)))).toEqual([
    'A-ASSOCIATE-RJ/pduType @0 03H',
    'A-ASSOCIATE-RJ/reserved @1',
    'A-ASSOCIATE-RJ/pduLength @2 4',
    'A-ASSOCIATE-RJ/reserved @6',
    'A-ASSOCIATE-RJ/result @7 rejected permanent (1)',
    'A-ASSOCIATE-RJ/source @8 service user (1)',
    'A-ASSOCIATE-RJ/reason @9 called AE title not recognized (7)',
    'P-DATA-TF/pduType @10 04H',
    'P-DATA-TF/reserved @11',
    'P-DATA-TF/pduLength @12 8',
    'P-DATA-TF/presentationDataValue[0]/itemLength @16 4',
    'P-DATA-TF/presentationDataValue[0]/contextId @20 1',
    'P-DATA-TF/presentationDataValue[0]/messageControlHeader @21 command, last fragment (3)',
    'P-DATA-TF/presentationDataValue[0]/data @22 2 bytes',
  ]);
});

test('nests items as they are nested', () => {
  expect(outline(annotate(hex(associate(0x01, item(0x20, `01000000${SYNTAXES}`))))).slice(8)).toEqual([
    'A-ASSOCIATE-RQ/presentationContext[0]/itemType @74 20H',
    'A-ASSOCIATE-RQ/presentationContext[0]/reserved @75',
    'A-ASSOCIATE-RQ/presentationContext[0]/itemLength @76 18',
    'A-ASSOCIATE-RQ/presentationContext[0]/id @78 1',
    'A-ASSOCIATE-RQ/presentationContext[0]/reserved @79',
    'A-ASSOCIATE-RQ/presentationContext[0]/abstractSyntax/itemType @82 30H',
    'A-ASSOCIATE-RQ/presentationContext[0]/abstractSyntax/reserved @83',
    'A-ASSOCIATE-RQ/presentationContext[0]/abstractSyntax/itemLength @84 3',
    'A-ASSOCIATE-RQ/presentationContext[0]/abstractSyntax/uid @86 1.3',
    'A-ASSOCIATE-RQ/presentationContext[0]/transferSyntax[0]/itemType @89 40H',
    'A-ASSOCIATE-RQ/presentationContext[0]/transferSyntax[0]/reserved @90',
    'A-ASSOCIATE-RQ/presentationContext[0]/transferSyntax[0]/itemLength @91 3',
    'A-ASSOCIATE-RQ/presentationContext[0]/transferSyntax[0]/uid @93 1.4',
  ]);
});

test('knows extent, bytes and clause of items', () => {
  const bytes = hex(`${pdu(0x05, '00000000')} ${associate(0x01, item(0x20, `01000000${SYNTAXES}`))}`);
  const context = annotate(bytes)[1]?.fields.find(({ name }) => name === 'presentationContext[0]');
  expect(context).toMatchObject({ offset: 84, byteLength: 22, meaning: '', clause: 'PS3.8 9.3.2.2' });
  expect(context?.bytes).toEqual(bytes.subarray(84, 106));
  expect(context?.bytes.buffer).toBe(bytes.buffer);
});

describe('says in words', () => {
  test.each([
    ['results of a rejection', pdu(0x03, '00 02 03 02'), 'result', 'rejected transient (2)'],
    ['sources of a rejection', pdu(0x03, '00 02 03 02'), 'source', 'service provider (presentation) (3)'],
    ['reasons by their source', pdu(0x03, '00 02 03 02'), 'reason', 'local limit exceeded (2)'],
    ['reasons by another source', pdu(0x03, '00 01 02 02'), 'reason', 'protocol version not supported (2)'],
    ['nothing about a reason that has no meaning', pdu(0x03, '00 01 09 02'), 'reason', '2'],
    ['nothing about a reserved reason', pdu(0x03, '00 01 01 04'), 'reason', '4'],
    ['who aborts', pdu(0x07, '0000 00 05'), 'source', 'service user (0)'],
    ['nothing about the reason of a user who aborts', pdu(0x07, '0000 00 05'), 'reason', '5'],
    ['why the provider aborts', pdu(0x07, '0000 02 05'), 'reason', 'unexpected PDU parameter (5)'],
    [
      'results of contexts',
      associate(0x02, item(0x21, '01000300')),
      'presentationContext[0]/result',
      'abstract syntax not supported (3)',
    ],
    [
      'values beyond those of the standard',
      associate(0x02, item(0x21, '0100ff00')),
      'presentationContext[0]/result',
      '255',
    ],
    [
      'kinds of fragments',
      pdu(0x04, '00000002 01 02'),
      'presentationDataValue[0]/messageControlHeader',
      'data set, last fragment (2)',
    ],
    [
      'kinds of user identity',
      informed('58000006 05 01 0000 0000'),
      'userInformation/userIdentity/userIdentityType',
      'JSON web token (5)',
    ],
    ['what is unlimited', informed('5100000400000000'), 'userInformation/maximumLength/value', 'unlimited (0)'],
    ['flags', informed('54000005 0001 31 01 00'), 'userInformation/roleSelection[0]/scuRole', 'yes (1)'],
    [
      'the version of a common extended negotiation',
      informed(`57090006 0000 0000 0000`),
      'userInformation/sopClassCommonExtendedNegotiation[0]/version',
      '9',
    ],
    ['text', informed(item(0x55, ascii('A 1'))), 'userInformation/implementationVersionName/name', '"A 1"'],
    ['UIDs without their padding', associate(0x01, uidItem(0x10, '1.2\0')), 'applicationContextName/uid', '1.2'],
    [
      'escapes in place of control characters',
      associate(0x01, uidItem(0x10, '1\x1b[2J\x9b\n')),
      'applicationContextName/uid',
      '1\\x1b[2J\\x9b\\x0a',
    ],
    ['lengths of what has no words', informed(item(0x60, '01')), 'userInformation/unknownItem[0]/data', '1 byte'],
  ])('%s', (_name, digits, path, meaning) => {
    expect(meaningAt(digits, path)).toBe(meaning);
  });

  test('names of UIDs, from who has them', () => {
    const names = new Map([['1.2', 'Two']]);
    const bytes = hex(associate(0x01, `${uidItem(0x10, '1.2')}${item(0x20, `01000000${SYNTAXES}`)}`));
    const lines = outline(annotate(bytes, { nameUid: (uid) => names.get(uid) }));
    expect(lines.filter((line) => line.includes('uid @'))).toEqual([
      'A-ASSOCIATE-RQ/applicationContextName/uid @78 1.2 (Two)',
      'A-ASSOCIATE-RQ/presentationContext[0]/abstractSyntax/uid @93 1.3',
      'A-ASSOCIATE-RQ/presentationContext[0]/transferSyntax[0]/uid @100 1.4',
    ]);
  });
});

describe('explains up to the break', () => {
  test('a malformed PDU, and goes on with the next', () => {
    const broken = associate(0x01, item(0x20, `02000000${SYNTAXES}`));
    const [first, second] = annotate(hex(`${broken} ${pdu(0x05, '00000000')}`));
    const undecoded = first?.fields.at(-1);
    expect(outline(first?.fields ?? []).slice(-3)).toEqual([
      'presentationContext[0]/itemLength @76 18',
      'presentationContext[0]/id @78 2',
      'undecoded @79 presentationContext[0]/id: 2 is even (offset 78, PS3.8 9.3.2.2)',
    ]);
    expect(undecoded?.byteLength).toBe(17);
    expect(first?.error).toBe(undecoded?.error);
    expect(first?.error).toMatchObject({ code: 'invalid-context-id', offset: 78 });
    expect(second).toMatchObject({ name: 'A-RELEASE-RQ', offset: 96 });
    expect(second?.error).toBeUndefined();
  });

  test('the error counts from its PDU, offsets from the first byte', () => {
    const broken = associate(0x01, item(0x20, `02000000${SYNTAXES}`));
    const [, pduAfter] = annotate(hex(`${pdu(0x05, '00000000')} ${broken}`));
    expect(pduAfter?.error?.offset).toBe(78);
    expect(pduAfter?.fields.at(-1)?.offset).toBe(89);
  });

  test('a PDU whose length is wrong: nothing tells where the next one begins', () => {
    const annotations = annotate(hex(`05 00 00000005 00000000 ${pdu(0x05, '00000000')}`));
    expect(outline(annotations)).toEqual([
      'A-RELEASE-RQ/pduType @0 05H',
      'A-RELEASE-RQ/reserved @1',
      'A-RELEASE-RQ/pduLength @2 5',
      'A-RELEASE-RQ/undecoded @6 pduLength: 5, expected 4 (offset 2, PS3.8 9.3.6)',
    ]);
    expect(annotations[0]?.byteLength).toBe(20);
  });

  test('bytes of another protocol', () => {
    const [only, ...others] = annotate(new TextEncoder().encode('GET / HTTP/1.1'));
    expect(only).toMatchObject({ name: 'unknown', byteLength: 14, error: { code: 'pdu-over-limit' } });
    expect(others).toEqual([]);
  });

  test('what is missing at the end of a PDU without one byte more', () => {
    const [only] = annotate(hex(associate(0x01, item(0x20, `01000000${uidItem(0x30, '1.3')}`))));
    expect(only?.fields.at(-1)).toMatchObject({ name: 'undecoded', byteLength: 0, error: { code: 'missing-item' } });
  });

  test('what is over a limit of the caller', () => {
    const bytes = hex(associate(0x01, item(0x20, `01000000${SYNTAXES}`)));
    const [only] = annotate(bytes, { limits: { presentationContexts: 0 } });
    expect(only?.error).toMatchObject({ code: 'count-over-limit', path: 'presentationContext[0]' });
    expect(() => decode(bytes, { limits: { presentationContexts: 0 } })).toThrow(PduError);
  });
});

describe('explains what is there of an incomplete PDU', () => {
  test.each([
    ['a byte', '01', ['pduType @0 01H', 'missing @1 1 of at least 6 bytes are there']],
    [
      'half a length',
      '01 00 0000',
      ['pduType @0 01H', 'reserved @1', 'pduLength @2 2 of 4 bytes', 'missing @4 4 of at least 6 bytes are there'],
    ],
    [
      'a header',
      '04 00 00000006',
      ['pduType @0 04H', 'reserved @1', 'pduLength @2 6', 'missing @6 6 of 12 bytes are there'],
    ],
    [
      'half a value',
      '04 00 00000009 00000005 01 00 aa',
      [
        'pduType @0 04H',
        'reserved @1',
        'pduLength @2 9',
        'presentationDataValue[0]/itemLength @6 5',
        'presentationDataValue[0]/contextId @10 1',
        'presentationDataValue[0]/messageControlHeader @11 data set (0)',
        'presentationDataValue[0]/data @12 1 of 3 bytes',
        'missing @13 13 of 15 bytes are there',
      ],
    ],
  ])('%s', (_name, digits, lines) => {
    const [only, ...others] = annotate(hex(digits));
    expect(outline(only?.fields ?? [])).toEqual(lines);
    expect(only?.error).toBeUndefined();
    expect(others).toEqual([]);
  });

  test('which is malformed before its end', () => {
    const bytes = hex(associate(0x01, item(0x20, `02000000${SYNTAXES}`))).subarray(0, 90);
    const [only] = annotate(bytes);
    expect(only?.fields.slice(-2)).toMatchObject([
      { name: 'undecoded', byteLength: 11, error: { code: 'invalid-context-id' } },
      { name: 'missing', byteLength: 0, meaning: '90 of 96 bytes are there' },
    ]);
  });
});

test('of no bytes there is nothing to say', () => {
  expect(annotate(new Uint8Array(0))).toEqual([]);
});
