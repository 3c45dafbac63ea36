/**
 * From the identifier of a C-FIND to the query that it means. PS3.4 C.4.1.1.3.1, C.4.1.2, C.4.1.3.
 */
import { type DataSet, type Keyword, StatusError, type Vr } from '@dicomwire/dimse';
import {
  DataSetError,
  DicomDateTime,
  elementDefinition,
  formatTag,
  isKeyword,
  isPrivateTag,
  tagOfKeyword,
} from '@dicomwire/dimse/dataset';
import { combineDateTime } from './combine-date-times.js';
import type { Criterion, QueryKey } from './criterion.js';
import { parseCriterion, UnusableKey, universal, withOffset } from './parse-criterion.js';
import type { MatchingRules, Query } from './query.js';
import { isQueryLevel, levelOfAttribute, type QueryLevel, uniqueKeyTags } from './query-level.js';
import { type QueryModel, queryModelOf } from './query-model.js';
import { noQueryNegotiation, type QueryNegotiation } from './query-negotiation.js';

/** How an identifier is to be understood. */
export interface ParseQueryOptions {
  /** SOP class of the C-FIND; it decides the information model. */
  readonly sopClassUid: string;
  /** What was agreed on for it. Default: nothing. */
  readonly negotiated?: Partial<QueryNegotiation> | undefined;
  /** Whether case and accents of names count. Default: `'folded'`, they don't. PS3.4 C.2.2.2.1.1. */
  readonly names?: 'folded' | 'literal' | undefined;
  /**
   * Whether attributes without a value match whatever is asked of them. Default: false. PS3.4 C.2.2.1.2 can be read so, but archives don't do
   * it, and PS3.4 K.2.2.1.1.1 forbids it for worklists.
   */
  readonly unknownMatches?: boolean | undefined;
  /**
   * Whether the unique keys of the levels above have to be there where relational queries were not negotiated. False takes every query as a
   * relational one. Default: true. PS3.4 C.4.1.2.1.
   */
  readonly requiresUniqueKeys?: boolean | undefined;
}

/**
 * Reads an identifier, and checks it.
 *
 * @throws StatusError A900 with the offending elements for what does not fit the model: no level, or one that it has not; a unique key above the
 * level that is missing, or has not exactly one value; several items or values where there can be one; a date that is none.
 *
 * @example
 * ```ts
 * import { DataSet } from '@dicomwire/services';
 * import { matchesQuery, parseQuery } from '@dicomwire/services';
 *
 * const identifier = DataSet.from({ QueryRetrieveLevel: 'STUDY', PatientName: 'doe*', StudyDate: '20260101-' });
 * const query = parseQuery(identifier, { sopClassUid: '1.2.840.10008.5.1.4.1.2.2.1' });
 * console.log(query.level, query.key('StudyDate')?.criterion.kind); // STUDY date-range
 * console.log(matchesQuery(query, DataSet.from({ PatientName: 'DOE^JANE', StudyDate: '20260131' }))); // true
 * ```
 */
export function parseQuery(identifier: DataSet, options: ParseQueryOptions): Query {
  const { negotiated = noQueryNegotiation, requiresUniqueKeys = true } = options;
  const model = queryModelOf(options.sopClassUid);
  const level = readLevel(identifier, model);
  const rules = rulesOf(model, options);
  const timezoneOffsetMinutes = rules.timezone ? readTimezone(identifier) : undefined;
  const keys = new KeyReader(rules, timezoneOffsetMinutes, model.levels.length > 0).read(identifier, '');
  const isRelational = negotiated.relationalQueries === true || !requiresUniqueKeys;
  if (level !== undefined && !isRelational) checkUniqueKeys(keys, model, level);
  const byTag = new Map(keys.map((key) => [key.tag, key]));
  return {
    model,
    level,
    isRelational,
    keys,
    rules,
    timezoneOffsetMinutes,
    view: negotiated.enhancedMultiFrameImageConversion === true ? readView(identifier) : undefined,
    identifier,
    key: (attribute) => byTag.get(typeof attribute === 'number' ? attribute : (tagOfKeyword(attribute) ?? -1)),
  };
}

