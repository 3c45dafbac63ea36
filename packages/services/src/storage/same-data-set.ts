/**
 * Whether two Part 10 files hold the same data set.
 */
import { closeSync, fstatSync, openSync, read } from 'node:fs';

/** A file and where its data set begins. */
export interface DataSetFile {
  readonly path: string;
  /** Offset of the data set, bytes. */
  readonly dataSetOffset: number;
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
    const length = fstatSync(first).size - one.dataSetOffset;
    if (length !== fstatSync(second).size - other.dataSetOffset) return false;
    return await haveSameBytes(first, one.dataSetOffset, second, other.dataSetOffset, length);
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

const pieceBytes = 256 * 1024;

async function haveSameBytes(a: number, aOffset: number, b: number, bOffset: number, length: number): Promise<boolean> {
  const size = Math.min(pieceBytes, length);
  const aPiece = Buffer.allocUnsafe(size);
  const bPiece = Buffer.allocUnsafe(size);
  for (let at = 0; at < length; at += size) {
    const wanted = Math.min(size, length - at);
    const [aRead, bRead] = await Promise.all([
      readPiece(a, aPiece, wanted, aOffset + at),
      readPiece(b, bPiece, wanted, bOffset + at),
    ]);
    if (aRead !== wanted || bRead !== wanted) return false;
    if (!aPiece.subarray(0, wanted).equals(bPiece.subarray(0, wanted))) return false;
  }
  return true;
}

/** Reads until `wanted` bytes are there or the file ends. */
async function readPiece(descriptor: number, into: Buffer, wanted: number, position: number): Promise<number> {
  let got = 0;
  while (got < wanted) {
    const count = await readOnce(descriptor, into, got, wanted - got, position + got);
    if (count === 0) break;
    got += count;
  }
  return got;
}

function readOnce(descriptor: number, into: Buffer, at: number, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, into, at, length, position, (error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
