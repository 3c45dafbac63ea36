/** What the archive knows about one instance. */

/** The indexed attributes of a data set, trimmed of padding; `''` where absent or empty. */
export interface InstanceAttributes {
  readonly patientId: string;
  readonly patientName: string;
  readonly patientBirthDate: string;
  readonly patientSex: string;
  readonly studyInstanceUid: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly studyDescription: string;
  readonly accessionNumber: string;
  readonly studyId: string;
  readonly referringPhysicianName: string;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: string;
  readonly modality: string;
  readonly seriesDescription: string;
  readonly instanceNumber: string;
}

/** How one instance came in and where it lies. */
export interface InstanceFacts {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntax: string;
  /** AE title of the sender; `''` for files that did not come over the network. */
  readonly callingAeTitle: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly receivedAt: string;
  /** Length of the whole Part 10 file. */
  readonly byteLength: number;
  /** Relative to the data directory, with `/` between the parts. */
  readonly path: string;
}

/** A row to be written: one instance with the attributes of its series, study and patient. */
export interface InstanceRecord extends InstanceFacts {
  readonly attributes: InstanceAttributes;
}

/** Of a row in the index: what is needed to decide about a second arrival of the same instance. */
export interface StoredInstance extends InstanceFacts {
  /** The row's number; small and dense. */
  readonly id: number;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  /** True when start-up found the row, but not its file. */
  readonly isMissing: boolean;
}

/** Of a row in the index: where its file should be. */
export type PlacedRow = Pick<StoredInstance, 'id' | 'path' | 'byteLength' | 'isMissing'>;

/** True if the instance belongs to a series of a study; others (palettes, protocols, …) are filed apart. PS3.3 7. */
export function belongsToStudy(attributes: InstanceAttributes): boolean {
  return attributes.studyInstanceUid !== '' && attributes.seriesInstanceUid !== '';
}
