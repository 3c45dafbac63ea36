import { expect, it } from 'vitest';
import { implementationClassUid, implementationVersionName } from './identity.js';

it('the implementation version name has 1 to 16 characters', () => {
  expect(implementationVersionName).toMatch(/^[\x20-\x7e]{1,16}$/);
});

it('the implementation class UID is a UID', () => {
  expect(implementationClassUid).toMatch(/^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/);
  expect(implementationClassUid.length).toBeLessThanOrEqual(64);
});
