import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DataSet } from '../data-set.js';
import { encodeDataSet } from '../encode.js';
import { parseDataSet } from '../parse.js';
import { parsePart10 } from '../part10.js';
import { DataSetStreamParser } from '../stream-parser.js';
import { hex, toHex } from '../testing/bytes.js';
import { TransferSyntax } from '../transfer-syntax.js';
import { PrivateDictionary } from './private-dictionary.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const implicit = TransferSyntax.ImplicitVRLittleEndian;

const privateDictionary = PrivateDictionary.of([
  { creator: 'ACME 1.1', group: 0x0019, element: 0x02, vr: 'DS', vm: '1', keyword: 'CoilTemperature' },
  { creator: 'ACME 1.1', group: 0x0019, element: 0x03, vr: 'SQ', keyword: 'CoilSequence' },
  { creator: 'ACME 1.1', group: 0x0019, element: [0x20, 0x2f], vr: 'US' },
]);

/** Group 0019 in implicit VR: creator in block 11, a DS, a sequence of defined length, a US. */
const acme = hex(
  `19001100 08000000 'ACME 1.1' 19000211 04000000 '36.5'
   19000311 24000000 feff00e0 1c000000 19001000 08000000 'ACME 1.1' 19000210 04000000 '1.50'
   19002a11 02000000 0102`,
);

describe('a private dictionary', () => {
  test('says which VR private elements have in implicit VR, wherever the block lies, in items too', () => {
    const dataSet = parseDataSet(acme, implicit, { privateDictionary });
    expect([0x00190011, 0x00191102, 0x00191103, 0x0019112a].map((tag) => dataSet.vr(tag))).toEqual([
      'LO',
      'DS',
      'SQ',
      'US',
    ]);
    expect(dataSet.get(0x00191102)).toBe(36.5);
    expect(dataSet.get('(0019,1103)[0].(0019,1002)')).toBe(1.5);
    expect(dataSet.get(0x0019112a)).toBe(0x0201);
  });

  test('decides what is written in explicit VR', () => {
    const dataSet = parseDataSet(acme, implicit, { privateDictionary });
    expect(toHex(encodeDataSet(dataSet, explicit))).toBe(
      toHex(
        hex(
          `19001100 'LO'0800 'ACME 1.1' 19000211 'DS'0400 '36.5'
           19000311 'SQ'0000 24000000 feff00e0 1c000000 19001000 'LO'0800 'ACME 1.1' 19000210 'DS'0400 '1.50'
           19002a11 'US'0200 0102`,
        ),
      ),
    );
  });

  test('is no one else’s: without it the same elements are UN', () => {
    const dataSet = parseDataSet(acme, implicit);
    expect([dataSet.vr(0x00191102), dataSet.vr(0x00191103)]).toEqual(['UN', 'UN']);
    expect(dataSet.text(0x00191102)).toBe('36.5');
  });

  test('reads UN by the VR that it knows, and leaves UN in place', () => {
    const bytes = hex("19001000'LO'0800'ACME 1.1' 19000210'UN'000004000000'36.5' 19002010'UN'0000020000000102");
    const dataSet = parseDataSet(bytes, explicit, { privateDictionary });
    expect([dataSet.get(0x00191002), dataSet.get(0x00191020)]).toEqual([36.5, 0x0201]);
    expect(toHex(encodeDataSet(dataSet.set('PatientID', '1'), explicit))).toContain(toHex(bytes));
  });

  test('does not reach elements of another creator, or without one', () => {
    const other = hex("19001000 08000000'ACME 1.2' 19000210 04000000'36.5' 19000211 04000000'36.5'");
    const dataSet = parseDataSet(other, implicit, { privateDictionary });
    expect([dataSet.vr(0x00191002), dataSet.vr(0x00191102)]).toEqual(['UN', 'UN']);
  });

  test('serves the stream parser', () => {
    const parser = new DataSetStreamParser({ transferSyntax: implicit, privateDictionary });
    parser.write(acme);
    parser.end();
    expect(parser.dataSet.get(0x00191102)).toBe(36.5);
  });

  test('grows into another one, and stays as it was', () => {
    const larger = privateDictionary.with([{ creator: 'ACME 1.1', group: 0x0019, element: 0x02, vr: 'LO' }]);
    expect(larger.find('ACME 1.1', 0x0019, 0x02)?.vr).toBe('LO');
    expect(privateDictionary.find('ACME 1.1', 0x0019, 0x02)?.vr).toBe('DS');
    expect(larger.find('ACME 1.1', 0x0019, 0x25)?.vr).toBe('US');
    expect(privateDictionary.find('ACME 1.1 ', 0x0019, 'CoilTemperature')?.element).toBe(0x02);
  });

  test.each([
    ['an even group', { creator: 'A', group: 0x0018, element: 1, vr: 'LO' }],
    ['an element beyond the block', { creator: 'A', group: 0x0019, element: 0x1001, vr: 'LO' }],
    ['a VR that is none', { creator: 'A', group: 0x0019, element: 1, vr: 'XX' as 'LO' }],
  ] as const)('refuses %s', (_name, definition) => {
    expect(() => PrivateDictionary.of([definition])).toThrow(expect.objectContaining({ code: 'invalid-dictionary' }));
  });
});

