/**
 * Whether two Part 10 files hold the same data set.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { readFileMeta } from '@dicomwire/dimse/dataset';
import { readFully } from './file-access.js';

/** A file and where its data set begins. */
export interface DataSetFile {
  /** The file. */
  readonly path: string;
  /** Offset of the data set, bytes. Default: read from the file. */
  readonly dataSetOffset?: number | undefined;
}

/**
 * Compares the data sets of two Part 10 files byte for byte, whatever their file meta information says. Lengths first; then piece
 * by piece, off the event loop, to the first difference.
 *
 * @throws the operating system's error when a file can't be read.
 */
export async function haveSameDataSet(one: DataSetFile, other: DataSetFile): Promise<boolean> {
  const descriptors: number[] = [];
  try {
    const first = openSync(one.path, 'r');
    descriptors.push(first);
    const second = openSync(other.path, 'r');
    descriptors.push(second);
    const offset = one.dataSetOffset ?? (await findDataSet(first));
    const otherOffset = other.dataSetOffset ?? (await findDataSet(second));
    const length = fstatSync(first).size - offset;
    if (length !== fstatSync(second).size - otherOffset) return false;
    return await haveSameBytes(first, offset, second, otherOffset, length);
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

const pieceBytes = 256 * 1024;

async function findDataSet(descriptor: number): Promise<number> {
  const head = Buffer.allocUnsafe(pieceBytes);
  const got = await readFully(descriptor, head, head.length, 0);
  const read = readFileMeta(head.subarray(0, got), { isComplete: true });
  return read?.dataSetOffset ?? 0;
}

async function haveSameBytes(a: number, aOffset: number, b: number, bOffset: number, length: number): Promise<boolean> {
  const size = Math.min(pieceBytes, length);
  const aPiece = Buffer.allocUnsafe(size);
  const bPiece = Buffer.allocUnsafe(size);
  for (let at = 0; at < length; at += size) {
    const wanted = Math.min(size, length - at);
    const [aRead, bRead] = await Promise.all([
      readFully(a, aPiece, wanted, aOffset + at),
      readFully(b, bPiece, wanted, bOffset + at),
    ]);
    if (aRead !== wanted || bRead !== wanted) return false;
    if (!aPiece.subarray(0, wanted).equals(bPiece.subarray(0, wanted))) return false;
  }
  return true;
}
