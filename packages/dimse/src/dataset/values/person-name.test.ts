import { describe, expect, test } from 'vitest';
import { DataSetError } from '../errors.js';
import { PersonName } from './person-name.js';

describe('a person name', () => {
  test.each([
    // PS3.5 6.2.1.2, its examples.
    [
      'Adams^John Robert Quincy^^Rev.^B.A. M.Div.',
      { familyName: 'Adams', givenName: 'John Robert Quincy', middleName: '', prefix: 'Rev.', suffix: 'B.A. M.Div.' },
      'Rev. John Robert Quincy Adams, B.A. M.Div.',
    ],
    [
      'Morrison-Jones^Susan^^^Ph.D., Chief Executive Officer',
      { familyName: 'Morrison-Jones', givenName: 'Susan', suffix: 'Ph.D., Chief Executive Officer' },
      'Susan Morrison-Jones, Ph.D., Chief Executive Officer',
    ],
    ['Doe^John', { familyName: 'Doe', givenName: 'John', middleName: '', prefix: '', suffix: '' }, 'John Doe'],
    ['Smith^Fluffy', { familyName: 'Smith', givenName: 'Fluffy' }, 'Fluffy Smith'],
    ['ABC Farms^Running on Water', { familyName: 'ABC Farms' }, 'Running on Water ABC Farms'],
    ['', { familyName: '' }, ''],
  ])('reads %s', (text, alphabetic, display) => {
    const name = PersonName.parse(text);
    expect(name.alphabetic).toMatchObject(alphabetic);
    expect(name.toDisplayString()).toBe(display);
    expect(String(name)).toBe(text);
  });

  test('has up to three writings', () => {
    // PS3.5 Example H.3-1.
    const name = PersonName.parse('Yamada^Tarou=山田^太郎=やまだ^たろう');
    expect(name.alphabetic).toMatchObject({ familyName: 'Yamada', givenName: 'Tarou' });
    expect(name.ideographic).toMatchObject({ familyName: '山田', givenName: '太郎' });
    expect(name.phonetic).toMatchObject({ familyName: 'やまだ', givenName: 'たろう' });
    expect(name.groupText('ideographic')).toBe('山田^太郎');
    expect(name.toDisplayString('phonetic')).toBe('やまだ たろう');
    expect(String(name)).toBe('Yamada^Tarou=山田^太郎=やまだ^たろう');
  });

  test('is shown in the writing that it has', () => {
    expect(PersonName.parse('=山田^太郎').toDisplayString()).toBe('山田 太郎');
    expect(PersonName.parse('==やまだ').toDisplayString()).toBe('やまだ');
  });

  test.each([
    ['Doe^John^^^', 'Doe^John'],
    ['Doe^John==', 'Doe^John'],
    ['Doe^John^^^=^^=', 'Doe^John'],
    ['=山田', '=山田'],
    ['^John', '^John'],
    ['^^^^', ''],
    ['Doe^John  ', 'Doe^John'],
    // More than the standard knows is kept.
    ['A^B^C^D^E^F', 'A^B^C^D^E^F'],
    ['A=B=C=D', 'A=B=C=D'],
    ['x'.repeat(100), 'x'.repeat(100)],
  ])('%j is written as %j', (text, expected) => {
    expect(String(PersonName.parse(text))).toBe(expected);
  });

  test('is not several values', () => {
    expect(PersonName.tryParse('Doe^John\\Doe^Jane')).toBeUndefined();
    expect(() => PersonName.parse('Doe\\')).toThrow(expect.objectContaining({ code: 'invalid-value' }));
  });

  test('is built of components', () => {
    expect(String(PersonName.of({ familyName: 'Doe', prefix: 'Dr.' }))).toBe('Doe^^^Dr.');
    expect(String(PersonName.of({}, { familyName: '山田' }))).toBe('=山田');
    expect(String(PersonName.of({ familyName: 'A' }, {}, { familyName: 'B' }))).toBe('A==B');
    expect(PersonName.of({}).isEmpty).toBe(true);
    expect(PersonName.parse('Doe').isEmpty).toBe(false);
  });

  test.each(['a^b', 'a=b', 'a\\b', 'a\nb', 'a\x1bb', 'a'.repeat(65), '山'.repeat(65)])(
    '%j is no component',
    (familyName) => {
      expect(() => PersonName.of({ familyName })).toThrow(DataSetError);
    },
  );

  test('may have 64 characters in each group', () => {
    const familyName = '𠮷'.repeat(64);
    expect(PersonName.of({}, { familyName }).ideographic.familyName).toBe(familyName);
  });

  test('equals itself however it is padded, and no other', () => {
    const equals = (a: string, b: string) => PersonName.parse(a).equals(PersonName.parse(b));
    expect(equals('Doe^John', 'Doe ^John^^^==')).toBe(true);
    expect(equals('Doe^John', 'DOE^JOHN')).toBe(false);
    expect(equals('Doe^John', 'Doe^^John')).toBe(false);
    expect(equals('Doe', '=Doe')).toBe(false);
  });

  test('is put in order', () => {
    const names = ['Doe^John', 'Adams', 'Doe^Jane=x', 'Doe^Jane'].map(PersonName.parse);
    expect(names.sort(PersonName.compare).map(String)).toEqual(['Adams', 'Doe^Jane', 'Doe^Jane=x', 'Doe^John']);
  });
});
