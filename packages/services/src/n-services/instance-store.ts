/**
 * Where providers of N-services keep their instances.
 */
import type { DataSet } from '@dicomwire/dimse';

/**
 * Keeps the instances of one SOP class by UID. Each write resolves when what was written would outlive the process: it is acknowledged to
 * the peer right after. Providers never write one instance twice at a time.
 */
export interface InstanceStore {
  /** The instance, or `undefined`. What it gives may be changed by whoever asked. */
  read(sopInstanceUid: string): Promise<DataSet | undefined>;
  /** Adds an instance. Resolves to false, and changes nothing, when there is one with this UID. */
  insert(sopInstanceUid: string, attributes: DataSet): Promise<boolean>;
  /** Replaces an instance that is there. */
  update(sopInstanceUid: string, attributes: DataSet): Promise<void>;
  /** Removes an instance. Resolves to false when there is none with this UID. */
  delete(sopInstanceUid: string): Promise<boolean>;
  /** Every instance, in the order in which they were added. */
  all(): Iterable<StoredInstance> | AsyncIterable<StoredInstance>;
}

/** One instance of an {@link InstanceStore}. */
export interface StoredInstance {
  /** SOP Instance UID. */
  readonly sopInstanceUid: string;
  /** Its attributes. */
  readonly attributes: DataSet;
}
