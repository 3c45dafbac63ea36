/**
 * Whether a value of an attribute is what a key asks for. PS3.4 C.2.2.2.
 */
import { DicomDate, DicomDateTime, DicomTime } from '@dicomwire/dimse/dataset';
import type {
  Criterion,
  DateRangeCriterion,
  DateTimeRangeCriterion,
  FuzzyNameCriterion,
  NumberCriterion,
  QueryKey,
  TimeRangeCriterion,
} from './criterion.js';
import { foldName, tidyName } from './fold-name.js';
import { nameWords } from './parse-criterion.js';
import type { MatchingRules } from './query.js';
import { soundex } from './soundex.js';
import { matchesWildcard } from './wildcard.js';

/** Criteria that look at one value of one attribute. */
export type ValueTest = (text: string, offsetMinutes: number | undefined) => boolean;

/** Kinds that are no matter of single values. */
type Structured = 'universal' | 'empty' | 'any-of' | 'all-of' | 'sequence' | 'combined-date-time';

/** A criterion that looks at one value. */
export type SingleValueCriterion = Exclude<Criterion, { readonly kind: Structured }>;

/** Makes the test of a criterion; what can be prepared is. The offset is that of times which have none. */
export function valueTest(criterion: SingleValueCriterion, { vr }: QueryKey, rules: MatchingRules): ValueTest {
  switch (criterion.kind) {
    case 'value': {
      const { folded } = criterion;
      if (vr !== 'PN') return (text) => text === folded;
      const fold = nameFolding(rules);
      return (text) => matchesName(folded, fold(text), isSame);
    }
    case 'wildcard': {
      const { folded } = criterion;
      if (vr !== 'PN') return (text) => matchesWildcard(folded, text);
      const fold = nameFolding(rules);
      return (text) => matchesName(folded, fold(text), matchesWildcard);
    }
    case 'uid-list': {
      const uids = new Set(criterion.uids);
      return (text) => uids.has(text);
    }
    case 'number':
      return (text) => isNumber(criterion, text);
    case 'fuzzy-name':
      return (text) => soundsLike(criterion, text);
    case 'date-range':
      return (text) => isWithinDates(criterion, text);
    case 'time-range':
      return (text) => isWithinTimes(criterion, text);
    case 'date-time-range':
      return (text, offsetMinutes) => isWithinMoments(criterion, text, offsetMinutes);
  }
}

function nameFolding({ names }: MatchingRules): (name: string) => string {
  return names === 'folded' ? foldName : tidyName;
}

function isSame(one: string, other: string): boolean {
  return one === other;
}

/**
 * A key of one component group may be any of the groups of the name; one of several has to be each of them in its place, those that it leaves empty
 * aside. PS3.4 C.2.2.2.1.1 leaves that to the provider.
 */
function matchesName(wanted: string, name: string, isMatch: (wanted: string, group: string) => boolean): boolean {
  if (!wanted.includes('='))
    return name.includes('=') ? name.split('=').some((group) => isMatch(wanted, group)) : isMatch(wanted, name);
  const groups = name.split('=');
  return wanted.split('=').every((group, at) => group === '' || isMatch(group, groups[at] ?? ''));
}

/** Each word has to be one of the name's, or to sound like one, whatever component either is in. */
function soundsLike({ words }: FuzzyNameCriterion, name: string): boolean {
  const own = nameWords(foldName(name));
  return words.every(({ text, sound, isPrefix }) =>
    own.some((word) => {
      if (isPrefix) return word.startsWith(text);
      return word === text || (sound !== undefined && soundex(word) === sound);
    }),
  );
}

function isNumber({ value }: NumberCriterion, text: string): boolean {
  if (typeof value === 'bigint') return /^-?\d+$/.test(text) && BigInt(text) === value;
  return text !== '' && Number(text) === value;
}

function isWithinDates({ range }: DateRangeCriterion, text: string): boolean {
  const date = DicomDate.tryParse(text);
  return date !== undefined && range.contains(date);
}

function isWithinTimes({ range }: TimeRangeCriterion, text: string): boolean {
  const time = DicomTime.tryParse(text);
  if (time === undefined) return false;
  const at = time.earliestMicroseconds;
  if (range.start !== undefined && at < range.start.earliestMicroseconds) return false;
  return range.end === undefined || at <= range.end.latestMicroseconds;
}

function isWithinMoments({ range }: DateTimeRangeCriterion, text: string, offsetMinutes: number | undefined): boolean {
  const moment = DicomDateTime.tryParse(text);
  return moment !== undefined && isWithin(range, moment, offsetMinutes);
}

/** As {@link isWithinTimes}: a moment counts as the first that it may mean. What has no offset is in the same time zone as the range. */
export function isWithin(
  { start, end }: DateTimeRangeCriterion['range'],
  moment: DicomDateTime,
  offsetMinutes = 0,
): boolean {
  const at = moment.earliestMicroseconds(offsetMinutes);
  if (start !== undefined && at < start.earliestMicroseconds(offsetMinutes)) return false;
  return end === undefined || at <= end.latestMicroseconds(offsetMinutes);
}
