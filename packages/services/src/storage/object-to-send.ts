/**
 * One object that was looked at and is to be sent.
 */
import type { DataSetSource } from '@dicomwire/dimse';
import type { BufferPool } from './buffer-pool.js';
import type { FileAccess } from './file-access.js';
import { type FileRange, FileSource } from './file-source.js';
import type { ObjectSyntax } from './plan-contexts.js';

/** What is known of an object before it is sent. */
export interface ObjectToSend extends ObjectSyntax {
  /** File path, or what the input named itself. */
  readonly source: string;
  readonly sopInstanceUid: string;
  /** Length of the data set, bytes, if known. */
  readonly byteLength: number | undefined;
  /** Where the data set is. */
  readonly content: ObjectContent;
}

/** Where an object's data set is: in memory, in a file, or wherever the caller has it. */
export type ObjectContent =
  | { readonly kind: 'bytes'; readonly data: Uint8Array; release(): void }
  | { readonly kind: 'file'; readonly range: FileRange }
  | { readonly kind: 'unread-file'; readonly path: string }
  | { readonly kind: 'source'; readonly dataSet: DataSetSource; wasRead(): boolean };

/** A data set that the caller has: a stream can be read once. */
export function sourceContent(dataSet: DataSetSource): ObjectContent {
  if (!('chunks' in dataSet)) return { kind: 'source', dataSet, wasRead: () => false };
  let wasRead = false;
  const { byteLength, reusesBuffers } = dataSet;
  const chunks = () => {
    wasRead = true;
    return dataSet.chunks();
  };
  return { kind: 'source', dataSet: { byteLength, reusesBuffers, chunks }, wasRead: () => wasRead };
}

/** Whether an object can be sent again after it was begun. */
export function canBeSentAgain({ content }: ObjectToSend): boolean {
  return content.kind !== 'source' || !content.wasRead();
}

/** A data set that can be sent at once, and what is to be given back when it was. */
export interface ReadyDataSet {
  readonly dataSet: DataSetSource;
  /** Never rejects. */
  release(): Promise<void> | void;
}

/**
 * Gets an object's data set ready: opens its file and reads the beginning.
 *
 * @throws when the file can't be read, or changed since it was looked at.
 */
export function makeReady(
  object: ObjectToSend,
  access: FileAccess,
  pool: BufferPool,
): ReadyDataSet | Promise<ReadyDataSet> {
  switch (object.content.kind) {
    case 'bytes':
      return { dataSet: object.content.data, release: object.content.release };
    case 'source':
      return { dataSet: object.content.dataSet, release: () => undefined };
    case 'file':
      return openFileSource(new FileSource(object.content.range, access, pool));
    case 'unread-file': {
      const { transferSyntaxUid, content } = object;
      return openFileSource(new FileSource({ path: content.path, transferSyntaxUid }, access, pool));
    }
  }
}

async function openFileSource(dataSet: FileSource): Promise<ReadyDataSet> {
  try {
    await dataSet.open();
    return { dataSet, release: () => dataSet.release() };
  } catch (error) {
    await dataSet.release();
    throw error;
  }
}
