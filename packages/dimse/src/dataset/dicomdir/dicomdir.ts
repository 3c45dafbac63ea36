/** DICOMDIR: the directory of a file-set, as a tree of records. PS3.3 F, PS3.10 8. */
import type { DataSet } from '../data-set.js';
import { contentsOf } from '../element-map.js';
import { DataSetError, type DataSetWarning } from '../errors.js';
import type { ParseOptions } from '../parse.js';
import { type Part10File, parsePart10 } from '../part10.js';
import { buildTree, type RecordNode } from './build-tree.js';
import { fileIdPath } from './file-id.js';

/** A directory record. PS3.3 F.3.2.2. */
export interface DirectoryRecord {
  /** Directory Record Type (0004,1430): `PATIENT`, `STUDY`, `SERIES`, `IMAGE`, `SR DOCUMENT`, … */
  readonly type: string;
  /** All elements of the record: the keys of its type among them. */
  readonly dataSet: DataSet;
  /** Records of the lower-level directory entity. */
  readonly children: readonly DirectoryRecord[];
  /** The file that it refers to; `undefined` when it refers to none. */
  readonly file: DirectoryFile | undefined;
  /** Offset of its item in the file, bytes. */
  readonly offset: number;
}

/** What a record says of its file. */
export interface DirectoryFile {
  /** Referenced File ID (0004,1500), its components as they stand. Not to be used as a path: see `path`. */
  readonly fileId: readonly string[];
  /** The File ID as a path relative to the DICOMDIR, made by `fileIdPath`; `undefined` when it is none that may be used. */
  readonly path: string | undefined;
  /** Referenced SOP Class UID in File (0004,1510). */
  readonly sopClassUid: string | undefined;
  /** Referenced SOP Instance UID in File (0004,1511). */
  readonly sopInstanceUid: string | undefined;
  /** Referenced Transfer Syntax UID in File (0004,1512). */
  readonly transferSyntaxUid: string | undefined;
}

/** A directory, read. */
export interface Dicomdir {
  /** File-set ID (0004,1130). */
  readonly fileSetId: string | undefined;
  /** Records of the root directory entity: patients, and others that belong to none. */
  readonly records: readonly DirectoryRecord[];
  /** The data set as a whole. */
  readonly dataSet: DataSet;
  /** What was odd: offsets that lead nowhere or in circles, records that nothing leads to, damaged ones. At most 1000. */
  readonly warnings: readonly DataSetWarning[];
}

/**
 * Reads a DICOMDIR. Records are linked by offsets; where these are wrong, the tree is made by what is there: offsets that are all wrong by the same
 * are set right, records in use that nothing leads to are put where their order says, circles are broken. Each record comes once.
 *
 * @param file - the bytes of the file, or the file read whole.
 * @throws DataSetError `invalid-meta` when this is no DICOM file or no directory, and what {@link parsePart10} throws. What is cut off is left out.
 *
 * @example
 * ```ts no-run
 * import { readFile } from 'node:fs/promises';
 * import { directoryRecords, parseDicomdir } from '@dicomwire/dimse/dataset';
 *
 * const directory = parseDicomdir(await readFile('/media/cdrom/DICOMDIR'));
 * for (const patient of directory.records) console.log(patient.type, patient.dataSet.get('PatientName'));
 * for (const { file } of directoryRecords(directory)) if (file) console.log(file.path, file.sopInstanceUid);
 * ```
 */
