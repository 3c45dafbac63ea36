import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { encodePart10, parsePart10 } from '../part10.js';

const directories = [
  fileURLToPath(new URL('../../../../../../shared/data', import.meta.url)),
  '/usr/lib/python3/dist-packages/pydicom/data/charset_files',
];

const japanese = 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう';

/** Files, their Patient's Name as pydicom 2.3.1 reads it, and other text that isn't ASCII. */
const files: readonly [file: string, name: string | undefined, others?: Readonly<Record<number, string[]>>][] = [
  ['chrArab.dcm', 'قباني^لنزار'],
  ['chrFren.dcm', 'Buc^Jérôme'],
  ['chrFrenMulti.dcm', 'Buc^Jérôme', { 1052673: ['Buc^Jérôme', 'Buc^Jérôme'] }],
  ['chrGerm.dcm', 'Äneas^Rüdiger'],
  ['chrGreek.dcm', 'Διονυσιος'],
  ['chrH31.dcm', 'Yamada^Tarou=山田^太郎=やまだ^たろう'],
  ['chrH32.dcm', japanese],
  ['chrHbrw.dcm', 'שרון^דבורה'],
  ['chrI2.dcm', 'Hong^Gildong=洪^吉洞=홍^길동'],
  ['chrJapMulti.dcm', 'やまだ^たろう', { 1052673: ['やまだ^たろう', 'やまだ^たろう'], 1057200: ['たろう'] }],
  ['chrJapMultiExplicitIR6.dcm', 'やまだ^たろう', { 1052673: ['やまだ^たろう', 'やまだ^たろう'], 1057200: ['たろう'] }],
  ['chrKoreanMulti.dcm', '김희중', { 528496: ['김희중'], 1052673: ['김희중', '김희중'], 1057200: ['김희중'] }],
  ['chrRuss.dcm', 'Люкceмбypг'],
  ['chrX1.dcm', 'Wang^XiaoDong=王^小東='],
  ['chrX2.dcm', 'Wang^XiaoDong=王^小东='],
  ['chrSQEncoding.dcm', undefined],
  ['chrSQEncoding1.dcm', undefined],
];

const found = files.flatMap(([file, name, others]) =>
  directories
    .filter((directory) => existsSync(join(directory, file)))
    .map((directory) => [file, join(directory, file), name, others] as const),
);

if (found.length === 0)
  console.log('files.test.ts: no test data beside the repository and no python3-pydicom, skipped');

describe.skipIf(found.length === 0)('real files in many character sets', () => {
  test.each(found)('%s', (file, path, name, others = {}) => {
    const { dataSet, meta } = parsePart10(new Uint8Array(readFileSync(path)));
    if (name !== undefined) expect(dataSet.get('PatientName')).toBe(name);
    for (const [tag, texts] of Object.entries(others)) expect(dataSet.texts(Number(tag))).toEqual(texts);
    if (file.startsWith('chrSQ')) {
      expect(dataSet.get('RequestedProcedureCodeSequence')[0]?.get('PatientName')).toBe(japanese);
    }
    expect(dataSet.warnings).toEqual([]);

    dataSet.set('SpecificCharacterSet', 'ISO_IR 192');
    const again = parsePart10(
      encodePart10(dataSet, { ...meta, mediaStorageSopClassUid: '1.2', mediaStorageSopInstanceUid: '1.2' }),
    ).dataSet;
    if (name !== undefined) expect(new TextDecoder().decode(again.bytes('PatientName')).trimEnd()).toBe(name);
    expect(again.get('RequestedProcedureCodeSequence')[0]?.get('PatientName')).toBe(
      file.startsWith('chrSQ') ? japanese : undefined,
    );
  });
});
