/** What a project does with the types of data sets: keywords of all kinds, paths, objects. It is compiled, never run. */
import { DataSet, encodePart10, parsePart10, TransferSyntax } from '@dicomwire/dimse/dataset';

/** Reads. */
export function summary(bytes: Uint8Array): string {
  const { dataSet } = parsePart10(bytes);
  const name: string | undefined = dataSet.get('PatientName');
  const rows: number | undefined = dataSet.get('Rows');
  const types: readonly string[] = dataSet.get('ImageType');
  const spacing: readonly number[] = dataSet.get('PixelSpacing');
  const smallest: number | undefined = dataSet.get('SmallestImagePixelValue');
  const pixels: Uint8Array | undefined = dataSet.get('PixelData');
  const offset: bigint | undefined = dataSet.get('FileOffsetInContainer');
  const step: string | undefined = dataSet.get('RequestAttributesSequence[0].ScheduledProcedureStepID');
  const inner: readonly number[] = dataSet.get(
    'SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing',
  );
  const series = dataSet
    .get('ReferencedSeriesSequence')
    .map((item): string | undefined => item.get('SeriesInstanceUID'));
  return [name, rows, ...types, ...spacing, smallest, pixels?.length, offset, step, ...inner, ...series].join();
}

/** Writes. */
export function made(): Uint8Array {
  const dataSet = DataSet.from({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: '1.2.3',
    ImageType: ['ORIGINAL', 'PRIMARY'],
    SliceThickness: 1.25,
    PixelSpacing: [0.5, '0.5'],
    Rows: 2,
    PatientID: null,
    ReferencedSeriesSequence: [{ SeriesInstanceUID: '1.2.4', ReferencedInstanceSequence: [{ FailureReason: 1 }] }],
    '(0009,1001)': { vr: 'LO', value: 'mine' },
    PixelData: new Uint8Array(8),
  });
  dataSet.set('SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing', [1, 1]).set('Columns', 2);
  return encodePart10(dataSet, { transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian });
}