export function parseDicomdir(file: Uint8Array | Part10File, options: ParseOptions = {}): Dicomdir {
  const { dataSet, dataSetOffset, warnings } =
    file instanceof Uint8Array ? parsePart10(file, { keepTruncated: true, ...options }) : file;
  if (!dataSet.has(recordSequenceTag)) {
    throw new DataSetError('invalid-meta', 'This is no DICOMDIR: it has no Directory Record Sequence (0004,1220)');
  }
  const noticed = [...warnings, ...dataSet.warnings];
  const warn = (message: string, offset: number) => {
    if (noticed.length < maxWarnings) noticed.push({ message, offset });
  };
  const nodes = dataSet.items(recordSequenceTag).flatMap((item) => nodeOf(item, dataSetOffset, warn));
  const first = numberOf(dataSet, firstRecordTag);
  const { roots, filesOf } = buildTree(nodes, first, dataSetOffset, warn);
  const records = toRecords(roots, filesOf);
  return { fileSetId: dataSet.text(fileSetIdTag), records, dataSet, warnings: noticed };
}

/** All records of a directory, each before those beneath it. */
export function* directoryRecords(directory: Dicomdir): Generator<DirectoryRecord, void, undefined> {
  const open = [...directory.records].reverse();
  for (let record = open.pop(); record !== undefined; record = open.pop()) {
    yield record;
    for (let at = record.children.length - 1; at >= 0; at--) open.push(record.children[at]!);
  }
}

const maxWarnings = 1000;
const fileSetIdTag = 0x00041130;
const firstRecordTag = 0x00041200;
const recordSequenceTag = 0x00041220;
const nextRecordTag = 0x00041400;
const inUseFlagTag = 0x00041410;
const lowerEntityTag = 0x00041420;
const recordTypeTag = 0x00041430;
const fileIdTag = 0x00041500;
const multiReferencedTag = 0x00041504;
const sopClassTag = 0x00041510;
const sopInstanceTag = 0x00041511;
const transferSyntaxTag = 0x00041512;
/** Length of the header of an item. */
const itemHeaderBytes = 8;

function nodeOf(item: DataSet, dataSetOffset: number, warn: (message: string, offset: number) => void): RecordNode[] {
  const offset = dataSetOffset + contentsOf(item).start - itemHeaderBytes;
  try {
    const node = {
      offset,
      type: item.text(recordTypeTag) ?? '',
      dataSet: item,
      // 0 says that the record is not in use any longer. PS3.3 F.3.2.2.
      isInUse: numberOf(item, inUseFlagTag) !== 0 || !item.has(inUseFlagTag),
      next: numberOf(item, nextRecordTag),
      lower: numberOf(item, lowerEntityTag),
      multiReferenced: numberOf(item, multiReferencedTag),
      children: [],
    };
    for (const { message, offset: at } of item.warnings) warn(message, dataSetOffset + at);
    return [node];
  } catch (error) {
    if (!(error instanceof DataSetError)) throw error;
    warn(`The directory record is damaged: ${error.message}`, offset);
    return [];
  }
}

function numberOf(dataSet: DataSet, tag: number): number {
  const [value] = dataSet.values(tag);
  return typeof value === 'number' ? value : 0;
}

/** From the leaves up, so that deep trees need no deep stack. */
function toRecords(
  roots: readonly RecordNode[],
  filesOf: (node: RecordNode) => RecordNode,
): readonly DirectoryRecord[] {
  const ordered: RecordNode[] = [];
  const open = [...roots];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    ordered.push(node);
    for (const child of node.children) open.push(child);
  }
  const made = new Map<RecordNode, DirectoryRecord>();
  for (const node of ordered.reverse()) {
    const { type, dataSet, offset } = node;
    const children = node.children.flatMap((child) => made.get(child) ?? []);
    made.set(node, { type, dataSet, children, file: fileOf(filesOf(node).dataSet), offset });
  }
  return roots.flatMap((node) => made.get(node) ?? []);
}

function fileOf(record: DataSet): DirectoryFile | undefined {
  const fileId = record.texts(fileIdTag);
  if (fileId.length === 0) return undefined;
  return {
    fileId,
    path: fileIdPath(fileId),
    sopClassUid: record.text(sopClassTag),
    sopInstanceUid: record.text(sopInstanceTag),
    transferSyntaxUid: record.text(transferSyntaxTag),
  };
}
