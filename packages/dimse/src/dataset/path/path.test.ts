import { describe, expect, expectTypeOf, test } from 'vitest';
import { DataSet } from '../data-set.js';
import { encodeDataSet } from '../encode.js';
import { parseDataSet } from '../parse.js';
import type { PlainValue } from '../plain-value.js';
import { hex } from '../testing/bytes.js';
import { TransferSyntax } from '../transfer-syntax.js';
import { type ElementKey, formatPath, tagPathOf } from './element-path.js';
import type { AnyValue } from './path-types.js';

const implicit = TransferSyntax.ImplicitVRLittleEndian;
const explicit = TransferSyntax.ExplicitVRLittleEndian;

function request(): DataSet {
  return DataSet.from({
    PatientName: 'DOE^JANE',
    ImageType: ['ORIGINAL', 'PRIMARY'],
    RequestAttributesSequence: [
      { ScheduledProcedureStepID: 'A', ScheduledProtocolCodeSequence: [{ CodeValue: '1' }, { CodeValue: '2' }] },
      { ScheduledProcedureStepID: 'B' },
    ],
  });
}

/** As it was built, and read from bytes. */
const origins: readonly [name: string, make: () => DataSet][] = [
  ['built', request],
  ['parsed', () => parseDataSet(encodeDataSet(request(), implicit), implicit)],
];

describe.each(origins)('a path through a data set that was %s', (_name, make) => {
  test.each<[string, ElementKey, unknown]>([
    ['by keywords', 'RequestAttributesSequence[1].ScheduledProcedureStepID', 'B'],
    ['by tags', '(0040,0275)[1].(0040,0009)', 'B'],
    ['by tags in small letters', '(0040,0275)[0].(0040,0008)[1].(0008,0100)', '2'],
    ['by tags without parentheses', '00400275[1].00400009' as '(,)', 'B'],
    ['by both', '(0040,0275)[0].ScheduledProtocolCodeSequence[1].(0008,0100)', '2'],
    ['as errors write it', '(0040,0275)[1]/(0040,0009)', 'B'],
    ['as a list of keywords', ['RequestAttributesSequence', 1, 'ScheduledProcedureStepID'], 'B'],
    ['as a list of tags', [0x00400275, 0, 0x00400008, 1, 0x00080100], '2'],
    ['to one of several values', 'ImageType[1]', 'PRIMARY'],
    ['to a value that is alone', 'PatientName[0]', 'DOE^JANE'],
    ['to a value beyond the last', 'ImageType[2]', undefined],
    ['to a tag alone', '(0010,0010)', 'DOE^JANE'],
    ['through an item that is not there', 'RequestAttributesSequence[2].ScheduledProcedureStepID', undefined],
    ['to a list in an item that is not there', 'RequestAttributesSequence[2].ImageType', []],
    ['to an element that is not there', 'RequestAttributesSequence[0].PatientID', undefined],
    ['through an element that is no sequence', 'PatientName[0].PatientID', undefined],
  ])('%s', (_title, path, expected) => {
    expect(make().get(path as '(0010,0010)')).toEqual(expected);
  });

  test('gives an item when it ends with a number', () => {
    const item = make().get('RequestAttributesSequence[1]');
    expect(item?.get('ScheduledProcedureStepID')).toBe('B');
    expect(make().get('RequestAttributesSequence[5]')).toBeUndefined();
  });

  test('leads every other method to the element as well', () => {
    const dataSet = make();
    const path = 'RequestAttributesSequence[0].ScheduledProcedureStepID';
    expect([
      dataSet.has(path),
      dataSet.vr(path),
      dataSet.values(path),
      dataSet.texts(path),
      dataSet.text(path),
    ]).toEqual([true, 'SH', ['A'], ['A'], 'A']);
    expect(dataSet.element(path)?.tag).toBe(0x00400009);
    expect(dataSet.bytes(path)).toEqual(hex("'A '"));
    expect(dataSet.items('RequestAttributesSequence[0].ScheduledProtocolCodeSequence')).toHaveLength(2);
    const missing = 'RequestAttributesSequence[9].ScheduledProcedureStepID';
    expect([dataSet.has(missing), dataSet.vr(missing), dataSet.values(missing), dataSet.element(missing)]).toEqual([
      false,
      undefined,
      [],
      undefined,
    ]);
    expect(dataSet.has('RequestAttributesSequence[1]')).toBe(true);
    expect(dataSet.has('RequestAttributesSequence[2]')).toBe(false);
  });

  test('sets what it leads to', () => {
    const dataSet = make();
    dataSet.set('RequestAttributesSequence[1].ScheduledProcedureStepID', 'C');
    dataSet.set('(0040,0275)[0].(0040,0008)[1].(0008,0100)', '9');
    dataSet.set(['RequestAttributesSequence', 0, 0x00091001], 'LO', 'private');
    const again = parseDataSet(encodeDataSet(dataSet, explicit), explicit);
    expect(again.get('RequestAttributesSequence[1].ScheduledProcedureStepID')).toBe('C');
    expect(again.get('RequestAttributesSequence[0].ScheduledProtocolCodeSequence[1].CodeValue')).toBe('9');
    expect(again.text('RequestAttributesSequence[0].(0009,1001)')).toBe('private');
    expect(again.get('RequestAttributesSequence[0].ScheduledProcedureStepID')).toBe('A');
  });

  test('makes the items that it needs', () => {
    const dataSet = make();
    dataSet.set('RequestAttributesSequence[3].ScheduledProtocolCodeSequence[0].CodeMeaning', 'x');
    dataSet.set('ReferencedSeriesSequence[0].SeriesInstanceUID', '1.2');
    const again = parseDataSet(encodeDataSet(dataSet, explicit), explicit);
    expect(again.items('RequestAttributesSequence').map((item) => item.size)).toEqual([2, 1, 0, 1]);
    expect(again.get('RequestAttributesSequence[3].ScheduledProtocolCodeSequence[0].CodeMeaning')).toBe('x');
    expect(again.get('ReferencedSeriesSequence[0].SeriesInstanceUID')).toBe('1.2');
  });

  test('sets an item when it ends with a number', () => {
    const dataSet = make();
    dataSet.set('RequestAttributesSequence[1]', { ScheduledProcedureStepID: 'D' });
    dataSet.set('RequestAttributesSequence[3]', DataSet.from({ ScheduledProcedureStepID: 'E' }));
    const ids = dataSet.items('RequestAttributesSequence').map((item) => item.get('ScheduledProcedureStepID'));
    expect(ids).toEqual(['A', 'D', undefined, 'E']);
  });

  test('removes elements and items', () => {
    const dataSet = make();
    expect(dataSet.delete('RequestAttributesSequence[0].ScheduledProtocolCodeSequence[0]')).toBe(true);
    expect(dataSet.delete('RequestAttributesSequence[1].ScheduledProcedureStepID')).toBe(true);
    expect(dataSet.delete('RequestAttributesSequence[4].ScheduledProcedureStepID')).toBe(false);
    expect(dataSet.delete('RequestAttributesSequence[4]')).toBe(false);
    const again = parseDataSet(encodeDataSet(dataSet, explicit), explicit);
    expect(again.get('RequestAttributesSequence[0].ScheduledProtocolCodeSequence[0].CodeValue')).toBe('2');
    expect(again.items('RequestAttributesSequence').map((item) => item.size)).toEqual([2, 0]);
  });
});

