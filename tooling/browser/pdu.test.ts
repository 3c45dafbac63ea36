import { annotate, decode, encode, type Pdu, renderAnnotation } from '@dicomwire/pdu';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from './chromium.ts';
import { openPage } from './open-page.ts';

const program = findChromium();
const isRequired = Boolean(process.env.CI);
if (program === undefined)
  console.warn('NOT TESTED in a browser: there is no Chromium (Debian: apt install chromium).');

const REQUEST: Pdu = {
  type: 'A-ASSOCIATE-RQ',
  protocolVersion: 1,
  calledAeTitle: 'PACS',
  callingAeTitle: 'R\u00d6NTGEN',
  applicationContextName: '1.2.840.10008.3.1.1.1',
  presentationContexts: [{ id: 1, abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
  userInformation: { maximumLength: 16384, implementationClassUid: '1.2.3', implementationVersionName: 'V1' },
};
const DATA: Pdu = {
  type: 'P-DATA-TF',
  values: [{ contextId: 1, isCommand: true, isLast: true, data: Uint8Array.of(1, 2, 3) }],
};

test.runIf(isRequired)('a Chromium is there', () => expect(program).toBeDefined());

describe.skipIf(program === undefined)('on a page in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let complaints: readonly string[];

  beforeAll(async () => {
    ({ browser, page, complaints } = await openPage('page.ts', '<!doctype html><title>PDUs</title><pre></pre>'));
  });

  afterAll(() => browser?.close());

  test.each([
    ['A-ASSOCIATE-RQ', REQUEST, ['A-ASSOCIATE-RQ 176']],
    ['P-DATA-TF', DATA, ['P-DATA-TF 9', '1 false 1', '1 false 1', '1 true 1', 'end']],
  ])('%s is decoded, encoded, streamed and annotated as in Node', async (_name, pdu, events) => {
    const bytes = encode(pdu);
    const explanation = await page.evaluate((octets) => window.explain(octets), [...bytes]);
    expect(explanation.decoded).toBe(JSON.stringify(decode(bytes)?.pdu, octetsOfViews));
    expect(Uint8Array.from(explanation.encoded)).toEqual(bytes);
    expect(explanation.read).toEqual(events);
    expect(await page.textContent('pre')).toBe(renderAnnotation(annotate(bytes)));
  });

  test('a malformed PDU is explained up to its break', async () => {
    const explanation = await page.evaluate((octets) => window.explain(octets), [4, 0, 0, 0, 0, 6, 0, 0, 0, 9, 1, 3]);
    expect(explanation.decoded).toBe('overrun presentationDataValue[0]/itemLength');
    expect(await page.textContent('pre')).toContain('undecoded  presentationDataValue[0]/itemLength: is 9');
  });

  test('no error is left unsaid', () => expect(complaints).toEqual([]));
});

function octetsOfViews(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? [...value] : value;
}
