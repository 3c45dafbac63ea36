import { describe, expect, test } from 'vitest';
import { ascii, associate, hex, item, pdu, uidItem } from '../test/hex.js';
import { decode } from './decode.js';
import { PduError } from './errors.js';
import { DEFAULT_LIMITS, type LimitOptions, resolveLimits } from './limits.js';

const CONTEXT = `${uidItem(0x30, '1.3')}${uidItem(0x40, '1.4')}`;
const ROLE = item(0x54, '0001310101');

function outcome(digits: string, limits?: LimitOptions): string {
  try {
    return decode(hex(digits), { limits })?.pdu.type ?? 'incomplete';
  } catch (error) {
    if (!(error instanceof PduError)) throw error;
    return `${error.code} ${error.path} ${JSON.stringify(error.reject)}`;
  }
}

const REJECT = JSON.stringify({ result: 1, source: 3, reason: 2 });

describe('a count over its limit is refused, and in a request RJ(1,3,2) fits', () => {
  test.each<[name: string, digits: string, limits: LimitOptions, path: string]>([
    [
      'presentation contexts',
      associate(0x01, item(0x20, `01000000${CONTEXT}`) + item(0x20, `03000000${CONTEXT}`)),
      { presentationContexts: 1 },
      'presentationContext[1]',
    ],
    [
      'transfer syntaxes',
      associate(0x01, item(0x20, `01000000${CONTEXT}${uidItem(0x40, '1.5')}`)),
      { transferSyntaxes: 1 },
      'presentationContext[0]/transferSyntax[1]',
    ],
    [
      'role selections',
      associate(0x01, item(0x50, ROLE.repeat(3))),
      { negotiationItems: 2 },
      'userInformation/roleSelection[2]',
    ],
    [
      'related general SOP classes',
      associate(0x01, item(0x50, item(0x57, `0001 31 0001 31 0006 0001 31 0001 32`))),
      { relatedGeneralSopClasses: 1 },
      'userInformation/sopClassCommonExtendedNegotiation[0]/relatedGeneralSopClass[1]',
    ],
    ['unknown items', associate(0x01, '60000000'.repeat(2)), { unknownItems: 1 }, 'unknownItem[1]'],
    [
      'unknown sub-items',
      associate(0x01, item(0x50, '61000000620000000')),
      { unknownItems: 1 },
      'userInformation/unknownItem[1]',
    ],
  ])('%s', (_name, digits, limits, path) => {
    expect(outcome(digits)).toBe('A-ASSOCIATE-RQ');
    expect(outcome(digits, limits)).toBe(`count-over-limit ${path} ${REJECT}`);
  });

  test('but not elsewhere', () => {
    const values = pdu(0x04, '00000002 0101 00000002 0103');
    expect(outcome(values)).toBe('P-DATA-TF');
    expect(outcome(values, { presentationDataValues: 1 })).toBe('count-over-limit presentationDataValue[1] undefined');
    const results = associate(0x02, item(0x21, '01000000') + item(0x21, '03000000'));
    expect(outcome(results, { presentationContexts: 1 })).toBe('count-over-limit presentationContext[1] undefined');
  });
});

test('a length over its limit is refused when the header is there', () => {
  expect(outcome('0100 00001000', { associatePduBytes: 0x1000 })).toBe('incomplete');
  expect(outcome('0100 00001001', { associatePduBytes: 0x1000 })).toBe('pdu-over-limit pduLength undefined');
  expect(outcome('0400 00001000', { pDataTfBytes: 0x1000 })).toBe('incomplete');
  expect(outcome('0400 00001001', { pDataTfBytes: 0x1000 })).toBe('pdu-over-limit pduLength undefined');
});

test('the defaults let in 128 contexts with 40 transfer syntaxes each and a user identity of 60 kB', () => {
  const syntaxes = Array.from({ length: 40 }, (_, i) => uidItem(0x40, `1.2.840.10008.1.2.4.${i}`)).join('');
  const contexts = Array.from({ length: 128 }, (_, i) => {
    const id = (2 * i + 1).toString(16).padStart(2, '0');
    return item(0x20, `${id}000000${uidItem(0x30, `1.2.840.10008.5.1.4.1.1.${i}`)}${syntaxes}`);
  });
  const identity = item(0x58, `0400 ea60 ${ascii('s'.repeat(60_000))} 0000`);
  expect(outcome(associate(0x01, contexts.join('') + item(0x50, identity)))).toBe('A-ASSOCIATE-RQ');
});

test.each([undefined, Number.NaN, -1])('%s sets no limit', (value) => {
  expect(resolveLimits({ associatePduBytes: value, unknownItems: 3 })).toEqual({ ...DEFAULT_LIMITS, unknownItems: 3 });
});
