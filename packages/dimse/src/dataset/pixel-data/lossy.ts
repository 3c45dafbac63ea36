/** What an image that was compressed with loss has to say. PS3.3 C.7.6.1.1.5 and C.12.4.1. */
import type { DataSet } from '../data-set.js';
import { newUid } from '../uid.js';

/** What is known of the compression. */
export interface LossyCompression {
  /** How many times smaller the pixel data is now. */
  readonly ratio: number;
  /** Transfer syntax. */
  readonly to: string;
  /** SOP Instance UID for the new image. */
  readonly sopInstanceUid: string | undefined;
}

/** The image is another one now: derived from what it was, whose UID it may not bear. */
export function markLossy(dataSet: DataSet, { ratio, to, sopInstanceUid }: LossyCompression): void {
  const wasLossy = dataSet.get('LossyImageCompression') === '01';
  const ratios = wasLossy ? dataSet.get('LossyImageCompressionRatio') : [];
  const methods = wasLossy ? dataSet.get('LossyImageCompressionMethod') : [];
  dataSet.set('LossyImageCompression', '01');
  dataSet.set('LossyImageCompressionRatio', [...ratios, Number(ratio.toFixed(4))]);
  dataSet.set('LossyImageCompressionMethod', [...methods, methodOf(to)]);
  const [, ...rest] = dataSet.get('ImageType');
  dataSet.set('ImageType', ['DERIVED', ...(rest.length === 0 ? ['SECONDARY'] : rest)]);
  const [sopClassUid, source] = [dataSet.get('SOPClassUID'), dataSet.get('SOPInstanceUID')];
  if (sopClassUid !== undefined && source !== undefined) {
    dataSet.set('SourceImageSequence', [
      {
        ReferencedSOPClassUID: sopClassUid,
        ReferencedSOPInstanceUID: source,
        // PS3.16 CID 7202.
        PurposeOfReferenceCodeSequence: [
          { CodeValue: '121320', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Uncompressed predecessor' },
        ],
      },
    ]);
  }
  dataSet.set('SOPInstanceUID', sopInstanceUid ?? newUid());
}

/** Lossy Image Compression Method (0028,2114), by the family that the transfer syntax is of. */
function methodOf(to: string): string {
  if (to.startsWith('1.2.840.10008.1.2.4.20')) return 'ISO_15444_15';
  if (to === '1.2.840.10008.1.2.4.81') return 'ISO_14495_1';
  if (to === '1.2.840.10008.1.2.4.91' || to === '1.2.840.10008.1.2.4.93') return 'ISO_15444_1';
  return 'ISO_10918_1';
}
