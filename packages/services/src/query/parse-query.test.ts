import { DataSet, type DataSetInput, StatusError } from '@dicomwire/dimse';
import { SopClass, tagOfKeyword } from '@dicomwire/dimse/dataset';
import { describe, expect, test } from 'vitest';
import { type ParseQueryOptions, parseQuery } from './parse-query.js';
import type { Query } from './query.js';

const patientRoot = SopClass.PatientRootQueryRetrieveInformationModelFind;
const studyRoot = SopClass.StudyRootQueryRetrieveInformationModelFind;
const patientStudyOnly = SopClass.PatientStudyOnlyQueryRetrieveInformationModelFind;

function parse(keys: DataSetInput, options: Partial<ParseQueryOptions> = {}): Query {
  return parseQuery(DataSet.from(keys), { sopClassUid: studyRoot, ...options });
}

/** The status that answers an identifier, and the keywords that it blames. */
function refusal(keys: DataSetInput, options: Partial<ParseQueryOptions> = {}) {
  try {
    parse(keys, options);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { status: error.status, blames: error.details.offendingElements, comment: error.errorComment };
  }
  return undefined;
}

function tags(...keywords: readonly string[]): readonly (number | undefined)[] {
  return keywords.map(tagOfKeyword);
}

describe('the level (PS3.4 C.4.1.1.3.1, C.6)', () => {
  test.each([
    [patientRoot, 'PATIENT', true],
    [patientRoot, 'IMAGE', true],
    [studyRoot, 'STUDY', true],
    [studyRoot, 'PATIENT', false],
    [patientStudyOnly, 'STUDY', true],
    [patientStudyOnly, 'SERIES', false],
    [studyRoot, 'INSTANCE', false],
    [studyRoot, null, false],
  ])('%s has %s: %s', (sopClassUid, level, isKnown) => {
    const refused = refusal({ QueryRetrieveLevel: level }, { sopClassUid, requiresUniqueKeys: false });
    if (isKnown) expect(refused).toBeUndefined();
    else expect(refused).toMatchObject({ status: 0xa900, blames: tags('QueryRetrieveLevel') });
  });

  test('has to be there', () => {
    expect(refusal({ PatientID: '1' })).toMatchObject({ status: 0xa900, blames: tags('QueryRetrieveLevel') });
  });

  test('is no matter of models without levels', () => {
    expect(
      parse({ PatientID: '1' }, { sopClassUid: SopClass.ModalityWorklistInformationModelFind }).level,
    ).toBeUndefined();
  });
});

describe('unique keys of the levels above (PS3.4 C.4.1.2.1)', () => {
  test.each<[string, DataSetInput, string, readonly string[]]>([
    ['are missing', { QueryRetrieveLevel: 'IMAGE' }, studyRoot, ['StudyInstanceUID', 'SeriesInstanceUID']],
    ['one is missing', { QueryRetrieveLevel: 'IMAGE', StudyInstanceUID: '1.2' }, studyRoot, ['SeriesInstanceUID']],
    ['is empty', { QueryRetrieveLevel: 'SERIES', StudyInstanceUID: null }, studyRoot, ['StudyInstanceUID']],
    ['is a list', { QueryRetrieveLevel: 'SERIES', StudyInstanceUID: '1.2\\1.3' }, studyRoot, ['StudyInstanceUID']],
    ['is a pattern', { QueryRetrieveLevel: 'STUDY', PatientID: '1*' }, patientRoot, ['PatientID']],
    ['the patient too', { QueryRetrieveLevel: 'SERIES', StudyInstanceUID: '1.2' }, patientRoot, ['PatientID']],
  ])('%s', (_what, keys, sopClassUid, keywords) => {
    expect(refusal(keys, { sopClassUid })).toMatchObject({ status: 0xa900, blames: tags(...keywords) });
  });

  test.each<[string, DataSetInput, string]>([
    ['are there', { QueryRetrieveLevel: 'IMAGE', StudyInstanceUID: '1.2', SeriesInstanceUID: '1.3' }, studyRoot],
    ['the study root knows no patient level', { QueryRetrieveLevel: 'STUDY' }, studyRoot],
    ['a list at the level itself', { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: '1.2\\1.3' }, studyRoot],
  ])('%s', (_what, keys, sopClassUid) => {
    expect(refusal(keys, { sopClassUid })).toBeUndefined();
  });

  test('may be left out where relational queries were negotiated', () => {
    const query = parse(
      { QueryRetrieveLevel: 'IMAGE', PatientName: 'D*' },
      { negotiated: { relationalQueries: true } },
    );
    expect(query.isRelational).toBe(true);
  });

  test('the comment names them, so that a person can act on it', () => {
    expect(refusal({ QueryRetrieveLevel: 'SERIES' })?.comment).toBe(
      'StudyInstanceUID: one value is needed at SERIES level',
    );
  });
});

