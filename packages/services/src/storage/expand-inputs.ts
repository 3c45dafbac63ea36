/**
 * Inputs of a storage SCU, flattened to single ones: collections taken apart, directories walked.
 */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSet, dicomdirFiles } from '@dicomwire/dimse';
import { ServiceError } from '../service-error.js';
import type {
  DataSetToSend,
  InstanceFile,
  InstanceToSend,
  Part10Stream,
  SingleStoreInput,
  StoreInput,
} from './store-input.js';

/** Whether a path was named, found in a directory, and so may rightly be no DICOM file, or listed in a DICOMDIR. */
export type PathOrigin = 'named' | 'found' | 'listed';

/** A single input. */
export type ExpandedInput =
  | { readonly kind: 'path'; readonly path: string; readonly origin: PathOrigin }
  | { readonly kind: 'unreadable'; readonly path: string; readonly error: unknown }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'data-set'; readonly input: DataSetToSend }
  | { readonly kind: 'instance'; readonly instance: InstanceToSend | InstanceFile }
  | { readonly kind: 'stream'; readonly stream: Part10Stream };

/**
 * Takes inputs apart. Nothing is asked of a source before what came before it was taken.
 *
 * @param isOver asked between the items of async iterables, which may have no end: true closes them
 * @throws ServiceError `invalid-input` for what is none; whatever an iterable throws.
 */
export async function* expandInputs(inputs: StoreInput, isOver: () => boolean): AsyncGenerator<ExpandedInput, void> {
  if (isSingle(inputs)) {
    yield expandSingle(inputs);
    return;
  }
  if (isObject(inputs) && isByteStream(inputs)) {
    yield { kind: 'stream', stream: { stream: inputs } };
    return;
  }
  if (isIterable(inputs)) {
    for (const input of inputs) {
      if (isSingle(input)) yield expandSingle(input);
      else yield* expandInputs(input, isOver);
    }
    return;
  }
  if (isAsyncIterable(inputs)) {
    for await (const input of inputs) {
      yield* expandInputs(input, isOver);
      if (isOver()) return;
    }
    return;
  }
  throw noInput(inputs);
}

/**
 * Files of a directory and those below it, in the order of names. Symbolic links to directories are not followed; one directory that
 * can't be read does not keep the others away.
 */
export async function* walkDirectory(directory: string): AsyncGenerator<ExpandedInput, void> {
  let entries: Dirent[];
  try {
    entries = await readdir(directory, { withFileTypes: true });
  } catch (error) {
    yield { kind: 'unreadable', path: directory, error };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* walkDirectory(path);
    else if (entry.isFile() || entry.isSymbolicLink()) yield { kind: 'path', path, origin: 'found' };
  }
}

/** Files that a DICOMDIR lists, in its order; those that are not where it says they are come as what can't be read. */
export async function* listedFiles(dicomdir: string): AsyncGenerator<ExpandedInput, void> {
  try {
    for await (const file of dicomdirFiles(dicomdir)) {
      if (file.kind === 'file') yield { kind: 'path', path: file.path, origin: 'listed' };
      else yield { kind: 'unreadable', path: dicomdir, error: new Error(file.problem) };
    }
  } catch (error) {
    yield { kind: 'unreadable', path: dicomdir, error };
  }
}

function expandSingle(input: SingleStoreInput): ExpandedInput {
  if (typeof input === 'string') return { kind: 'path', path: input, origin: 'named' };
  if (input instanceof Uint8Array) return { kind: 'bytes', bytes: input };
  if (input instanceof DataSet) return { kind: 'data-set', input: { dataSet: input } };
  if ('stream' in input) {
    if (!isObject(input.stream) || !(isIterable(input.stream) || isAsyncIterable(input.stream))) throw noInput(input);
    return { kind: 'stream', stream: input };
  }
  if ('path' in input) return { kind: 'instance', instance: input };
  if (isDataSetToSend(input)) return { kind: 'data-set', input };
  if (!isEncoded(input.dataSet)) throw noInput(input);
  return { kind: 'instance', instance: input };
}

function isDataSetToSend(input: DataSetToSend | InstanceToSend): input is DataSetToSend {
  return input.dataSet instanceof DataSet;
}

/** Bytes, a list of views, or a stream. */
function isEncoded(dataSet: unknown): boolean {
  if (dataSet instanceof Uint8Array) return true;
  if (Array.isArray(dataSet)) return dataSet.every((view) => view instanceof Uint8Array);
  return isObject(dataSet) && 'chunks' in dataSet && typeof dataSet.chunks === 'function';
}

/** What is said of something that can't be sent: what it is, and what could be. */
function noInput(input: unknown): ServiceError {
  const accepted =
    'a path (file, directory or DICOMDIR), the bytes of a Part 10 file (Uint8Array), a DataSet, an object with a dataSet or a stream, a readable stream of bytes, or an iterable of these';
  return new ServiceError('invalid-input', `${nameOf(input)} can't be stored; what can be is ${accepted}`);
}

function nameOf(input: unknown): string {
  if (!isObject(input)) return input === undefined ? 'Nothing (undefined)' : `${String(input)} (${typeof input})`;
  const keys = Object.keys(input);
  if (keys.includes('SOPClassUID') || keys.includes('SOPInstanceUID')) {
    return 'An object of elements, of which DataSet.from makes a DataSet,';
  }
  return `An object with ${keys.length === 0 ? 'nothing in it' : keys.slice(0, 5).join(', ')}`;
}

/** A stream of bytes by itself: Node's in byte mode, or the platform's. Others are iterables of inputs. */
function isByteStream(input: object): input is AsyncIterable<Uint8Array> {
  if ('readableObjectMode' in input) return input.readableObjectMode === false;
  return 'getReader' in input && Symbol.asyncIterator in input;
}

function isSingle(input: StoreInput): input is SingleStoreInput {
  // A data set can be iterated over as well: over its elements.
  if (typeof input === 'string' || input instanceof Uint8Array || input instanceof DataSet) return true;
  return isObject(input) && ('dataSet' in input || 'stream' in input || isInstanceFile(input));
}

/** A file's read stream has a path, too. */
function isInstanceFile(input: object): boolean {
  return 'path' in input && 'sopInstanceUid' in input;
}

function isObject(input: unknown): input is object {
  return typeof input === 'object' && input !== null;
}

function isIterable<T>(input: T): input is T & Iterable<StoreInput> {
  return isObject(input) && Symbol.iterator in input;
}

function isAsyncIterable<T>(input: T): input is T & AsyncIterable<StoreInput> {
  return isObject(input) && Symbol.asyncIterator in input;
}
