/**
 * One instance on its way in: the data set goes into a temporary file as it arrives, and its header through a parser
 * beside it; when all is there, it is kept, recognised as known, refused, or put in another's place.
 */
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  checkIdentity,
  type DataSetSink,
  encodeFileMeta,
  type FileLayer,
  haveSameDataSet,
  InstanceFileWriter,
  type ReceivedInstance,
  StatusError,
  storagePath,
  syncDirectory,
} from '@dicomwire/services';
import type { GroupCommit } from './group-commit.js';
import { HeaderReader } from './header-reader.js';
import type { InstanceIndex } from './instance-index.js';
import { InstanceLock } from './instance-lock.js';
import type { Layout } from './layout.js';
import { placeOf } from './placement.js';
import { provenance } from './provenance.js';
import type { InstanceRecord, StoredInstance } from './record.js';
import type { SpareFile } from './spare-file.js';
import { locateDataSet, syncStoredFile } from './stored-file.js';

/** What became of an instance: kept; known already, byte for byte; kept in place of another version. */
export type IngestOutcome = 'stored' | 'known' | 'replaced';

/** Thrown when an instance is there already with other content, and stays. Answered with C000. */
export class DuplicateRefusedError extends StatusError {
  override readonly name: string = 'DuplicateRefusedError';
  readonly code = 'duplicate-refused';

  constructor() {
    super(0xc000, 'Another object with this SOP Instance UID is stored');
  }
}

/** What instances are taken in with. */
export interface IngestOptions {
  readonly layout: Layout;
  readonly index: InstanceIndex;
  readonly commits: GroupCommit;
  readonly files: FileLayer;
  /** Asked to prepare the next object's file after each. */
  readonly spare?: SpareFile | undefined;
  /** Whether data are synced before an instance counts as kept. */
  readonly isSynced: boolean;
  /** Whether other content takes the place of what is there. */
  readonly replacesDuplicates: boolean;
  /** The time that is noted as that of reception. */
  readonly now: () => Date;
}

/** Takes instances in, many at once. */
export class Ingest {
  readonly #options: IngestOptions;
  readonly #lock = new InstanceLock();

  constructor(options: IngestOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the instance is safe. Whatever else happens, nothing of it is left.
   *
   * @throws DuplicateRefusedError, or another `StatusError` that says what to answer
   */
  async store(instance: ReceivedInstance): Promise<IngestOutcome> {
    // Refused here already when it is no UID: before anything is written.
    storagePath({ sopInstanceUid: instance.sopInstanceUid });
    const { layout, files, spare, now } = this.#options;
    const receivedAt = now().toISOString();
    const file = new InstanceFileWriter({
      temporaryDirectory: layout.incoming,
      header: encodeFileMeta(instance.fileMeta(provenance(receivedAt))),
      files,
      created: spare?.take(),
    });
    try {
      const header = new HeaderReader(instance.transferSyntaxUid);
      await instance.dataSet.pipe(sinkOf(file, header));
      const found = header.finish(file.byteLength - file.dataSetOffset);
      checkIdentity(instance, found.identity);
      const flushed = file.flush();
      if (flushed !== undefined) await flushed;
      const record: InstanceRecord = {
        sopClassUid: instance.sopClassUid,
        sopInstanceUid: instance.sopInstanceUid,
        transferSyntax: instance.transferSyntaxUid,
        callingAeTitle: instance.association.callingAeTitle,
        receivedAt,
        byteLength: file.byteLength,
        path: placeOf(instance.sopInstanceUid, found.attributes),
        attributes: found.attributes,
      };
      return await this.#lock.run(instance.sopInstanceUid, () => this.#keep(file, record));
    } finally {
      await file.discard();
      spare?.prepare();
    }
  }

  async #keep(file: InstanceFileWriter, record: InstanceRecord): Promise<IngestOutcome> {
    const { commits, isSynced, replacesDuplicates } = this.#options;
    const row = commits.find(record.sopInstanceUid);
    const there = row === undefined || !this.#isWhole(row) ? undefined : row;
    if (there !== undefined) {
      if (await this.#isSame(file, record, there)) {
        if (isSynced) await this.#syncStored(there);
        return 'known';
      }
      if (!replacesDuplicates) throw new DuplicateRefusedError();
    }
    if (isSynced) await file.syncData();
    file.close();
    const committed = commits.commit({ file, record, hasRow: row !== undefined, replaces: there });
    if (committed !== undefined) await committed;
    return there === undefined ? 'stored' : 'replaced';
  }

  /** A file that is gone or cut short is no version of the object that could be kept. */
  #isWhole(row: StoredInstance): boolean {
    return !row.isMissing && lengthOf(join(this.#options.layout.directory, row.path)) === row.byteLength;
  }

  async #isSame(file: InstanceFileWriter, record: InstanceRecord, there: StoredInstance): Promise<boolean> {
    if (there.transferSyntax !== record.transferSyntax) return false;
    const path = join(this.#options.layout.directory, there.path);
    return haveSameDataSet(
      { path: file.temporaryPath, dataSetOffset: file.dataSetOffset },
      { path, dataSetOffset: locateDataSet(path) },
    );
  }

  /** What is acknowledged a second time may have come in when nothing was synced. */
  async #syncStored(row: StoredInstance): Promise<void> {
    const { layout, index, files } = this.#options;
    const path = join(layout.directory, row.path);
    await syncStoredFile(path);
    await syncDirectory(dirname(path), files);
    await index.sync();
  }
}

function lengthOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

function sinkOf(file: InstanceFileWriter, header: HeaderReader): DataSetSink {
  return {
    write(data) {
      if (!header.isDone) header.write(data);
      return file.write(data);
    },
  };
}