describe('keys that can not be', () => {
  test.each<[string, DataSetInput, string]>([
    ['a date that is none', { StudyDate: '20260231' }, 'StudyDate'],
    ['a range of dates that goes backwards', { StudyDate: '20260131-20260101' }, 'StudyDate'],
    ['a range without an end and a beginning', { StudyDate: '-' }, 'StudyDate'],
    ['a range that crosses midnight (C.2.2.2.5.2)', { StudyTime: '2200-0600' }, 'StudyTime'],
    ['a time that is none', { StudyTime: '9999' }, 'StudyTime'],
    ['a number that is none', { NumberOfStudyRelatedInstances: 'many' }, 'NumberOfStudyRelatedInstances'],
    [
      'two items (C.2.2.2.6)',
      { ProcedureCodeSequence: [{ CodeValue: '1' }, { CodeValue: '2' }] },
      'ProcedureCodeSequence',
    ],
  ])('%s', (_what, keys, keyword) => {
    expect(refusal({ QueryRetrieveLevel: 'STUDY', ...keys })).toMatchObject({ status: 0xa900, blames: tags(keyword) });
  });

  test('in an item are named with their place', () => {
    const refused = refusal({
      QueryRetrieveLevel: 'SERIES',
      StudyInstanceUID: '1',
      RequestAttributesSequence: [{ ScheduledProcedureStepStartDate: 'x' }],
    });
    expect(refused?.comment).toMatch(/^RequestAttributesSequence\/ScheduledProcedureStepStartDate /);
  });

  test('a pattern or a list that would take too long is refused', () => {
    expect(refusal({ QueryRetrieveLevel: 'STUDY', StudyDescription: `${'a'.repeat(5000)}*` })).toMatchObject({
      status: 0xa900,
    });
    expect(refusal({ QueryRetrieveLevel: 'STUDY', StudyDescription: Array(2000).fill('a').join('\\') })).toMatchObject({
      status: 0xa900,
    });
    expect(
      refusal({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: Array(20_000).fill('1.2').join('\\') }),
    ).toBeUndefined();
  });
});