/** Elements of an identifier that say how it is meant. PS3.4 C.4.1.1.3.1. */
export const identifierTags = {
  specificCharacterSet: 0x00080005,
  queryRetrieveLevel: 0x00080052,
  queryRetrieveView: 0x00080053,
  retrieveAeTitle: 0x00080054,
  instanceAvailability: 0x00080056,
  timezoneOffsetFromUtc: 0x00080201,
} as const;

/** Elements that are never matched. */
const noKeys: ReadonlySet<number> = new Set(Object.values(identifierTags));

function rulesOf(model: QueryModel, options: ParseQueryOptions): MatchingRules {
  const { negotiated = noQueryNegotiation, names = 'folded', unknownMatches = false } = options;
  return {
    combinedDateTime: model.alwaysCombinesDateTime || negotiated.dateTimeMatching === true,
    fuzzyNames: negotiated.fuzzySemanticMatching === true,
    timezone: negotiated.timezoneQueryAdjustment === true,
    emptyValues: negotiated.emptyValueMatching === true,
    multipleValues: negotiated.multipleValueMatching === true,
    names,
    unknownMatches,
  };
}

function readLevel(identifier: DataSet, { levels }: QueryModel): QueryLevel | undefined {
  if (levels.length === 0) return undefined;
  const text = identifier.text(identifierTags.queryRetrieveLevel)?.toUpperCase();
  if (text === undefined) throw unfit('Query/Retrieve Level is missing', [identifierTags.queryRetrieveLevel]);
  if (!isQueryLevel(text) || !levels.includes(text)) {
    throw unfit(`Query/Retrieve Level is none of ${levels.join(', ')}`, [identifierTags.queryRetrieveLevel]);
  }
  return text;
}

function readTimezone(identifier: DataSet): number | undefined {
  const text = identifier.text(identifierTags.timezoneOffsetFromUtc);
  if (text === undefined) return undefined;
  const offsetMinutes = parseOffset(text);
  if (offsetMinutes !== undefined) return offsetMinutes;
  throw unfit('Timezone Offset From UTC is not of the form +HHMM', [identifierTags.timezoneOffsetFromUtc]);
}

/** Minutes of an offset as PS3.3 C.12.1.1.8 has it: `+0100`. */
export function parseOffset(text: string): number | undefined {
  if (!/^[+-]\d{4}$/.test(text)) return undefined;
  return DicomDateTime.tryParse(`2000${text}`)?.offsetMinutes;
}

function readView(identifier: DataSet): Query['view'] {
  const text = identifier.text(identifierTags.queryRetrieveView);
  if (text === undefined || text === 'CLASSIC' || text === 'ENHANCED') return text;
  throw unfit('Query/Retrieve View is neither CLASSIC nor ENHANCED', [identifierTags.queryRetrieveView]);
}

/** PS3.4 C.4.1.2.1: a single value in the unique key of each level above. */
function checkUniqueKeys(keys: readonly QueryKey[], { levels }: QueryModel, level: QueryLevel): void {
  const above = levels.slice(0, levels.indexOf(level)).map((name) => uniqueKeyTags[name]);
  const wrong = above.filter((tag) => !isSingleValue(keys.find((key) => key.tag === tag)?.criterion ?? universal));
  if (wrong.length > 0) {
    throw unfit(`${wrong.map(nameOf).join(', ')}: one value is needed at ${level} level`, wrong);
  }
}

function isSingleValue(criterion: Criterion): boolean {
  return criterion.kind === 'value' || (criterion.kind === 'uid-list' && criterion.uids.length === 1);
}

/** Reads the keys of an identifier or of an item. */
class KeyReader {
  readonly #rules: MatchingRules;
  readonly #timezoneOffsetMinutes: number | undefined;
  readonly #hasLevels: boolean;

  constructor(rules: MatchingRules, timezoneOffsetMinutes: number | undefined, hasLevels: boolean) {
    this.#rules = rules;
    this.#timezoneOffsetMinutes = timezoneOffsetMinutes;
    this.#hasLevels = hasLevels;
  }

