import { describe, expect, test } from 'vitest';
import { DataSetError } from '../errors.js';
import { DicomDate } from './dicom-date.js';

describe('a date', () => {
  test.each([
    // PS3.5 6.2, DA, and its note on the form before DICOM.
    ['19930822', 1993, 8, 22, '19930822'],
    ['1997.04.22', 1997, 4, 22, '19970422'],
    ['20240229', 2024, 2, 29, '20240229'],
    ['00010101', 1, 1, 1, '00010101'],
    ['19930822 ', 1993, 8, 22, '19930822'],
  ])('reads %j', (text, year, month, day, written) => {
    const date = DicomDate.parse(text);
    expect([date.year, date.month, date.day]).toEqual([year, month, day]);
    expect(String(date)).toBe(written);
  });

  test.each([
    '',
    '1993',
    '199308',
    '19931301',
    '19930230',
    '19000229',
    '19930800',
    '1993.0822',
    '1993-08-22',
    '２０２６０１３１',
  ])('is not %j', (text) => {
    expect(DicomDate.tryParse(text)).toBeUndefined();
    expect(() => DicomDate.parse(text)).toThrow(DataSetError);
    expect(() => DicomDate.parse(text)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
  });

  test('is in the calendar when it is built', () => {
    expect(String(DicomDate.of(2026, 1, 31))).toBe('20260131');
    expect(() => DicomDate.of(2026, 2, 29)).toThrow(DataSetError);
    expect(() => DicomDate.of(2026.5, 1, 1)).toThrow(DataSetError);
    expect(() => DicomDate.of(10000, 1, 1)).toThrow(DataSetError);
  });

  test('is put in order', () => {
    const dates = ['20260131', '19991231', '20260101', '20251231'].map(DicomDate.parse);
    expect(dates.sort(DicomDate.compare).map(String)).toEqual(['19991231', '20251231', '20260101', '20260131']);
    expect(DicomDate.parse('2026.01.31').equals(DicomDate.parse('20260131'))).toBe(true);
  });

  test('is a day of a place: the moment at which it begins depends on its offset', () => {
    const date = DicomDate.parse('20260131');
    expect(date.toDate(0).toISOString()).toBe('2026-01-31T00:00:00.000Z');
    expect(date.toDate(-300).toISOString()).toBe('2026-01-31T05:00:00.000Z');
    expect(date.toDate()).toEqual(new Date(2026, 0, 31));
    expect(String(DicomDate.fromDate(new Date('2026-01-31T23:30:00Z'), 60))).toBe('20260201');
    expect(String(DicomDate.fromDate(new Date(2026, 0, 31)))).toBe('20260131');
  });

  test('of the first century stays there', () => {
    const date = DicomDate.parse('00990301');
    expect(date.toDate(0).toISOString()).toBe('0099-03-01T00:00:00.000Z');
    expect(date.toDate().getFullYear()).toBe(99);
    expect(date.epochDays).toBe(-683309);
    expect(date.toIsoString()).toBe('0099-03-01');
  });
});
