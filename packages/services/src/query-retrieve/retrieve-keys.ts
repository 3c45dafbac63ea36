/**
 * What a user of C-GET or C-MOVE asks for, and the identifier that says so. PS3.4 C.4.2.1.4, C.4.3.1.3.
 */
import { DataSet } from '@dicomwire/dimse';
import type { Priority } from '../priority.js';
import { type QueryLevel, queryLevels, uniqueKeyTags } from '../query/query-level.js';
import { ServiceError } from '../service-error.js';
import { type RetrieveModel, type RetrieveModelDefinition, retrieveModel } from './retrieve-models.js';
import type { RetrieveProgress } from './retrieve-progress.js';

/** Which instances are wanted. UIDs of the level may be several. */
export interface RetrieveKeys {
  /** Patient ID (0010,0020). */
  readonly PatientID?: string | undefined;
  /** Study Instance UID (0020,000D). */
  readonly StudyInstanceUID?: string | readonly string[] | undefined;
  /** Series Instance UID (0020,000E). */
  readonly SeriesInstanceUID?: string | readonly string[] | undefined;
  /** SOP Instance UID (0008,0018). */
  readonly SOPInstanceUID?: string | readonly string[] | undefined;
}

/** Options that `retrieve` and `move` have in common. */
export interface RetrievalOptions {
  /** What the keys name. Default: the lowest level of which there is a key. */
  readonly level?: QueryLevel | undefined;
  /** The information model. Default: patient root at the level of patients, study root elsewhere. */
  readonly model?: RetrieveModel | undefined;
  /** Priority (0000,0700). Default: `'medium'`. */
  readonly priority?: Priority | undefined;
  /** Called with the counters each time that the peer tells them. What it throws ends the call. */
  readonly onProgress?: ((progress: RetrieveProgress) => void) | undefined;
}

/** A retrieval, as it goes into a request. */
export interface RetrievalRequest {
  readonly definition: RetrieveModelDefinition;
  readonly identifier: DataSet;
}

/**
 * The identifier for keys; one that is given as a data set is taken as it is.
 *
 * @throws ServiceError `invalid-option` when there is no key, or the model does not know the level.
 */
export function retrievalRequest(
  keys: RetrieveKeys | DataSet,
  { level: wanted, model: named }: RetrievalOptions,
): RetrievalRequest {
  const level = wanted ?? lowestLevel(keys);
  if (level === undefined)
    throw new ServiceError('invalid-option', 'A retrieval needs the key of a patient, study, series or instance');
  const definition = retrieveModel(named ?? (level === 'PATIENT' ? 'patient-root' : 'study-root'));
  if (!definition.levels.includes(level)) {
    throw new ServiceError('invalid-option', `The model ${definition.model} has no level ${level}`);
  }
  return { definition, identifier: keys instanceof DataSet ? keys : makeIdentifier(keys, level, definition) };
}

function lowestLevel(keys: RetrieveKeys | DataSet): QueryLevel | undefined {
  const lowestFirst = [...queryLevels].reverse();
  if (!(keys instanceof DataSet)) return lowestFirst.find((level) => valuesOf(keys, level).length > 0);
  const said = keys.text(levelTag)?.trim();
  return (
    queryLevels.find((level) => level === said) ??
    lowestFirst.find((level) => keys.text(uniqueKeyTags[level]) !== undefined)
  );
}

/** In models that have but one level it is not said, except for the composite instance root. PS3.4 Y.3.3, Z.3.3. */
function makeIdentifier(keys: RetrieveKeys, level: QueryLevel, { model, levels }: RetrieveModelDefinition): DataSet {
  const identifier = new DataSet();
  if (keys.PatientID !== undefined && !asciiPattern.test(keys.PatientID)) {
    identifier.set('SpecificCharacterSet', 'ISO_IR 192');
  }
  if (levels.length > 1 || model === 'composite-instance-root') identifier.set(levelTag, 'CS', level);
  for (const each of queryLevels) {
    const values = valuesOf(keys, each);
    if (values.length > 0) identifier.set(uniqueKeyTags[each], each === 'PATIENT' ? 'LO' : 'UI', [...values]);
  }
  return identifier;
}

const keyNames = {
  PATIENT: 'PatientID',
  STUDY: 'StudyInstanceUID',
  SERIES: 'SeriesInstanceUID',
  IMAGE: 'SOPInstanceUID',
} as const satisfies Record<QueryLevel, keyof RetrieveKeys>;

function valuesOf(keys: RetrieveKeys, level: QueryLevel): readonly string[] {
  const value = keys[keyNames[level]];
  const values = value === undefined || typeof value === 'string' ? [value ?? ''] : value;
  return values.filter((each) => each !== '');
}

const asciiPattern = /^[\x20-\x7e]*$/;
const levelTag = 0x00080052;
