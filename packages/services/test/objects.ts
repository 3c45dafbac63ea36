/** Objects and providers for the tests of this package. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSet, encodeDataSet, encodePart10, TransferSyntax } from '@dicomwire/dimse/dataset';
import { onTestFinished } from 'vitest';
import { createScp, type InstanceToSend, type Scp, type ScpOptions } from '../src/index.js';

export const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';
export const mrImageStorage = '1.2.840.10008.5.1.4.1.1.4';

/** What a test object is to be. */
export interface ObjectOptions {
  readonly sopClassUid?: string;
  readonly transferSyntaxUid?: string;
  /** Length of its pixel data, bytes. */
  readonly pixelBytes?: number;
}

/** A data set with this SOP instance UID. */
export function makeDataSet(sopInstanceUid: string, options: ObjectOptions = {}): DataSet {
  const { sopClassUid = ctImageStorage, pixelBytes = 512 } = options;
  const pixels = new Uint8Array(pixelBytes);
  for (let at = 0; at < pixelBytes; at += 1) pixels[at] = at * 7;
  return DataSet.from({
    SOPClassUID: sopClassUid,
    SOPInstanceUID: sopInstanceUid,
    StudyInstanceUID: '1.2.3',
    SeriesInstanceUID: '1.2.3.4',
    PatientID: '4711',
    PatientName: 'DOE^JANE',
    Modality: 'CT',
    PixelData: pixels,
  });
}

/** The same, encoded. */
export function makeInstance(
  sopInstanceUid: string,
  options: ObjectOptions = {},
): InstanceToSend & { dataSet: Uint8Array } {
  const { sopClassUid = ctImageStorage, transferSyntaxUid = TransferSyntax.ExplicitVRLittleEndian } = options;
  const dataSet = encodeDataSet(makeDataSet(sopInstanceUid, options), uncompressed(transferSyntaxUid));
  return { sopClassUid, sopInstanceUid, transferSyntaxUid, dataSet };
}

/** A Part 10 file. */
export function makeFile(sopInstanceUid: string, options: ObjectOptions = {}): Uint8Array {
  const { transferSyntaxUid = TransferSyntax.ExplicitVRLittleEndian } = options;
  return encodePart10(makeDataSet(sopInstanceUid, options), { transferSyntaxUid });
}

/** A directory that goes with the test. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'services-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A provider on a free port, closed with the test. */
export async function startScp(options: Partial<ScpOptions> & Pick<ScpOptions, 'services'>) {
  const scp: Scp = createScp({ aeTitle: 'ARCHIVE', ...options });
  onTestFinished(() => scp.close());
  const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
  return { scp, port, peer: { host: '127.0.0.1', port, calledAeTitle: 'ARCHIVE', callingAeTitle: 'MODALITY' } };
}

/** Encapsulated syntaxes have no encoder here: the bytes are explicit VR little endian, which is how their elements are encoded. */
function uncompressed(transferSyntaxUid: string): string {
  const uncompressed: readonly string[] = [
    TransferSyntax.ImplicitVRLittleEndian,
    TransferSyntax.ExplicitVRBigEndian,
    TransferSyntax.DeflatedExplicitVRLittleEndian,
  ];
  return uncompressed.includes(transferSyntaxUid) ? transferSyntaxUid : TransferSyntax.ExplicitVRLittleEndian;
}
