import { describe, expect, it } from 'vitest';
import { describeStatus, type StatusCategory, type StatusService, statusCategory } from './status.js';

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
  ];

  it.each(meanings)('%i to %s is "%s"', (code, service, meaning) => {
    expect(describeStatus(code, service).toLowerCase()).toContain(meaning.toLowerCase());
  });
});
