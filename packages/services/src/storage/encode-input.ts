/**
 * Data sets in memory, made ready to be sent.
 */
import type { DataSet } from '@dicomwire/dimse';
import { dataSetChunks, TransferSyntax, transferSyntaxInfo, transferSyntaxName } from '@dicomwire/dimse/dataset';
import type { DataSetToSend } from './store-input.js';

/** A data set, encoded: large values are the views that they were. */
export interface EncodedInput {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  readonly views: readonly Uint8Array[];
}

/** What the data set says of itself; empty where it says nothing. */
export function identityOfDataSet({ dataSet, transferSyntaxUid }: DataSetToSend): Omit<EncodedInput, 'views'> {
  return {
    sopClassUid: dataSet.get('SOPClassUID') ?? '',
    sopInstanceUid: dataSet.get('SOPInstanceUID') ?? '',
    transferSyntaxUid: transferSyntaxUid ?? TransferSyntax.ExplicitVRLittleEndian,
  };
}

/**
 * Encodes a data set.
 *
 * @throws Error when it can't be encoded so.
 */
export async function encodeInput(
  { dataSet }: DataSetToSend,
  transferSyntaxUid: string,
): Promise<readonly Uint8Array[]> {
  checkPixelData(dataSet, transferSyntaxUid);
  const views: Uint8Array[] = [];
  for await (const chunk of dataSetChunks(dataSet, transferSyntaxUid)) views.push(chunk);
  return views;
}

/** Fragments are no pixels, and pixels no fragments. PS3.5 A.4. */
function checkPixelData(dataSet: DataSet, transferSyntaxUid: string): void {
  if (!dataSet.has(pixelDataTag)) return;
  const hasFragments = dataSet.fragments(pixelDataTag) !== undefined;
  if (hasFragments === (transferSyntaxInfo(transferSyntaxUid)?.isEncapsulated ?? hasFragments)) return;
  const are = hasFragments ? 'compressed' : 'not compressed';
  const name = transferSyntaxName(transferSyntaxUid);
  throw new Error(`The pixel data are ${are}, which ${name} can't be: name their transferSyntaxUid beside the dataSet`);
}

const pixelDataTag = 0x7fe00010;
