import { expect, test } from 'vitest';
import { banner } from './banner.js';

const facts = {
  aeTitle: 'DEMO_SCP',
  address: '127.0.0.1',
  port: 11112,
  dataDirectory: '/srv/dicom-data',
  durability: 'full',
  instanceCount: 3,
};

test('says where it listens, as whom, where data goes, and how to talk to it', () => {
  expect(banner(facts)).toMatchInlineSnapshot(`
    "DEMO SCP listens on 127.0.0.1:11112 as DEMO_SCP
    Objects go to /srv/dicom-data (3 there, durability full)

      echoscu -aec DEMO_SCP 127.0.0.1 11112
      storescu -aec DEMO_SCP 127.0.0.1 11112 FILE…
      dicomwire store 127.0.0.1 11112 PATH… --called DEMO_SCP
      dicomwire find 127.0.0.1 11112 --called DEMO_SCP
      demo-scp list --data /srv/dicom-data

    Ctrl-C stops it.
    "
  `);
});

test.each([
  ['all addresses', { address: '0.0.0.0' }, 'echoscu -aec DEMO_SCP 127.0.0.1 11112'],
  ['an IPv6 address', { address: '::1' }, 'listens on [::1]:11112'],
  ['in a clone', { isRunByNpm: true }, 'npm run -s dicomwire -- store 127.0.0.1 11112 PATH…'],
  ['in a clone, the list', { isRunByNpm: true }, 'npm start -s -- list --data /srv/dicom-data'],
  ['a title with a space', { aeTitle: 'MY SCP' }, "echoscu -aec 'MY SCP' 127"],
  ['a directory with a quote', { dataDirectory: "/srv/it's" }, "list --data '/srv/it'\\''s'"],
])('gives commands that can be copied: %s', (_name, change, expected) => {
  expect(banner({ ...facts, ...change })).toContain(expected);
});
