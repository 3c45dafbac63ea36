import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDataSet, parsePart10, TransferSyntax } from '@dicomwire/dimse/dataset';
import { expect, onTestFinished, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { ctImageStorage, makeDirectory, makeFile, makeInstance } from '../../test/objects.js';
import { connect, type InstanceToSend, type StoreInput, storage } from '../index.js';

const { ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian } =
  TransferSyntax;

/** A peer that takes CT images in these transfer syntaxes, and what it got. */
async function store(inputs: StoreInput, transferSyntaxes: readonly string[], convert?: boolean) {
  const received: InstanceToSend[] = [];
  const { peer } = memoryLine({
    services: [
      storage({
        sopClasses: [ctImageStorage],
        transferSyntaxes,
        async store({ sopClassUid, sopInstanceUid, transferSyntaxUid, dataSet }) {
          received.push({ sopClassUid, sopInstanceUid, transferSyntaxUid, dataSet: await dataSet.bytes() });
        },
      }),
    ],
  });
  const client = await connect({ ...peer, services: [] });
  onTestFinished(() => client.abort());
  return { received, summary: await client.store(inputs, { convert }) };
}

test.each<[string, string, string]>([
  ['explicit', ExplicitVRLittleEndian, ImplicitVRLittleEndian],
  ['implicit', ImplicitVRLittleEndian, ExplicitVRLittleEndian],
  ['big endian', ExplicitVRBigEndian, ExplicitVRLittleEndian],
  ['big endian', ExplicitVRBigEndian, ImplicitVRLittleEndian],
  ['deflated', DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian],
  ['deflated', DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian],
])('an object in %s (%s) is brought into %s when the peer takes nothing else', async (_name, from, to) => {
  const { received, summary } = await store(makeInstance('1.2', { transferSyntaxUid: from }), [to]);
  expect(summary.results).toMatchObject([{ outcome: 'stored', transferSyntaxUid: from, sentTransferSyntaxUid: to }]);
  // The same data set, encoded by the same encoder from values: what the objects of the tests are made of.
  expect(received).toEqual([makeInstance('1.2', { transferSyntaxUid: to })]);
});

test('an object goes as it stands where it may', async () => {
  const instance = makeInstance('1.2', { transferSyntaxUid: ExplicitVRBigEndian });
  const { received, summary } = await store(instance, [ExplicitVRLittleEndian, ExplicitVRBigEndian]);
  expect(received).toEqual([instance]);
  expect(summary.results[0]?.sentTransferSyntaxUid).toBeUndefined();
});

test.each<[string, number]>([
  ['a small file', 500],
  ['a file that is read piece by piece', 3_000_000],
])('%s is brought into another transfer syntax, its large values passed on', async (_name, pixelBytes) => {
  const path = join(makeDirectory(), 'file.dcm');
  writeFileSync(path, makeFile('1.2', { pixelBytes }));
  const { received } = await store(path, [ImplicitVRLittleEndian]);
  expect(received).toEqual([makeInstance('1.2', { pixelBytes, transferSyntaxUid: ImplicitVRLittleEndian })]);
});

test('a stream is brought into another transfer syntax', async () => {
  const instance = makeInstance('1.2', { pixelBytes: 10_000 });
  const bytes: Uint8Array = instance.dataSet;
  const stream = {
    *chunks() {
      for (let at = 0; at < bytes.length; at += 999) yield bytes.slice(at, at + 999);
    },
  };
  const { received } = await store({ ...instance, dataSet: stream }, [ImplicitVRLittleEndian]);
  expect(received).toEqual([makeInstance('1.2', { pixelBytes: 10_000, transferSyntaxUid: ImplicitVRLittleEndian })]);
});

test('what can not be read is reported, and nothing of it is sent', async () => {
  const { dataSet } = makeInstance('1.2');
  const broken = { ...makeInstance('1.2'), dataSet: dataSet.subarray(0, dataSet.length - 100) };
  const { received, summary } = await store([broken, makeInstance('1.3')], [ImplicitVRLittleEndian]);
  expect(summary.results).toMatchObject([
    { outcome: 'not-sent', reason: 'not-convertible', sentBytes: 0 },
    { outcome: 'stored' },
  ]);
  expect(received).toHaveLength(1);
  expect(summary.associations).toBe(1);
});

test('compressed objects are not sent to a peer that does not take them', async () => {
  const instance = makeInstance('1.2', { transferSyntaxUid: TransferSyntax.JPEG2000 });
  const { summary } = await store(instance, [ExplicitVRLittleEndian, ImplicitVRLittleEndian]);
  expect(summary.results).toMatchObject([{ outcome: 'not-sent', reason: 'no-accepted-context' }]);
});

test('nothing is converted where that is not wanted', async () => {
  const { summary } = await store(makeInstance('1.2'), [ImplicitVRLittleEndian], false);
  expect(summary.results).toMatchObject([{ outcome: 'not-sent', reason: 'no-accepted-context' }]);
});

const realFile = fileURLToPath(new URL('../../../../../shared/data/CT_small.dcm', import.meta.url));
test.skipIf(!existsSync(realFile))('a real file has the same values in another transfer syntax', async () => {
  const { received } = await store(realFile, [ImplicitVRLittleEndian]);
  const [implicit] = received;
  if (!(implicit?.dataSet instanceof Uint8Array)) throw new Error('Nothing came');
  const there = parseDataSet(implicit.dataSet, ImplicitVRLittleEndian);
  const { dataSet } = parsePart10(readFileSync(realFile));
  for (const keyword of ['PatientName', 'StudyDate', 'Rows', 'PixelSpacing', 'SOPInstanceUID'] as const) {
    expect(there.get(keyword), keyword).toEqual(dataSet.get(keyword));
  }
  expect(Buffer.from(there.bytes(0x7fe00010) ?? [])).toEqual(Buffer.from(dataSet.bytes(0x7fe00010) ?? []));
});
