/**
 * Looks at inputs before anything is sent: what each object is, and where its data set lies.
 */
import { errorFrom } from '../error-from.js';
import { encodeInput, identityOfDataSet } from './encode-input.js';
import { type ExpandedInput, expandInputs, listedFiles, type PathOrigin, walkDirectory } from './expand-inputs.js';
import type { FileAccess } from './file-access.js';
import { type ObjectToSend, sourceContent } from './object-to-send.js';
import { openPart10Stream } from './part10-stream.js';
import { type FileHead, readHead } from './read-head.js';
import { FileScanner } from './scan-file.js';
import { isUsableUid } from './storage-path.js';
import type { DataSetToSend, InstanceFile, InstanceToSend, StoreInput } from './store-input.js';
import type { StoreFailureReason, StoreResult } from './store-result.js';

/** An object that can be sent, or the result of an input that can't. */
export type ScannedInput =
  | { readonly kind: 'object'; readonly object: ObjectToSend }
  | { readonly kind: 'rejected'; readonly result: StoreResult };

/** How to look. */
export interface ScanOptions {
  /** Inputs that may be taken from iterables ahead of what is asked for. */
  readonly scanAhead: number;
  /** For files. */
  readonly access: FileAccess;
  /** True when nothing will be sent any more: async iterables are closed then. */
  isOver(): boolean;
}

/**
 * Looks at inputs in their order, several files at once.
 *
 * @throws ServiceError `invalid-input` for what is none; whatever an iterable throws.
 */
export async function* scanInputs(inputs: StoreInput, options: ScanOptions): AsyncGenerator<ScannedInput, void> {
  const files = new FileScanner(options.access);
  yield* scanAll(expandInputs(inputs, options.isOver), files, Math.min(options.scanAhead, filesAtOnce));
}

async function* scanAll(
  inputs: AsyncGenerator<ExpandedInput, void>,
  files: FileScanner,
  atOnce: number,
): AsyncGenerator<ScannedInput, void> {
  const underWay: Promise<Scan>[] = [];
  for await (const input of inputs) {
    underWay.push(scan(input, files));
    if (underWay.length < atOnce) continue;
    const first = underWay.shift();
    if (first !== undefined) yield* resolveDirectory(await first, files, atOnce);
  }
  for (const rest of underWay) yield* resolveDirectory(await rest, files, atOnce);
}

async function* resolveDirectory(
  scanned: Scan,
  files: FileScanner,
  atOnce: number,
): AsyncGenerator<ScannedInput, void> {
  switch (scanned.kind) {
    case 'directory':
      yield* scanAll(walkDirectory(scanned.path), files, atOnce);
      return;
    case 'dicomdir':
      yield* scanAll(listedFiles(scanned.path), files, atOnce);
      return;
    default:
      yield scanned;
  }
}

type Scan = ScannedInput | PathOfMany;

interface PathOfMany {
  readonly kind: 'directory' | 'dicomdir';
  readonly path: string;
}

/** Never rejects: what is wrong with an input is its result. */
async function scan(input: ExpandedInput, files: FileScanner): Promise<Scan> {
  switch (input.kind) {
    case 'path':
      return scanPath(input.path, input.origin, files);
    case 'unreadable':
      return rejected(input.path, 'not-sent', 'unreadable', errorFrom(input.error));
    case 'bytes':
      return scanBytes(input.bytes);
    case 'data-set':
      return scanDataSet(input.input);
    case 'instance':
      return scanInstance(input.instance);
    case 'stream': {
      const { source = 'stream' } = input.stream;
      try {
        const opened = await openPart10Stream(input.stream);
        if (opened.kind === 'none') return rejected(source, 'not-sent', opened.reason, new Error(opened.problem));
        if (opened.kind === 'dicomdir') return rejected(source, 'not-sent', 'not-dicom', new Error(isDicomdir));
        return found(source, opened.head, undefined, sourceContent(opened.dataSet));
      } catch (error) {
        return rejected(source, 'not-sent', 'unreadable', errorFrom(error));
      }
    }
  }
}