describe('the text form of a private dictionary', () => {
  test('has one element a line', () => {
    const dictionary = PrivateDictionary.parse(
      [
        '# comment',
        '(0019,"ACME 1.1",02)\tDS\tCoilTemperature\t1\tPrivateTag',
        '(0019-o-60ff,"RANGES",00-0f)\tUS\tEach\t1-n\tPrivateTag',
        '(0021,"FIXED",1010)\tLO\tName\t1\tPrivateTag',
        '(0010,0010)\tPN\tPatientName\t1\tDICOM',
        '',
      ].join('\r\n'),
    );
    expect(dictionary.find('ACME 1.1', 0x0019, 'CoilTemperature')).toMatchObject({ vr: 'DS', vm: '1' });
    expect(dictionary.find('RANGES', 0x0029, 0x0a)?.vr).toBe('US');
    expect(dictionary.find('RANGES', 0x0029, 0x10)).toBeUndefined();
    expect(dictionary.find('FIXED', 0x0021, 0x10)?.vr).toBe('LO');
  });

  test('is refused with the number of the line', () => {
    expect(() => PrivateDictionary.parse('\n(0019,"A",02)\tXX\tName\t1')).toThrow(/Line 2/);
  });

  const dcmtk = ['/usr/share/libdcmtk17/private.dic', '/usr/share/dcmtk/private.dic'].find(existsSync);
  test.skipIf(dcmtk === undefined)('is that of DCMTK’s own', () => {
    const dictionary = PrivateDictionary.parse(readFileSync(dcmtk ?? '', 'latin1'));
    expect(dictionary.find('SIEMENS CSA HEADER', 0x0029, 0x10)).toMatchObject({
      vr: 'OB',
      keyword: 'CSAImageHeaderInfo',
    });
    expect(dictionary.find('GEMS_PARM_01', 0x0043, 0x39)?.vr).toBe('IS');
  });
});

