/**
 * Dates and times that are matched together. PS3.4 C.2.2.2.5.4.
 */
import type { DataSet } from '@dicomwire/dimse';
import { DateRange, DateTimeRange, DicomDateTime, DicomTime, tagOfKeyword } from '@dicomwire/dimse/dataset';
import type { CombinedDateTimeCriterion } from './criterion.js';

/** Tag of the date that belongs to a time: `StudyDate` to `StudyTime`; `undefined` where there is none. */
export function dateTagOf(timeKeyword: string): number | undefined {
  return timeKeyword.endsWith('Time') ? tagOfKeyword(timeKeyword.replace(/Time$/, 'Date')) : undefined;
}

/**
 * The range that a time makes with its date, where both are ranges of the same form: with both ends, or open at the same one. Times
 * of the two ends may be in any order, since they are of different days: `20260105-20260106` and `1800-0600` is a night.
 *
 * @throws DataSetError `invalid-value` when the range would end before it begins.
 */
export function combineDateTime(
  dataSet: DataSet,
  timeTag: number,
  timeKeyword: string,
): Omit<CombinedDateTimeCriterion, 'kind'> | undefined {
  const dateTag = dateTagOf(timeKeyword);
  const dateText = dateTag === undefined ? undefined : onlyText(dataSet, dateTag);
  const timeText = onlyText(dataSet, timeTag);
  if (dateTag === undefined || dateText === undefined || timeText === undefined) return undefined;
  const times = parseTimes(timeText);
  const dates = dateText.includes('-') ? DateRange.tryParse(dateText) : undefined;
  if (times === undefined || dates === undefined) return undefined;
  const [start, end] = [join(dates.start, times.start), join(dates.end, times.end)];
  if (start === 'of another form' || end === 'of another form') return undefined;
  return { dateTag, range: DateTimeRange.of(start, end) };
}

function onlyText(dataSet: DataSet, tag: number): string | undefined {
  const texts = dataSet.texts(tag);
  return texts.length === 1 ? texts[0] : undefined;
}

/** Both ends of `a-b`, `a-` or `-b`; `undefined` for what is no range. */
function parseTimes(
  text: string,
): { readonly start: DicomTime | undefined; readonly end: DicomTime | undefined } | undefined {
  const parts = text.split('-').map((part) => part.trim());
  const [before = '', after = ''] = parts;
  if (parts.length !== 2) return undefined;
  const [start, end] = [DicomTime.tryParse(before), DicomTime.tryParse(after)];
  const isBroken = (start === undefined && before !== '') || (end === undefined && after !== '');
  return isBroken || (start === undefined && end === undefined) ? undefined : { start, end };
}

function join(date: DateRange['start'], time: DicomTime | undefined): DicomDateTime | undefined | 'of another form' {
  if (date === undefined && time === undefined) return undefined;
  if (date === undefined || time === undefined) return 'of another form';
  return DicomDateTime.fromDateAndTime(date, time);
}