  /** @param path - What stands before a tag in messages. */
  read(dataSet: DataSet, path: string): readonly QueryKey[] {
    const isOutermost = path === '';
    const tags = dataSet.tags().filter((tag) => isKeyTag(tag) && !(isOutermost && noKeys.has(tag)));
    return tags.map((tag) => this.#key(dataSet, tag, path));
  }

  #key(dataSet: DataSet, tag: number, path: string): QueryKey {
    const definition = elementDefinition(tag);
    const keyword = definition !== undefined && isKeyword(definition.keyword) ? definition.keyword : '';
    const vr = vrOf(dataSet, tag);
    const level = this.#hasLevels ? levelOfAttribute(tag) : undefined;
    return { tag, keyword, vr, level, criterion: this.#criterion(dataSet, { tag, keyword, vr }, path) };
  }

  #criterion(
    dataSet: DataSet,
    { tag, keyword, vr }: Pick<QueryKey, 'tag' | 'keyword' | 'vr'>,
    path: string,
  ): Criterion {
    try {
      if (vr === 'SQ') return this.#sequence(dataSet, tag, path);
      // Bytes are never matched: a key of such a VR only asks for the value.
      if (binaryVrs.has(vr)) return universal;
      if (vr === 'TM' && this.#rules.combinedDateTime) {
        const combined = combineDateTime(dataSet, tag, keyword);
        if (combined !== undefined) {
          const range = withOffset(combined.range, this.#timezoneOffsetMinutes);
          return { kind: 'combined-date-time', dateTag: combined.dateTag, range };
        }
      }
      const context = { vr, rules: this.#rules, timezoneOffsetMinutes: this.#timezoneOffsetMinutes };
      return parseCriterion(textsOf(dataSet, tag, vr), context);
    } catch (error) {
      if (!(error instanceof UnusableKey || error instanceof DataSetError)) throw error;
      throw unfit(`${path}${nameOf(tag)} ${error.message}`, [tag]);
    }
  }

  /** PS3.4 C.2.2.2.6: one item, or none; one without keys asks for everything. */
  #sequence(dataSet: DataSet, tag: number, path: string): Criterion {
    const items = dataSet.items(tag);
    if (items.length > 1) throw new UnusableKey('has more than one item');
    const [item] = items;
    if (item === undefined || item.size === 0) return universal;
    return { kind: 'sequence', keys: this.read(item, `${path}${nameOf(tag)}/`) };
  }
}

/** Group lengths and private creators are part of the encoding, and groups below 0008 none of a data set. */
function isKeyTag(tag: number): boolean {
  const [group, element] = [tag >>> 16, tag & 0xffff];
  return group >= 0x0008 && element !== 0 && !(isPrivateTag(tag) && element <= 0xff);
}

/** The dictionary knows better than a peer that writes UN, or confuses VRs. */
function vrOf(dataSet: DataSet, tag: number): Vr {
  const stated = dataSet.vr(tag) ?? 'UN';
  const known = elementDefinition(tag)?.vrs ?? [];
  return known.length === 0 || known.includes(stated) ? stated : (known[0] ?? stated);
}

/** A data set that was built may hold several values as one text. */
function textsOf(dataSet: DataSet, tag: number, vr: Vr): readonly string[] {
  const texts = dataSet.texts(tag);
  return proseVrs.has(vr) ? texts : texts.flatMap((text) => (text.includes('\\') ? text.split('\\') : text));
}

/** What a backslash does not divide. */
const proseVrs: ReadonlySet<Vr> = new Set<Vr>(['LT', 'ST', 'UR', 'UT']);
const binaryVrs: ReadonlySet<Vr> = new Set<Vr>(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);

function nameOf(tag: number): Keyword | string {
  return elementDefinition(tag)?.keyword || formatTag(tag);
}

function unfit(comment: string, offendingElements: readonly number[]): StatusError {
  return new StatusError(identifierDoesNotMatchSopClass, comment, { offendingElements });
}

/** PS3.4 C.4.1.1.4. */
const identifierDoesNotMatchSopClass = 0xa900;
