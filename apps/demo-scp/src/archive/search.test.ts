import { join } from 'node:path';
import { DataSet, type DataSetInput, matchesQuery, parseQuery } from '@dicomwire/services';
import { expect, onTestFinished, test } from 'vitest';
import { makeRecord } from '../testing/records.js';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import { InstanceIndex } from './instance-index.js';
import type { InstanceAttributes } from './record.js';
import { ArchiveSearch } from './search.js';

const studyRoot = '1.2.840.10008.5.1.4.1.2.2.1';
const patientRoot = '1.2.840.10008.5.1.4.1.2.1.1';

/** An index with one instance for each of these. */
function searchOver(objects: readonly Partial<InstanceAttributes>[]) {
  const directory = temporaryDirectory();
  const indexPath = join(directory, 'index.sqlite');
  const index = InstanceIndex.open(indexPath);
  index.put(
    objects.map((attributes, at) =>
      makeRecord(
        `1.9.${at}`,
        { path: `objects/1.9.${at}.dcm` },
        { seriesInstanceUid: `1.8.${at}`, studyInstanceUid: `1.7.${at}`, ...attributes },
      ),
    ),
  );
  const search = new ArchiveSearch({ directory, indexPath, flush: () => undefined });
  onTestFinished(() => {
    search.close();
    index.close();
  });
  return search;
}

async function entities(search: ArchiveSearch, keys: DataSet | DataSetInput, sopClassUid = studyRoot) {
  const identifier = keys instanceof DataSet ? keys : DataSet.from(keys);
  const query = parseQuery(identifier, { sopClassUid, requiresUniqueKeys: false });
  const found: DataSet[] = [];
  for await (const entity of search.find(query)) if (matchesQuery(query, entity)) found.push(entity);
  return found;
}

const people = [
  { patientId: 'P1', patientName: 'Müller^Jörg', studyDate: '20260101', accessionNumber: 'A1', modality: 'CT' },
  { patientId: 'P2', patientName: 'MUELLER^ANNA', studyDate: '1997.04.22', accessionNumber: 'A2', modality: 'MR' },
  {
    patientId: 'P3',
    patientName: 'Yamada^Tarou=山田^太郎=やまだ^たろう',
    studyDate: '20260215',
    accessionNumber: '',
    modality: 'CT',
  },
  { patientId: '', patientName: 'NOBODY', studyDate: '', accessionNumber: 'A4', modality: 'US' },
  { patientId: '', patientName: 'SOMEBODY', studyDate: '20260301', accessionNumber: 'A5', modality: '' },
];

test.each([
  ['by name, whatever its case and accents', { PatientName: 'MULLER*' }, ['P1']],
  ['by one group of a name', { PatientName: '山田*' }, ['P3']],
  ['by a date of the old form', { StudyDate: '19970101-19971231' }, ['P2']],
  ['by a range that is open', { StudyDate: '20260201-' }, ['P3', '']],
  ['by accession number', { AccessionNumber: 'A1' }, ['P1']],
  ['by a wildcard within', { AccessionNumber: '?4' }, ['']],
  ['by modality of the study', { ModalitiesInStudy: 'US' }, ['']],
] satisfies [string, DataSetInput, string[]][])('finds studies %s', async (_name, keys, expected) => {
  const search = searchOver(people);
  const found = await entities(search, { QueryRetrieveLevel: 'STUDY', PatientID: null, ...keys });
  expect(found.map((study) => study.text('PatientID') ?? '')).toEqual(expected);
});

test('finds studies by a list of UIDs', async () => {
  const search = searchOver(people);
  const keys = DataSet.from({ QueryRetrieveLevel: 'STUDY', PatientID: null });
  const found = await entities(search, keys.set(0x0020000d, 'UI', ['1.7.1', '1.7.4']));
  expect(found.map((study) => study.get('StudyInstanceUID'))).toEqual(['1.7.1', '1.7.4']);
});

test('patients without an ID are not mistaken for each other', async () => {
  const search = searchOver(people);
  const found = await entities(search, {
    QueryRetrieveLevel: 'STUDY',
    PatientID: null,
    PatientName: null,
    AccessionNumber: 'A4',
  });
  expect(found.map((study) => study.get('PatientName'))).toContain('NOBODY');
  expect(found.map((study) => study.get('PatientName'))).not.toContain('SOMEBODY');
});

test('counts what belongs to a study, and names its modalities', async () => {
  const search = searchOver([
    { studyInstanceUid: '1.2', seriesInstanceUid: '1.2.1', modality: 'CT' },
    { studyInstanceUid: '1.2', seriesInstanceUid: '1.2.1', modality: 'CT' },
    { studyInstanceUid: '1.2', seriesInstanceUid: '1.2.2', modality: 'SR' },
    { studyInstanceUid: '1.3', seriesInstanceUid: '1.3.1', modality: 'MR' },
  ]);
  const [study] = await entities(search, {
    QueryRetrieveLevel: 'STUDY',
    StudyInstanceUID: '1.2',
    ModalitiesInStudy: null,
    NumberOfStudyRelatedSeries: null,
    NumberOfStudyRelatedInstances: null,
    NumberOfPatientRelatedStudies: null,
  });
  expect(study?.get('ModalitiesInStudy')).toEqual(['CT', 'SR']);
  expect(study?.text('NumberOfStudyRelatedSeries')).toBe('2');
  expect(study?.text('NumberOfStudyRelatedInstances')).toBe('3');
  expect(study?.text('NumberOfPatientRelatedStudies')).toBe('2');
});

test('finds patients, series and instances as well', async () => {
  const search = searchOver(people);
  const patients = await entities(
    search,
    { QueryRetrieveLevel: 'PATIENT', PatientID: 'P*', PatientName: null },
    patientRoot,
  );
  expect(patients.map((patient) => patient.get('PatientID'))).toEqual(['P1', 'P2', 'P3']);
  const series = await entities(search, {
    QueryRetrieveLevel: 'SERIES',
    StudyInstanceUID: '1.7.0',
    Modality: 'CT',
    SeriesInstanceUID: null,
  });
  expect(series.map((each) => each.get('SeriesInstanceUID'))).toEqual(['1.8.0']);
  const images = await entities(search, {
    QueryRetrieveLevel: 'IMAGE',
    SeriesInstanceUID: '1.8.1',
    SOPInstanceUID: null,
    SOPClassUID: null,
  });
  expect(images.map((each) => each.get('SOPInstanceUID'))).toEqual(['1.9.1']);
});

test('pages through more than a page, narrowed down or not', async () => {
  const search = searchOver(
    Array.from({ length: 1200 }, (_value, at) => ({ accessionNumber: at % 2 === 0 ? 'EVEN' : 'ODD' })),
  );
  expect(await entities(search, { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: null })).toHaveLength(1200);
  expect(await entities(search, { QueryRetrieveLevel: 'STUDY', AccessionNumber: 'ODD' })).toHaveLength(600);
});

test('gives the files of what is to be retrieved, in order', () => {
  const search = searchOver(people);
  const query = {
    model: 'study-root',
    level: 'STUDY',
    patientIds: [],
    seriesInstanceUids: [],
    sopInstanceUids: [],
    identifier: new DataSet(),
  } as const;
  const files = search.instances({ ...query, studyInstanceUids: ['1.7.1', '1.7.0', '1.6'] });
  expect(files.map(({ sopInstanceUid, path }) => [sopInstanceUid, path.endsWith(`${sopInstanceUid}.dcm`)])).toEqual([
    ['1.9.0', true],
    ['1.9.1', true],
  ]);
});