describe('a block of private elements', () => {
  test('is found by its creator, wherever it lies', () => {
    const block = parseDataSet(acme, implicit, { privateDictionary }).privateBlock('ACME 1.1');
    expect([block.isPresent, block.tag(0x02), block.get(0x02), block.text('CoilTemperature')]).toEqual([
      true,
      0x00191102,
      36.5,
      '36.5',
    ]);
    const [item] = block.items('CoilSequence');
    expect(item?.privateBlock('ACME 1.1').get('CoilTemperature')).toBe(1.5);
    expect([...block].map((element) => element.tag)).toEqual([0x00191102, 0x00191103, 0x0019112a]);
  });

  test('has nothing where its creator has none', () => {
    const block = new DataSet().privateBlock('ACME 1.1', 0x0019);
    expect([block.isPresent, block.tag(2), block.get(2), block.text(2), block.items(2), block.delete(2)]).toEqual([
      false,
      undefined,
      undefined,
      undefined,
      [],
      false,
    ]);
  });

  test('is reserved when an element is set: the first that is free', () => {
    const dataSet = DataSet.from({ PatientID: '1' }).set(0x00190010, 'LO', 'OTHER').set(0x00191101, 'LO', 'orphan');
    dataSet.privateBlock('ACME 1.1', 0x0019).set(0x02, 'DS', 36.5).set(0x05, 'LO', 'x');
    expect(dataSet.text(0x00190012)).toBe('ACME 1.1');
    expect([dataSet.get(0x00191202), dataSet.get(0x00191205)]).toEqual([36.5, 'x']);
    expect(dataSet.text(0x00191101)).toBe('orphan');
  });

  test('takes keywords, group and VR from the dictionary', () => {
    const dataSet = DataSet.from({}, { privateDictionary });
    dataSet
      .privateBlock('ACME 1.1')
      .set('CoilTemperature', 36.5)
      .set('CoilSequence', [{ PatientID: '1' }])
      .set(0x21, 7);
    expect([0x00191002, 0x00191003, 0x00191021].map((tag) => dataSet.vr(tag))).toEqual(['DS', 'SQ', 'US']);
    expect(dataSet.get('(0019,1003)[0].PatientID')).toBe('1');
  });

  test('may be one of several of the same creator', () => {
    const dataSet = new DataSet()
      .set(0x00190010, 'LO', 'ACME 1.1')
      .set(0x00190011, 'LO', 'ACME 1.1')
      .set(0x00191102, 'LO', 'in the second');
    const block = dataSet.privateBlock('ACME 1.1');
    expect(block.get(0x02)).toBe('in the second');
    block.set(0x02, 'LO', 'still in the second').set(0x03, 'LO', 'in the first');
    expect([dataSet.text(0x00191102), dataSet.text(0x00191003)]).toEqual(['still in the second', 'in the first']);
  });

  test('goes as a whole', () => {
    const dataSet = parseDataSet(acme, implicit).set(0x00190012, 'LO', 'OTHER').set(0x00191201, 'LO', 'stays');
    dataSet.privateBlock('ACME 1.1').clear();
    expect(dataSet.tags()).toEqual([0x00190012, 0x00191201]);
  });

  test.each<[string, (dataSet: DataSet) => unknown]>([
    ['a creator without text', (dataSet) => dataSet.privateBlock(' ')],
    ['an even group', (dataSet) => dataSet.privateBlock('A', 0x0018)],
    ['a group below 9', (dataSet) => dataSet.privateBlock('A', 0x0007)],
    ['an element beyond the block', (dataSet) => dataSet.privateBlock('A', 0x0019).set(0x1002, 'LO', 'x')],
    ['no group for a new block', (dataSet) => dataSet.privateBlock('A').set(0x02, 'LO', 'x')],
    ['an element that no dictionary knows without a VR', (dataSet) => dataSet.privateBlock('A', 9).set(0x02, 'x')],
  ])('refuses %s', (_name, act) => {
    expect(() => act(new DataSet())).toThrow(expect.objectContaining({ name: 'DataSetError' }));
  });
});

const siemens = fileURLToPath(new URL('../../../../../../shared/data/CT_small.dcm', import.meta.url));
test.skipIf(!existsSync(siemens))('a real file’s private elements are at hand by creator', () => {
  const { dataSet } = parsePart10(new Uint8Array(readFileSync(siemens)));
  expect(dataSet.privateBlock('GEMS_PARM_01', 0x0043).texts(0x27)).toEqual(['/1.0:1']);
});
