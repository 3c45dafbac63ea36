/** Ours. */
import { DataSet, type ElementMap, encodePart10, parsePart10, TransferSyntax } from '@dicomwire/dimse/dataset';
import { type Contender, TAGS } from './contender.ts';
import { headerValues, imageValues } from './image-values.ts';

const values = imageValues();
const header = headerValues();
const meta = { transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian };

export const contender: Contender = {
  read: (bytes) => readTags(parsePart10(bytes).dataSet),
  readAll(bytes) {
    const { dataSet } = parsePart10(bytes);
    return countAll(dataSet) + readTags(dataSet);
  },
  write: () => encodePart10(DataSet.from(values), meta).length,
  writeHeader: () => encodePart10(DataSet.from(header), meta).length,
  change(bytes) {
    const read = parsePart10(bytes);
    return encodePart10(read.dataSet.set('PatientID', 'CHANGED'), read.meta).length;
  },
};

function readTags(dataSet: DataSet): number {
  let count = 0;
  for (const tag of TAGS) if (dataSet.get(tag) !== undefined) count++;
  return count;
}

/** Elements, at any depth. */
function countAll(map: ElementMap): number {
  let count = 0;
  for (const tag of map.tags()) {
    count++;
    for (const item of map.items(tag)) count += countAll(item);
  }
  return count;
}
