import { describe, expect, test } from 'vitest';
import {
  nonPatientObjectStorageSopClasses,
  retiredStorageSopClasses,
  SopClass,
  storageSopClasses,
} from './sop-class.generated.js';
import { TransferSyntax, transferSyntaxes, transferSyntaxInfo, transferSyntaxName } from './transfer-syntax.js';
import { isValidUid, newUid } from './uid.js';
import { sopClassName, uidInfo, uidName } from './uid-names.js';

describe('UIDs', () => {
  test.each([
    ['1.2.840.10008.1.1', true],
    ['0.0', true],
    ['2', true],
    [`1.${'2'.repeat(62)}`, true],
    [`1.${'2'.repeat(63)}`, false],
    ['', false],
    ['1.02', false],
    ['1..2', false],
    ['.1', false],
    ['1.', false],
    ['1.2 ', false],
    ['1.2\0', false],
    ['1.a', false],
    ['1.2\n', false],
  ])('%j: %s', (text, isValid) => {
    expect(isValidUid(text)).toBe(isValid);
  });

  test('new ones are valid, under 2.25, and not the same twice', () => {
    const uids = Array.from({ length: 200 }, newUid);
    expect(uids.every((uid) => isValidUid(uid) && uid.startsWith('2.25.') && uid.length <= 44)).toBe(true);
    expect(new Set(uids).size).toBe(200);
  });

  test('have names', () => {
    expect(sopClassName(SopClass.CTImageStorage)).toBe('CT Image Storage');
    expect(uidName('1.2.840.10008.1.20.1.1')).toContain('Storage Commitment');
    expect(uidName('1.2.3')).toBe('1.2.3');
    expect(uidInfo(TransferSyntax.ExplicitVRBigEndian)).toMatchObject({ type: 'Transfer Syntax', isRetired: true });
    expect(uidInfo('1.2.840.10008.5.1.4.1.1.40')).toMatchObject({ keyword: '', isRetired: true });
  });
});

describe('transfer syntaxes', () => {
  test.each([
    [
      TransferSyntax.ImplicitVRLittleEndian,
      { isImplicitVr: true, isBigEndian: false, isDeflated: false, isEncapsulated: false },
    ],
    [
      TransferSyntax.ExplicitVRLittleEndian,
      { isImplicitVr: false, isBigEndian: false, isDeflated: false, isEncapsulated: false },
    ],
    [TransferSyntax.ExplicitVRBigEndian, { isBigEndian: true, isEncapsulated: false, isRetired: true }],
    [TransferSyntax.DeflatedExplicitVRLittleEndian, { isDeflated: true, isEncapsulated: false }],
    [TransferSyntax.JPEGBaseline8Bit, { isEncapsulated: true, isDeflated: false }],
    [TransferSyntax.DeflatedImageFrameCompression, { isEncapsulated: true, isDeflated: false }],
    [TransferSyntax.JPIPReferencedDeflate, { isEncapsulated: false, isDeflated: true }],
    [TransferSyntax.RLELossless, { isEncapsulated: true }],
  ])('%s', (uid, flags) => {
    expect(transferSyntaxInfo(uid)).toMatchObject({ uid, ...flags });
  });

  test('all have a valid UID, a keyword and a name', () => {
    expect(transferSyntaxes.length).toBeGreaterThan(60);
    for (const { uid, keyword, name } of transferSyntaxes) {
      expect([
        isValidUid(uid),
        Object.entries(TransferSyntax).some(([key, value]) => key === keyword && value === uid),
      ]).toEqual([true, true]);
      expect(transferSyntaxName(uid)).toBe(name);
    }
    expect(transferSyntaxName('1.2.3')).toBe('1.2.3');
  });
});

test('storage SOP classes are listed once, the retired apart', () => {
  const all = [...storageSopClasses, ...retiredStorageSopClasses, ...nonPatientObjectStorageSopClasses];
  expect([storageSopClasses.length, retiredStorageSopClasses.length]).toEqual([182, 20]);
  expect(new Set(all).size).toBe(all.length);
  expect(all.every(isValidUid)).toBe(true);
  expect(storageSopClasses).toContain(SopClass.CTImageStorage);
});
