/** Pixel data decompressed and compressed, by the word of DCMTK and pydicom: every compressed file of the corpus. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { jpeg } from '@dicomwire/dimse/codecs/jpeg';
import { jpeg2000 } from '@dicomwire/dimse/codecs/jpeg-2000';
import { jpegLossless } from '@dicomwire/dimse/codecs/jpeg-lossless';
import { jpegLs } from '@dicomwire/dimse/codecs/jpeg-ls';
import {
  type DataSet,
  encodePart10,
  parsePart10,
  pixelDataFrames,
  pixelSamples,
  TransferSyntax,
  transcode,
} from '@dicomwire/dimse/dataset';
import { afterAll, describe, expect, test } from 'vitest';
import { SHARED_FILES } from './corpus/corpus.ts';
import { PYDICOM_PYTHON } from './peers/availability.ts';
import { PYDICOM_FILES, run, temporaryDirectory, whatIsMissing } from './peers/index.ts';

const { ExplicitVRLittleEndian, RLELossless, JPEGLSLossless, JPEG2000Lossless } = TransferSyntax;
const codecs = [jpeg(), jpegLs(), jpeg2000(), jpegLossless()];
const directory = await temporaryDirectory('pixel-data');
afterAll(() => directory.remove());

/** Which program of DCMTK decompresses a transfer syntax; it has none for JPEG 2000. */
function dcmtkFor(transferSyntaxUid: string): string | undefined {
  if (transferSyntaxUid === RLELossless) return 'dcmdrle';
  if (/^1\.2\.840\.10008\.1\.2\.4\.(5|7)/.test(transferSyntaxUid)) return 'dcmdjpeg';
  return /^1\.2\.840\.10008\.1\.2\.4\.8/.test(transferSyntaxUid) ? 'dcmdjpls' : undefined;
}

interface CompressedFile {
  readonly name: string;
  readonly path: string;
  readonly transferSyntaxUid: string;
  readonly dataSet: DataSet;
}

function compressedFiles(): CompressedFile[] {
  const files = [SHARED_FILES, join(PYDICOM_FILES, 'test_files')].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => ({ name, path: join(folder, name) })) : [],
  );
  const seen = new Set<string>();
  return files.flatMap(({ name, path }) => {
    if (!name.endsWith('.dcm')) return [];
    const bytes = new Uint8Array(readFileSync(path));
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (seen.has(hash)) return [];
    seen.add(hash);
    try {
      const { dataSet, meta } = parsePart10(bytes);
      const transferSyntaxUid = meta?.transferSyntaxUid ?? '';
      return dataSet.fragments('PixelData') === undefined ? [] : [{ name, path, transferSyntaxUid, dataSet }];
    } catch {
      return [];
    }
  });
}

/** Samples of all frames, pixel by pixel. */
function samplesOf(dataSet: DataSet): number[] {
  const frames = pixelDataFrames(dataSet);
  const samples: number[] = [];
  const { rows, columns, samplesPerPixel, planarConfiguration } = frames.image;
  const [pixelStep, sampleStep] = planarConfiguration === 1 ? [1, rows * columns] : [samplesPerPixel, 1];
  for (const frame of frames) {
    const stored = pixelSamples(frame, frames.image);
    for (let pixel = 0; pixel < rows * columns; pixel++)
      for (let sample = 0; sample < samplesPerPixel; sample++)
        samples.push(stored[pixel * pixelStep + sample * sampleStep]!);
  }
  return samples;
}

const decompress = ({ dataSet, transferSyntaxUid }: CompressedFile) =>
  transcode(dataSet, transferSyntaxUid, ExplicitVRLittleEndian, { codecs });

/** What none of the packages decompresses, or nobody does. */
const notDecompressed = new Map([
  ['JPGExtended.dcm', 'unsupported'],
  ['JPEG-lossy.dcm', 'unsupported'],
  ['JPEG2000-embedded-sequence-delimiter.dcm', 'invalid-frame'],
]);

/** DCMTK stumbles at the data set around the pixels. */
const notReadByDcmtk = new Set(['SC_rgb_jpeg.dcm']);

const files = compressedFiles();
const readable = files.filter(({ name }) => !notDecompressed.has(name));
const dcmtk = whatIsMissing('DCMTK');
const pydicom = whatIsMissing('pydicom');
if (dcmtk !== undefined) console.log(`pixel-data.test.ts: without DCMTK (${dcmtk}) its comparisons are skipped`);
if (pydicom !== undefined) console.log(`pixel-data.test.ts: without pydicom (${pydicom}) its comparisons are skipped`);
if (files.length === 0) console.log('pixel-data.test.ts: no real files, skipped');

