import { describe, expect, test } from 'vitest';
import { DataSetError } from '../errors.js';
import { DicomTime } from './dicom-time.js';

const second = 1_000_000;

describe('a time', () => {
  test.each([
    // PS3.5 6.2, TM: its examples, and its note on the form before DICOM.
    ['070907.0705 ', { hour: 7, minute: 9, second: 7, microsecond: 70500 }, '070907.0705', 'fraction'],
    ['1010', { hour: 10, minute: 10, second: undefined, microsecond: undefined }, '1010', 'minute'],
    ['10:15:30.25', { hour: 10, minute: 15, second: 30, microsecond: 250000 }, '101530.25', 'fraction'],
    ['10:15', { hour: 10, minute: 15 }, '1015', 'minute'],
    ['10', { hour: 10, minute: undefined }, '10', 'hour'],
    ['235960', { hour: 23, minute: 59, second: 60 }, '235960', 'second'],
    ['000000.000001', { microsecond: 1 }, '000000.000001', 'fraction'],
    ['000000.100000', { microsecond: 100000, fractionDigits: 6 }, '000000.100000', 'fraction'],
  ])('reads %j', (text, parts, written, precision) => {
    const time = DicomTime.parse(text);
    expect(time).toMatchObject(parts);
    expect(String(time)).toBe(written);
    expect(time.precision).toBe(precision);
  });

  test.each(['', '021', '2400', '1060', '101561', '101530.', '101530.1234567', '10:1530', '1015:30', '10.5', '1 0'])(
    'is not %j',
    (text) => {
      expect(DicomTime.tryParse(text)).toBeUndefined();
      expect(() => DicomTime.parse(text)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
    },
  );

  test('reaches as far as it may mean', () => {
    const span = (text: string) => {
      const time = DicomTime.parse(text);
      return [time.earliestMicroseconds, time.latestMicroseconds];
    };
    expect(span('10')).toEqual([36000 * second, 39600 * second - 1]);
    expect(span('1015')).toEqual([36900 * second, 36960 * second - 1]);
    expect(span('101530')).toEqual([36930 * second, 36931 * second - 1]);
    expect(span('101530.5')).toEqual([36930.5 * second, 36930.6 * second - 1]);
    expect(span('101530.500000')).toEqual([36930.5 * second, 36930.5 * second]);
  });

  test('is put in order by the first moment, then by the last', () => {
    const times = ['11', '101530', '10', '1015', '09:59'].map(DicomTime.parse);
    expect(times.sort(DicomTime.compare).map(String)).toEqual(['0959', '10', '1015', '101530', '11']);
    expect(DicomTime.parse('10').equals(DicomTime.parse('1000'))).toBe(false);
    expect(DicomTime.parse('10:00').equals(DicomTime.parse('1000'))).toBe(true);
  });

  test('is built of parts without gaps', () => {
    expect(String(DicomTime.of({ hour: 9, minute: 5, second: 0, microsecond: 500000 }))).toBe('090500.5');
    expect(String(DicomTime.of({ hour: 9, minute: 5, second: 0, microsecond: 0 }))).toBe('090500.0');
    expect(() => DicomTime.of({ hour: 9, second: 1 })).toThrow(DataSetError);
    expect(() => DicomTime.of({ hour: 9, minute: 5, microsecond: 1 })).toThrow(DataSetError);
    expect(() => DicomTime.of({ hour: 9.5 })).toThrow(DataSetError);
    expect(() => DicomTime.of({ hour: 9, minute: 5, second: 0, microsecond: 12, fractionDigits: 3 })).toThrow(
      DataSetError,
    );
  });

  test('is what a clock shows', () => {
    const date = new Date('2026-01-31T23:30:15.250Z');
    expect(String(DicomTime.fromDate(date, 60))).toBe('003015.250');
    expect(DicomTime.fromDate(date).minute).toBe(date.getMinutes());
    expect(DicomTime.fromDate(date, 0).toIsoString()).toBe('23:30:15.250');
  });
});
