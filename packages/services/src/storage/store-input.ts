/**
 * What a storage SCU takes to send, and where each object of it came from.
 */
import type { DataSet, DataSetSource, DataSetStream } from '@dicomwire/dimse';

/**
 * One or more objects to send:
 *
 * - a string: path of a Part 10 file; of a directory, which is walked recursively in the order of names; or of a DICOMDIR, whose files
 *   are sent in its order;
 * - a `Uint8Array`: the bytes of one whole Part 10 file;
 * - a `DataSet` with SOP Class UID and SOP Instance UID, encoded in explicit VR little endian; or a {@link DataSetToSend}, which says how;
 * - an {@link InstanceToSend}: a data set that is encoded already, with its UIDs and transfer syntax;
 * - an {@link InstanceFile}: a Part 10 file of which the same is known, so that it is opened when its turn has come;
 * - a {@link Part10Stream}, or a readable stream of bytes: one Part 10 file, whose beginning is read when it is looked at;
 * - an iterable or async iterable of these, nested as one likes.
 */
export type StoreInput = SingleStoreInput | Iterable<StoreInput> | AsyncIterable<StoreInput>;

/** A {@link StoreInput} that is no collection. A string may still name a directory or a DICOMDIR. */
export type SingleStoreInput =
  | string
  | Uint8Array
  | DataSet
  | DataSetToSend
  | InstanceToSend
  | InstanceFile
  | Part10Stream;

/** A data set in memory, to be encoded when it is looked at: what is changed in it afterwards is not sent. */
export interface DataSetToSend {
  /** With SOP Class UID (0008,0016) and SOP Instance UID (0008,0018). */
  readonly dataSet: DataSet;
  /**
   * How it is encoded. Pixel data that are compressed need the transfer syntax of their compression here. Default: explicit VR little
   * endian.
   */
  readonly transferSyntaxUid?: string | undefined;
  /** What {@link StoreResult.source} says. Default: the SOP instance UID. */
  readonly source?: string | undefined;
}

/** A SOP instance whose data set is already encoded, without file meta information around it. */
export interface InstanceToSend {
  /** SOP Class UID (0008,0016). */
  readonly sopClassUid: string;
  /** SOP Instance UID (0008,0018). */
  readonly sopInstanceUid: string;
  /** The transfer syntax in which `dataSet` is encoded. */
  readonly transferSyntaxUid: string;
  /** The data set: bytes, a list of views, or a stream. Sent exactly as it stands. */
  readonly dataSet: DataSetSource;
  /** What {@link StoreResult.source} says. Default: the SOP instance UID. */
  readonly source?: string | undefined;
}

/** A SOP instance in a Part 10 file, as an index knows it. Opened when its turn has come, and not sent when it turned out to be encoded otherwise. */
export interface InstanceFile {
  /** SOP Class UID (0008,0016). */
  readonly sopClassUid: string;
  /** SOP Instance UID (0008,0018). */
  readonly sopInstanceUid: string;
  /** The transfer syntax that its file meta information names. */
  readonly transferSyntaxUid: string;
  /** The file. */
  readonly path: string;
  /** Length of the data set, bytes, if known: for progress only. */
  readonly byteLength?: number | undefined;
  /** What {@link StoreResult.source} says. Default: the path. */
  readonly source?: string | undefined;
}

/** One Part 10 file whose bytes come as a stream: a file's read stream, the body of a response, … */
export interface Part10Stream {
  /** Preamble, file meta information and data set, in chunks of any length. Read once. */
  readonly stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** What {@link StoreResult.source} says. Default: `'stream'`. */
  readonly source?: string | undefined;
  /** As {@link DataSetStream.reusesBuffers}: true when a chunk's memory is used again for a later one. Default: false. */
  readonly reusesBuffers?: DataSetStream['reusesBuffers'];
}
