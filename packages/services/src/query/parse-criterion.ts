/**
 * From the values of a key to what it asks. PS3.4 C.2.2.2.
 */
import type { Vr } from '@dicomwire/dimse';
import { DateRange, DateTimeRange, TimeRange } from '@dicomwire/dimse/dataset';
import type { Criterion, FuzzyNameWord, UniversalCriterion } from './criterion.js';
import { foldName, tidyName } from './fold-name.js';
import type { MatchingRules } from './query.js';
import { timeText } from './shift-time.js';
import { soundex } from './soundex.js';
import { hasWildcard, wildcardPrefix } from './wildcard.js';

/** What decides how values are read. */
export interface CriterionContext {
  readonly vr: Vr;
  readonly rules: MatchingRules;
  /** Minutes, where times are adjusted. */
  readonly timezoneOffsetMinutes: number | undefined;
}

/** Why a value can't be a key, for people. */
export class UnusableKey extends Error {}

/** Matches everything. */
export const universal: UniversalCriterion = { kind: 'universal' };

/**
 * What values ask, those of a sequence excepted.
 *
 * @throws UnusableKey for values that their VR can't have.
 */
export function parseCriterion(values: readonly string[], context: CriterionContext): Criterion {
  const { vr, rules } = context;
  if (values.length === 0 || values.every((value) => value === '')) return universal;
  if (values.length === 1) return parseValue(values[0] ?? '', context);
  if (vr === 'UI' && !values.some((value) => hasWildcard(value) || value === emptyValue)) {
    return { kind: 'uid-list', uids: [...new Set(values.filter((uid) => uid !== ''))] };
  }
  if (values.length > maxValues) throw new UnusableKey(`has more than ${maxValues} values`);
  const criteria = values.filter((value) => value !== '').map((value) => parseValue(value, context));
  if (rules.multipleValues && multipleValueVrs.has(vr)) return { kind: 'all-of', criteria };
  return criteria.some(({ kind }) => kind === 'universal') ? universal : { kind: 'any-of', criteria };
}

/** UIDs in a list are looked up; of other values each has to be tried. */
const maxValues = 1000;

/** What asks for attributes without a value. PS3.4 C.2.2.2.7. */
const emptyValue = '""';

/** PS3.4 C.2.2.2.8. */
const multipleValueVrs: ReadonlySet<Vr> = new Set<Vr>(['AE', 'AS', 'AT', 'CS', 'LO', 'PN', 'SH', 'UC']);

function parseValue(value: string, context: CriterionContext): Criterion {
  if (/^\*+$/.test(value)) return universal;
  if (value === emptyValue && context.rules.emptyValues) return { kind: 'empty' };
  switch (context.vr) {
    case 'DA':
      return hasWildcard(value) ? wildcard(value, value) : parseDates(value, context);
    case 'TM':
      return hasWildcard(value) ? wildcard(value, value) : parseTimes(value, context);
    case 'DT':
      return hasWildcard(value) ? wildcard(value, value) : parseMoments(value, context);
    case 'PN':
      return parseName(value, context.rules);
    case 'UI':
      return hasWildcard(value) ? wildcard(value, value) : { kind: 'uid-list', uids: [value] };
    case 'IS':
    case 'DS':
      return hasWildcard(value) ? wildcard(value, value) : parseNumber(value);
    default:
      return numberVrs.has(context.vr) ? parseNumber(value) : parseText(value);
  }
}

const numberVrs: ReadonlySet<Vr> = new Set<Vr>(['AT', 'FD', 'FL', 'SL', 'SS', 'SV', 'UL', 'US', 'UV']);

function parseText(value: string): Criterion {
  return hasWildcard(value) ? wildcard(value, value) : { kind: 'value', value, folded: value };
}

function wildcard(pattern: string, folded: string): Criterion {
  if (pattern.length > maxPatternLength) throw new UnusableKey('has a pattern that is too long');
  return { kind: 'wildcard', pattern, folded, prefix: wildcardPrefix(folded) };
}

/** Trying a pattern takes as long as the product of its length and that of the text. */
const maxPatternLength = 4096;

function parseNumber(value: string): Criterion {
  if (/^-?\d{16,}$/.test(value)) return { kind: 'number', value: BigInt(value) };
  const number = /^[-+.0-9eE]+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw new UnusableKey('is not a number');
  return { kind: 'number', value: number };
}

function parseName(value: string, rules: MatchingRules): Criterion {
  if (rules.fuzzyNames) return parseFuzzyName(value);
  const folded = rules.names === 'folded' ? foldName(value) : tidyName(value);
  if (folded === '') return universal;
  return hasWildcard(value) ? wildcard(value, folded) : { kind: 'value', value, folded };
}

function parseFuzzyName(value: string): Criterion {
  const words = nameWords(foldName(value)).flatMap((word): FuzzyNameWord[] => {
    const text = wildcardPrefix(word);
    const isPrefix = hasWildcard(word);
    return text === '' ? [] : [{ text, sound: isPrefix ? undefined : soundex(text), isPrefix }];
  });
  return words.length === 0 ? universal : { kind: 'fuzzy-name', value, words };
}

/** The words of a folded name, whatever component or group they are in. */
export function nameWords(folded: string): readonly string[] {
  return folded.split(/[\s^=,.'’-]+/).filter((word) => word !== '');
}

function parseDates(value: string, { timezoneOffsetMinutes }: CriterionContext): Criterion {
  const range = DateRange.tryParse(value);
  if (range === undefined) throw new UnusableKey('is no date (YYYYMMDD) and no range of dates in order');
  const slackDays = timezoneOffsetMinutes === undefined ? 0 : 1;
  const { start, end } = range;
  return {
    kind: 'date-range',
    range,
    from: start && dayText(start.epochDays - slackDays),
    to: end && dayText(end.epochDays + slackDays),
  };
}

/** `YYYYMMDD`; a day outside of the calendar's four digits becomes its first or last. */
function dayText(epochDays: number): string {
  const time = Math.min(Math.max(epochDays * 86_400_000, firstDayMs), lastDayMs);
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}

const firstDayMs = Date.parse('0000-01-01T00:00:00Z');
const lastDayMs = Date.parse('9999-12-31T00:00:00Z');

function parseTimes(value: string, { timezoneOffsetMinutes }: CriterionContext): Criterion {
  const range = TimeRange.tryParse(value);
  if (range === undefined) throw new UnusableKey('is no time (HHMMSS.FFFFFF) and no range of times in order');
  const { start, end } = range;
  const hasBounds = timezoneOffsetMinutes === undefined;
  return {
    kind: 'time-range',
    range,
    from: hasBounds && start !== undefined ? timeText(start.earliestMicroseconds) : undefined,
    to: hasBounds && end !== undefined ? timeText(end.latestMicroseconds) : undefined,
  };
}

function parseMoments(value: string, { timezoneOffsetMinutes }: CriterionContext): Criterion {
  const range = DateTimeRange.tryParse(value);
  if (range === undefined) throw new UnusableKey('is no date and time, and no range of them in order');
  return { kind: 'date-time-range', range: withOffset(range, timezoneOffsetMinutes) };
}

/** A range whose ends have the offset, unless they have their own. @throws DataSetError when that puts them out of order. */
export function withOffset(range: DateTimeRange, offsetMinutes: number | undefined): DateTimeRange {
  if (offsetMinutes === undefined) return range;
  return DateTimeRange.of(range.start?.withOffset(offsetMinutes), range.end?.withOffset(offsetMinutes));
}
