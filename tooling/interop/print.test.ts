/** Printing with DCMTK's tools and with pynetdicom, both ways. PS3.4 Annex H. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSet, encodePart10, parsePart10, SopClass, TransferSyntax } from '@dicomwire/dimse/dataset';
import { connect, createScp, type Film, print } from '@dicomwire/services';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freshUid } from './corpus/generated.ts';
import { ctImageStorage } from './line/proposal.ts';
import { printWithDcmtk, startDcmprscp } from './peers/dcmtk-print.ts';
import { json, runNScu, startNScp } from './peers/pynetdicom-n-services.ts';
import { temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

describeWith(['DCMTK'], 'printing with DCMTK', () => {
  test('dcmprscu prints two images, a text and two copies with us', async () => {
    const films: Film[] = [];
    const errors: unknown[] = [];
    const scp = createScp({
      aeTitle: 'PRINTER',
      services: [print({ printFilm: async (film) => void films.push(film) })],
      onError: (error) => errors.push(error),
    });
    onTestFinished(() => scp.close());
    const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
    const directory = await temporaryDirectory('images');
    onTestFinished(() => directory.remove());
    const images: string[] = [];
    for (const name of ['one', 'two']) {
      const path = join(directory.path, `${name}.dcm`);
      await writeFile(path, ctImage());
      images.push(path);
    }
    const end = await printWithDcmtk(port, images, 'Printed by DCMTK');
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.stderr + end.stdout).not.toMatch(/^E: /m);
    await vi.waitUntil(() => films.length === 1);
    expect(films[0]).toMatchObject({ copies: 2, isColor: false, imageDisplayFormat: 'STANDARD\\2,1' });
    expect(films[0]?.annotations).toEqual([{ position: expect.any(Number), text: 'Printed by DCMTK' }]);
    expect(films[0]?.presentationLut?.get('PresentationLUTShape')).toBe('IDENTITY');
    for (const box of films[0]?.imageBoxes ?? []) {
      const { rows = 0, columns = 0, bitsAllocated = 0, pixelData } = box.image ?? {};
      expect(rows * columns).toBeGreaterThan(0);
      expect(pixelData).toHaveLength((rows * columns * bitsAllocated) / 8);
    }
    expect(errors).toEqual([]);
  });

  test('dcmprscp prints our film with the pixels that we sent', async () => {
    const printer = await startDcmprscp();
    onTestFinished(() => printer.stop());
    const client = await connect({
      host: '127.0.0.1',
      port: printer.port,
      calledAeTitle: printer.aeTitle,
      callingAeTitle: 'DICOMWIRE',
      services: [],
    });
    onTestFinished(() => client.release());
    const status = await client.print.printer({ attributes: ['PrinterStatus'] });
    expect(status.get('PrinterStatus')).toBe('NORMAL');
    const pixelData = Uint8Array.from({ length: 64 * 64 }, (_value, index) => index);
    const image = { rows: 64, columns: 64, photometricInterpretation: 'MONOCHROME2', pixelData } as const;
    const printed = await client.print.films({
      presentationLut: 'IDENTITY',
      films: [{ imageDisplayFormat: 'STANDARD\\1,1', images: [image], filmBox: { FilmSizeID: '8INX10IN' } }],
    });
    expect(printed).toEqual([expect.objectContaining({ status: 0x0000 })]);
    const hardcopies: Uint8Array[] = [];
    for (const path of await printer.printed()) {
      const { dataSet } = parsePart10(await readFile(path));
      const bytes = dataSet.bytes('PixelData');
      if (bytes !== undefined) hardcopies.push(Uint8Array.from(bytes));
    }
    expect(hardcopies).toEqual([pixelData]);
  });
});

const meta = SopClass.BasicGrayscalePrintManagementMeta;

describeWith(['pynetdicom'], 'printing with pynetdicom', () => {
  test('it prints an image with us', async () => {
    const films: Film[] = [];
    const scp = createScp({
      aeTitle: 'PRINTER',
      services: [print({ printFilm: async (film) => void films.push(film) })],
    });
    onTestFinished(() => scp.close());
    const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
    const session = { sopClass: SopClass.BasicFilmSession, sopInstance: '1.2.5', metaUid: meta };
    const box = { sopClass: SopClass.BasicFilmBox, sopInstance: '1.2.6', metaUid: meta };
    const { answers } = await runNScu({
      port,
      contexts: [meta],
      steps: [
        { operation: 'N-GET', sopClass: SopClass.Printer, sopInstance: '1.2.840.10008.5.1.1.17', metaUid: meta },
        { ...session, operation: 'N-CREATE', dataSet: json({ NumberOfCopies: 2 }) },
        {
          ...box,
          operation: 'N-CREATE',
          dataSet: json({
            ImageDisplayFormat: 'STANDARD\\1,1',
            ReferencedFilmSessionSequence: [
              { ReferencedSOPClassUID: session.sopClass, ReferencedSOPInstanceUID: session.sopInstance },
            ],
          }),
        },
        {
          operation: 'N-SET',
          sopClass: SopClass.BasicGrayscaleImageBox,
          metaUid: meta,
          imageBoxOf: 2,
          dataSet: json({ ImageBoxPosition: 1, BasicGrayscaleImageSequence: [grayscaleImage] }),
        },
        { ...box, operation: 'N-ACTION', type: 1 },
        { ...session, operation: 'N-DELETE' },
      ],
    });
    expect(answers.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0, 0]);
    await vi.waitUntil(() => films.length === 1, { timeout: 20_000 });
    expect(films[0]).toMatchObject({ copies: 2, isColor: false, imageBoxes: [{ image: { rows: 2, columns: 2 } }] });
  });

  test('it prints our film', async () => {
    const boxes = [{ ReferencedSOPClassUID: SopClass.BasicGrayscaleImageBox, ReferencedSOPInstanceUID: '1.2.8' }];
    const peer = await startNScp({
      sopClasses: [meta],
      answers: {
        'N-CREATE': { dataSet: json({ ReferencedImageBoxSequence: boxes }) },
        'N-GET': { dataSet: json({ PrinterStatus: 'NORMAL' }) },
      },
    });
    onTestFinished(() => peer.stop());
    const to = { host: '127.0.0.1', port: peer.port, calledAeTitle: peer.aeTitle, callingAeTitle: 'DICOMWIRE' };
    const client = await connect({ ...to, services: [] });
    onTestFinished(() => client.release());
    expect((await client.print.printer()).get('PrinterStatus')).toBe('NORMAL');
    const image = { rows: 2, columns: 2, photometricInterpretation: 'MONOCHROME2', pixelData: pixels } as const;
    const printed = await client.print.films({ films: [{ imageDisplayFormat: 'STANDARD\\1,1', images: [image] }] });
    expect(printed).toMatchObject([{ status: 0x0000 }]);
    await vi.waitUntil(() => peer.events().some(({ event }) => event === 'N-DELETE'), { timeout: 20_000 });
    const kinds = peer.events().map(({ event }) => event);
    expect(kinds).toEqual(expect.arrayContaining(['N-GET', 'N-CREATE', 'N-SET', 'N-ACTION', 'N-DELETE']));
  });
});

const pixels = Uint8Array.of(0, 85, 170, 255);
const grayscaleImage = {
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  Rows: 2,
  Columns: 2,
  BitsAllocated: 8,
  BitsStored: 8,
  HighBit: 7,
  PixelRepresentation: 0,
  PixelData: pixels,
};

function ctImage(): Uint8Array {
  const image = DataSet.from({
    SOPClassUID: ctImageStorage,
    SOPInstanceUID: freshUid(),
    StudyInstanceUID: freshUid(),
    SeriesInstanceUID: freshUid(),
    PatientID: '4711',
    PatientName: 'DOE^JANE',
    Modality: 'CT',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 64,
    Columns: 64,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    WindowCenter: 2048,
    WindowWidth: 4096,
    PixelData: new Uint8Array(new Uint16Array(64 * 64).map((_value, index) => index).buffer),
  });
  return encodePart10(image, { transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian });
}
