/**
 * What a C-GET or C-MOVE asks for: its identifier, read and checked. PS3.4 C.4.2.1.4, C.4.3.1.3.
 */
import { type DataSet, StatusError } from '@dicomwire/dimse';
import { formatTag } from '@dicomwire/dimse/dataset';
import { type QueryLevel, uniqueKeyTags } from '../query/query-level.js';
import { isUsableUid, withoutPadding } from '../storage/storage-path.js';
import type { RetrieveModel, RetrieveModelDefinition } from './retrieve-models.js';

/**
 * Which instances are asked for. The keys of the level are never empty; those of the levels above are there as far as the peer gave them.
 * An instance is meant when each list that is not empty has its value.
 */
export interface RetrieveQuery {
  /** The information model. */
  readonly model: RetrieveModel;
  /** What is named: patients, studies, series or single instances. */
  readonly level: QueryLevel;
  /** Patient IDs (0010,0020): one, as a rule. */
  readonly patientIds: readonly string[];
  /** Study Instance UIDs (0020,000D). */
  readonly studyInstanceUids: readonly string[];
  /** Series Instance UIDs (0020,000E). */
  readonly seriesInstanceUids: readonly string[];
  /** SOP Instance UIDs (0008,0018). */
  readonly sopInstanceUids: readonly string[];
  /** The identifier as it came, for keys that are not the standard's. */
  readonly identifier: DataSet;
}

/**
 * Reads an identifier. The unique key of its level has to be there; keys of the levels above may be missing, since UIDs need them not.
 *
 * @throws StatusError A900 with the offending element for an identifier that names nothing: no level, or one that the model has not; no
 * unique key of the level; a wildcard; a UID that is none.
 */
export function readRetrieveQuery(definition: RetrieveModelDefinition, identifier: DataSet): RetrieveQuery {
  const { model } = definition;
  const level = readLevel(definition, identifier);
  const lists = {
    patientIds: patientIds(identifier),
    studyInstanceUids: uids(identifier, uniqueKeyTags.STUDY),
    seriesInstanceUids: uids(identifier, uniqueKeyTags.SERIES),
    sopInstanceUids: uids(identifier, uniqueKeyTags.IMAGE),
  };
  const tag = uniqueKeyTags[level];
  if (lists[listsByLevel[level]].length === 0) throw unfit(`${level} level without a value of ${formatTag(tag)}`, tag);
  return { model, level, ...lists, identifier };
}

const listsByLevel = {
  PATIENT: 'patientIds',
  STUDY: 'studyInstanceUids',
  SERIES: 'seriesInstanceUids',
  IMAGE: 'sopInstanceUids',
} as const satisfies Record<QueryLevel, keyof RetrieveQuery>;

const levelTag = 0x00080052;

/** PS3.4 C.4.2.1.5, C.4.3.1.4: "Identifier does not match SOP Class". */
const identifierDoesNotMatch = 0xa900;

/** Without Bulk Data knows no level, and some peers leave it out for the composite instance root too. PS3.4 Y.3.3, Z.3.3. */
function readLevel({ model, levels }: RetrieveModelDefinition, identifier: DataSet): QueryLevel {
  const text = identifier.text(levelTag)?.trim() ?? '';
  const level = levels.find((each) => each === text.toUpperCase());
  if (level !== undefined) return level;
  if (text === '' && levels.length === 1 && levels[0] !== undefined) return levels[0];
  throw unfit(text === '' ? 'No Query/Retrieve Level' : `No such level in ${model}`, levelTag);
}

/** A patient ID may hold anything but a backslash; what would match more than one is not for a retrieval. */
function patientIds(identifier: DataSet): readonly string[] {
  const ids = valuesOf(identifier, uniqueKeyTags.PATIENT);
  if (ids.some((id) => /[*?]/.test(id))) throw unfit('A wildcard can not be retrieved', uniqueKeyTags.PATIENT);
  return ids;
}

function uids(identifier: DataSet, tag: number): readonly string[] {
  const values = valuesOf(identifier, tag).map(withoutPadding);
  if (!values.every(isUsableUid)) throw unfit(`${formatTag(tag)} is no UID`, tag);
  return values;
}

function valuesOf(identifier: DataSet, tag: number): readonly string[] {
  return identifier
    .texts(tag)
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

function unfit(comment: string, tag: number): StatusError {
  return new StatusError(identifierDoesNotMatch, comment, { offendingElements: [tag] });
}
