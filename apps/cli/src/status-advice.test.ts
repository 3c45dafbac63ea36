import { expect, test } from 'vitest';
import { adviceOnStatus } from './status-advice.js';

/** Failures of PS3.4 Tables CC.2.1-2 to CC.2.6-1, Tables C.4-1 to C.4-3, and of PS3.7 Annex C that name a cause. */
const failures = [
  0xc300, 0xc301, 0xc302, 0xc303, 0xc304, 0xc307, 0xc308, 0xc309, 0xc310, 0xc311, 0xc312, 0xc313, 0xc314, 0xc315,
  0xa700, 0xa701, 0xa702, 0xa801, 0xa900, 0x0105, 0x0106, 0x0110, 0x0111, 0x0112, 0x0117, 0x0118, 0x0119, 0x0120,
  0x0121, 0x0122, 0x0124, 0x0211, 0x0213,
];

test.each(failures)('there is something to do about status %i', (status) => {
  expect(adviceOnStatus(status)).toMatch(/^[A-Z].*[.)?]$/);
});

test('nothing is said of success and of what nobody knows', () => {
  expect([adviceOnStatus(0), adviceOnStatus(undefined), adviceOnStatus(0xc999)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
