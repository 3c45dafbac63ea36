/** Text that we write in each character set of PS3.3 C.12.1.1.2 is what pydicom and DCMTK read. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSet, encodePart10, TransferSyntax } from '@dicomwire/dimse/dataset';
import { expect, test } from 'vitest';
import { readByDcmtk } from './oracle/dcmtk.ts';
import { readByPydicom } from './oracle/pydicom.ts';
import type { Reading } from './oracle/reading.ts';
import { temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

/** Values of (0008,0005), a name and a text. */
const written: readonly [sets: string[], name: string, text: string][] = [
  [['ISO_IR 100'], 'Äneas^Rüdiger', 'Übermaß\r\n½ µ'],
  [['ISO_IR 101'], 'Wałęsa^Lech', 'źdźbło\r\nŐ'],
  [['ISO_IR 109'], 'antaŭnomo', 'ĉirkaŭ\r\nĦ'],
  [['ISO_IR 110'], 'vārds', 'Šķūņu\r\nģ'],
  [['ISO_IR 144'], 'Люксембург', 'Ёж № 1\r\nў'],
  [['ISO_IR 127'], 'قباني^لنزار', 'نص، نص\r\nي'],
  [['ISO_IR 126'], 'Διονυσιος', 'Άλφα\r\nώ'],
  [['ISO_IR 138'], 'שרון^דבורה', 'טקסט\r\nש'],
  [['ISO_IR 148'], 'Çavuşoğlu', 'ışık\r\nİ'],
  [['ISO_IR 166'], 'นามสกุล', 'ข้อความ\r\n฿'],
  [['ISO_IR 203'], 'Œuvre^Žan', '€ 5\r\nŠ'],
  [['ISO_IR 13'], 'ﾔﾏﾀﾞ^ﾀﾛｳ', 'ﾃｷｽﾄ\r\nｱ'],
  [['ISO_IR 192'], 'Wang^XiaoDong=王^小東=', '𠮷é글\r\nก'],
  [['GB18030'], 'Wang^XiaoDong=王^小东=', '誠𠮷é글\r\nก'],
  [['GBK'], 'Wang^XiaoDong=王^小东=', '誠乗\r\n囗'],
  [['', 'ISO 2022 IR 87'], 'Yamada^Tarou=山田^太郎=やまだ^たろう', '怒党貼、旬 a\r\n権'],
  [['ISO 2022 IR 13', 'ISO 2022 IR 87'], 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう', 'ｱ漢ｱ a\r\n字'],
  [['ISO 2022 IR 6', 'ISO 2022 IR 87', 'ISO 2022 IR 159'], 'Mori^Ogai=森^鷗外=もり^おうがい', '齩漢\r\n鷗'],
  [['', 'ISO 2022 IR 149'], 'Hong^Gildong=洪^吉洞=홍^길동', 'The first line includes 한글.\r\n한글, too.'],
  [['', 'ISO 2022 IR 58'], 'Zhang^XiaoDong=张^小东=', '1.第一行文字。\r\n2.第二行文字。'],
  [['ISO 2022 IR 100', 'ISO 2022 IR 87', 'ISO 2022 IR 149'], 'Buc^Jérôme=漢é^글a글', 'é漢글é漢é\r\n글é'],
  [['ISO 2022 IR 100', 'ISO 2022 IR 144', 'ISO 2022 IR 126'], 'Buc^Jérôme=Διονυσιος=Люксембург', 'é Ω Ж é\r\nß'],
];

/** Sets that a peer lacks altogether, in the version that is tested with. */
const lacking = {
  // Of ISO 2022 IR 58 it leaves the escape sequences in the text, those of the example of PS3.5 K.2 as well.
  pydicom: ['ISO_IR 203', 'ISO 2022 IR 58'],
  // Built with the iconv of glibc, it has none of the Japanese sets of ISO 2022.
  DCMTK: ['ISO_IR 203', 'ISO 2022 IR 87', 'ISO 2022 IR 159'],
};
/** It takes the yen sign, with which JIS X 0201 divides values, for a character of one value. */
const undivided: Readonly<Record<'pydicom' | 'DCMTK', readonly string[]>> = { pydicom: [], DCMTK: ['ISO_IR 13'] };

describeWith(['pydicom'], 'text in each character set', () => {
  test('is read by pydicom', () => expectRead(async (paths) => readByPydicom(paths), 'pydicom'));
});

describeWith(['dcm2json'], 'text in each character set', () => {
  test('is read by DCMTK', () => expectRead(readByDcmtk, 'DCMTK'));
});

async function expectRead(
  read: (paths: readonly string[]) => Promise<Map<string, Reading>>,
  peer: 'pydicom' | 'DCMTK',
): Promise<void> {
  const directory = await temporaryDirectory('character-sets');
  try {
    const isUndivided = (sets: readonly string[]) => sets.some((set) => undivided[peer].includes(set));
    const cases = written.filter(([sets]) => !sets.some((set) => lacking[peer].includes(set)));
    const paths = cases.map((_case, index) => join(directory.path, `${index}.dcm`));
    for (const [index, [sets, name, text]] of cases.entries()) {
      const dataSet = DataSet.from({
        SpecificCharacterSet: sets,
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
        SOPInstanceUID: '2.25.1',
        PatientName: name,
        OtherPatientNames: isUndivided(sets) ? name : [name, 'a', name],
        PatientComments: text,
      });
      const file = encodePart10(dataSet, { transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian });
      writeFileSync(paths[index] ?? '', file);
    }
    const readings = await read(paths);
    const found = paths.map((path) => readings.get(path)?.elements);
    const valuesOf = (tag: string) => found.map((elements) => elements?.get(tag)?.values);
    const trimmed = cases.map(([, name]) => name.replace(/=+$/, ''));
    expect(valuesOf('(0010,0010)')).toEqual(trimmed.map((name) => [name]));
    expect(valuesOf('(0010,1001)')).toEqual(
      cases.map(([sets], index) => (isUndivided(sets) ? [trimmed[index]] : [trimmed[index], 'a', trimmed[index]])),
    );
    expect(valuesOf('(0010,4000)')).toEqual(cases.map(([, , text]) => [text]));
  } finally {
    await directory.remove();
  }
}
