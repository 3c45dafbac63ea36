import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.js';
import { encodeDataSet } from '../encode.js';
import { DataSetError } from '../errors.js';
import { parseDataSet } from '../parse.js';
import { encodePart10, parsePart10 } from '../part10.js';
import { hex, toHex } from '../testing/bytes.js';
import { TransferSyntax } from '../transfer-syntax.js';
import { characterSetsOf } from './defined-terms.js';
import { textCodec } from './specific-character-set.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;

describe('character sets', () => {
  test.each([
    ['ISO_IR 100', 'Buc^Jérôme', '4275635e4ae972f46d65'],
    ['ISO_IR 101', 'Wałęsa', '5761b3ea7361'],
    ['ISO_IR 109', 'Ĥ', 'a6'],
    ['ISO_IR 110', 'Ģ', 'ab'],
    ['ISO_IR 144', 'Люкceмбypг', 'bbeeda63' + '65dcd1' + '7970d3'],
    ['ISO_IR 127', 'قباني', 'e2c8c7e6ea'],
    ['ISO_IR 126', 'Διονυσιος', 'c4e9efedf5f3e9eff2'],
    ['ISO_IR 138', 'שרון', 'f9f8e5ef'],
    ['ISO_IR 148', 'Çavuşoğlu', 'c7617675fe6ff06c75'],
    ['ISO_IR 203', '€', 'a4'],
    ['ISO_IR 13', 'ﾔﾏﾀﾞ', 'd4cfc0de'],
    ['ISO_IR 166', 'นาม', 'b9d2c1'],
    ['ISO_IR 192', '王^小東', 'e78e8b5ee5b08fe69db1'],
    ['GB18030', '王^小东', 'cdf55ed0a1b6ab'],
    ['GBK', '王^小东', 'cdf55ed0a1b6ab'],
  ])('%s reads and writes %s', (term, text, bytes) => {
    const codec = textCodec([term]);
    expect(toHex(codec.encode(text, '\\^='))).toBe(bytes);
    expect(codec.decode(codec.encode(text, '\\^='), '\\^=')).toBe(text);
  });

  test.each([[[]], [['']], [['ISO_IR 6']], [['no such set']], [['', 'ISO 2022 IR 87']]])(
    '%j is the default repertoire',
    (terms) => {
      expect(textCodec(terms).decode(Uint8Array.of(0x41, 0xe9), '')).toBe('Aé');
      expect(() => textCodec(terms).encode('é', '')).toThrow(
        expect.objectContaining({ code: 'unsupported-character-set' }),
      );
    },
  );

  test.each(['ISO 2022 IR 100', 'ISO IR 100', 'ISO-IR 100', 'iso_ir 100 '])('%s is read as ISO_IR 100', (term) => {
    expect(textCodec([term]).decode(Uint8Array.of(0xe9), '')).toBe('é');
  });

  test.each(['ISO_IR 192', 'GB18030', 'GBK', 'ISO_IR 13', 'ISO_IR 126', 'ISO_IR 166', 'ISO_IR 127'])(
    '%s never throws on bytes',
    (term) => {
      for (let byte = 0; byte < 256; byte++)
        expect(textCodec([term]).decode(Uint8Array.of(byte, 0xff), '').length).toBeGreaterThan(0);
    },
  );
});

describe('values of (0008,0005)', () => {
  test.each([
    ['ISO_IR 192', ['UTF-8'], undefined],
    ['ISO_IR 192', ['utf8'], undefined],
    ['ISO_IR 192', ['ISO IR 192'], undefined],
    ['ISO 2022 IR 100\\ISO 2022 IR 126', ['ISO_2022-IR 100', 'ISO_2022_IR+126'], undefined],
    ['GBK', ['ISO 2022 GBK'], undefined],
    ['\\ISO 2022 IR 58', ['', 'ISO 2022 58'], undefined],
    ['ISO_IR 6', [], undefined],
    ['ISO_IR 6', ['', ''], undefined],
    ['ISO_IR 6', ['ISO_IR 999'], /"ISO_IR 999" is not known/],
    ['ISO_IR 100', ['ISO_IR 100', 'ISO_IR 999'], /"ISO_IR 999" is not known/],
    // PS3.3 Table C.12-5: these stand alone.
    ['ISO_IR 192', ['ISO_IR 192', 'ISO 2022 IR 100'], /ISO_IR 192 stands beside others/],
    ['ISO_IR 192', ['', 'ISO_IR 192'], /stands beside others/],
    [
      'ISO 2022 IR 126\\ISO 2022 IR 144',
      ['ISO_IR 126', 'GBK', 'ISO 2022 IR 144', 'ISO_IR 192'],
      /GBK stands beside others/,
    ],
  ])('%s is what %j comes to', (terms, given, problem) => {
    expect(textCodec(given)).toBe(textCodec(terms.split('\\')));
    if (problem === undefined) expect(characterSetsOf(given).problem).toBeUndefined();
    else expect(characterSetsOf(given).problem).toMatch(problem);
  });
});

