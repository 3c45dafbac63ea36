/** Printing with DCMTK's tools, both ways. PS3.4 Annex H. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSet, encodePart10, parsePart10, TransferSyntax } from '@dicomwire/dimse/dataset';
import { connect, createScp, type Film, print } from '@dicomwire/services';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freshUid } from './corpus/generated.ts';
import { ctImageStorage } from './line/proposal.ts';
import { printWithDcmtk, startDcmprscp } from './peers/dcmtk-print.ts';
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
