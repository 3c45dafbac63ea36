import { describe, expect, test } from 'vitest';
import { DataSetError } from '../errors.js';
import { DateRange } from './date-range.js';
import { DateTimeRange } from './date-time-range.js';
import { DicomDate } from './dicom-date.js';
import { DicomDateTime } from './dicom-date-time.js';
import { DicomTime } from './dicom-time.js';
import { TimeRange } from './time-range.js';

/** Text of a range, its start and end. */
type Bounds = [text: string, start: string | undefined, end: string | undefined];

function shown({ start, end }: { readonly start: unknown; readonly end: unknown }): (string | undefined)[] {
  return [start, end].map((value) => (value === undefined ? undefined : String(value)));
}

describe('a range of dates', () => {
  test.each<Bounds>([
    ['20260101-20260131', '20260101', '20260131'],
    ['20260101-', '20260101', undefined],
    ['-20260131', undefined, '20260131'],
    ['20260131', '20260131', '20260131'],
    ['20260101 - 20260131', '20260101', '20260131'],
    ['1997.04.22-1997.04.23', '19970422', '19970423'],
    ['20260131-20260131', '20260131', '20260131'],
  ])('reads %j', (text, start, end) => {
    expect(shown(DateRange.parse(text))).toEqual([start, end]);
  });

  test.each([
    '',
    '-',
    '20260131-20260101',
    '2026-2027',
    '20260101--20260131',
    '20260101-20260131-',
    '2026*',
    '-'.repeat(1e6),
  ])('is not %.20s', (text) => {
    expect(DateRange.tryParse(text)).toBeUndefined();
    expect(() => DateRange.parse(text)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
  });

  test('contains its ends', () => {
    const contains = (range: string, date: string) => DateRange.parse(range).contains(DicomDate.parse(date));
    expect(contains('20260101-20260131', '20260101')).toBe(true);
    expect(contains('20260101-20260131', '20260131')).toBe(true);
    expect(contains('20260101-20260131', '20251231')).toBe(false);
    expect(contains('20260101-20260131', '20260201')).toBe(false);
    expect(contains('20260101-', '99991231')).toBe(true);
    expect(contains('-20260101', '20260102')).toBe(false);
    expect(contains('20260101', '20260102')).toBe(false);
  });

  test('is written as it is read', () => {
    for (const text of ['20260101-20260131', '20260101-', '-20260131', '20260131']) {
      expect(String(DateRange.parse(text))).toBe(text);
    }
    expect(() => DateRange.of(undefined, undefined)).toThrow(DataSetError);
    expect(() => DateRange.of(DicomDate.parse('20260102'), DicomDate.parse('20260101'))).toThrow(DataSetError);
    expect(String(DateRange.of(undefined, DicomDate.parse('20260102')))).toBe('-20260102');
  });
});

describe('a range of times', () => {
  test.each<Bounds>([
    ['1000-1130', '1000', '1130'],
    ['10-', '10', undefined],
    ['-101530.5', undefined, '101530.5'],
    ['10:00-11:00', '1000', '1100'],
    ['1015', '1015', '1015'],
    ['1015-10', '1015', '10'],
  ])('reads %j', (text, start, end) => {
    expect(shown(TimeRange.parse(text))).toEqual([start, end]);
  });

  test('does not cross midnight', () => {
    expect(TimeRange.tryParse('2200-0600')).toBeUndefined();
    expect(() => TimeRange.of(DicomTime.parse('22'), DicomTime.parse('06'))).toThrow(DataSetError);
  });

  test.each([
    ['1000-1100', '095959.999999', false],
    ['1000-1100', '100000', true],
    ['1000-1100', '110059.999999', true],
    ['1000-1100', '110100', false],
    // What isn't exact may be within.
    ['1015-1020', '10', true],
    ['1015-1020', '1021', false],
    ['101530', '101530.7', true],
    ['-0900', '000000', true],
    ['0900-', '235960', true],
  ])('%s: %s is within, %s', (range, time, expected) => {
    expect(TimeRange.parse(range).contains(DicomTime.parse(time))).toBe(expected);
  });
});

describe('a range of moments', () => {
  test.each<Bounds>([
    ['20260101-20260131', '20260101', '20260131'],
    ['2025-2026', '2025', '2026'],
    // PS3.5 6.2, DT, Note 3: 2007-0500 is a value. No range goes backwards.
    ['2007-0500', '2007-0500', '2007-0500'],
    ['2007-0500-', '2007-0500', undefined],
    ['-2007-0500', undefined, '2007-0500'],
    ['2007-0500-2008-0500', '2007-0500', '2008-0500'],
    ['2007-2008-0500', '2007', '2008-0500'],
    ['2007-0500-2008', '2007-0500', '2008'],
    ['20070101+0100-20080101-0500', '20070101+0100', '20080101-0500'],
    ['19750101-19800101+0200', '19750101', '19800101+0200'],
    ['202601011200-0500 - 202601011300-0500', '202601011200-0500', '202601011300-0500'],
    // In the year 1000 both could be meant: the value goes first.
    ['1000-1100', '1000-1100', '1000-1100'],
  ])('reads %j', (text, start, end) => {
    expect(shown(DateTimeRange.parse(text))).toEqual([start, end]);
  });

  test.each(['', '-', '--', '2008-2007', '2008+0000-2007+0000', '2007-0500-0500-0500', `2007${'-0500'.repeat(1e5)}`])(
    'is not %.20s',
    (text) => {
      expect(DateTimeRange.tryParse(text)).toBeUndefined();
    },
  );

  test.each([
    ['2025-2026', '20261231235959.999999', true],
    ['2025-2026', '20270101', false],
    ['202601010000+0100-', '20251231230000+0000', true],
    ['202601010000+0100-', '20251231225959.999999+0000', false],
    ['20260115-20260131', '2026', true],
    ['20260115-20260131', '202602', false],
  ])('%s: %s is within, %s', (range, moment, expected) => {
    expect(DateTimeRange.parse(range).contains(DicomDateTime.parse(moment))).toBe(expected);
  });

  test('takes an offset for what has none', () => {
    const range = DateTimeRange.parse('20260101120000+0000-');
    expect(range.contains(DicomDateTime.parse('20260101123000'))).toBe(true);
    expect(range.contains(DicomDateTime.parse('20260101123000'), 60)).toBe(false);
  });

  test('joins a range of dates and one of times', () => {
    const dates = DateRange.parse('20060705-20060707');
    const range = DateTimeRange.fromDatesAndTimes(dates, TimeRange.parse('1000-1800'));
    // PS3.4 C.2.2.2.5: from 10:00 on the first day to 18:00 on the last.
    expect(String(range)).toBe('200607051000-200607071800');
    expect(range.contains(DicomDateTime.parse('20060706030000'))).toBe(true);
    expect(range.contains(DicomDateTime.parse('20060705095959'))).toBe(false);
    expect(String(DateTimeRange.fromDatesAndTimes(dates, TimeRange.parse('1000-'), 60))).toBe(
      '200607051000+0100-20060707+0100',
    );
    expect(String(DateTimeRange.fromDatesAndTimes(DateRange.parse('-20060707'), TimeRange.parse('-1800')))).toBe(
      '-200607071800',
    );
  });
});
