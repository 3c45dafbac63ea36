import { DataSet, type DataSetInput } from '@dicomwire/dimse';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startScp } from '../../test/objects.js';
import { connect } from '../client.js';
import type { Film } from './film.js';
import { rasterizeFilm } from './film-raster.js';
import type { PrintOptions } from './print-options.js';
import { print } from './print-scp.js';
import { PrintSopClass } from './print-sop-class.js';

/** Two rows, three columns: 0 to 5, times 50. */
const gray = {
  rows: 2,
  columns: 3,
  photometricInterpretation: 'MONOCHROME2',
  pixelData: Uint8Array.of(0, 50, 100, 150, 200, 250),
} as const;
const red = {
  rows: 1,
  columns: 2,
  photometricInterpretation: 'RGB',
  pixelData: Uint8Array.of(255, 0, 0, 255, 0, 0),
} as const;

async function scene(options: Partial<PrintOptions> = {}) {
  const films: Film[] = [];
  const { peer } = await startScp({
    services: [print({ printFilm: async (film) => void films.push(film), ...options })],
  });
  const client = await connect({ ...peer, services: [] });
  onTestFinished(() => client.release());
  return { films, client };
}

describe('films', () => {
  test('come to the printer with their images, in order', async () => {
    const { films, client } = await scene();
    const printed = await client.print.films({
      copies: 3,
      films: [
        {
          imageDisplayFormat: 'STANDARD\\2,1',
          images: [gray, { ...gray, imageBox: { Polarity: 'REVERSE' } }],
          filmBox: { FilmOrientation: 'LANDSCAPE', FilmSizeID: 'A4' },
        },
        { imageDisplayFormat: 'STANDARD\\1,1', images: [gray] },
      ],
    });
    expect(printed).toEqual(Array(2).fill({ printJobUid: expect.any(String), status: 0, meaning: expect.any(String) }));
    await vi.waitUntil(() => films.length === 2);
    expect(films[0]).toMatchObject({
      copies: 3,
      isColor: false,
      isLandscape: true,
      filmSizeId: 'A4',
      imageDisplayFormat: 'STANDARD\\2,1',
      printJobUid: printed[0]?.printJobUid,
    });
    expect(
      films[0]?.imageBoxes.map(({ position, isReversed, image }) => [position, isReversed, image?.pixelData]),
    ).toEqual([
      [1, false, gray.pixelData],
      [2, true, gray.pixelData],
    ]);
    expect(films[1]).toMatchObject({ isLandscape: false, filmSizeId: undefined });
  });

  test('in colour', async () => {
    const { films, client } = await scene();
    await client.print.films({ films: [{ imageDisplayFormat: 'STANDARD\\1,1', images: [red] }] });
    await vi.waitUntil(() => films.length === 1);
    expect(films[0]).toMatchObject({ isColor: true });
    expect(films[0]?.imageBoxes[0]?.image).toMatchObject({ samplesPerPixel: 3, pixelData: red.pixelData });
  });

  test('with text and a presentation LUT', async () => {
    const { films, client } = await scene();
    await client.print.films({
      presentationLut: 'IDENTITY',
      films: [
        {
          imageDisplayFormat: 'STANDARD\\1,1',
          images: [gray],
          annotations: { displayFormatId: 'LABELS', texts: ['DOE^JANE', '2026-01-31'] },
        },
      ],
    });
    await vi.waitUntil(() => films.length === 1);
    expect(films[0]?.annotations).toEqual([
      { position: 1, text: 'DOE^JANE' },
      { position: 2, text: '2026-01-31' },
    ]);
    expect(films[0]?.presentationLut?.get('PresentationLUTShape')).toBe('IDENTITY');
  });

  test('without an image are printed with a warning', async () => {
    const { client } = await scene();
    const printed = await client.print.films({ films: [{ imageDisplayFormat: 'STANDARD\\1,1', images: [] }] });
    expect(printed[0]?.status).toBe(0xb603);
  });

  test('with more images than boxes, or images of another size than they say, are not sent', async () => {
    const { client } = await scene();
    const films = (images: (typeof gray)[]) =>
      client.print.films({ films: [{ imageDisplayFormat: 'STANDARD\\1,1', images }] });
    await expect(films([gray, gray])).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(films([{ ...gray, pixelData: new Uint8Array(5) as typeof gray.pixelData }])).rejects.toMatchObject({
      code: 'invalid-option',
    });
  });
});

