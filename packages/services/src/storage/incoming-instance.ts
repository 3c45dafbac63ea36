/**
 * A SOP instance on its way in, as made from a C-STORE request.
 */
import { join, parse } from 'node:path';
import { type CStoreRq, type DataSet, type IncomingDataSet, type IncomingRequest, StatusError } from '@dicomwire/dimse';
import { DataSetError, encodeFileMeta, type FileMetaInformation } from '@dicomwire/dimse/dataset';
import { isAeTitle } from '../ae-title.js';
import type { AssociationFacts } from '../service.js';
import { CheckedDataSet } from './checked-data-set.js';
import { CoercedDataSet, type Coercion } from './coerced-data-set.js';
import { FileWriteError } from './file-errors.js';
import { nodeFileLayer } from './file-layer.js';
import { HeaderReadingDataSet } from './header-reading-data-set.js';
import { InstanceFileWriter, syncDirectory } from './instance-file-writer.js';
import { fillPathTemplate, isPathTemplate, type NamedObject, parsePathTemplate } from './path-template.js';
import type {
  MoveOriginator,
  OverwritePolicy,
  ReceivedInstance,
  SavedInstance,
  SaveOptions,
} from './received-instance.js';
import { haveSameDataSet } from './same-data-set.js';
import { storagePath, withoutPadding } from './storage-path.js';
import { WholeDataSet } from './whole-data-set.js';

/** What an {@link IncomingInstance} is made of. */
export interface IncomingInstanceParts {
  readonly request: IncomingRequest;
  readonly command: CStoreRq;
  readonly dataSet: IncomingDataSet;
  readonly association: AssociationFacts;
  readonly checksIdentity: boolean;
  /** Whether one that is cut is refused. Default: false. */
  readonly checksEnd?: boolean | undefined;
  /** Changes elements before they are kept. */
  readonly coerce?: ((dataSet: DataSet, instance: ReceivedInstance) => void | Promise<void>) | undefined;
  /** Whether its study is to be known. */
  readonly readsStudy?: boolean | undefined;
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
  readonly #coerced: CoercedDataSet | undefined;
  readonly #read: HeaderReadingDataSet | undefined;
  #saved: SavedInstance | undefined;

  constructor(parts: IncomingInstanceParts) {
    const { request, command, dataSet, association, checksIdentity, checksEnd, coerce, readsStudy } = parts;
    this.#request = request;
    this.#command = command;
    this.sopClassUid = withoutPadding(command.affectedSopClassUid);
    this.sopInstanceUid = withoutPadding(command.affectedSopInstanceUid);
    this.transferSyntaxUid = dataSet.transferSyntax;
    this.association = association;
    const whole = checksEnd === true ? new WholeDataSet(dataSet) : dataSet;
    const checked = checksIdentity ? new CheckedDataSet(whole, this) : whole;
    this.#coerced = coerce === undefined ? undefined : new CoercedDataSet(checked, this.#coercion(coerce));
    const kept = this.#coerced ?? checked;
    this.#read = readsStudy === true ? new HeaderReadingDataSet(kept, afterStudyInstanceUid) : undefined;
    this.dataSet = this.#read ?? kept;
  }

  /** Tags of elements that were changed on the way. */
  get changed(): readonly number[] {
    return this.#coerced?.changed ?? [];
  }

  /** Study Instance UID, where it is to be known, is there and has passed. */
  get studyInstanceUid(): string | undefined {
    const value = this.#read?.header?.text(studyInstanceUidTag);
    return value === undefined ? undefined : withoutPadding(value);
  }

  get moveOriginator(): MoveOriginator | undefined {
    const { moveOriginatorApplicationEntityTitle: aeTitle, moveOriginatorMessageId: messageId } = this.#command;
    return aeTitle === undefined || aeTitle === '' ? undefined : { aeTitle, messageId };
  }

  /** What was saved last, if anything was. */
  get saved(): SavedInstance | undefined {
    return this.#saved;
  }

