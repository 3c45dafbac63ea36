import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.js';
import { parseDataSet } from '../parse.js';
import { encodePart10, parsePart10 } from '../part10.js';
import { readPart10 } from '../read-part10.js';
import { hex } from '../testing/bytes.js';
import { TransferSyntax } from '../transfer-syntax.js';
import { dumpDataSet, dumpPart10 } from './dump.js';
import { printable } from './printable.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;

function lines(notation: string, maxValueCharacters?: number): string[] {
  return [...dumpDataSet(parseDataSet(hex(notation), explicit), { maxValueCharacters })];
}

test.each([
  ['text', "10001000'PN'0800'DOE^JOHN'", '(0010,0010) PN [DOE^JOHN]', '   8, 1 PatientName'],
  ['several values', "08000800'CS'0400'A\\B '", '(0008,0008) CS [A\\B]', '   4, 2 ImageType'],
  ['nothing', "08005000'SH'0000", '(0008,0050) SH (no value)', '   0, 0 AccessionNumber'],
  ['numbers', "28000900'AT'0400 1800fe10", '(0028,0009) AT (0018,10FE)', '   4, 1 FrameIncrementPointer'],
  ['a float', "18005a60'FL'0800cdcccc3d0000c0ff", '(0018,605A) FL 0.1\\NaN', '   8, 2 TableOfParameterValues'],
  [
    'a UID with a name',
    "08001600'UI'1200'1.2.840.10008.1.1'00",
    '(0008,0016) UI [1.2.840.10008.1.1] =Verification',
    '  18, 1 SOPClassUID',
  ],
  ['bytes', "42001100'OB'000004000000'%PDF'", '(0042,0011) OB 25\\50\\44\\46', '   4, 1 EncapsulatedDocument'],
  ['words', "e07f1000'OW'00000400000001020304", '(7FE0,0010) OW 0201\\0403', '   4, 1 PixelData'],
  ['a private creator', "09001000'LO'0400'ACME'", '(0009,0010) LO [ACME]', '   4, 1 PrivateCreator'],
  ['an unknown element', "08000099'UN'0000020000000102", '(0008,9900) UN 01\\02', '   2, 1 Unknown'],
  ['a group length', "08000000'UL'040000000000", '(0008,0000) UL 0', '   4, 1 GenericGroupLength'],
])('%s', (_name, notation, shown, note) => {
  expect(lines(notation)).toEqual([`${shown.padEnd(55)} #${note}`]);
});

test('private elements are named by their creator', () => {
  const shown = lines("09001000'LO'0400'ACME' 09000110'LO'0200'A ' 09000111'LO'0200'A '");
  expect(shown[1]).toMatch(/Private, ACME$/);
  expect(shown[2]).toMatch(/Private$/);
});

