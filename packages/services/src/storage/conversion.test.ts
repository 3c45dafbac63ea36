import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DataSet,
  encodeDataSet,
  encodePart10,
  type PixelCodec,
  parseDataSet,
  parsePart10,
  setEncapsulatedFrames,
  TransferSyntax,
  transcode,
} from '@dicomwire/dimse/dataset';
import { expect, onTestFinished, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { ctImageStorage, makeDirectory, makeFile, makeInstance } from '../../test/objects.js';
import { connect, type InstanceToSend, type StoreInput, storage } from '../index.js';

const { ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian } =
  TransferSyntax;

/** A peer that takes CT images in these transfer syntaxes, and what it got. */
async function store(
  inputs: StoreInput,
  transferSyntaxes: readonly string[],
  convert?: boolean,
  codecs?: readonly PixelCodec[],
) {
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
  return { received, summary: await client.store(inputs, { convert, codecs }) };
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
  ['a file that is read once more for its large values', 6_000_000],
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

/** An image of two frames, and its pixel data. */
const image = () =>
  DataSet.from({
    SOPClassUID: ctImageStorage,
    SOPInstanceUID: '1.2',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: 2,
    Rows: 2,
    Columns: 3,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
  }).set(0x7fe00010, 'OB', Uint8Array.of(1, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 9));

async function rleImage() {
  const dataSet = await transcode(image(), ExplicitVRLittleEndian, TransferSyntax.RLELossless);
  const transferSyntaxUid = TransferSyntax.RLELossless;
  return { sopClassUid: ctImageStorage, sopInstanceUid: '1.2', transferSyntaxUid, dataSet };
}

/** As if JPEG 2000 kept samples backwards, and began with its marker. */
const backwards: PixelCodec = {
  name: 'Backwards',
  decodes: [TransferSyntax.JPEG2000],
  encodes: [],
  decode(frame) {
    if (frame[0] !== 0xff) throw new Error('no marker');
    return { bytes: frame.slice(1, 7).reverse(), isLossy: true };
  },
  encode: () => Promise.reject(new Error('no')),
};

function backwardsImage(marker = 0xff): InstanceToSend {
  const dataSet = image();
  setEncapsulatedFrames(dataSet, [Uint8Array.of(0xff, 6, 5, 4, 3, 2, 1), Uint8Array.of(marker, 9, 9, 9, 9, 9, 9)]);
  const transferSyntaxUid = TransferSyntax.JPEG2000;
  const bytes = encodeDataSet(dataSet, transferSyntaxUid);
  return { sopClassUid: ctImageStorage, sopInstanceUid: '1.2', transferSyntaxUid, dataSet: bytes };
}

test.each<[string, readonly string[], string]>([
  ['both uncompressed ones', [ImplicitVRLittleEndian, ExplicitVRLittleEndian], ExplicitVRLittleEndian],
  ['implicit VR alone', [ImplicitVRLittleEndian], ImplicitVRLittleEndian],
])('RLE is decompressed for a peer that takes %s', async (_name, accepted, to) => {
  const { dataSet, ...identity } = await rleImage();
  const path = join(makeDirectory(), 'rle.dcm');
  writeFileSync(path, encodePart10(dataSet, { transferSyntaxUid: identity.transferSyntaxUid }));
  const bytes = encodeDataSet(dataSet, identity.transferSyntaxUid);
  for (const input of [path, { ...identity, dataSet: bytes }]) {
    const { received, summary } = await store(input, accepted);
    expect(summary.results).toMatchObject([{ outcome: 'stored', sentTransferSyntaxUid: to }]);
    expect(received.map((instance) => instance.dataSet)).toEqual([encodeDataSet(image(), to)]);
  }
});

test('a compressed object goes as it is where it may', async () => {
  const { dataSet, ...identity } = await rleImage();
  const instance = { ...identity, dataSet: encodeDataSet(dataSet, identity.transferSyntaxUid) };
  const { received, summary } = await store(instance, [ExplicitVRLittleEndian, identity.transferSyntaxUid]);
  expect(received).toEqual([instance]);
  expect(summary.results[0]?.sentTransferSyntaxUid).toBeUndefined();
});

test('what needs a codec is decompressed by the one that is given', async () => {
  const { received, summary } = await store(backwardsImage(), [ExplicitVRLittleEndian], undefined, [backwards]);
  expect(summary.results).toMatchObject([{ outcome: 'stored', sentTransferSyntaxUid: ExplicitVRLittleEndian }]);
  const [instance] = received;
  if (!(instance?.dataSet instanceof Uint8Array)) throw new Error('Nothing came');
  const there = parseDataSet(instance.dataSet, ExplicitVRLittleEndian);
  expect(Buffer.from(there.bytes('PixelData') ?? [])).toEqual(Buffer.from(image().bytes('PixelData') ?? []));
  expect(there.get('LossyImageCompression')).toBe('01');
});

test('a frame that can not be decompressed keeps its object from being sent, and no other', async () => {
  const { dataSet, ...identity } = await rleImage();
  const fine = { ...identity, dataSet: encodeDataSet(dataSet, identity.transferSyntaxUid) };
  const { received, summary } = await store([backwardsImage(0), fine], [ExplicitVRLittleEndian], undefined, [
    backwards,
  ]);
  expect(summary.results).toMatchObject([
    {
      outcome: 'not-sent',
      reason: 'not-convertible',
      sentBytes: 0,
      error: { message: 'Backwards: frame 1: no marker' },
    },
    { outcome: 'stored' },
  ]);
  expect(received).toHaveLength(1);
  expect(summary.associations).toBe(1);
});

test('nothing is decompressed where that is not wanted', async () => {
  const { dataSet, ...identity } = await rleImage();
  const instance = { ...identity, dataSet: encodeDataSet(dataSet, identity.transferSyntaxUid) };
  const { summary } = await store(instance, [ExplicitVRLittleEndian], false);
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