test('an item that a path made takes the character set and the pixel representation of what is around it', () => {
  const dataSet = DataSet.from({ SpecificCharacterSet: 'ISO_IR 100', PixelRepresentation: 1 });
  dataSet.set('RequestAttributesSequence[0].RequestedProcedureDescription', 'Schädel');
  dataSet.set('ModalityLUTSequence[0].LUTDescriptor', [1, 2, 16]);
  const again = parseDataSet(encodeDataSet(dataSet, explicit), explicit);
  expect(again.get('RequestAttributesSequence[0].RequestedProcedureDescription')).toBe('Schädel');
  expect(again.vr('ModalityLUTSequence[0].LUTDescriptor')).toBe('SS');
});

describe('a path is refused', () => {
  test.each([
    ['nothing', ''],
    ['a keyword that is none', 'NoSuchSequence[0].PatientID', 'unknown-keyword'],
    ['no number of the item', 'RequestAttributesSequence.PatientID'],
    ['a number that is none', 'RequestAttributesSequence[x].PatientID'],
    ['a negative number', 'RequestAttributesSequence[-1].PatientID'],
    ['a number beyond all items', 'RequestAttributesSequence[100000].PatientID'],
    ['a full stop at the end', 'RequestAttributesSequence[0].'],
    ['two numbers', 'RequestAttributesSequence[0][1].PatientID'],
    ['half a tag', '(0040,0275'],
  ])('with %s: %s', (_name, path, code = path.includes('(') ? 'unknown-keyword' : 'invalid-path') => {
    const read = () => new DataSet().get(path as '(0010,0010)');
    expect(read).toThrow(expect.objectContaining({ name: 'DataSetError' }));
    if (path !== '') expect(read).toThrow(expect.objectContaining({ code }));
  });

  test.each<[string, readonly unknown[]]>([
    ['an empty list', []],
    ['a keyword for a number', ['RequestAttributesSequence', 'PatientID']],
    ['a fraction', ['RequestAttributesSequence', 0.5, 'PatientID']],
    ['a tag that is none', [-1]],
  ])('as %s', (_name, path) => {
    expect(() => new DataSet().get(path as [number])).toThrow(expect.objectContaining({ code: 'invalid-path' }));
  });

  test('that leads through an element that has no items, or to an item where an element is wanted', () => {
    const dataSet = request();
    expect(() => dataSet.set('PatientName[0].PatientID', 'x')).toThrow(
      expect.objectContaining({ code: 'invalid-path' }),
    );
    expect(() => dataSet.vr('RequestAttributesSequence[0]')).toThrow(expect.objectContaining({ code: 'invalid-path' }));
    expect(dataSet.get('PatientName')).toBe('DOE^JANE');
  });

  test('without a VR to a tag that no dictionary knows', () => {
    expect(() => new DataSet().set('RequestAttributesSequence[0].(0009,1001)', 'x')).toThrow(
      expect.objectContaining({ code: 'invalid-value' }),
    );
  });
});

