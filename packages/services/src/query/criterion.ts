/**
 * What a key of a query asks for. PS3.4 C.2.2.2.
 */
import type { Keyword, Vr } from '@dicomwire/dimse';
import type { DateRange, DateTimeRange, TimeRange } from '@dicomwire/dimse/dataset';
import type { QueryLevel } from './query-level.js';

/** What a key asks of an attribute, by `kind`. */
export type Criterion =
  | UniversalCriterion
  | ValueCriterion
  | NumberCriterion
  | UidListCriterion
  | WildcardCriterion
  | DateRangeCriterion
  | TimeRangeCriterion
  | DateTimeRangeCriterion
  | CombinedDateTimeCriterion
  | FuzzyNameCriterion
  | AnyOfCriterion
  | AllOfCriterion
  | EmptyValueCriterion
  | SequenceCriterion;

/** Matches everything: the attribute is only to be returned. PS3.4 C.2.2.2.3. */
export interface UniversalCriterion {
  readonly kind: 'universal';
}

/** One value of a text VR, or of one of the binary VRs as text. PS3.4 C.2.2.2.1. */
export interface ValueCriterion {
  readonly kind: 'value';
  /** The value as the peer gave it, without padding. */
  readonly value: string;
  /** What is compared: names in the form of {@link foldName} where case and accents don't count, `value` otherwise. */
  readonly folded: string;
}

/** One number (IS, DS, US, FL, …): compared as such, so that `1.50` is `1.5`. PS3.4 C.2.2.2.1. */
export interface NumberCriterion {
  readonly kind: 'number';
  readonly value: number | bigint;
}

/** Any of these UIDs; at least one. PS3.4 C.2.2.2.2. */
export interface UidListCriterion {
  readonly kind: 'uid-list';
  readonly uids: readonly string[];
}

/** `*` is any characters or none, `?` any one. PS3.4 C.2.2.2.4. */
export interface WildcardCriterion {
  readonly kind: 'wildcard';
  /** The pattern as the peer gave it. */
  readonly pattern: string;
  /** What is compared: as {@link ValueCriterion.folded}. */
  readonly folded: string;
  /** What stands before the first wildcard in `folded`: whatever matches begins with it; of a name, one of its component groups. */
  readonly prefix: string;
}

/** Days from one to another; a single day is one as well. PS3.4 C.2.2.2.5.1. */
export interface DateRangeCriterion {
  readonly kind: 'date-range';
  readonly range: DateRange;
  /**
   * `YYYYMMDD` of the first and last day that can match: bounds for an index. They are a day wider than `range` where time zones are taken into
   * account. `undefined` where the range is open.
   */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * Times of day from one to another; a single time is one as well, as long as its precision says: `10` is an hour. An attribute counts as the first
 * moment that it may mean: `1030` as 10:30:00. PS3.4 C.2.2.2.5.2.
 */
export interface TimeRangeCriterion {
  readonly kind: 'time-range';
  readonly range: TimeRange;
  /**
   * `HHMMSS.FFFFFF` of the first and last time that can match: bounds for an index of times in full length. Both `undefined` where time
   * zones are taken into account.
   */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Moments from one to another; a single moment is one as well. PS3.4 C.2.2.2.5.3. */
export interface DateTimeRangeCriterion {
  readonly kind: 'date-time-range';
  readonly range: DateTimeRange;
}

/**
 * The time of a date and a time that are matched together: from the first date at the first time to the last date at the last time.
 * The date's own key stays a {@link DateRangeCriterion}, which holds for whatever matches. PS3.4 C.2.2.2.5.4.
 */
export interface CombinedDateTimeCriterion {
  readonly kind: 'combined-date-time';
  /** Tag of the date that belongs to this time. */
  readonly dateTag: number;
  readonly range: DateTimeRange;
}

/** A name by what it sounds like, in any order of its components. PS3.4 C.2.2.2.1.1. */
export interface FuzzyNameCriterion {
  readonly kind: 'fuzzy-name';
  /** The name as the peer gave it. */
  readonly value: string;
  /** Words, folded; each has to match a word of the name. A word that ended with `*` has `isPrefix`. */
  readonly words: readonly FuzzyNameWord[];
}

/** A word of a name that is looked for. */
export interface FuzzyNameWord {
  /** The word in the form of {@link foldName}. */
  readonly text: string;
  /** Its code in the manner of {@link soundex}; `undefined` where it has none and has to be there as it is. */
  readonly sound: string | undefined;
  /** Whether words that begin with it match. */
  readonly isPrefix: boolean;
}

/** Several values: one of them is enough. What PS3.4 leaves open without extended negotiation, and most archives do. */
export interface AnyOfCriterion {
  readonly kind: 'any-of';
  readonly criteria: readonly Criterion[];
}

/** Several values, each of which has to be among those of the attribute. Negotiated: PS3.4 C.2.2.2.8. */
export interface AllOfCriterion {
  readonly kind: 'all-of';
  readonly criteria: readonly Criterion[];
}

/** The attribute has no value: the key was `""`. Negotiated: PS3.4 C.2.2.2.7. */
export interface EmptyValueCriterion {
  readonly kind: 'empty';
}

/** An item of the sequence matches all of these keys. PS3.4 C.2.2.2.6. */
export interface SequenceCriterion {
  readonly kind: 'sequence';
  /** Keys of the item; none matches everything, and whole items are returned. */
  readonly keys: readonly QueryKey[];
}

/** An attribute that is asked for. */
export interface QueryKey {
  /** Its tag. */
  readonly tag: number;
  /** Its keyword; `''` for private attributes and those that the dictionary does not know. */
  readonly keyword: Keyword | '';
  /** Its VR in the identifier. */
  readonly vr: Vr;
  /** The level that it belongs to; `undefined` in models without levels. */
  readonly level: QueryLevel | undefined;
  /** What it asks. */
  readonly criterion: Criterion;
}
