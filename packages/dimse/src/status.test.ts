import { describe, expect, it } from 'vitest';
import * as generated from './status.generated.js';
import { describeStatus, type StatusCategory, type StatusService, statusCategory, statusOf } from './status.js';

describe('the category of a status', () => {
  const categories: readonly (readonly [number, StatusCategory])[] = [
    [0x0000, 'Success'],
    [0x0001, 'Warning'],
    [0x0107, 'Warning'],
    [0x0116, 'Warning'],
    [0xb000, 'Warning'],
    [0xbfff, 'Warning'],
    [0xfe00, 'Cancel'],
    [0xff00, 'Pending'],
    [0xff01, 'Pending'],
    [0xff02, 'Failure'],
    [0x0110, 'Failure'],
    [0x0122, 'Failure'],
    [0x0211, 'Failure'],
    [0xa700, 'Failure'],
    [0xafff, 'Failure'],
    [0xc000, 'Failure'],
    [0xcfff, 'Failure'],
    [0x1234, 'Failure'],
  ];

  it.each(categories)('of %i is %s', (code, category) => {
    expect(statusCategory(code)).toBe(category);
  });
});

describe('what a status means', () => {
  const meanings: readonly (readonly [number, StatusService | undefined, string])[] = [
    [0x0000, undefined, 'Success'],
    [0x0122, 'storage', 'Refused: SOP Class Not Supported'],
    [0xa700, 'storage', 'Refused: Out of Resources'],
    [0xa7ff, 'storage', 'Refused: Out of Resources'],
    [0xa801, 'queryRetrieveMove', 'Move destination unknown'],
    [0xa700, undefined, 'Failure'],
    [0xb123, 'verification', 'Warning'],
    [0xc311, 'unifiedProcedureStep', 'The UPS is already COMPLETED'],
    [0xc3ff, 'unifiedProcedureStep', 'Unable to Process'],
  ];

  it.each(meanings)('%i to %s is "%s"', (code, service, meaning) => {
    expect(describeStatus(code, service).toLowerCase()).toContain(meaning.toLowerCase());
  });
});

describe('a status as a value', () => {
  it('says whose meaning it has', () => {
    expect(statusOf(0xa700, 'storage')).toEqual({
      code: 0xa700,
      hex: 'A700',
      category: 'Failure',
      meaning: 'Refused: Out of Resources',
      service: 'storage',
    });
    expect(statusOf(0x0107, 'storage')).toEqual({
      code: 0x0107,
      hex: '0107',
      category: 'Warning',
      meaning: 'Attribute List Error',
      service: undefined,
    });
    expect(statusOf(0xb006)).toEqual({
      code: 0xb006,
      hex: 'B006',
      category: 'Warning',
      meaning: 'Warning',
      service: undefined,
    });
  });

  it('is of the category that the standard lists for it, whatever the service', () => {
    const listed = Object.values(generated).flat();
    expect(listed.length).toBeGreaterThan(100);
    for (const { code, codeEnd, category } of listed) {
      expect([statusCategory(code), statusCategory(codeEnd)]).toEqual([category, category]);
    }
  });
});
