/**
 * A SOP instance on its way in, as made from a C-STORE request.
 */
import { join } from 'node:path';
import { type CStoreRq, type IncomingDataSet, type IncomingRequest, StatusError } from '@dicomwire/dimse';
import { DataSetError, encodeFileMeta, type FileMetaInformation } from '@dicomwire/dimse/dataset';
import type { AssociationFacts } from '../service.js';
import { CheckedDataSet } from './checked-data-set.js';
import { FileWriteError } from './file-errors.js';
import { nodeFileLayer } from './file-layer.js';
import { InstanceFileWriter, syncDirectory } from './instance-file-writer.js';
import type { MoveOriginator, ReceivedInstance, SavedInstance, SaveOptions } from './received-instance.js';
import { haveSameDataSet } from './same-data-set.js';
import { storagePath, withoutPadding } from './storage-path.js';

/** What an {@link IncomingInstance} is made of. */
export interface IncomingInstanceParts {
  readonly request: IncomingRequest;
  readonly command: CStoreRq;
  readonly dataSet: IncomingDataSet;
  readonly association: AssociationFacts;
  readonly checksIdentity: boolean;
}

/** The service's own {@link ReceivedInstance}. */
export class IncomingInstance implements ReceivedInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  readonly association: AssociationFacts;
  readonly dataSet: IncomingDataSet;
  readonly #request: IncomingRequest;
  readonly #command: CStoreRq;

  constructor({ request, command, dataSet, association, checksIdentity }: IncomingInstanceParts) {
    this.#request = request;
    this.#command = command;
    this.sopClassUid = withoutPadding(command.affectedSopClassUid);
    this.sopInstanceUid = withoutPadding(command.affectedSopInstanceUid);
    this.transferSyntaxUid = dataSet.transferSyntax;
    this.association = association;
    this.dataSet = checksIdentity ? new CheckedDataSet(dataSet, this) : dataSet;
  }

  get moveOriginator(): MoveOriginator | undefined {
    const { moveOriginatorApplicationEntityTitle: aeTitle, moveOriginatorMessageId: messageId } = this.#command;
    return aeTitle === undefined || aeTitle === '' ? undefined : { aeTitle, messageId };
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  fileMeta(extra: Partial<FileMetaInformation> = {}): FileMetaInformation {
    const { callingAeTitle, calledAeTitle } = this.association;
    return {
      mediaStorageSopClassUid: this.sopClassUid,
      mediaStorageSopInstanceUid: this.sopInstanceUid,
      transferSyntaxUid: this.transferSyntaxUid,
      sourceApplicationEntityTitle: callingAeTitle,
      sendingApplicationEntityTitle: callingAeTitle,
      receivingApplicationEntityTitle: calledAeTitle,
      ...extra,
    };
  }

  async saveTo(directory: string, options: SaveOptions = {}): Promise<SavedInstance> {
    const { sync = true, overwrite = false, files = nodeFileLayer } = options;
    const path = join(directory, options.path ?? storagePath({ sopInstanceUid: this.sopInstanceUid }));
    const header = encodeHeader(this.fileMeta(options.fileMeta));
    const file = new InstanceFileWriter({ temporaryDirectory: directory, header, files });
    try {
      await this.dataSet.pipe(file);
      const flushed = file.flush();
      if (flushed !== undefined) await flushed;
      if (sync) await file.syncData();
      const changed = place(file, path, overwrite);
      if (changed === undefined) await acknowledgeCopy(file, path);
      if (sync)
        for (const changedDirectory of changed ?? [path, directory]) await syncDirectory(changedDirectory, files);
      return { path, byteLength: file.byteLength, wasThere: changed === undefined };
    } finally {
      await file.discard();
    }
  }
}

/** @throws StatusError C000 when the peer's identifiers make no file meta information. */
function encodeHeader(meta: FileMetaInformation): Uint8Array {
  try {
    return encodeFileMeta(meta);
  } catch (error) {
    if (error instanceof DataSetError) throw new StatusError(0xc000, error.message, { cause: error });
    throw error;
  }
}

/** @returns the directories that changed; `undefined` when something is there that may not be overwritten. */
function place(file: InstanceFileWriter, path: string, overwrite: boolean): readonly string[] | undefined {
  try {
    return file.moveTo(path, { overwrite });
  } catch (error) {
    if (error instanceof FileWriteError && error.code === 'exists') return undefined;
    throw error;
  }
}

/** @throws StatusError C000 unless what is there is the same data set. */
async function acknowledgeCopy(file: InstanceFileWriter, path: string): Promise<void> {
  const received = { path: file.temporaryPath, dataSetOffset: file.dataSetOffset };
  if (await haveSameDataSet(received, { path })) return;
  throw new StatusError(0xc000, 'Another object with this SOP instance UID is stored', {
    offendingElements: [0x00080018],
  });
}
