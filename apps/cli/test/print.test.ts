import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSet, writePart10File } from '@dicomwire/dimse';
import { type Film, print } from '@dicomwire/services';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listenAsScp } from './listening.js';
import { CT_IMAGE_STORAGE, EXPLICIT_LITTLE_ENDIAN, JPEG_2000, writePart10 } from './part10-file.js';
import { runCli } from './run-cli.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dicomwire-cli-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Four signed values of 12 bits, two frames of one row; in Hounsfield units -1000, 0, 40, 1000 by the intercept. */
async function writeImage(): Promise<string> {
  const dataSet = DataSet.from({
    SOPClassUID: CT_IMAGE_STORAGE,
    SOPInstanceUID: '2.25.1',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: 2,
    Rows: 1,
    Columns: 2,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 1,
    RescaleIntercept: -24,
    RescaleSlope: 1,
    WindowCenter: 40,
    WindowWidth: 400,
  });
  const stored = [-976, 24, 64, 1024].flatMap((value) => [value & 0xff, (value >> 8) & 0x0f]);
  dataSet.set(0x7fe00010, 'OW', Uint8Array.from(stored));
  const path = join(directory, 'ct.dcm');
  await writePart10File(path, dataSet, { transferSyntaxUid: EXPLICIT_LITTLE_ENDIAN });
  return path;
}

test('dicomwire print windows the frames, and puts as many on a film as it has room for', async () => {
  const films: Film[] = [];
  const port = await listenAsScp({ services: [print({ printFilm: async (film) => void films.push(film) })] });
  const image = await writeImage();
  const end = await runCli('print', '127.0.0.1', port, '--format', 'STANDARD\\1,2', '--copies', '2', image, image);
  expect(end).toMatchObject({ exitCode: 0, stderr: '' });
  expect(end.stdout).toMatch(/^0000 Success.*\n0000 Success.*\nThe printer took 2 films with 4 images\.\n$/);
  await vi.waitUntil(() => films.length === 2);
  expect(films[0]).toMatchObject({ copies: 2, imageDisplayFormat: 'STANDARD\\1,2', isColor: false });
  // PS3.3 C.11.2.1.2.1: ((x - 39.5) / 399 + 0.5) * 255, clamped.
  expect(films[0]?.imageBoxes.map((box) => [...(box.image?.pixelData ?? [])])).toEqual([
    [0, 102],
    [128, 255],
  ]);
});

test('dicomwire print says what it can not print', async () => {
  const path = join(directory, 'j2k');
  writePart10(path, { sopInstanceUid: '2.25.1', transferSyntax: JPEG_2000 });
  const end = await runCli('print', '127.0.0.1', '1', path);
  expect(end).toMatchObject({ exitCode: 1, stdout: '' });
  expect(end.stderr).toMatch(/j2k/);
  const format = await runCli('print', '127.0.0.1', '1', '--format', 'STANDARD', path);
  expect(format).toMatchObject({ exitCode: 2, stdout: '' });
});
