import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UsageError } from '../usage-error.js';
import { parseConfig, readConfigFile } from './config-file.js';
import { parsePeer } from './peer.js';

const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error instanceof Error ? error.message : '';
  }
  return 'nothing was thrown';
};
const complaint = (text: string) => messageOf(() => parseConfig(text, 'demo-scp.json'));

test('a file sets what it names, in words of its own', () => {
  const text = `{
    // comments are fine, and trailing commas too
    "port": 4242,
    "aeTitle": "ARCHIVE",
    "idleTimeoutSeconds": 0.5,
    "allowedCallingAeTitles": ["CT1", "MR1"],
    "durability": "os",
    "peers": [
      { "aeTitle": "VIEWER", "host": "10.0.0.7", "port": 104 },
      { "aeTitle": "SAFE", "host": "pacs", "port": 2762, "tls": { "trustedCertificates": "ca.pem" } },
      { "aeTitle": "OPEN", "host": "pacs", "port": 2762, "tls": true },
    ],
  }`;
  expect(parseConfig(text, 'demo-scp.json')).toEqual({
    port: 4242,
    aeTitle: 'ARCHIVE',
    idleTimeoutMs: 500,
    allowedCallingAeTitles: ['CT1', 'MR1'],
    durability: 'os',
    peers: [
      { aeTitle: 'VIEWER', host: '10.0.0.7', port: 104, tls: undefined },
      { aeTitle: 'SAFE', host: 'pacs', port: 2762, tls: { trustedCertificates: 'ca.pem' } },
      { aeTitle: 'OPEN', host: 'pacs', port: 2762, tls: {} },
    ],
  });
});

test.each([
  ['{\n  "port": 4242\n  "host": "x"\n}', /^demo-scp\.json:3: no valid JSON/],
  ['[]', /^demo-scp\.json:1: expected an object/],
  ['{\n"porrt": 1}', /^demo-scp\.json:2: porrt is not known; known are .*port/],
  ['{"port": "4242"}', /^demo-scp\.json:1: port is to be a number$/],
  ['{\n\n"port": 70000}', /^demo-scp\.json:3: port is wrong: expected a port from 0 to 65535$/],
  ['{"aeTitle": "A_TITLE_OF_17_CHS"}', /aeTitle is wrong: expected an AE title/],
  ['{"durability": "none"}', /durability is to be one of "full", "os"$/],
  ['{"promiscuous": 1}', /promiscuous is to be true or false$/],
  ['{"peers": {}}', /peers is to be a list/],
  ['{"peers": [\n{"aeTitle": "A", "port": 1}]}', /^demo-scp\.json:2: peers\[0\] lacks host/],
  [
    '{"peers": [\n{"aeTitle": "A", "host": "h", "port": 1},\n{"aeTitle": "A", "host": "h", "prot": 1}]}',
    /:3: peers\[1\]\.prot is not known/,
  ],
  ['{"peers": [{"aeTitle": "A", "host": "h", "port": 1, "tls": {"key": "x"}}]}', /peers\[0\]\.tls\.key is not known/],
  ['{"__proto__": 1}', /is not known/],
])('%j is told with its line and field', (text, expected) => {
  expect(complaint(text)).toMatch(expected);
});

test('a file that is not there is told so', () => {
  expect(messageOf(() => readConfigFile('/nowhere/demo-scp.json'))).toMatch(
    /^the configuration file can't be read: ENOENT/,
  );
});

test('the schema knows the fields that the reader knows', () => {
  const schema = JSON.parse(readFileSync(new URL('../../demo-scp.schema.json', import.meta.url), 'utf8'));
  const known = /known are (.*)$/.exec(complaint('{"x": 1}'))?.[1]?.split(', ');
  expect(known).toEqual(expect.arrayContaining(Object.keys(schema.properties)));
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(known ?? ['nothing']));
});

test.each([
  ['VIEWER=10.0.0.7:104', { aeTitle: 'VIEWER', host: '10.0.0.7', port: 104, tls: undefined }],
  ['VIEWER=pacs.example:2762;tls', { aeTitle: 'VIEWER', host: 'pacs.example', port: 2762, tls: {} }],
  ['V 1=[::1]:104', { aeTitle: 'V 1', host: '::1', port: 104, tls: undefined }],
])('the peer %s', (word, expected) => {
  expect(parsePeer(word)).toEqual(expected);
});

test.each([
  'VIEWER',
  'VIEWER=host',
  'VIEWER=host:port',
  'VIEWER=:104',
  '=host:104',
  'V=h:0',
  'V=h:70000',
  'V=h:1;ssl',
  'A_TITLE_OF_17_CHS=h:1',
])('%s is no peer', (word) => {
  expect(() => parsePeer(word)).toThrow(/^Expected/);
});
