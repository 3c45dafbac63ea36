import { describe, expect, test } from 'vitest';
import { DataSetError } from '../errors.js';
import { DicomDate } from './dicom-date.js';
import { DicomDateTime } from './dicom-date-time.js';
import { DicomTime } from './dicom-time.js';

describe('a date and time', () => {
  test.each([
    // PS3.5 6.2, DT and its notes.
    ['195308271325-0500', { year: 1953, month: 8, day: 27, hour: 13, minute: 25, offsetMinutes: -300 }, 'minute'],
    ['2007-0500', { year: 2007, month: undefined, offsetMinutes: -300 }, 'year'],
    ['20260131101530.25+0100', { day: 31, second: 30, microsecond: 250000, offsetMinutes: 60 }, 'fraction'],
    ['20260131101530', { second: 30, offsetMinutes: undefined }, 'second'],
    ['2026013110', { hour: 10 }, 'hour'],
    ['20260131', { day: 31, hour: undefined }, 'day'],
    ['202601', { month: 1, day: undefined }, 'month'],
    ['2026+1400', { offsetMinutes: 840 }, 'year'],
    ['2026-1200', { offsetMinutes: -720 }, 'year'],
    ['20260131+0530', { offsetMinutes: 330 }, 'day'],
  ])('reads %j', (text, parts, precision) => {
    const moment = DicomDateTime.parse(`${text} `);
    expect(moment).toMatchObject(parts);
    expect(moment.precision).toBe(precision);
    expect(String(moment)).toBe(text);
  });

  test.each([
    '',
    '202',
    '20260',
    '20261301',
    '20260230',
    '2026013124',
    '20260131101530.',
    '20260131101530.1234567',
    '2026+1401',
    '2026-1201',
    '2026+01',
    '2026+0160',
    '2026Z',
    '2026-01-31',
  ])('is not %j', (text) => {
    expect(DicomDateTime.tryParse(text)).toBeUndefined();
    expect(() => DicomDateTime.parse(text)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
  });

  test('takes the offset -0000, which nobody should write, for UTC', () => {
    expect(String(DicomDateTime.parse('2026-0000'))).toBe('2026+0000');
  });

  test('is the same moment in any offset', () => {
    const [utc, india] = ['20260131041530+0000', '20260131094530+0530'].map(DicomDateTime.parse);
    expect(utc?.equals(india ?? DicomDateTime.of({ year: 1 }))).toBe(true);
    expect(utc?.earliestMicroseconds()).toBe(1769832930000000n);
    expect(india?.toDate().toISOString()).toBe('2026-01-31T04:15:30.000Z');
    expect(india?.toIsoString()).toBe('2026-01-31T09:45:30+05:30');
  });

  test('without an offset is in the one that is given', () => {
    const moment = DicomDateTime.parse('20260131101530');
    expect(moment.toDate(60).toISOString()).toBe('2026-01-31T09:15:30.000Z');
    expect(moment.toDate()).toEqual(new Date(2026, 0, 31, 10, 15, 30));
    expect(moment.earliestMicroseconds(60)).toBe(moment.earliestMicroseconds() - 3_600_000_000n);
    expect(String(moment.withOffset(-300))).toBe('20260131101530-0500');
    expect(String(DicomDateTime.parse('2026+0100').withOffset(-300))).toBe('2026+0100');
  });

  test.each([
    ['2024', 366n * 86_400_000_000n],
    ['2026', 365n * 86_400_000_000n],
    ['202602', 28n * 86_400_000_000n],
    ['202612', 31n * 86_400_000_000n],
    ['20260131', 86_400_000_000n],
    ['2026013110', 3_600_000_000n],
    ['20260131101530.123456', 1n],
  ])('%s lasts %d microseconds', (text, span) => {
    const moment = DicomDateTime.parse(text);
    expect(moment.latestMicroseconds() - moment.earliestMicroseconds() + 1n).toBe(span);
  });

  test('tells microseconds apart through all centuries', () => {
    for (const year of ['0001', '1753', '9999']) {
      const [a, b] = [DicomDateTime.parse(`${year}1231235959.999998`), DicomDateTime.parse(`${year}1231235959.999999`)];
      expect(DicomDateTime.compare(a, b)).toBe(-1);
      expect(b.earliestMicroseconds() - a.earliestMicroseconds()).toBe(1n);
    }
  });

  test('is put in order by the first moment, then by the last', () => {
    const moments = ['2026', '20260101', '20251231230000-0200', '2025'].map(DicomDateTime.parse);
    expect(moments.sort(DicomDateTime.compare).map(String)).toEqual([
      '2025',
      '20260101',
      '2026',
      '20251231230000-0200',
    ]);
  });

  test('joins a date and a time, and gives them back', () => {
    const [date, time] = [DicomDate.parse('20260131'), DicomTime.parse('1015')];
    const moment = DicomDateTime.fromDateAndTime(date, time, 60);
    expect(String(moment)).toBe('202601311015+0100');
    expect(moment.date?.equals(date)).toBe(true);
    expect(moment.time?.equals(time)).toBe(true);
    expect(String(DicomDateTime.fromDateAndTime(date))).toBe('20260131');
    expect(DicomDateTime.parse('202601').date).toBeUndefined();
    expect(DicomDateTime.parse('202601').time).toBeUndefined();
  });

  test('comes from a Date with its offset', () => {
    const date = new Date('2026-01-31T23:30:15.250Z');
    expect(String(DicomDateTime.fromDate(date, -90))).toBe('20260131220015.250-0130');
    expect(DicomDateTime.fromDate(date).toDate()).toEqual(date);
  });

  test('is built of parts without gaps', () => {
    expect(String(DicomDateTime.of({ year: 2026, month: 1 }))).toBe('202601');
    expect(() => DicomDateTime.of({ year: 2026, day: 1 })).toThrow(DataSetError);
    expect(() => DicomDateTime.of({ year: 2026, month: 1, hour: 1 })).toThrow(DataSetError);
    expect(() => DicomDateTime.of({ year: 2026, month: 1, day: 1, minute: 1 })).toThrow(DataSetError);
    expect(() => DicomDateTime.of({ year: 2026, offsetMinutes: 841 })).toThrow(DataSetError);
  });
});
