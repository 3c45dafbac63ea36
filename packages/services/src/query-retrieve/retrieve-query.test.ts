import { type DataSet, parseDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
import { expect, test } from 'vitest';
import { type RetrieveModel, retrieveModel } from './retrieve-models.js';
import { readRetrieveQuery } from './retrieve-query.js';

/** Elements in implicit VR little endian, so that they may hold what a peer should not send. */
function identifier(...elements: readonly (readonly [group: number, element: number, value: string])[]): DataSet {
  const bytes = elements.map(([group, element, value]) => {
    const header = Buffer.alloc(8);
    header.writeUInt16LE(group, 0);
    header.writeUInt16LE(element, 2);
    header.writeUInt32LE(value.length, 4);
    return Buffer.concat([header, Buffer.from(value, 'latin1')]);
  });
  return parseDataSet(Buffer.concat(bytes), TransferSyntax.ImplicitVRLittleEndian);
}

function read(model: RetrieveModel, dataSet: DataSet) {
  return readRetrieveQuery(retrieveModel(model), dataSet);
}

test('reads the keys of its level and of those above, lists of UIDs taken apart and padding off', () => {
  const query = read(
    'patient-root',
    identifier([8, 0x52, 'SERIES'], [0x10, 0x20, ' 4711 '], [0x20, 0xd, '1.2\0'], [0x20, 0xe, '1.3\\1.4 ']),
  );
  expect(query).toMatchObject({
    model: 'patient-root',
    level: 'SERIES',
    patientIds: ['4711'],
    studyInstanceUids: ['1.2'],
    seriesInstanceUids: ['1.3', '1.4'],
    sopInstanceUids: [],
  });
});

test('needs no keys above the level: a UID says it all', () => {
  expect(read('patient-root', identifier([8, 0x18, '1.5'], [8, 0x52, 'IMAGE '])).sopInstanceUids).toEqual(['1.5']);
});

test.each<RetrieveModel>(['composite-instance-root', 'composite-instance-without-bulk-data'])(
  'needs no level in the model %s',
  (model) => {
    const query = read(model, identifier([8, 0x18, '1.5\\1.6 ']));
    expect(query).toMatchObject({ level: 'IMAGE', sopInstanceUids: ['1.5', '1.6'] });
  },
);

test.each<[string, RetrieveModel, DataSet, number]>([
  ['a wildcard as UID', 'study-root', identifier([8, 0x52, 'STUDY '], [0x20, 0xd, '1.*']), 0x0020000d],
  ['a path as UID', 'study-root', identifier([8, 0x52, 'STUDY '], [0x20, 0xd, '../1']), 0x0020000d],
  ['one bad UID among good ones', 'study-root', identifier([8, 0x52, 'STUDY '], [0x20, 0xd, '1.2\\x']), 0x0020000d],
  ['a wildcard as patient ID', 'patient-root', identifier([8, 0x52, 'PATIENT '], [0x10, 0x20, 'A*']), 0x00100020],
  ['no patient ID', 'patient-root', identifier([8, 0x52, 'PATIENT ']), 0x00100020],
  ['a level below its model', 'patient-study-only', identifier([8, 0x52, 'SERIES'], [0x20, 0xe, '1.2']), 0x00080052],
  ['no level', 'study-root', identifier([0x20, 0xd, '1.2']), 0x00080052],
  ['a level that is none', 'study-root', identifier([8, 0x52, 'FRAME '], [0x20, 0xd, '1.2']), 0x00080052],
])('refuses %s', (_name, model, dataSet, offendingElement) => {
  expect(() => read(model, dataSet)).toThrow(
    expect.objectContaining({
      status: 0xa900,
      details: expect.objectContaining({ offendingElements: [offendingElement] }),
    }),
  );
});