describe.skipIf(files.length === 0)('every compressed file', () => {
  test.each(files.filter(({ name }) => notDecompressed.has(name)))('$name ends in a typed error', async (file) => {
    const code = notDecompressed.get(file.name);
    await expect(decompress(file)).rejects.toMatchObject({ name: 'PixelDataError', code });
  });

  test
    .skipIf(dcmtk !== undefined)
    .each(readable.filter(({ name, transferSyntaxUid }) => dcmtkFor(transferSyntaxUid) && !notReadByDcmtk.has(name)))(
    '$name has the samples that DCMTK finds',
    async (file) => {
      const output = join(directory.path, file.name);
      const { exitCode } = await run(dcmtkFor(file.transferSyntaxUid) ?? '', [file.path, output]);
      expect(exitCode).toBe(0);
      const theirs = parsePart10(new Uint8Array(readFileSync(output))).dataSet;
      const ours = await decompress(file);
      expect(sha256(samplesOf(ours))).toBe(sha256(samplesOf(theirs)));
      for (const keyword of [
        'PhotometricInterpretation',
        'SamplesPerPixel',
        'BitsStored',
        'PixelRepresentation',
      ] as const)
        expect(ours.get(keyword), keyword).toEqual(theirs.get(keyword));
    },
  );

  test.skipIf(pydicom !== undefined).each(
    // Pillow finds a broken data stream in GDCMJ2K_TextGBR.dcm.
    readable.filter(({ name, transferSyntaxUid }) => /\.9[01]$/.test(transferSyntaxUid) && !name.startsWith('GDCMJ2K')),
  )('$name has the samples that pydicom finds', async (file) => {
    const { exitCode, stdout } = await run(PYDICOM_PYTHON, ['-c', sumOfSamples, file.path]);
    expect(exitCode).toBe(0);
    expect(sha256(samplesOf(await decompress(file)))).toBe(stdout.trim());
  });

  test.each(files.filter(({ transferSyntaxUid }) => transferSyntaxUid === '1.2.840.10008.1.2.8.1'))(
    '$name has the bytes that zlib finds',
    async (file) => {
      const frames = [...pixelDataFrames(file.dataSet)].map(({ bytes }) => inflateRawSync(bytes));
      expect(Buffer.compare(Buffer.concat(frames), (await decompress(file)).get('PixelData') ?? Buffer.of())).toBe(0);
    },
  );
});

const sumOfSamples = `
import hashlib, sys, warnings
warnings.simplefilter('ignore')
import pydicom
print(hashlib.sha256(pydicom.dcmread(sys.argv[1]).pixel_array.astype('<i4').tobytes()).hexdigest())
`;

function sha256(samples: readonly number[]): string {
  return createHash('sha256')
    .update(new Uint8Array(Int32Array.from(samples).buffer))
    .digest('hex');
}

/** Native images to compress: gray with and without sign, with 12 bits, colour, several frames. */
const originals = readable.filter(({ name }) =>
  ['MR_small_RLE.dcm', 'emri_small_jpeg_ls_lossless.dcm', 'SC_rgb_rle_2frame.dcm', '693_J2KI.dcm'].includes(name),
);

describe.skipIf(originals.length === 0)('what is compressed', () => {
  async function compressed(file: CompressedFile, to: string) {
    const native = await decompress(file);
    const dataSet = await transcode(native, ExplicitVRLittleEndian, to, { codecs });
    const path = join(directory.path, `${to}-${file.name}`);
    writeFileSync(path, encodePart10(dataSet, { transferSyntaxUid: to }));
    return { native, path };
  }

  test
    .skipIf(dcmtk !== undefined)
    .each(originals.flatMap((file) => [RLELossless, JPEGLSLossless].map((to) => ({ ...file, to }))))(
    '$name is decompressed from $to by DCMTK',
    async ({ to, ...file }) => {
      const { native, path } = await compressed(file, to);
      const { exitCode } = await run(dcmtkFor(to) ?? '', [path, `${path}.raw`]);
      expect(exitCode).toBe(0);
      const theirs = parsePart10(new Uint8Array(readFileSync(`${path}.raw`))).dataSet;
      expect(sha256(samplesOf(theirs))).toBe(sha256(samplesOf(native)));
    },
  );

  test.skipIf(pydicom !== undefined).each(originals)(
    '$name is decompressed from JPEG 2000 by pydicom',
    async (file) => {
      const { native, path } = await compressed(file, JPEG2000Lossless);
      const { exitCode, stdout } = await run(PYDICOM_PYTHON, ['-c', sumOfSamples, path]);
      expect(exitCode).toBe(0);
      expect(stdout.trim()).toBe(sha256(samplesOf(native)));
    },
  );
});