describe('jobs', () => {
  test('are waited for, and told of', async () => {
    const { client } = await scene();
    const told: string[] = [];
    const [film] = await client.print.films(
      { films: [{ imageDisplayFormat: 'STANDARD\\1,1', images: [gray] }] },
      { waitForJobsMs: 20_000, onJob: ({ status }) => void told.push(status) },
    );
    expect(told.at(-1)).toBe('DONE');
    const job = await client.print.job(film?.printJobUid ?? '');
    expect(job.get('ExecutionStatus')).toBe('DONE');
    expect(job.get('Originator')).toBe('MODALITY');
  });

  test('that fail are a FAILURE, and whoever runs the printer hears why', async () => {
    const errors: unknown[] = [];
    const { client } = await scene({
      printFilm: async () => {
        throw new Error('Out of film');
      },
      onError: (error) => void errors.push(error),
    });
    const told: string[] = [];
    await client.print.films(
      { films: [{ imageDisplayFormat: 'STANDARD\\1,1', images: [gray] }] },
      { waitForJobsMs: 20_000, onJob: ({ status }) => void told.push(status) },
    );
    expect(told.at(-1)).toBe('FAILURE');
    expect(errors).toEqual([new Error('Out of film')]);
  });

  test('beyond what may wait are refused', async () => {
    const { client } = await scene({ printFilm: () => new Promise(() => undefined), maximumQueuedFilms: 1 });
    const film = { imageDisplayFormat: 'STANDARD\\1,1', images: [gray] };
    await expect(client.print.films({ films: [film, film] })).rejects.toMatchObject({ status: 0xc602 });
  });
});

test('a printer says how it is', async () => {
  const { client } = await scene({
    status: () => ({ status: 'WARNING', info: 'SUPPLY LOW' }),
    printer: { PrinterName: 'FILM1', Manufacturer: 'ACME' },
  });
  const printer = await client.print.printer();
  expect(printer.get('PrinterStatus')).toBe('WARNING');
  expect(printer.get('PrinterName')).toBe('FILM1');
  const some = await client.print.printer({ attributes: ['PrinterStatusInfo'] });
  expect(some.tags()).toEqual([0x21100020]);
});

