import { describe, expect, test } from 'vitest';
import { isUsableUid, storagePath, UnusableUidError } from './storage-path.js';

describe('storagePath', () => {
  test.each([
    [{ sopInstanceUid: '1.2.3' }, '1.2.3.dcm'],
    [{ seriesInstanceUid: '1.2', sopInstanceUid: '1.2.3' }, '1.2/1.2.3.dcm'],
    [{ studyInstanceUid: '1', seriesInstanceUid: '1.2', sopInstanceUid: '1.2.3' }, '1/1.2/1.2.3.dcm'],
    [{ sopInstanceUid: '1.2.3\0' }, '1.2.3.dcm'],
    [{ sopInstanceUid: '1.2.3  ' }, '1.2.3.dcm'],
    [{ sopInstanceUid: '1.02.003' }, '1.02.003.dcm'],
    [{ sopInstanceUid: '9'.repeat(64) }, `${'9'.repeat(64)}.dcm`],
  ])('maps %j to %s', (parts, path) => {
    expect(storagePath(parts)).toBe(path);
  });

  test.each([
    '',
    ' ',
    '\0',
    '.',
    '..',
    '../1.2.3',
    '1.2/../../etc/passwd',
    '/etc/passwd',
    'C:\\windows',
    'CON',
    'nul',
    'COM1',
    '1.2.3:stream',
    '1..2',
    '.1.2',
    '1.2.',
    '1.2\0.3',
    '1.2.3\n',
    '\n1.2.3',
    ' 1.2.3',
    '1.2.3\0/../x',
    '1.2.%2e%2e',
    '-1',
    '1.2.3a',
    '１.２',
    '1'.repeat(65),
  ])('refuses %j in every place', (value) => {
    const good = '1.2.3';
    expect(() => storagePath({ sopInstanceUid: value })).toThrow(UnusableUidError);
    expect(() => storagePath({ studyInstanceUid: value, sopInstanceUid: good })).toThrow(UnusableUidError);
    expect(() => storagePath({ seriesInstanceUid: value, sopInstanceUid: good })).toThrow(UnusableUidError);
    expect(isUsableUid(value)).toBe(false);
  });

  test('says which part was refused, with a status for the peer and nothing of the value in the message', () => {
    const refused = () => storagePath({ studyInstanceUid: '../../x', sopInstanceUid: '1.2' });
    expect(refused).toThrow(
      expect.objectContaining({ code: 'unusable-uid', part: 'studyInstanceUid', value: '../../x', status: 0xc000 }),
    );
    expect(refused).not.toThrow(/\.\.\//);
  });
});
