import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSet, encodeDataSet, encodePart10, parseDataSet, SopClass, TransferSyntax } from '@dicomwire/dimse/dataset';
import { expect, onTestFinished, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { makeDirectory } from '../../test/objects.js';
import { sourceOf } from '../../test/retrieving.js';
import { connect, get, type InstanceFile, type InstanceToSend } from '../index.js';

const sopClassUid = SopClass.SecondaryCaptureImageStorage;
const sopInstanceUid = '1.2.3';

function whole(): DataSet {
  const dataSet = DataSet.from({
    SOPClassUID: sopClassUid,
    SOPInstanceUID: sopInstanceUid,
    PatientID: '4711',
    Rows: 4,
    EncapsulatedDocument: new Uint8Array(100),
    WaveformSequence: [{ WaveformBitsAllocated: 16, WaveformData: new Uint8Array(64) }],
    IconImageSequence: [{ Rows: 2, PixelData: new Uint8Array(8) }],
    SpectroscopyData: new Uint8Array(12),
    PixelData: new Uint8Array(300_000),
  });
  dataSet.set(0x60000010, 'US', 4);
  dataSet.set(0x60003000, 'OW', new Uint8Array(4));
  dataSet.set(0x60023000, 'OW', new Uint8Array(4));
  dataSet.set(0x50003000, 'OW', new Uint8Array(4));
  dataSet.set(0x5000200c, 'OW', new Uint8Array(4));
  dataSet.set(0x00091001, 'LO', 'private and short');
  return dataSet;
}

async function retrieve(instance: InstanceToSend | InstanceFile) {
  const { peer } = memoryLine({ services: [get({ source: sourceOf([instance]) })] });
  const client = await connect({ ...peer, services: [] });
  onTestFinished(() => client.abort());
  const retrieval = client.retrieve(
    { SOPInstanceUID: sopInstanceUid },
    { model: 'composite-instance-without-bulk-data' },
  );
  for await (const { dataSet, transferSyntaxUid } of retrieval) {
    return { transferSyntaxUid, dataSet: parseDataSet(await dataSet.bytes(), transferSyntaxUid) };
  }
  throw new Error('Nothing came');
}

function expectStripped({ dataSet, transferSyntaxUid }: Awaited<ReturnType<typeof retrieve>>): void {
  expect(transferSyntaxUid).toBe(TransferSyntax.ExplicitVRLittleEndian);
  const wave = dataSet.items('WaveformSequence')[0];
  expect(wave?.get('WaveformBitsAllocated')).toBe(16);
  expect(wave?.has('WaveformData')).toBe(false);
  expect(dataSet.items('IconImageSequence')[0]?.has('PixelData')).toBe(true);
  for (const tag of [0x7fe00010, 0x60003000, 0x60023000, 0x50003000, 0x5000200c, 0x56000020, 0x00420011]) {
    expect(dataSet.has(tag), tag.toString(16)).toBe(false);
  }
  expect([dataSet.get('PatientID'), dataSet.get('Rows'), dataSet.has(0x60000010), dataSet.text(0x00091001)]).toEqual([
    '4711',
    4,
    true,
    'private and short',
  ]);
}

const syntaxes = [
  ['explicit', TransferSyntax.ExplicitVRLittleEndian],
  ['implicit', TransferSyntax.ImplicitVRLittleEndian],
  ['big endian', TransferSyntax.ExplicitVRBigEndian],
  ['deflated', TransferSyntax.DeflatedExplicitVRLittleEndian],
] as const;

test.each(syntaxes)('leaves bulk data out of an instance in memory, %s', async (_name, transferSyntaxUid) => {
  const dataSet = encodeDataSet(whole(), transferSyntaxUid);
  expectStripped(await retrieve({ sopClassUid, sopInstanceUid, transferSyntaxUid, dataSet }));
});

test.each(syntaxes)('leaves bulk data out of a file, %s', async (_name, transferSyntaxUid) => {
  const path = join(makeDirectory(), 'file.dcm');
  writeFileSync(path, encodePart10(whole(), { transferSyntaxUid }));
  expectStripped(await retrieve({ sopClassUid, sopInstanceUid, transferSyntaxUid, path }));
});

test('compressed instances come without their pixels in explicit VR little endian', async () => {
  const compressed = whole();
  compressed.delete('PixelData');
  const head = encodeDataSet(compressed, TransferSyntax.ExplicitVRLittleEndian);
  // (7FE0,0010) OB of undefined length: an empty offset table, one fragment.
  const pixels = Buffer.from(
    'e07f10004f420000ffffffff' + 'feff00e000000000' + 'feff00e004000000' + '01020304' + 'feffdde000000000',
    'hex',
  );
  const dataSet = Buffer.concat([head, pixels]);
  const transferSyntaxUid = TransferSyntax.JPEG2000;
  expectStripped(await retrieve({ sopClassUid, sopInstanceUid, transferSyntaxUid, dataSet }));
});
