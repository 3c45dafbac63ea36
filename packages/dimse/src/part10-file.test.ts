import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataSet, encodePart10, TransferSyntax } from './dataset/index.js';
import { readBulkData, readPart10File, writePart10File } from './part10-file.js';

const transferSyntaxUid = TransferSyntax.ExplicitVRLittleEndian;
const pixelData = 0x7fe00010;

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dicomwire-part10-'));
});
afterAll(() => rm(directory, { recursive: true }));

function image(pixelBytes: number): DataSet {
  return DataSet.from({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
    SOPInstanceUID: '1.2.3',
    Rows: 100,
    PixelData: new Uint8Array(pixelBytes).fill(7),
  });
}

async function filed(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, bytes);
  return path;
}

describe('reading', () => {
  test('gives all of a file', async () => {
    const path = await filed('all.dcm', encodePart10(image(1000), { transferSyntaxUid }));
    const { meta, dataSet } = await readPart10File(path);
    expect([meta.mediaStorageSopInstanceUid, dataSet.get('Rows')]).toEqual(['1.2.3', 100]);
    expect(dataSet.get('PixelData')).toEqual(new Uint8Array(1000).fill(7));
  });

  test('gives the header of a file of 3 GB, and its pixels by their place', async () => {
    const byteLength = 3_000_000_000;
    const head = encodePart10(image(0), { transferSyntaxUid });
    new DataView(head.buffer, head.byteOffset).setUint32(head.length - 4, byteLength, true);
    const path = await filed('sparse.dcm', head);
    const file = await open(path, 'r+');
    // Nothing stands there; it takes no room on the disk.
    await file.truncate(head.length + byteLength);
    await file.close();
    const { dataSet } = await readPart10File(path, { maxValueBytes: 65536 });
    expect(dataSet.get('Rows')).toBe(100);
    const range = { kind: 'range', offset: head.length, byteLength, isEncapsulated: false } as const;
    expect(dataSet.bulkData('PixelData')).toEqual(range);
    const stopped = await readPart10File(path, { stopBefore: pixelData });
    expect([stopped.dataSet.get('Rows'), stopped.dataSet.has('PixelData')]).toEqual([100, false]);
    const first = await readBulkData(path, range).next();
    expect(first.value).toEqual(new Uint8Array(0x4_0000));
    await rm(path);
  });

  test.each([{}, { maxValueBytes: 10 }])('says what is wrong with a path', async (options) => {
    await expect(readPart10File(join(directory, 'none'), options)).rejects.toThrow(/ENOENT/);
    await expect(readPart10File(directory, options)).rejects.toThrow(/is no file|EISDIR/);
    const empty = await filed('empty.dcm', new Uint8Array(0));
    await expect(readPart10File(empty, options)).rejects.toThrow(expect.objectContaining({ code: 'invalid-meta' }));
  });

  test('a value of a file that became shorter is an error', async () => {
    const path = await filed('short.dcm', new Uint8Array(100));
    const range = { kind: 'range', offset: 50, byteLength: 100, isEncapsulated: false } as const;
    const read = async () => {
      for await (const _chunk of readBulkData(path, range));
    };
    await expect(read()).rejects.toThrow(expect.objectContaining({ code: 'truncated' }));
  });
});

describe('writing', () => {
  test('makes the same file as encodePart10, and leaves nothing else', async () => {
    const folder = await mkdtemp(join(directory, 'w-'));
    const path = join(folder, 'a.dcm');
    await writeFile(path, 'what was there before');
    await writePart10File(path, image(100_000), { transferSyntaxUid });
    const expected = Buffer.from(encodePart10(image(100_000), { transferSyntaxUid }));
    expect(Buffer.compare(await readFile(path), expected)).toBe(0);
    expect(await readdir(folder)).toEqual(['a.dcm']);
  });

  test('takes large values from the file that they were left in', async () => {
    const from = await filed('from.dcm', encodePart10(image(1_000_000), { transferSyntaxUid }));
    const { meta, dataSet } = await readPart10File(from, { maxValueBytes: 1000 });
    const to = join(directory, 'to.dcm');
    await writePart10File(to, dataSet.set('PatientID', '4711'), meta, {
      bulkData: (range) => readBulkData(from, range),
    });
    const written = (await readPart10File(to)).dataSet;
    expect([written.get('PatientID'), written.get('PixelData')?.length]).toEqual(['4711', 1_000_000]);
  });

  test('that fails leaves what was there', async () => {
    const folder = await mkdtemp(join(directory, 'f-'));
    const path = join(folder, 'a.dcm');
    await writeFile(path, 'what was there before');
    const missing = DataSet.from({ SOPClassUID: '1.2' });
    await expect(writePart10File(path, missing, { transferSyntaxUid })).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-meta' }),
    );
    const late = await readPart10File(await filed('l.dcm', encodePart10(image(5000), { transferSyntaxUid })), {
      maxValueBytes: 100,
    });
    const bulkData = async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw new Error('the disk is gone');
    };
    await expect(writePart10File(path, late.dataSet, { transferSyntaxUid }, { bulkData })).rejects.toThrow('gone');
    expect(await readdir(folder)).toEqual(['a.dcm']);
    expect(await readFile(path, 'utf8')).toBe('what was there before');
  });
});
