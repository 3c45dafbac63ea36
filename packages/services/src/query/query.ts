/**
 * A query as it is understood: the identifier of a C-FIND, read and checked. PS3.4 C.4.1.1.3.1.
 */
import type { DataSet, Keyword } from '@dicomwire/dimse';
import type { QueryKey } from './criterion.js';
import type { QueryLevel } from './query-level.js';
import type { QueryModel } from './query-model.js';

/** A query. */
export interface Query {
  /** SOP class, and with it the information model. */
  readonly model: QueryModel;
  /** What is to be found: patients, studies, series or instances; `undefined` in models without levels. */
  readonly level: QueryLevel | undefined;
  /** Whether keys of any level may be given; otherwise the unique keys of all levels above are there, each with one value. PS3.4 C.4.1.3.2.1. */
  readonly isRelational: boolean;
  /** What is asked, in order of tags. Query/Retrieve Level, Specific Character Set, Timezone Offset From UTC and the like are no keys. */
  readonly keys: readonly QueryKey[];
  /** How keys are matched. */
  readonly rules: MatchingRules;
  /** Timezone Offset From UTC (0008,0201), minutes, where times are adjusted by it. PS3.4 C.2.2.2.1.3. */
  readonly timezoneOffsetMinutes: number | undefined;
  /** Query/Retrieve View (0008,0053), where its use was negotiated. PS3.4 C.4.1.3.2.3. */
  readonly view: 'CLASSIC' | 'ENHANCED' | undefined;
  /** The identifier as it came. */
  readonly identifier: DataSet;
  /** The key of an attribute, if there is one. */
  key(attribute: Keyword | number): QueryKey | undefined;
}

/** How keys are matched: what was negotiated, and what the provider decided. */
export interface MatchingRules {
  /** Ranges of a date and of its time are one range of moments. PS3.4 C.2.2.2.5.4. */
  readonly combinedDateTime: boolean;
  /** Names match by their sound, in any order. PS3.4 C.2.2.2.1.1. */
  readonly fuzzyNames: boolean;
  /** Times are adjusted by Timezone Offset From UTC. PS3.4 C.2.2.2.1.3. */
  readonly timezone: boolean;
  /** `""` asks for attributes without a value. PS3.4 C.2.2.2.7. */
  readonly emptyValues: boolean;
  /** Of several values each has to be there; otherwise one is enough. PS3.4 C.2.2.2.8. */
  readonly multipleValues: boolean;
  /** Whether case and accents of names count. PS3.4 C.2.2.2.1.1 leaves it to the provider. */
  readonly names: 'folded' | 'literal';
  /** Whether an attribute without a value matches whatever is asked of it: one reading of PS3.4 C.2.2.1.2, contrary to K.2.2.1.1.1. */
  readonly unknownMatches: boolean;
}
