/** Reading what the archive has on disk. */
import { closeSync, fdatasync, fstatSync, openSync, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { DataSetError, type FileMetaRead, isUsableUid, readFileMeta } from '@dicomwire/services';
import { HeaderReader } from './header-reader.js';
import { receivedAtOf } from './provenance.js';
import type { InstanceRecord } from './record.js';

/**
 * Everything that a file says of itself.
 *
 * @throws DataSetError, UnreadableHeaderError or the operating system's error when it is no readable object
 */
export function readStoredFile(path: string): Omit<InstanceRecord, 'path'> {
  return withFile(path, (descriptor) => {
    const { bytes, read } = readHead(descriptor);
    const { meta, dataSetOffset } = read;
    const { size, mtime } = fstatSync(descriptor);
    const header = readHeader(descriptor, bytes.subarray(dataSetOffset), bytes.length, meta.transferSyntaxUid);
    const { identity, attributes } = header.finish(size - dataSetOffset);
    const sopInstanceUid = meta.mediaStorageSopInstanceUid ?? identity.sopInstanceUid ?? '';
    if (!isUsableUid(sopInstanceUid)) throw new DataSetError('invalid-meta', 'The file names no SOP instance');
    return {
      sopClassUid: meta.mediaStorageSopClassUid ?? identity.sopClassUid ?? '',
      sopInstanceUid,
      transferSyntax: meta.transferSyntaxUid,
      callingAeTitle: meta.sendingApplicationEntityTitle ?? meta.sourceApplicationEntityTitle ?? '',
      receivedAt: receivedAtOf(meta) ?? mtime.toISOString(),
      byteLength: size,
      attributes,
    };
  });
}

/** Where a file's data set begins, bytes from its start. @throws as {@link readStoredFile} */
export function locateDataSet(path: string): number {
  return withFile(path, (descriptor) => readHead(descriptor).read.dataSetOffset);
}

/** Waits until a file's data are on stable storage. */
export async function syncStoredFile(path: string): Promise<void> {
  const descriptor = openSync(path, 'r');
  try {
    await fdatasyncAsync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const fdatasyncAsync = promisify(fdatasync);

const pieceBytes = 16 * 1024;

/** File meta information with the bytes that were read for it. */
function readHead(descriptor: number): { readonly bytes: Uint8Array; readonly read: FileMetaRead } {
  for (let length = pieceBytes; ; length *= 4) {
    const bytes = readAt(descriptor, 0, length);
    const isComplete = bytes.length < length;
    const read = readFileMeta(bytes, { isComplete });
    if (read !== undefined) return { bytes, read };
    if (isComplete) throw new DataSetError('invalid-meta', 'The file ends inside its file meta information');
  }
}

/** The header, from the bytes at hand and those that follow them. */
function readHeader(descriptor: number, atHand: Uint8Array, position: number, transferSyntax: string): HeaderReader {
  const header = new HeaderReader(transferSyntax);
  let piece = atHand;
  for (let at = position; piece.length > 0 && !header.isDone; at += piece.length) {
    header.write(piece);
    if (!header.isDone) piece = readAt(descriptor, at, pieceBytes);
  }
  return header;
}

function readAt(descriptor: number, position: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  let got = 0;
  while (got < length) {
    const count = readSync(descriptor, bytes, got, length - got, position + got);
    if (count === 0) break;
    got += count;
  }
  return bytes.subarray(0, got);
}

function withFile<T>(path: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(path, 'r');
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
