import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.js';
import { encodeDataSet } from '../encode.js';
import { parseDataSet } from '../parse.js';
import { toHex } from '../testing/bytes.js';
import { TransferSyntax } from '../transfer-syntax.js';
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
});