test('sequences of either kind of length show their items', () => {
  const shown = lines(`08004011'SQ'000012000000 feff00e00a000000 08000001'SH'0200'A '
    08002011'SQ'0000ffffffff feff00e0ffffffff 08000001'SH'0200'B ' feff0de000000000 feff00e000000000 feffdde000000000`);
  expect(shown.map((line) => line.replace(/ +#/, ' #'))).toEqual([
    '(0008,1140) SQ (1 item) #  18, 1 ReferencedImageSequence',
    '  (FFFE,E000) na (1 element) #  10, 1 Item',
    '    (0008,0100) SH [A] #   2, 1 CodeValue',
    '(0008,1120) SQ (undefined length, 2 items) # u/l, 1 ReferencedPatientSequence',
    '  (FFFE,E000) na (1 element) # u/l, 1 Item',
    '    (0008,0100) SH [B] #   2, 1 CodeValue',
    '  (FFFE,E00D) na #   0, 0 ItemDelimitationItem',
    '  (FFFE,E000) na (0 elements) #   0, 1 Item',
    '(FFFE,E0DD) na #   0, 0 SequenceDelimitationItem',
  ]);
});

test('encapsulated pixel data shows its fragments', () => {
  const shown = lines("e07f1000'OB'0000ffffffff feff00e00400000000000000 feff00e002000000ffd8 feffdde000000000");
  expect(shown.map((line) => line.replace(/ +#/, ' #'))).toEqual([
    '(7FE0,0010) OB (1 fragment) # u/l, 1 PixelData',
    '  (FFFE,E000) pi 00000000 #   4, 1 BasicOffsetTable',
    '  (FFFE,E000) pi ff\\d8 #   2, 1 Item',
    '(FFFE,E0DD) na #   0, 0 SequenceDelimitationItem',
  ]);
});

test('a file shows its file meta information first', () => {
  const dataSet = DataSet.from({ SOPClassUID: '1.2.840.10008.1.1', SOPInstanceUID: '1.2' });
  const shown = [...dumpPart10(parsePart10(encodePart10(dataSet, { transferSyntaxUid: explicit })))];
  expect(shown[0]).toBe('# File meta information');
  expect(shown[1]).toMatch(/^\(0002,0000\) UL \d+ +# {3}4, 1 FileMetaInformationGroupLength$/);
  expect(shown).toContain('# Data set, Explicit VR Little Endian');
});

describe('long values', () => {
  test('are cut, and it is said', () => {
    expect(lines("10002000'LO'0a00'0123456789'", 4)[0]).toContain('[0123…] ');
    expect(lines("10002000'LO'0a00'0123456789'", 10)[0]).toContain('[0123456789] ');
    expect(lines("42001100'OB'00000800000001020304050607 08", 5)[0]).toMatch(/OB 01\\02\\…/);
  });

  test('of megabytes take no longer', () => {
    const dataSet = DataSet.from({ PixelData: new Uint8Array(10_000_000), TextValue: '\n'.repeat(5_000_000) });
    for (const line of dumpDataSet(dataSet)) expect(line.length).toBeLessThan(200);
  });

  test('that were left in a file say where', async () => {
    const dataSet = DataSet.from({ SOPClassUID: '1.2', SOPInstanceUID: '1.3', PixelData: new Uint8Array(1000) });
    const file = encodePart10(dataSet, { transferSyntaxUid: explicit });
    const read = await readPart10(new Blob([file.slice()]), { maxValueBytes: 100 });
    const [line] = [...dumpDataSet(read.dataSet)].slice(-1);
    expect(line).toMatch(new RegExp(`^\\(7FE0,0010\\) OW \\(at offset ${file.length - 1000}\\) +#1000, 1 PixelData$`));
  });
});

test('what could mislead whoever looks at it is shown as what it is', () => {
  expect(printable('a\r\n\tb\x1b[31m\x00\x7f\x9b\u202e\u2028\ufeff\ud800')).toBe(
    'a␍␊␉b␛[31m␀␡<U+009B><U+202E><U+2028><U+FEFF><U+D800>',
  );
  expect(printable('Müller 王^小東 🙂')).toBe('Müller 王^小東 🙂');
  const shown = [
    ...lines("10002000'LO'0a00'A'0a5b'2J\\K'0d'B '"),
    ...lines("09001000'LO'04000a0d'A ' 09000110'LO'0200'A '"),
  ];
  for (const line of shown) expect(line).not.toMatch(/\p{Cc}/u);
  expect(shown[0]).toContain('[A␊[2J\\K␍B] ');
});

test('what is damaged is said to be, and the rest is shown', () => {
  const shown = lines(
    "08004011'SQ'00000a000000 10001000'PN'0200'a ' 08001201'SQ'00000c000000 feff00e004000000 08000001 10001000'PN'0200'B '",
  );
  expect(shown[0]).toContain('SQ (damaged)');
  expect(shown[1]).toMatch(/^ {2}# damaged: .* stands where an item should/);
  expect(shown.some((line) => line.includes('[B]'))).toBe(true);
  expect(shown.filter((line) => line.includes('# damaged')).length).toBe(2);
  const circular = new DataSet();
  circular.setItems(0x00081140, [circular]);
  expect([...dumpDataSet(circular)].length).toBeLessThan(1000);
});

test('lines are made one by one', () => {
  const dump = dumpDataSet(DataSet.from({ PatientID: '1', PatientName: 'A' }));
  expect(dump.next().value).toContain('PatientName');
  expect(dump.next().value).toContain('PatientID');
  expect(dump.next().done).toBe(true);
});