async function scanPath(path: string, origin: PathOrigin, files: FileScanner): Promise<Scan> {
  try {
    const scanned = await files.scan(path);
    switch (scanned.kind) {
      case 'directory':
        // Only a symbolic link leads to a directory here that was not named.
        if (origin === 'named') return { kind: 'directory', path };
        return rejected(path, 'skipped', 'not-dicom', new Error('A link to a directory'));
      case 'dicomdir':
        // One that is found has its files around it, and these are found as well.
        if (origin === 'named') return { kind: 'dicomdir', path };
        return rejected(path, origin === 'found' ? 'skipped' : 'not-sent', 'not-dicom', new Error(isDicomdir));
      case 'none': {
        const isStranger = scanned.reason === 'not-dicom' && origin === 'found';
        return rejected(path, isStranger ? 'skipped' : 'not-sent', scanned.reason, new Error(scanned.problem));
      }
      case 'instance':
        return found(path, scanned.head, scanned.byteLength, scanned.content);
    }
  } catch (error) {
    return rejected(path, 'not-sent', 'unreadable', errorFrom(error));
  }
}

function scanBytes(bytes: Uint8Array): Scan {
  const reading = readHead(bytes, true);
  if (reading.kind !== 'instance') {
    const other = { reason: 'not-dicom', problem: reading.kind === 'dicomdir' ? isDicomdir : 'No DICOM file' } as const;
    const { reason, problem } = reading.kind === 'none' ? reading : other;
    return rejected('bytes', 'not-sent', reason, new Error(problem));
  }
  const data = bytes.subarray(reading.head.dataSetOffset);
  return found(reading.head.sopInstanceUid, reading.head, data.length, sourceContent(data));
}

async function scanDataSet(input: DataSetToSend): Promise<Scan> {
  const object = identityOfDataSet(input);
  const source = input.source ?? (object.sopInstanceUid === '' ? 'data set' : object.sopInstanceUid);
  const wrong = wrongUid(object);
  if (wrong !== undefined) return rejected(source, 'not-sent', 'missing-identity', wrong);
  try {
    const views = await encodeInput(input, object.transferSyntaxUid);
    return found(source, object, lengthOf(views), sourceContent(views));
  } catch (error) {
    return rejected(source, 'not-sent', 'not-convertible', errorFrom(error));
  }
}

function wrongUid(
  uids: Pick<InstanceToSend, 'sopClassUid' | 'sopInstanceUid' | 'transferSyntaxUid'>,
): Error | undefined {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid } = uids;
  const wrong = Object.entries({ sopClassUid, sopInstanceUid, transferSyntaxUid }).find(([, uid]) => !isUsableUid(uid));
  return wrong === undefined ? undefined : new Error(`${wrong[0]} is ${wrong[1] === '' ? 'missing' : 'no UID'}`);
}

function scanInstance(instance: InstanceToSend | InstanceFile): Scan {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid } = instance;
  const source = instance.source ?? ('path' in instance ? instance.path : sopInstanceUid);
  const wrong = wrongUid(instance);
  if (wrong !== undefined) return rejected(source, 'not-sent', 'missing-identity', wrong);
  const object = { sopClassUid, sopInstanceUid, transferSyntaxUid };
  if ('path' in instance)
    return found(source, object, instance.byteLength, { kind: 'unread-file', path: instance.path });
  const { dataSet } = instance;
  return found(source, object, lengthOf(dataSet), sourceContent(dataSet));
}

function lengthOf(dataSet: InstanceToSend['dataSet']): number | undefined {
  if (dataSet instanceof Uint8Array) return dataSet.length;
  if ('chunks' in dataSet) return dataSet.byteLength;
  return dataSet.reduce((sum, view) => sum + view.length, 0);
}

function found(
  source: string,
  head: Pick<FileHead, 'sopClassUid' | 'sopInstanceUid' | 'transferSyntaxUid'>,
  byteLength: number | undefined,
  content: ObjectToSend['content'],
): ScannedInput {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid } = head;
  return { kind: 'object', object: { source, sopClassUid, sopInstanceUid, transferSyntaxUid, byteLength, content } };
}

function rejected(
  source: string,
  outcome: 'skipped' | 'not-sent',
  reason: StoreFailureReason,
  error: Error,
): ScannedInput {
  return { kind: 'rejected', result: { source, outcome, reason, error, sentBytes: 0 } };
}

const isDicomdir = 'A DICOMDIR, not an instance';

/** The thread pool has four threads; a few more keep it busy. */
const filesAtOnce = 8;