describe('a data set', () => {
  test('writes text in its character set, items in that of the data set around them', () => {
    const dataSet = DataSet.from({
      SpecificCharacterSet: 'ISO_IR 192',
      PatientName: '王',
      RequestAttributesSequence: [{ ScheduledProcedureStepDescription: 'é' }],
    });
    const again = parseDataSet(encodeDataSet(dataSet, explicit), explicit);
    expect(again.get('PatientName')).toBe('王');
    expect(again.get('RequestAttributesSequence')[0]?.get('ScheduledProcedureStepDescription')).toBe('é');
  });

  test('names the element whose text its set lacks', () => {
    expect(() => encodeDataSet(DataSet.from({ PatientName: '王' }), explicit)).toThrow(
      expect.objectContaining({ code: 'unsupported-character-set', path: '(0010,0010)' }),
    );
  });

  test('takes over an item from a data set with another character set', () => {
    const latin = DataSet.from({
      SpecificCharacterSet: 'ISO_IR 100',
      RequestAttributesSequence: [{ ScheduledProcedureStepDescription: 'é' }],
    });
    const items = parseDataSet(encodeDataSet(latin, explicit), explicit).get('RequestAttributesSequence');
    const unicode = DataSet.from({ SpecificCharacterSet: 'ISO_IR 192', RequestAttributesSequence: items });
    const again = parseDataSet(encodeDataSet(unicode, explicit), explicit);
    expect(again.get('RequestAttributesSequence')[0]?.get('ScheduledProcedureStepDescription')).toBe('é');
  });

  test('keeps its text when the character set changes', () => {
    const built = DataSet.from({
      SpecificCharacterSet: 'ISO_IR 100',
      PatientName: 'Jérôme',
      PatientID: '1',
      RequestAttributesSequence: [{ ScheduledProcedureStepDescription: 'é' }],
    });
    const dataSet = parseDataSet(encodeDataSet(built, explicit), explicit);
    dataSet.set('SpecificCharacterSet', 'ISO_IR 192');
    const again = parseDataSet(encodeDataSet(dataSet, explicit), explicit);
    expect(again.get('PatientName')).toBe('Jérôme');
    expect(again.get('RequestAttributesSequence')[0]?.get('ScheduledProcedureStepDescription')).toBe('é');
    expect(toHex(again.bytes('PatientName') ?? new Uint8Array())).toBe('4ac3a972c3b46d65');
  });

  test('every text of a group with a length is changed for another character set', () => {
    const bytes = hex(
      "08000500'CS'0a00'ISO_IR 100' 10000000'UL'040014000000 10001000'PN'0200fc20 10006010'PN'0200e420",
    );
    const dataSet = parseDataSet(bytes, explicit).set('SpecificCharacterSet', 'ISO_IR 192');
    const again = parseDataSet(encodeDataSet(dataSet, explicit), explicit);
    expect([again.get('PatientName'), again.text(0x00101060), again.has(0x00100000)]).toEqual(['ü', 'ä', false]);
  });

  test('divides values by characters, not by bytes', () => {
    for (const term of ['GBK', 'GB18030', 'ISO_IR 192']) {
      const dataSet = DataSet.from({ SpecificCharacterSet: term, OtherPatientIDs: ['誠', '乗\u5e6b', 'a'] });
      expect(parseDataSet(encodeDataSet(dataSet, explicit), explicit).get('OtherPatientIDs')).toEqual([
        '誠',
        '乗幫',
        'a',
      ]);
    }
    const names = DataSet.from({
      SpecificCharacterSet: ['', 'ISO 2022 IR 87'],
      OtherPatientNames: ['移^怒', '旬', 'a'],
    });
    expect(parseDataSet(encodeDataSet(names, explicit), explicit).get('OtherPatientNames')).toEqual([
      '移^怒',
      '旬',
      'a',
    ]);
  });

  const writings: readonly [name: string, terms: string[]][] = [
    ['山田 ﾔﾏﾀﾞ ~ é', ['ISO_IR 192']],
    ['山田 ﾔﾏﾀﾞ ‾', ['ISO 2022 IR 13', 'ISO 2022 IR 87']],
    ['山田 ~', ['', 'ISO 2022 IR 87']],
    ['洪吉洞 길동', ['', 'ISO 2022 IR 149']],
    ['张小东 ~', ['GB18030']],
    ['张小东 ~', ['', 'ISO 2022 IR 58']],
    ['Jérôme ~', ['ISO_IR 100']],
    ['~', []],
    ['~ a', ['ISO 2022 IR 100', 'ISO 2022 IR 126']],
  ];
  const changes = writings.flatMap((from) => writings.map((to) => [from[0], from[1], to[1]] as const));

  test.each(changes)('with %s in %j has it in %j, or an error', (text, from, to) => {
    const built = DataSet.from({
      SpecificCharacterSet: from,
      PatientComments: `${text}\r\n${text}`,
      OtherPatientNames: [text, 'a'],
      RequestAttributesSequence: [{ ScheduledProcedureStepDescription: text }],
    });
    const dataSet = parseDataSet(encodeDataSet(built, explicit), explicit).set('SpecificCharacterSet', to);
    const expected = textCodec(to).decode(textCodec(to).encode(text, '\\', 'replace'), '\\');
    if (expected !== text) {
      expect(() => encodeDataSet(dataSet, explicit)).toThrow(
        expect.objectContaining({ code: 'unsupported-character-set', path: '(0010,1001)' }),
      );
    }
    const again = parseDataSet(encodeDataSet(dataSet, explicit, { unencodableText: 'replace' }), explicit);
    expect(again.get('PatientComments')).toBe(`${expected}\r\n${expected}`);
    expect(again.get('OtherPatientNames')).toEqual([expected, 'a']);
    expect(again.get('RequestAttributesSequence')[0]?.get('ScheduledProcedureStepDescription')).toBe(expected);
    expect(again.warnings).toEqual([]);
  });

  test('replaces what can not be written in files as well', () => {
    const dataSet = DataSet.from({ SOPClassUID: '1.2', SOPInstanceUID: '1.2', PatientName: 'Jérôme', StudyID: '1' });
    expect(() => encodePart10(dataSet, { transferSyntaxUid: explicit })).toThrow(DataSetError);
    const file = encodePart10(dataSet, { transferSyntaxUid: explicit }, { unencodableText: 'replace' });
    expect(parsePart10(file).dataSet.get('PatientName')).toBe('J?r?me');
  });

  test('collects what is wrong with text when it is read', () => {
    const dataSet = parseDataSet(
      hex("0800 0500 'CS' 0800 'ISO_IR99' 1000 1000 'PN' 0200 'J'e9 1000 2000 'LO' 0200 'ok'"),
      explicit,
    );
    expect(dataSet.warnings).toEqual([]);
    expect(dataSet.get('PatientID')).toBe('ok');
    expect(dataSet.warnings).toEqual([
      { message: '(0008,0005): The character set "ISO_IR99" is not known', offset: 8 },
    ]);
    expect(dataSet.get('PatientName')).toBe('Jé');
    expect(dataSet.text('PatientName')).toBe('Jé');
    expect(dataSet.warnings.map(({ offset }) => offset)).toEqual([8, 24]);
    expect(dataSet.warnings[1]?.message).toMatch(/^\(0010,0010\): Bytes/);
  });

  test('has the warnings about text of an item there', () => {
    const dataSet = parseDataSet(
      hex(`0800 0500 'CS' 0a00 'ISO_IR 192' 4000 7502 'SQ' 0000 12000000 feff00e0 0a000000 4000 0700 'LO' 0200 c341`),
      explicit,
    );
    const [item] = dataSet.get('RequestAttributesSequence');
    expect(item?.get('ScheduledProcedureStepDescription')).toBe('\ufffdA');
    expect(item?.warnings).toEqual([{ message: '(0040,0007): Bytes that ISO_IR 192 does not have', offset: 46 }]);
    expect(dataSet.warnings).toEqual([]);
  });
});
