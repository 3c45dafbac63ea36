import { expect, it } from 'vitest';
import { simulate } from './simulation.js';

it('whatever happens, the requestor comes to an orderly end', async () => {
  const { failures } = await simulate('requestor');
  expect(failures).toEqual([]);
}, 120_000);
