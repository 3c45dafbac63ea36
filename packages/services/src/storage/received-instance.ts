/**
 * What a storage provider's handler gets: one SOP instance on its way in.
 */
import type { IncomingDataSet } from '@dicomwire/dimse';
import type { FileMetaInformation } from '@dicomwire/dimse/dataset';
import type { AssociationFacts } from '../service.js';
import type { FileLayer } from './file-layer.js';

/** The C-MOVE that made a peer send an instance. PS3.7 9.1.1.1.3. */
export interface MoveOriginator {
  /** Move Originator Application Entity Title (0000,1030). */
  readonly aeTitle: string;
  /** Move Originator Message ID (0000,1031). */
  readonly messageId: number | undefined;
}

/**
 * A SOP instance on its way in: handed to the handler when the command set is complete, before the data set has come.
 * What it says of itself is the peer's word.
 */
export interface ReceivedInstance {
  /** Affected SOP Class UID (0000,0002), without padding. */
  readonly sopClassUid: string;
  /** Affected SOP Instance UID (0000,1000), without padding. Not checked to be a UID: {@link storagePath} is for that. */
  readonly sopInstanceUid: string;
  /** The transfer syntax in which the data set comes. */
  readonly transferSyntaxUid: string;
  /** Who sends it. */
  readonly association: AssociationFacts;
  /** Set when a C-MOVE made the peer send it. */
  readonly moveOriginator: MoveOriginator | undefined;
  /** Fires when the association is over. */
  readonly signal: AbortSignal;
  /** The data set, to be consumed once; discarded if it was not when the handler is done. */
  readonly dataSet: IncomingDataSet;
  /**
   * File meta information for a Part 10 file of this instance (PS3.10 7.1): UIDs, transfer syntax, who wrote it, and the
   * sending and receiving AE titles.
   *
   * @param extra elements to add or replace
   */
  fileMeta(extra?: Partial<FileMetaInformation>): FileMetaInformation;
  /**
   * Writes the instance to `DIRECTORY/SOP-INSTANCE-UID.dcm`, bit by bit as it comes: to a temporary file in the directory, moved
   * into place after the last byte. Nothing is left behind when it fails.
   *
   * @throws {@link FileWriteError}, `UnusableUidError`, or what ended the data set; left to the service, each is answered with a
   * fitting status
   */
  saveTo(directory: string, options?: SaveOptions): Promise<SavedInstance>;
}

/** What to do when something has the name already: replace it, keep it, or keep both. */
export type OverwritePolicy = boolean | 'number';

/** Options of {@link ReceivedInstance.saveTo}. */
export interface SaveOptions {
  /** Waits until the file and its name are on stable storage, so that a Success outlives a power failure. Default: true. */
  readonly sync?: boolean | undefined;
  /**
   * What to do when something has the name already. True replaces it atomically. False keeps what is there: a data set that is the
   * same byte for byte is a success, another one throws a `StatusError` with C000. `'number'` keeps both: the new one gets a number behind its
   * name (`name-2.dcm`), unless it is the same. Default: false.
   */
  readonly overwrite?: OverwritePolicy | undefined;
  /** Elements to add to the file meta information, or to replace. */
  readonly fileMeta?: Partial<FileMetaInformation> | undefined;
  /**
   * Path below the directory, in place of the default: what {@link storagePath} returned, or a template with keywords of elements and the AE
   * titles of the association, `{StudyInstanceUID}/{SeriesInstanceUID}/{SOPInstanceUID}.dcm` or `{CallingAETitle}/{PatientID}/{StudyDate}/…`.
   * Values are made safe: UIDs have to be UIDs, of others letters, digits and `-_.` stay. Not for a peer's text itself.
   */
  readonly path?: string | undefined;
  /** The file calls to use. Default: {@link nodeFileLayer}. */
  readonly files?: FileLayer | undefined;
}

/** What {@link ReceivedInstance.saveTo} wrote. */
export interface SavedInstance {
  /** The file, `directory` included. */
  readonly path: string;
  /** Length of the file, bytes. */
  readonly byteLength: number;
  /** True when the same instance was there already and stayed. */
  readonly wasThere: boolean;
}