describe('a printer refuses', () => {
  const meta = PrintSopClass.grayscaleMeta;
  const session = { sopClassUid: PrintSopClass.filmSession, abstractSyntax: meta };
  const box = (reference: string, format: string, more: DataSetInput = {}) => ({
    sopClassUid: PrintSopClass.filmBox,
    abstractSyntax: meta,
    attributes: {
      ImageDisplayFormat: format,
      ReferencedFilmSessionSequence: [
        { ReferencedSOPClassUID: PrintSopClass.filmSession, ReferencedSOPInstanceUID: reference },
      ],
      ...more,
    },
  });

  test('a second session, boxes of no session, formats that are none', async () => {
    const { client } = await scene();
    const n = client.nServices;
    const { sopInstanceUid } = await n.create(session);
    await expect(n.create(session)).rejects.toMatchObject({ status: 0x0110 });
    await expect(n.create(box('1.2.3', 'STANDARD\\1,1'))).rejects.toMatchObject({ status: 0x0106 });
    await expect(n.create(box(sopInstanceUid, 'STANDARD\\0,9'))).rejects.toMatchObject({ status: 0x0106 });
    await expect(n.action({ ...session, sopInstanceUid, actionTypeId: 1 })).rejects.toMatchObject({ status: 0xc600 });
    await expect(n.action({ ...session, sopInstanceUid, actionTypeId: 2 })).rejects.toMatchObject({ status: 0x0123 });
  });

  test('images that are none, in boxes that are none, and more than there is room for', async () => {
    const { client } = await scene({ maximumImageBytes: 8 });
    const n = client.nServices;
    const { sopInstanceUid } = await n.create(session);
    const { dataSet } = await n.create(box(sopInstanceUid, 'STANDARD\\2,1'));
    const [first = '', second = ''] = (dataSet?.get('ReferencedImageBoxSequence') ?? []).map(
      (item) => item.get('ReferencedSOPInstanceUID') ?? '',
    );
    const image = (uid: string, position: number, more: DataSetInput) =>
      n.set({
        sopClassUid: PrintSopClass.grayscaleImageBox,
        abstractSyntax: meta,
        sopInstanceUid: uid,
        modifications: {
          ImageBoxPosition: position,
          BasicGrayscaleImageSequence: [
            {
              SamplesPerPixel: 1,
              PhotometricInterpretation: 'MONOCHROME2',
              Rows: 2,
              Columns: 3,
              BitsAllocated: 8,
              BitsStored: 8,
              HighBit: 7,
              PixelRepresentation: 0,
              PixelData: gray.pixelData,
              ...more,
            },
          ],
        },
      });
    await expect(image(first, 1, { Rows: 200 })).rejects.toMatchObject({
      status: 0x0106,
      offendingElements: [0x7fe00010],
    });
    await expect(image(first, 1, { SamplesPerPixel: 2 })).rejects.toMatchObject({ status: 0x0106 });
    await expect(image(first, 2, {})).rejects.toMatchObject({ status: 0x0106 });
    await expect(image('1.2.3', 1, {})).rejects.toMatchObject({ status: 0x0112 });
    await expect(image(first, 1, {})).resolves.toMatchObject({ status: 0 });
    await expect(image(first, 1, {})).resolves.toMatchObject({ status: 0 });
    await expect(image(second, 2, {})).rejects.toMatchObject({ status: 0xc605 });
  });
});

describe('a film as pixels', () => {
  const film = (image: Film['imageBoxes'][number]['image'], more: Partial<Film> = {}): Film => ({
    filmBoxUid: '1.2',
    printJobUid: '1.3',
    isColor: false,
    copies: 1,
    imageDisplayFormat: 'STANDARD\\1,1',
    isLandscape: false,
    filmSizeId: '8INX10IN',
    imageBoxes: [
      {
        position: 1,
        place: { left: 0, top: 0, width: 1, height: 1 },
        image,
        isReversed: false,
        attributes: new DataSet(),
      },
    ],
    annotations: [],
    session: new DataSet(),
    filmBox: new DataSet(),
    presentationLut: undefined,
    ...more,
  });
  const image = {
    rows: 1,
    columns: 2,
    photometricInterpretation: 'MONOCHROME2',
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    planarConfiguration: 0,
    pixelAspectRatio: [1, 1],
    pixelData: Uint8Array.of(0, 0, 0xff, 0x0f),
  } as const;

  test('has the size of its film, and keeps the proportions of its image', () => {
    const { width, height, channels, pixels } = rasterizeFilm(film(image), { dotsPerInch: 10 });
    expect([width, height, channels]).toEqual([80, 100, 1]);
    const row = (index: number) => pixels.subarray(index * width, (index + 1) * width);
    expect(row(10).every((value) => value === 0)).toBe(true);
    expect([row(50)[10], row(50)[70]]).toEqual([0, 255]);
  });

  test('turns black and white for MONOCHROME1', () => {
    const inverted = { ...image, photometricInterpretation: 'MONOCHROME1' };
    const { width, pixels } = rasterizeFilm(film(inverted), { dotsPerInch: 10 });
    expect([pixels[50 * width + 10], pixels[50 * width + 70]]).toEqual([255, 0]);
  });

  test('keeps to a number of pixels', () => {
    const { width, height } = rasterizeFilm(film(undefined), { dotsPerInch: 10_000, maximumPixels: 8_000 });
    expect(width * height).toBeLessThanOrEqual(8_000);
  });
});