describe('what a source can make an index look-up of', () => {
  const criterion = (keys: DataSetInput, options?: Partial<ParseQueryOptions>) =>
    parse({ QueryRetrieveLevel: 'STUDY', ...keys }, options).keys[0]?.criterion;

  test.each<[string, DataSetInput, object]>([
    ['nothing', { PatientName: null }, { kind: 'universal' }],
    ['one value', { AccessionNumber: 'A1' }, { kind: 'value', value: 'A1', folded: 'A1' }],
    ['a name', { PatientName: 'Doe^Jané' }, { kind: 'value', value: 'Doe^Jané', folded: 'DOE^JANE' }],
    ['UIDs, each once', { StudyInstanceUID: '1.2\\1.3\\1.2' }, { kind: 'uid-list', uids: ['1.2', '1.3'] }],
    ['a pattern', { StudyDescription: 'CT*A' }, { kind: 'wildcard', pattern: 'CT*A', prefix: 'CT' }],
    [
      'a pattern of a name',
      { PatientName: 'do?^*' },
      { kind: 'wildcard', pattern: 'do?^*', folded: 'DO?^*', prefix: 'DO' },
    ],
    ['days', { StudyDate: '20260101-20260131' }, { kind: 'date-range', from: '20260101', to: '20260131' }],
    ['one day', { StudyDate: '20260101' }, { kind: 'date-range', from: '20260101', to: '20260101' }],
    ['days without end', { StudyDate: '20260101-' }, { kind: 'date-range', from: '20260101', to: undefined }],
    ['times', { StudyTime: '10-1130' }, { kind: 'time-range', from: '100000.000000', to: '113059.999999' }],
    ['a number', { NumberOfStudyRelatedInstances: '12' }, { kind: 'number', value: 12 }],
    [
      'several values',
      { ModalitiesInStudy: 'CT\\MR' },
      {
        kind: 'any-of',
        criteria: [
          { kind: 'value', value: 'CT' },
          { kind: 'value', value: 'MR' },
        ],
      },
    ],
    [
      'a sequence',
      { ProcedureCodeSequence: [{ CodeValue: '1' }] },
      { kind: 'sequence', keys: [{ keyword: 'CodeValue', criterion: { kind: 'value' } }] },
    ],
  ])('%s', (_what, keys, expected) => {
    expect(criterion(keys)).toMatchObject(expected);
  });

  test('bounds hold where time zones are taken into account', () => {
    const options = { negotiated: { timezoneQueryAdjustment: true } };
    const keys = { StudyDate: '20260101', StudyTime: '10-11', TimezoneOffsetFromUTC: '+0100' };
    expect(criterion(keys, options)).toMatchObject({ kind: 'date-range', from: '20251231', to: '20260102' });
    const query = parse({ QueryRetrieveLevel: 'STUDY', ...keys }, options);
    expect(query.key('StudyTime')?.criterion).toMatchObject({ kind: 'time-range', from: undefined, to: undefined });
  });

  test('keys are found by keyword or tag, with the level that they belong to', () => {
    const query = parse({
      QueryRetrieveLevel: 'SERIES',
      StudyInstanceUID: '1.2',
      PatientName: 'D*',
      Modality: 'CT',
      Rows: 1,
    });
    expect(query.keys.map(({ keyword, level }) => [keyword, level])).toEqual([
      ['Modality', 'SERIES'],
      ['PatientName', 'PATIENT'],
      ['StudyInstanceUID', 'STUDY'],
      ['Rows', 'IMAGE'],
    ]);
    expect(query.key('PatientName')).toBe(query.key(0x00100010));
    expect(query.key('PatientID')).toBeUndefined();
  });

  test('Specific Character Set, Timezone Offset and the like are no keys', () => {
    const query = parse({
      SpecificCharacterSet: 'ISO_IR 192',
      QueryRetrieveLevel: 'STUDY',
      RetrieveAETitle: 'PACS',
      InstanceAvailability: 'ONLINE',
      TimezoneOffsetFromUTC: '+0100',
    });
    expect(query.keys).toEqual([]);
  });

  test('the view is taken only where it was negotiated (PS3.4 C.4.1.1.3.1)', () => {
    const keys = { QueryRetrieveLevel: 'STUDY', QueryRetrieveView: 'ENHANCED' };
    expect(parse(keys).view).toBeUndefined();
    const options = { negotiated: { enhancedMultiFrameImageConversion: true } };
    expect(parse(keys, options).view).toBe('ENHANCED');
    expect(refusal({ ...keys, QueryRetrieveView: 'OTHER' }, options)).toMatchObject({ status: 0xa900 });
  });

  test('a time zone that is none is refused', () => {
    const options = { negotiated: { timezoneQueryAdjustment: true } };
    expect(refusal({ QueryRetrieveLevel: 'STUDY', TimezoneOffsetFromUTC: 'CET' }, options)).toMatchObject({
      status: 0xa900,
      blames: tags('TimezoneOffsetFromUTC'),
    });
  });
});