  /** What stands in the command, and in file meta information, can't be changed in the data set alone. */
  #coercion(coerce: NonNullable<IncomingInstanceParts['coerce']>): Coercion {
    return async (dataSet) => {
      const before = [dataSet.text(sopClassUidTag), dataSet.text(sopInstanceUidTag)];
      await coerce(dataSet, this);
      const after = [dataSet.text(sopClassUidTag), dataSet.text(sopInstanceUidTag)];
      if (before.some((uid, at) => uid !== after[at])) throw new TypeError('SOP class and instance can not be coerced');
    };
  }

  get #named(): Omit<NamedObject, 'header'> {
    return { sopInstanceUid: this.sopInstanceUid, association: this.association };
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  fileMeta(extra: Partial<FileMetaInformation> = {}): FileMetaInformation {
    const { callingAeTitle, calledAeTitle } = this.association;
    // Peers call themselves and us what they like; a file has room for AE titles alone, and what was sent has to be filed.
    const calling = isAeTitle(callingAeTitle) ? callingAeTitle : undefined;
    return {
      mediaStorageSopClassUid: this.sopClassUid,
      mediaStorageSopInstanceUid: this.sopInstanceUid,
      transferSyntaxUid: this.transferSyntaxUid,
      sourceApplicationEntityTitle: calling,
      sendingApplicationEntityTitle: calling,
      receivingApplicationEntityTitle: isAeTitle(calledAeTitle) ? calledAeTitle : undefined,
      ...extra,
    };
  }

  async saveTo(directory: string, options: SaveOptions = {}): Promise<SavedInstance> {
    const { sync = true, overwrite = false, files = nodeFileLayer } = options;
    const name = options.path ?? storagePath({ sopInstanceUid: this.sopInstanceUid });
    const template = isPathTemplate(name) ? parsePathTemplate(name) : undefined;
    const dataSet = template === undefined ? undefined : new HeaderReadingDataSet(this.dataSet, template.stopBefore);
    const header = encodeHeader(this.fileMeta(options.fileMeta));
    const file = new InstanceFileWriter({ temporaryDirectory: directory, header, files });
    try {
      await (dataSet ?? this.dataSet).pipe(file);
      const flushed = file.flush();
      if (flushed !== undefined) await flushed;
      if (sync) await file.syncData();
      const named =
        template === undefined ? name : fillPathTemplate(template, { ...this.#named, header: dataSet?.header });
      const { path, changed } = await place(file, join(directory, named), overwrite);
      if (sync)
        for (const changedDirectory of changed ?? [path, directory]) await syncDirectory(changedDirectory, files);
      const saved = { path, byteLength: file.byteLength, wasThere: changed === undefined };
      this.#saved = saved;
      return saved;
    } finally {
      await file.discard();
    }
  }
}

const sopClassUidTag = 0x00080016;
const sopInstanceUidTag = 0x00080018;
const studyInstanceUidTag = 0x0020000d;
const afterStudyInstanceUid = 0x0020000e;

/** @throws StatusError C000 when the peer's identifiers make no file meta information. */
function encodeHeader(meta: FileMetaInformation): Uint8Array {
  try {
    return encodeFileMeta(meta);
  } catch (error) {
    if (error instanceof DataSetError) throw new StatusError(0xc000, error.message, { cause: error });
    throw error;
  }
}

interface Placed {
  readonly path: string;
  /** Directories whose entries changed; `undefined` when the same instance was there already. */
  readonly changed: readonly string[] | undefined;
}

/** @throws StatusError C000 when another data set is there, and may be neither replaced nor joined. */
async function place(file: InstanceFileWriter, path: string, overwrite: OverwritePolicy): Promise<Placed> {
  for (let number = 1; number <= maximumNumber; number += 1) {
    const numbered = number === 1 ? path : numberedPath(path, number);
    const changed = move(file, numbered, overwrite === true);
    if (changed !== undefined) return { path: numbered, changed };
    if (await isCopy(file, numbered)) return { path: numbered, changed: undefined };
    if (overwrite !== 'number') break;
  }
  throw new StatusError(0xc000, 'Another object with this SOP instance UID is stored', {
    offendingElements: [0x00080018],
  });
}

/** @returns `undefined` when something is there that may not be replaced. */
function move(file: InstanceFileWriter, path: string, overwrite: boolean): readonly string[] | undefined {
  try {
    return file.moveTo(path, { overwrite });
  } catch (error) {
    if (error instanceof FileWriteError && error.code === 'exists') return undefined;
    throw error;
  }
}

function isCopy(file: InstanceFileWriter, path: string): Promise<boolean> {
  return haveSameDataSet({ path: file.temporaryPath, dataSetOffset: file.dataSetOffset }, { path });
}

function numberedPath(path: string, number: number): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-${number}${ext}`);
}

const maximumNumber = 10_000;