test('paths are written as they are read', () => {
  expect(formatPath(tagPathOf('RequestAttributesSequence[3].PatientID'))).toBe('(0040,0275)[3].(0010,0020)');
  expect(tagPathOf('(0040,0275)[3].(0010,0020)')).toEqual([0x00400275, 3, 0x00100020]);
});

test('the last part of a path decides its type', () => {
  const dataSet = request();
  expectTypeOf(dataSet.get('RequestAttributesSequence[0].ScheduledProcedureStepID')).toEqualTypeOf<
    string | undefined
  >();
  expectTypeOf(dataSet.get('RequestAttributesSequence[0].ScheduledProtocolCodeSequence[1].CodeValue')).toEqualTypeOf<
    string | undefined
  >();
  expectTypeOf(dataSet.get('(0040,0275)[0].ImageType')).toEqualTypeOf<readonly string[]>();
  expectTypeOf(dataSet.get('(0040,0275)[0].Rows')).toEqualTypeOf<number | undefined>();
  expectTypeOf(dataSet.get('RequestAttributesSequence[0]')).toEqualTypeOf<DataSet | undefined>();
  expectTypeOf(dataSet.get('ImageType[0]')).toEqualTypeOf<string | undefined>();
  expectTypeOf(dataSet.get('PixelSpacing[1]')).toEqualTypeOf<number | undefined>();
  expectTypeOf(dataSet.get('RequestAttributesSequence[0].(0040,0009)')).toEqualTypeOf<AnyValue<DataSet>>();
  expectTypeOf(dataSet.get('(0040,0275)[0]')).toEqualTypeOf<PlainValue | DataSet | undefined>();
  const index = 1 as number;
  expectTypeOf(dataSet.get(`RequestAttributesSequence[${index}].Rows`)).toEqualTypeOf<number | undefined>();
  // @ts-expect-error a text for a number
  expect(() => dataSet.set('RequestAttributesSequence[0].Rows', 'many')).toThrow();
  // @ts-expect-error a path has the number of the item
  expect(() => dataSet.get('RequestAttributesSequence.Rows')).toThrow();
});

describe('walking', () => {
  test('reaches every element in order, with its path', () => {
    const paths = [...request().walk()].map(({ path, depth, element }) => `${depth} ${path} ${element.vr}`);
    expect(paths).toEqual([
      '0 ImageType CS',
      '0 PatientName PN',
      '0 RequestAttributesSequence SQ',
      '1 RequestAttributesSequence[0].ScheduledProtocolCodeSequence SQ',
      '2 RequestAttributesSequence[0].ScheduledProtocolCodeSequence[0].CodeValue SH',
      '2 RequestAttributesSequence[0].ScheduledProtocolCodeSequence[1].CodeValue SH',
      '1 RequestAttributesSequence[0].ScheduledProcedureStepID SH',
      '1 RequestAttributesSequence[1].ScheduledProcedureStepID SH',
    ]);
  });

  test('gives paths that get takes', () => {
    const dataSet = request().set(['RequestAttributesSequence', 0, 0x00091001], 'LO', 'x');
    for (const { path, tagPath, element } of dataSet.walk()) {
      if (element.vr === 'SQ') continue;
      expect(dataSet.texts(path as '(0010,0010)')).toEqual(element.texts);
      expect(dataSet.texts(tagPath)).toEqual(element.texts);
    }
  });

  test('goes on when elements are removed and set on the way', () => {
    const dataSet = request();
    for (const { dataSet: around, element } of dataSet.walk()) {
      if (element.tag === 0x00400008) around.delete(element.tag);
      else if (element.vr === 'SH') around.set(element.tag, 'SH', 'X');
    }
    expect([...dataSet.walk()].map(({ path, element }) => `${path} ${element.texts}`)).toEqual([
      'ImageType ORIGINAL,PRIMARY',
      'PatientName DOE^JANE',
      'RequestAttributesSequence ',
      'RequestAttributesSequence[0].ScheduledProcedureStepID X',
      'RequestAttributesSequence[1].ScheduledProcedureStepID X',
    ]);
  });

  test('ends in a sequence that holds itself', () => {
    const dataSet = new DataSet();
    dataSet.set('ReferencedSeriesSequence', [dataSet]);
    expect(() => [...dataSet.walk()]).toThrow(expect.objectContaining({ code: 'nesting-too-deep' }));
  });
});
