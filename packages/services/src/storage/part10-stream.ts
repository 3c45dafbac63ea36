/**
 * A Part 10 file that comes as a stream: its head is read, the rest is passed on.
 */
import type { DataSetStream } from '@dicomwire/dimse';
import { type FileHead, type HeadReading, readHead } from './read-head.js';
import type { Part10Stream } from './store-input.js';

/** What the beginning of the stream says, and the data set behind it. */
export type OpenedPart10Stream =
  | { readonly kind: 'instance'; readonly head: FileHead; readonly dataSet: DataSetStream }
  | Extract<HeadReading, { kind: 'none' | 'dicomdir' }>;

/** A stream that is no DICOM file is given up after so many bytes. */
const maximumHeadBytes = 1024 * 1024;

/**
 * Reads as much of a stream as tells what it is. It is closed when it is no instance.
 *
 * @throws what the stream throws.
 */
export async function openPart10Stream(input: Part10Stream): Promise<OpenedPart10Stream> {
  const chunks = iterate(input.stream);
  let beginning: Uint8Array = new Uint8Array(0);
  for (;;) {
    const next = await chunks.next();
    const isWhole = next.done === true;
    // Copied: what was read for the head is needed again once the data set is sent.
    if (!isWhole) beginning = joined(beginning, next.value);
    const reading = readHead(beginning, isWhole || beginning.length >= maximumHeadBytes);
    if (reading.kind === 'more') continue;
    if (reading.kind !== 'instance') {
      await chunks.return?.();
      return reading;
    }
    const first = beginning.subarray(reading.head.dataSetOffset);
    const dataSet = { reusesBuffers: input.reusesBuffers ?? false, chunks: () => continued(first, chunks) };
    return { kind: 'instance', head: reading.head, dataSet };
  }
}

type Chunks = AsyncIterator<Uint8Array> | Iterator<Uint8Array>;

function iterate(stream: Part10Stream['stream']): Chunks {
  return Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]();
}

async function* continued(first: Uint8Array, rest: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  let isAtEnd = false;
  try {
    if (first.length > 0) yield first;
    for (;;) {
      const next = await rest.next();
      isAtEnd = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    if (!isAtEnd) await rest.return?.();
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
