import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataSetError } from '../errors.js';
import { Age } from './age.js';
import { DecimalString } from './decimal-string.js';
import { DicomDate } from './dicom-date.js';
import { IntegerString } from './integer-string.js';

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 0x7fffffff));

describe('an age', () => {
  test.each([
    // PS3.5 6.2, AS: its example is an age of 18 months.
    ['018M', 18, 'M', '018M'],
    ['042Y', 42, 'Y', '042Y'],
    ['42y ', 42, 'Y', '042Y'],
    ['000D', 0, 'D', '000D'],
    ['999W', 999, 'W', '999W'],
  ])('reads %j', (text, value, unit, written) => {
    const age = Age.parse(text);
    expect([age.value, age.unit, String(age)]).toEqual([value, unit, written]);
  });

  test.each(['', 'Y', '042', '0042Y', '42X', '-42Y', '4.5Y'])('is not %j', (text) => {
    expect(Age.tryParse(text)).toBeUndefined();
    expect(() => Age.parse(text)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
  });

  test('is put in order across units', () => {
    const ages = ['002Y', '018M', '100W', '500D'].map(Age.parse);
    expect(ages.sort(Age.compare).map(String)).toEqual(['500D', '018M', '100W', '002Y']);
    expect(Age.parse('012M').equals(Age.parse('001Y'))).toBe(false);
    expect(() => Age.of(1000, 'D')).toThrow(DataSetError);
    expect(() => Age.of(1.5, 'D')).toThrow(DataSetError);
  });

  test.each([
    ['20260131', '20260131', '000D'],
    ['20260101', '20260128', '027D'],
    ['20260101', '20260129', '004W'],
    ['20251101', '20260131', '013W'],
    ['20251031', '20260131', '003M'],
    ['20240201', '20260131', '023M'],
    ['20240131', '20260131', '002Y'],
    ['19840229', '20260228', '041Y'],
    ['19840229', '20260301', '042Y'],
  ])('of who was born on %s is on %s %s', (birth, day, age) => {
    expect(String(Age.between(DicomDate.parse(birth), DicomDate.parse(day)))).toBe(age);
  });

  test('is nobody before birth', () => {
    expect(() => Age.between(DicomDate.parse('20260101'), DicomDate.parse('20251231'))).toThrow(DataSetError);
  });
});

describe('a decimal string', () => {
  test.each([
    ['1.500 ', 1.5],
    ['-0', -0],
    ['+12', 12],
    ['.5', 0.5],
    ['5.', 5],
    ['1e-3', 0.001],
    ['-1.2E+10', -1.2e10],
    ['0.10000000000000000000000001', 0.1],
  ])('reads %j', (text, value) => {
    const decimal = DecimalString.parse(text);
    expect(decimal.value).toBe(value);
    expect(decimal.text).toBe(text.trim());
  });

  test.each(['', '.', '-', 'e5', '1e', '1,5', '0x10', 'NaN', 'Infinity', '1 2', '1e1234567890123'])(
    'is not %j',
    (text) => {
      expect(DecimalString.tryParse(text)).toBeUndefined();
      expect(() => DecimalString.parse(text)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
    },
  );

  test.each([
    ['0.10000000000000001', '0.1', 1],
    ['1.50', '15e-1', 0],
    ['-1.50', '15e-1', -1],
    ['-2', '-1', -1],
    ['-0', '0', 0],
    ['0e99', '0', 0],
    ['1e999999999999', '9e999999999998', 1],
    ['1e-999999999999', '0', 1],
    ['9007199254740993', '9007199254740992', 1],
    ['000.0010', '1e-3', 0],
    ['10', '9', 1],
    ['100', '1e2', 0],
  ])('%s beside %s is %i', (a, b, expected) => {
    const order = DecimalString.compare(DecimalString.parse(a), DecimalString.parse(b));
    expect(Math.sign(order)).toBe(expected);
    expect(DecimalString.parse(a).equals(DecimalString.parse(b))).toBe(expected === 0);
  });

  test('of a million digits is read in linear time', () => {
    const zeros = '0'.repeat(1e6);
    expect(DecimalString.parse(`${zeros}1.5${zeros}`).equals(DecimalString.parse('1.5'))).toBe(true);
  });

  test.each([
    [Number.MAX_VALUE, '179769313486e297'],
    [-Number.MAX_VALUE, '-1.79769313e+308'],
    [0.1 + 0.2, '0.3'],
    [123456 + 7 / 9, '123456.777777778'],
    [-0, '0'],
    [1e-7 / 3, '3.33333333333e-8'],
    [2 ** 70, '11805916207174e8'],
  ])('of %d is %s', (value, text) => {
    expect(String(DecimalString.of(value))).toBe(text);
  });

  test('is written of no infinity', () => {
    expect(() => DecimalString.of(Number.NaN)).toThrow(DataSetError);
    expect(() => DecimalString.of(Number.NEGATIVE_INFINITY)).toThrow(DataSetError);
  });

  test(`holds any number in 16 characters, nine of its digits at least (FUZZ_SEED=${seed})`, () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const { text, value: read } = DecimalString.of(value);
        expect(text.length).toBeLessThanOrEqual(16);
        // Numbers below 1e-300 have fewer digits themselves.
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 5e-9, 1e-310));
        expect(DecimalString.parse(text).text).toBe(text);
      }),
      { seed },
    );
  });
});

describe('an integer string', () => {
  test.each([
    ['17', 17],
    ['+017 ', 17],
    ['-2147483648', -2147483648],
    ['2147483647', 2147483647],
    ['-0', 0],
  ])('reads %j', (text, value) => {
    expect(IntegerString.parse(text).value).toBe(value);
    expect(String(IntegerString.parse(text))).toBe(text.trim());
  });

  test.each(['', '-', '1.0', '1e3', '2147483648', '-2147483649', '0x1'])('is not %j', (text) => {
    expect(IntegerString.tryParse(text)).toBeUndefined();
    expect(() => IntegerString.parse(text)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
  });

  test('is put in order by number', () => {
    expect(['10', '9', '-1'].map(IntegerString.parse).sort(IntegerString.compare).map(String)).toEqual([
      '-1',
      '9',
      '10',
    ]);
    expect(IntegerString.of(7).equals(IntegerString.parse('+07'))).toBe(true);
    expect(() => IntegerString.of(0.5)).toThrow(DataSetError);
  });
});
