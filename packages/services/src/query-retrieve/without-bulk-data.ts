/**
 * Instances without what is large in them: Composite Instance Retrieve Without Bulk Data. PS3.4 Annex Z.
 */
import { type DataSet, readBulkData, readPart10File } from '@dicomwire/dimse';
import { dataSetChunks, parseDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
import { gatherBytes } from '../storage/conversion.js';
import { type ObjectToSend, sourceContent } from '../storage/object-to-send.js';

/**
 * The same instance without its bulk data, in explicit VR little endian: without pixel data no other transfer syntax has a meaning. It is read when its
 * turn has come.
 */
export function withoutBulkData(object: ObjectToSend): ObjectToSend {
  const content = sourceContent({ chunks: () => strippedChunks(object) });
  return { ...object, content, byteLength: undefined, transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian };
}

async function* strippedChunks(object: ObjectToSend): AsyncGenerator<Uint8Array, void, undefined> {
  const { content, transferSyntaxUid } = object;
  const path = content.kind === 'file' ? content.range.path : content.kind === 'unread-file' ? content.path : undefined;
  if (path !== undefined && isLittleEndian(transferSyntaxUid)) {
    const { dataSet } = await readPart10File(path, { maxValueBytes: longValueBytes });
    strip(dataSet);
    yield* dataSetChunks(dataSet, TransferSyntax.ExplicitVRLittleEndian, {
      bulkData: (range) => readBulkData(path, range),
    });
    return;
  }
  const dataSet = path === undefined ? await parsed(object) : (await readPart10File(path)).dataSet;
  strip(dataSet);
  yield* dataSetChunks(dataSet, TransferSyntax.ExplicitVRLittleEndian);
}

/** Long values of others than big endian can be passed on as they are. */
function isLittleEndian(transferSyntaxUid: string): boolean {
  return transferSyntaxUid !== TransferSyntax.ExplicitVRBigEndian;
}

async function parsed({ content, transferSyntaxUid }: ObjectToSend): Promise<DataSet> {
  switch (content.kind) {
    case 'bytes':
      return parseDataSet(content.data, transferSyntaxUid);
    case 'source':
      return parseDataSet(await gatherBytes(content.dataSet), transferSyntaxUid);
    default:
      throw new TypeError('Files are read from where they are');
  }
}

/** PS3.4 Z.1.2, Table Z.1-1. */
function strip(dataSet: DataSet): void {
  const bulk = [...dataSet].map(({ tag }) => tag).filter(isBulkData);
  for (const tag of bulk) dataSet.delete(tag);
  for (const item of dataSet.items(waveformSequence) ?? []) {
    for (const tag of waveformBulkData) item.delete(tag);
  }
}

function isBulkData(tag: number): boolean {
  const group = tag >>> 16;
  const element = tag & 0xffff;
  if (group >= 0x5000 && group <= 0x50ff) return element === 0x3000 || element === 0x200c;
  if (group >= 0x6000 && group <= 0x60ff) return element === 0x3000;
  return topLevelBulkData.has(tag);
}

/** Pixel data of every kind, where it can be had, spectroscopy, encapsulated documents. */
const topLevelBulkData: ReadonlySet<number> = new Set([
  0x7fe00010, 0x7fe00008, 0x7fe00009, 0x00287fe0, 0x56000020, 0x00420011,
]);
const waveformSequence = 0x54000100;
const waveformBulkData: readonly number[] = [0x54001010];

const longValueBytes = 64 * 1024;
