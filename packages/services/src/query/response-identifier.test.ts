import { DataSet, type DataSetInput } from '@dicomwire/dimse';
import { encodeDataSet, parseDataSet, SopClass, TransferSyntax } from '@dicomwire/dimse/dataset';
import { expect, test } from 'vitest';
import { compileQuery, responseIdentifier } from './match-query.js';
import { parseQuery } from './parse-query.js';

const syntax = TransferSyntax.ExplicitVRLittleEndian;

function received(input: DataSetInput): DataSet {
  return parseDataSet(encodeDataSet(DataSet.from(input), syntax), syntax);
}

function query(keys: DataSetInput) {
  return parseQuery(received({ QueryRetrieveLevel: 'STUDY', ...keys }), {
    sopClassUid: SopClass.StudyRootQueryRetrieveInformationModelFind,
    requiresUniqueKeys: false,
  });
}

function keywords(dataSet: DataSet): readonly (readonly [string, unknown])[] {
  return [...dataSet].map(({ tag, texts }) => [tag.toString(16).padStart(8, '0'), texts.join('\\')] as const);
}

test('has the keys that were asked for and no others (PS3.4 C.4.1.1.3.2)', () => {
  const entity = received({ StudyInstanceUID: '1.2', PatientName: 'DOE', PatientID: '1', StudyDate: '20260101' });
  const identifier = responseIdentifier(query({ StudyInstanceUID: null, PatientName: 'D*' }), entity, {
    retrieveAeTitles: ['PACS'],
  });
  expect(keywords(identifier)).toEqual([
    ['00080052', 'STUDY'],
    ['00080054', 'PACS'],
    ['00100010', 'DOE'],
    ['0020000d', '1.2'],
  ]);
});

test('has known keys without a value empty, and leaves unknown ones out (PS3.4 C.2.2.1.3)', () => {
  const asked = query({ AccessionNumber: null, ProcedureCodeSequence: [], Modality: null });
  const compiled = compileQuery(asked);
  const identifier = compiled.identifier(received({ StudyInstanceUID: '1.2' }));
  expect(identifier.has('AccessionNumber')).toBe(true);
  expect(identifier.texts('AccessionNumber')).toEqual([]);
  expect(identifier.vr('ProcedureCodeSequence')).toBe('SQ');
  expect(identifier.has('Modality')).toBe(false);
  expect(compiled.hasUnsupportedKeys).toBe(true);
  expect(compileQuery(query({ AccessionNumber: null })).hasUnsupportedKeys).toBe(false);
});

test('has all values of an attribute that has several (PS3.4 C.2.2.3)', () => {
  const identifier = responseIdentifier(
    query({ ModalitiesInStudy: 'CT' }),
    received({ ModalitiesInStudy: ['CT', 'SR'] }),
  );
  expect(identifier.get('ModalitiesInStudy')).toEqual(['CT', 'SR']);
});

test('has the unique keys of the levels above (PS3.4 C.4.1.3.1.1)', () => {
  const asked = query({ QueryRetrieveLevel: 'IMAGE', SOPInstanceUID: null });
  const identifier = responseIdentifier(
    asked,
    received({ StudyInstanceUID: '1', SeriesInstanceUID: '2', SOPInstanceUID: '3' }),
  );
  expect(identifier.get('StudyInstanceUID')).toBe('1');
  expect(identifier.get('SeriesInstanceUID')).toBe('2');
});

test('has the items that match, cut to what was asked for (PS3.4 C.2.2.2.6)', () => {
  const entity = received({
    ProcedureCodeSequence: [
      { CodeValue: '1', CodingSchemeDesignator: 'A', CodeMeaning: 'one' },
      { CodeValue: '2', CodingSchemeDesignator: 'B', CodeMeaning: 'two' },
    ],
  });
  const cut = responseIdentifier(query({ ProcedureCodeSequence: [{ CodeValue: '2', CodeMeaning: null }] }), entity);
  expect(cut.get('ProcedureCodeSequence').map(keywords)).toEqual([
    [
      ['00080100', '2'],
      ['00080104', 'two'],
    ],
  ]);
  const whole = responseIdentifier(query({ ProcedureCodeSequence: [] }), entity);
  expect(whole.get('ProcedureCodeSequence').map(({ size }) => size)).toEqual([3, 3]);
});

test('says where instances are, the entity before the default', () => {
  const defaults = { retrieveAeTitles: ['PACS'], instanceAvailability: 'ONLINE' } as const;
  const own = responseIdentifier(
    query({}),
    received({ RetrieveAETitle: 'OTHER', InstanceAvailability: 'NEARLINE' }),
    defaults,
  );
  expect([own.get('RetrieveAETitle'), own.get('InstanceAvailability')]).toEqual([['OTHER'], 'NEARLINE']);
  const other = responseIdentifier(query({}), new DataSet(), defaults);
  expect([other.get('RetrieveAETitle'), other.get('InstanceAvailability')]).toEqual([['PACS'], 'ONLINE']);
  expect(responseIdentifier(query({}), new DataSet()).has('InstanceAvailability')).toBe(false);
});

test('keeps the digits of decimal strings', () => {
  const asked = query({ QueryRetrieveLevel: 'IMAGE', SliceThickness: null });
  expect(responseIdentifier(asked, received({ SliceThickness: '1.50' })).text('SliceThickness')).toBe('1.50');
});

test('leaves out a UID that can not be written', () => {
  const entity = new DataSet().set('StudyInstanceUID', 'not-a-uid');
  const identifier = responseIdentifier(query({ StudyInstanceUID: null }), entity);
  expect(() => encodeDataSet(identifier, syntax)).not.toThrow();
});

test.each([
  ['none where ASCII is enough', 'ISO_IR 100', 'DOE', 'ISO_IR 192', []],
  ['that of the request', 'ISO_IR 100', 'MÜLLER', 'ISO_IR 192', ['ISO_IR 100']],
  ['Unicode where it was asked for', 'ISO_IR 192', 'MÜLLER', 'ISO_IR 100', ['ISO_IR 192']],
  ['that of the entity where the request has none', null, 'MÜLLER', 'ISO_IR 100', ['ISO_IR 100']],
  [
    'that of the entity where the request has not all characters',
    'ISO_IR 100',
    'Люкceмбypг',
    'ISO_IR 144',
    ['ISO_IR 144'],
  ],
] as const)('its character set: %s', (_what, requested, name, stored, expected) => {
  const entity = received({ SpecificCharacterSet: stored, PatientName: name });
  const asked = query({ PatientName: null, ...(requested === null ? {} : { SpecificCharacterSet: requested }) });
  const identifier = responseIdentifier(asked, entity);
  expect(identifier.texts('SpecificCharacterSet')).toEqual(expected);
  expect(parseDataSet(encodeDataSet(identifier, syntax), syntax).get('PatientName')).toBe(name);
});

test('its character set is Unicode where neither the request nor the entity has the characters', () => {
  const entity = DataSet.from({ PatientName: '王', ProcedureCodeSequence: [{ CodeMeaning: 'é' }] });
  const identifier = responseIdentifier(query({ PatientName: null, ProcedureCodeSequence: [] }), entity);
  expect(identifier.texts('SpecificCharacterSet')).toEqual(['ISO_IR 192']);
  const again = parseDataSet(encodeDataSet(identifier, syntax), syntax);
  expect(again.get('ProcedureCodeSequence')[0]?.get('CodeMeaning')).toBe('é');
});
