import { expect, test } from 'vitest';
import { complaintAboutNode } from './needed-node.js';

test.each(['22.13.0', '22.20.1', '24.0.0', '100.1.0'])('%s will do where 22.13 is needed', (version) => {
  expect(complaintAboutNode(version, '>=22.13')).toBeUndefined();
});

test.each(['22.12.9', '22.4.1', '20.99.0', '9.0.0'])('%s will not do where 22.13 is needed', (version) => {
  expect(complaintAboutNode(version, '>=22.13')).toMatch(`Node 22.13 or later is needed, this is ${version}`);
});
