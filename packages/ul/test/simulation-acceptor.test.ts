import { expect, it } from 'vitest';
import { simulate } from './simulation.js';

it('whatever happens, the acceptor comes to an orderly end', async () => {
  const { failures } = await simulate('acceptor');
  expect(failures).toEqual([]);
}, 120_000);
