/**
 * Whether an entity is what a query asks for. PS3.4 C.2.2.2, C.2.2.3.
 */
import type { DataSet } from '@dicomwire/dimse';
import { DicomDate, DicomDateTime, DicomTime, tagOfKeyword } from '@dicomwire/dimse/dataset';
import type { CombinedDateTimeCriterion, Criterion, QueryKey } from './criterion.js';
import { isWithin, valueTest } from './match-values.js';
import { identifierTags, parseOffset } from './parse-query.js';
import type { MatchingRules, Query } from './query.js';
import { readableItems } from './readable-items.js';
import { shiftDateAndTime } from './shift-time.js';

/** Time zones while an entity is looked at. */
interface Zones {
  /** Offset of the entity's times that have none, minutes; `undefined` where it is not known: they are in the zone of the query. */
  readonly entityMinutes: number | undefined;
  /** How much later the clock of the query is, minutes; 0 where times are not adjusted. */
  readonly shiftMinutes: number;
}

type KeyTest = (dataSet: DataSet, zones: Zones) => boolean;

/** Makes the test of keys: all of them have to match. */
export function entityTest(query: Query, keys: readonly QueryKey[]): (dataSet: DataSet) => boolean {
  const tests = keys.filter(({ criterion }) => !isUniversal(criterion)).map((key) => keyTest(key, query.rules));
  if (tests.length === 0) return () => true;
  return (dataSet) => {
    const zones = zonesOf(dataSet, query.timezoneOffsetMinutes);
    return tests.every((test) => test(dataSet, zones));
  };
}

/** Makes the test of an item of a sequence. */
export function itemTest(query: Query, keys: readonly QueryKey[]): (item: DataSet, entity: DataSet) => boolean {
  const tests = keys.filter(({ criterion }) => !isUniversal(criterion)).map((key) => keyTest(key, query.rules));
  return (item, entity) => {
    const zones = zonesOf(entity, query.timezoneOffsetMinutes);
    return tests.every((test) => test(item, zones));
  };
}

/** True for what matches everything: a sequence whose keys all do, too, since they only say what is to be returned. */
export function isUniversal(criterion: Criterion): boolean {
  if (criterion.kind === 'sequence') return criterion.keys.every((key) => isUniversal(key.criterion));
  return criterion.kind === 'universal';
}

function zonesOf(dataSet: DataSet, queryMinutes: number | undefined): Zones {
  const text = dataSet.text(identifierTags.timezoneOffsetFromUtc);
  const entityMinutes = text === undefined ? undefined : parseOffset(text);
  const isShifted = queryMinutes !== undefined && entityMinutes !== undefined;
  return { entityMinutes, shiftMinutes: isShifted ? queryMinutes - entityMinutes : 0 };
}

function keyTest(key: QueryKey, rules: MatchingRules): KeyTest {
  const { tag, criterion } = key;
  switch (criterion.kind) {
    case 'universal':
      return () => true;
    case 'empty':
      return (dataSet) => !hasValue(dataSet, tag);
    case 'any-of':
    case 'all-of': {
      const tests = criterion.criteria.map((each) => keyTest({ ...key, criterion: each }, rules));
      if (criterion.kind === 'any-of') return (dataSet, zones) => tests.some((test) => test(dataSet, zones));
      return (dataSet, zones) => tests.every((test) => test(dataSet, zones));
    }
    case 'sequence': {
      const tests = criterion.keys.filter((each) => !isUniversal(each.criterion)).map((each) => keyTest(each, rules));
      return (dataSet, zones) => {
        const items = readableItems(dataSet, tag);
        if (items.length === 0) return rules.unknownMatches || tests.length === 0;
        return items.some((item) => tests.every((test) => test(item, zones)));
      };
    }
    case 'combined-date-time':
      return (dataSet, zones) => isWithinCombined(criterion, tag, dataSet, zones, rules);
    default: {
      const test = valueTest(criterion, key, rules);
      // PS3.4 C.2.2.3: one of several values is enough.
      return (dataSet, zones) => {
        const texts = zonedTexts(key, dataSet, zones);
        if (!texts.some((text) => text !== '')) return rules.unknownMatches;
        return texts.some((text) => text !== '' && test(text, zones.entityMinutes));
      };
    }
  }
}

function hasValue(dataSet: DataSet, tag: number): boolean {
  if (dataSet.vr(tag) === 'SQ') return readableItems(dataSet, tag).length > 0;
  return dataSet.texts(tag).some((text) => text !== '');
}

/** Dates and times in the time zone of the query, everything else as it is. */
function zonedTexts({ tag, vr, keyword }: QueryKey, dataSet: DataSet, { shiftMinutes }: Zones): readonly string[] {
  const texts = dataSet.texts(tag);
  if (shiftMinutes === 0 || texts.length !== 1) return texts;
  if (vr === 'TM') {
    const { time } = shiftDateAndTime({ date: undefined, time: texts[0] }, shiftMinutes);
    return time === undefined ? [] : [time];
  }
  if (vr !== 'DA') return texts;
  const timeTag = tagOfKeyword(keyword.replace(/Date$/, 'Time'));
  const time = timeTag === undefined || timeTag === tag ? undefined : dataSet.text(timeTag);
  const { date } = shiftDateAndTime({ date: texts[0], time }, shiftMinutes);
  return date === undefined ? [] : [date];
}

function isWithinCombined(
  { dateTag, range }: CombinedDateTimeCriterion,
  timeTag: number,
  dataSet: DataSet,
  { entityMinutes }: Zones,
  rules: MatchingRules,
): boolean {
  const [dateText, timeText] = [dataSet.text(dateTag), dataSet.text(timeTag)];
  if (dateText === undefined || timeText === undefined) return rules.unknownMatches;
  const [date, time] = [DicomDate.tryParse(dateText), DicomTime.tryParse(timeText)];
  if (date === undefined || time === undefined) return false;
  return isWithin(range, DicomDateTime.fromDateAndTime(date, time), entityMinutes);
}
