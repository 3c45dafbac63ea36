import { DataSet, type DataSetInput } from '@dicomwire/dimse';
import { encodeDataSet, parseDataSet, SopClass, TransferSyntax } from '@dicomwire/dimse/dataset';
import { describe, expect, test } from 'vitest';
import { matchesQuery, responseIdentifier } from './match-query.js';
import { type ParseQueryOptions, parseQuery } from './parse-query.js';

const studyRoot = SopClass.StudyRootQueryRetrieveInformationModelFind;
const worklist = SopClass.ModalityWorklistInformationModelFind;

/** As it comes over the wire, so that padding and splitting of values take part. */
function received(input: DataSetInput): DataSet {
  const syntax = TransferSyntax.ExplicitVRLittleEndian;
  return parseDataSet(encodeDataSet(DataSet.from(input), syntax, { invalidText: 'write' }), syntax);
}

function query(keys: DataSetInput, options: Partial<ParseQueryOptions> = {}) {
  const level = options.sopClassUid === undefined ? { QueryRetrieveLevel: 'IMAGE' } : {};
  const identifier = received({ ...level, ...keys });
  return parseQuery(identifier, { sopClassUid: studyRoot, requiresUniqueKeys: false, ...options });
}

function isMatch(keys: DataSetInput, entity: DataSetInput, options: Partial<ParseQueryOptions> = {}): boolean {
  return matchesQuery(query(keys, options), received(entity));
}

type Row = readonly [what: string, keys: DataSetInput, entity: DataSetInput, expected: boolean];

describe('single value matching (PS3.4 C.2.2.2.1)', () => {
  test.each<Row>([
    ['the same value', { AccessionNumber: 'A1' }, { AccessionNumber: 'A1' }, true],
    ['another value', { AccessionNumber: 'A1' }, { AccessionNumber: 'A2' }, false],
    ['a longer value', { AccessionNumber: 'A1' }, { AccessionNumber: 'A12' }, false],
    ['another case', { StudyDescription: 'chest' }, { StudyDescription: 'CHEST' }, false],
    ['padding', { StudyDescription: 'CHEST ' }, { StudyDescription: ' CHEST' }, true],
    ['a code', { Modality: 'CT' }, { Modality: 'CT' }, true],
    ['one of several values (C.2.2.3)', { ModalitiesInStudy: 'CT' }, { ModalitiesInStudy: ['PT', 'CT'] }, true],
    ['none of several values (C.2.2.3)', { ModalitiesInStudy: 'MR' }, { ModalitiesInStudy: ['PT', 'CT'] }, false],
    ['a number, not its digits', { InstanceNumber: '007' }, { InstanceNumber: 7 }, true],
    ['a decimal number', { SliceThickness: '1.50' }, { SliceThickness: '1.5' }, true],
    ['another number', { InstanceNumber: '70' }, { InstanceNumber: 7 }, false],
    ['a binary number', { Rows: 512 }, { Rows: 512 }, true],
    ['another binary number', { Rows: 512 }, { Rows: 256 }, false],
    ['a value that is not known', { AccessionNumber: 'A1' }, { AccessionNumber: null }, false],
    ['an attribute that is absent', { AccessionNumber: 'A1' }, {}, false],
  ])('%s', (_what, keys, entity, expected) => {
    expect(isMatch(keys, entity)).toBe(expected);
  });

  test('what is not known matches where the provider reads PS3.4 C.2.2.1.2 so', () => {
    const options = { unknownMatches: true };
    expect(isMatch({ AccessionNumber: 'A1' }, { AccessionNumber: null }, options)).toBe(true);
    expect(isMatch({ StudyDate: '20260101-' }, {}, options)).toBe(true);
    expect(isMatch({ AccessionNumber: 'A1' }, { AccessionNumber: 'A2' }, options)).toBe(false);
  });
});

describe('person names (PS3.4 C.2.2.2.1.1)', () => {
  const set = { SpecificCharacterSet: 'ISO_IR 192' } as const;
  test.each<Row>([
    ['case', { PatientName: 'doe^jane' }, { PatientName: 'DOE^JANE' }, true],
    ['small a with grave for a', { PatientName: 'a' }, { ...set, PatientName: 'à' }, true],
    ['small a with tilde for a', { PatientName: 'a' }, { ...set, PatientName: 'ã' }, true],
    ['small a with breve for a', { PatientName: 'a' }, { ...set, PatientName: 'ă' }, true],
    ['capital A with acute for a', { PatientName: 'a' }, { ...set, PatientName: 'Á' }, true],
    ['r with acute for a', { PatientName: 'a' }, { ...set, PatientName: 'ŕ' }, false],
    ['combining characters', { ...set, PatientName: 'Mu\u0308ller' }, { ...set, PatientName: 'MÜLLER' }, true],
    ['sharp s', { ...set, PatientName: 'STRASSE' }, { ...set, PatientName: 'Straße' }, true],
    ['letters with strokes', { PatientName: 'SORENSEN^LUKASZ' }, { ...set, PatientName: 'Sørensen^Łukasz' }, true],
    ['dotless i', { PatientName: 'YILDIZ' }, { ...set, PatientName: 'Yıldız' }, true],
    ['final sigma', { ...set, PatientName: 'ΔΙΟΝΥΣΙΟΣ' }, { ...set, PatientName: 'Διονυσιος' }, true],
    ['kana of half width', { ...set, PatientName: 'ヤマダ' }, { ...set, PatientName: 'ﾔﾏﾀﾞ' }, true],
    ['voiced kana are other letters', { ...set, PatientName: 'か' }, { ...set, PatientName: 'が' }, false],
    ['delimiters at the end', { PatientName: 'DOE^JANE^^' }, { PatientName: 'DOE^JANE' }, true],
    ['spaces around components', { PatientName: 'DOE ^JANE' }, { PatientName: 'DOE^ JANE' }, true],
    ['a component that is missing', { PatientName: 'DOE' }, { PatientName: 'DOE^JANE' }, false],
    ['one group of several', { PatientName: 'Wang^XiaoDong' }, { ...set, PatientName: 'Wang^XiaoDong=王^小東' }, true],
    ['the other group', { ...set, PatientName: '王^小東' }, { ...set, PatientName: 'Wang^XiaoDong=王^小東' }, true],
    [
      'all groups',
      { ...set, PatientName: 'Wang^XiaoDong=王^小東' },
      { ...set, PatientName: 'Wang^XiaoDong=王^小東' },
      true,
    ],
    [
      'groups in their places',
      { ...set, PatientName: '王^小東=Wang^XiaoDong' },
      { ...set, PatientName: 'Wang^XiaoDong=王^小東' },
      false,
    ],
    [
      'an empty group in front',
      { ...set, PatientName: '=王^小東' },
      { ...set, PatientName: 'Wang^XiaoDong=王^小東' },
      true,
    ],
    ['a pattern', { PatientName: 'd*^j?ne' }, { PatientName: 'DOE^JANE' }, true],
    ['a pattern with an accent', { ...set, PatientName: 'mü*' }, { PatientName: 'MULLER^JORG' }, true],
    [
      'a pattern in any group',
      { ...set, PatientName: '*小東' },
      { ...set, PatientName: 'Wang^XiaoDong=王^小東' },
      true,
    ],
    [
      'a pattern around (note of C.2.2.2.1.1)',
      { PatientName: '*Wang^XiaoDong*' },
      { ...set, PatientName: 'Wang^XiaoDong=王^小東' },
      true,
    ],
    ['only delimiters', { PatientName: '^^' }, { PatientName: 'DOE' }, true],
  ])('%s', (_what, keys, entity, expected) => {
    expect(isMatch(keys, entity)).toBe(expected);
  });

  test('names are told apart by case and accents where the provider says so', () => {
    const options = { names: 'literal' } as const;
    expect(isMatch({ PatientName: 'doe' }, { PatientName: 'DOE' }, options)).toBe(false);
    expect(isMatch({ PatientName: 'DOE^^' }, { PatientName: 'DOE' }, options)).toBe(true);
    expect(isMatch({ PatientName: 'D*' }, { PatientName: 'DOE' }, options)).toBe(true);
  });

  test.each<Row>([
    // The examples of PS3.4 C.2.2.2.1.1 Note 2.
    ['the sound', { PatientName: 'Swain' }, { PatientName: 'Swayne' }, true],
    ['components in another order', { PatientName: 'Smith^Mary' }, { PatientName: 'Mary^Smith' }, true],
    ['a name in one component', { PatientName: 'Smith^Mary' }, { PatientName: 'Mary Smith' }, true],
    ['a name with a comma', { PatientName: 'Smith^Mary' }, { PatientName: 'Smith, Mary' }, true],
    ['another name', { PatientName: 'Smith^Mary' }, { PatientName: 'Jones^Mary' }, false],
    ['one word of several', { PatientName: 'Smith' }, { PatientName: 'Smyth^Mary' }, true],
    ['a word that has to begin so', { PatientName: 'Sm*^M*' }, { PatientName: 'Mary^Smith' }, true],
    ['a word that does not begin so', { PatientName: 'Smo*' }, { PatientName: 'Mary^Smith' }, false],
    ['another script', { ...set, PatientName: '小東' }, { ...set, PatientName: 'Wang^XiaoDong=王^小東' }, true],
  ])('fuzzy: %s', (_what, keys, entity, expected) => {
    expect(isMatch(keys, entity, { negotiated: { fuzzySemanticMatching: true } })).toBe(expected);
    if (expected) return;
    expect(isMatch(keys, entity)).toBe(false);
  });
});

describe('list of UID matching (PS3.4 C.2.2.2.2)', () => {
  test.each<Row>([
    ['each of the list', { StudyInstanceUID: '1.2\\1.3' }, { StudyInstanceUID: '1.3' }, true],
    ['none of the list', { StudyInstanceUID: '1.2\\1.3' }, { StudyInstanceUID: '1.4' }, false],
    ['one UID', { SOPInstanceUID: '1.2' }, { SOPInstanceUID: '1.2' }, true],
    ['a prefix is another UID', { SOPInstanceUID: '1.2' }, { SOPInstanceUID: '1.2.3' }, false],
    [
      'one of several UIDs of the attribute',
      { SOPClassesInStudy: '1.2\\1.9' },
      { SOPClassesInStudy: ['1.2', '1.3'] },
      true,
    ],
  ])('%s', (_what, keys, entity, expected) => {
    expect(isMatch(keys, entity)).toBe(expected);
  });
});

describe('universal matching (PS3.4 C.2.2.2.3)', () => {
  test.each<Row>([
    ['a value', { PatientName: null }, { PatientName: 'DOE' }, true],
    ['no value', { PatientName: null }, {}, true],
    ['a single asterisk (note of C.2.2.2.4)', { PatientName: '*' }, {}, true],
    ['an asterisk where a date is expected', { StudyDate: '*' }, {}, true],
    ['an empty sequence', { ProcedureCodeSequence: [] }, {}, true],
    ['an item without keys', { ProcedureCodeSequence: [{}] }, {}, true],
    ['an item that only says what to return', { ProcedureCodeSequence: [{ CodeValue: null }] }, {}, true],
  ])('%s', (_what, keys, entity, expected) => {
    expect(isMatch(keys, entity)).toBe(expected);
  });
});

describe('wild card matching (PS3.4 C.2.2.2.4)', () => {
  test.each<Row>([
    ['an asterisk for many', { StudyDescription: 'CT*CHEST' }, { StudyDescription: 'CT OF THE CHEST' }, true],
    ['an asterisk for none', { StudyDescription: 'CT*CHEST' }, { StudyDescription: 'CTCHEST' }, true],
    ['a question mark for one', { StudyDescription: 'C? CHEST' }, { StudyDescription: 'CT CHEST' }, true],
    ['a question mark is not for none', { StudyDescription: 'CT?' }, { StudyDescription: 'CT' }, false],
    ['a question mark is not for two', { StudyDescription: 'C?' }, { StudyDescription: 'CTA' }, false],
    ['case counts', { StudyDescription: 'ct*' }, { StudyDescription: 'CT' }, false],
    ['codes', { Modality: 'C*' }, { Modality: 'CT' }, true],
    ['several asterisks', { StudyDescription: '*A*B*C*' }, { StudyDescription: 'xAAxBxC' }, true],
    ['an asterisk that has to give back', { StudyDescription: '*AB' }, { StudyDescription: 'AAB' }, true],
    ['what stands behind', { StudyDescription: '*CHEST' }, { StudyDescription: 'CHEST CT' }, false],
    ['dots and brackets are letters', { StudyDescription: 'C.*[1]' }, { StudyDescription: 'CTx[1]' }, false],
    ['an attribute without a value', { StudyDescription: '*CT' }, { StudyDescription: null }, false],
    ['text', { ImageComments: 'first*' }, { ImageComments: 'first line\r\nsecond line' }, true],
    ['UIDs, as some ask', { SOPInstanceUID: '1.2.*' }, { SOPInstanceUID: '1.2.3' }, true],
    ['one of several values', { ImageType: 'AX*' }, { ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'] }, true],
  ])('%s', (_what, keys, entity, expected) => {
    expect(isMatch(keys, entity)).toBe(expected);
  });

  test('a character beyond the basic plane is one', () => {
    const set = { SpecificCharacterSet: 'ISO_IR 192' } as const;
    expect(isMatch({ ...set, PatientName: '?野' }, { ...set, PatientName: '𠮷野' })).toBe(true);
  });

  test('a pattern that fails late takes no more than the product of the lengths', () => {
    const pattern = `${'*a'.repeat(200)}*b`;
    expect(isMatch({ StudyDescription: pattern }, { StudyDescription: 'a'.repeat(20_000) })).toBe(false);
  });
});

describe('range matching of dates (PS3.4 C.2.2.2.5.1)', () => {
  test.each<Row>([
    ['between', { StudyDate: '20260101-20260131' }, { StudyDate: '20260115' }, true],
    ['the first day', { StudyDate: '20260101-20260131' }, { StudyDate: '20260101' }, true],
    ['the last day', { StudyDate: '20260101-20260131' }, { StudyDate: '20260131' }, true],
    ['the day after', { StudyDate: '20260101-20260131' }, { StudyDate: '20260201' }, false],
    ['prior to', { StudyDate: '-20260131' }, { StudyDate: '19990101' }, true],
    ['prior to, and including', { StudyDate: '-20260131' }, { StudyDate: '20260131' }, true],
    ['not after', { StudyDate: '-20260131' }, { StudyDate: '20260201' }, false],
    ['subsequent to, and including', { StudyDate: '20260131-' }, { StudyDate: '20260131' }, true],
    ['not before', { StudyDate: '20260131-' }, { StudyDate: '20260130' }, false],
    [
      'spaces, as the text of the standard has them',
      { StudyDate: '20260101 - 20260131' },
      { StudyDate: '20260115' },
      true,
    ],
    ['one day', { StudyDate: '20260115' }, { StudyDate: '20260115' }, true],
    ['another day', { StudyDate: '20260115' }, { StudyDate: '20260116' }, false],
    ['a date of old', { StudyDate: '20260115' }, { StudyDate: '2026.01.15' }, true],
    ['what is no date', { StudyDate: '20260101-' }, { StudyDate: 'UNKNOWN' }, false],
    ['a date that is not known', { StudyDate: '20260101-' }, { StudyDate: null }, false],
  ])('%s', (_what, keys, entity, expected) => {
    expect(isMatch(keys, entity)).toBe(expected);
  });
});

describe('matching of times (PS3.4 C.2.2.2.1.3, C.2.2.2.5.2)', () => {
  test.each<Row>([
    ['2230 matches 223000 (note of C.2.2.2.1.3)', { StudyTime: '2230' }, { StudyTime: '223000' }, true],
    ['223000 matches 2230', { StudyTime: '223000' }, { StudyTime: '2230' }, true],
    ['another time', { StudyTime: '223001' }, { StudyTime: '223000' }, false],
    ['fractions', { StudyTime: '223000.5' }, { StudyTime: '223000.500000' }, true],
    ['between', { StudyTime: '1000-1200' }, { StudyTime: '110000' }, true],
    ['the first moment', { StudyTime: '1000-1200' }, { StudyTime: '100000' }, true],
    ['just before', { StudyTime: '1000-1200' }, { StudyTime: '095959.999999' }, false],
    ['the last minute is all of it', { StudyTime: '1000-1200' }, { StudyTime: '120059' }, true],
    ['the last second is all of it', { StudyTime: '100000-120000' }, { StudyTime: '120000.9' }, true],
    ['just after', { StudyTime: '1000-1200' }, { StudyTime: '120100' }, false],
    ['prior, from midnight', { StudyTime: '-1200' }, { StudyTime: '000000' }, true],
    ['subsequent, until midnight', { StudyTime: '1200-' }, { StudyTime: '235959' }, true],
    ['not prior', { StudyTime: '1200-' }, { StudyTime: '115959' }, false],
    [
      'days and times apart, without negotiation (note of C.2.2.2.5.4)',
      { StudyDate: '20060705-20060707', StudyTime: '1000-1800' },
      { StudyDate: '20060706', StudyTime: '0900' },
      false,
    ],
  ])('%s', (_what, keys, entity, expected) => {
    expect(isMatch(keys, entity)).toBe(expected);
  });
});

describe('matching of dates with times (PS3.4 C.2.2.2.5.3)', () => {
  const at = (value: string): DataSetInput => ({ AcquisitionDateTime: value });
  test.each<Row>([
    ['19980128103000.0000 matches 19980128103000', at('19980128103000.0000'), at('19980128103000'), true],
    ['the offset of the value counts', at('19980128133000+0000'), at('19980128103000-0300'), true],
    ['another moment', at('19980128103001'), at('19980128103000'), false],
    ['between', at('20260101-20260131'), at('20260131235959'), true],
    ['after', at('20260101-20260131'), at('20260201'), false],
    ['prior', at('-2025'), at('20251231235959.999999'), true],
    ['subsequent', at('2026-'), at('20251231235959'), false],
    ['an offset before midnight', at('20260101000000+0000-20260101235959+0000'), at('20251231233000-0100'), true],
    ['ends with negative offsets', at('202601310800-0500-202601311600-0500'), at('20260131140000+0000'), true],
  ])('%s', (_what, keys, entity, expected) => {
    expect(isMatch(keys, entity)).toBe(expected);
  });
});

describe('combined date and time matching (PS3.4 C.2.2.2.5.4)', () => {
  const keys = { StudyDate: '20060705-20060707', StudyTime: '1000-1800' };
  const night = { StudyDate: '20060705-20060706', StudyTime: '2200-0600' };
  test.each<Row>([
    ['the morning between', keys, { StudyDate: '20060706', StudyTime: '0900' }, true],
    ['the beginning', keys, { StudyDate: '20060705', StudyTime: '100000' }, true],
    ['before the beginning', keys, { StudyDate: '20060705', StudyTime: '0959' }, false],
    ['after the end', keys, { StudyDate: '20060707', StudyTime: '1900' }, false],
    ['a night', night, { StudyDate: '20060706', StudyTime: '0100' }, true],
    ['the day before the night', night, { StudyDate: '20060705', StudyTime: '2100' }, false],
    [
      'open at the end',
      { StudyDate: '20060705-', StudyTime: '1000-' },
      { StudyDate: '20060706', StudyTime: '0100' },
      true,
    ],
    [
      'open at the beginning',
      { StudyDate: '-20060705', StudyTime: '-1000' },
      { StudyDate: '20060704', StudyTime: '2300' },
      true,
    ],
    [
      'ranges of another form stay apart',
      { StudyDate: '20060705-', StudyTime: '1000-1200' },
      { StudyDate: '20060706', StudyTime: '0900' },
      false,
    ],
    [
      'a single day stays apart',
      { StudyDate: '20060705', StudyTime: '1000-1200' },
      { StudyDate: '20060705', StudyTime: '1100' },
      true,
    ],
    ['a time that is not known', keys, { StudyDate: '20060706' }, false],
  ])('%s', (_what, asked, entity, expected) => {
    expect(isMatch(asked, entity, { negotiated: { dateTimeMatching: true } })).toBe(expected);
  });

  test('worklists need no negotiation (PS3.4 K.5.1.1)', () => {
    const step = (date: string, time: string) => ({
      ScheduledProcedureStepSequence: [
        { ScheduledProcedureStepStartDate: date, ScheduledProcedureStepStartTime: time },
      ],
    });
    const asked = step('20060705-20060707', '1000-1800');
    expect(isMatch(asked, step('20060706', '0900'), { sopClassUid: worklist })).toBe(true);
    expect(isMatch(asked, step('20060705', '0900'), { sopClassUid: worklist })).toBe(false);
  });
});

describe('timezone query adjustment (PS3.4 C.2.2.2.1.3)', () => {
  const options = { negotiated: { timezoneQueryAdjustment: true } };
  const asked = (keys: DataSetInput) => ({ TimezoneOffsetFromUTC: '+0100', ...keys });
  const entity = (values: DataSetInput) => ({ TimezoneOffsetFromUTC: '-0500', ...values });
  test.each<Row>([
    ['a time in another zone', asked({ StudyTime: '1600-1700' }), entity({ StudyTime: '103000' }), true],
    ['the same digits are another time', asked({ StudyTime: '1000-1100' }), entity({ StudyTime: '103000' }), false],
    [
      'the day changes with the time',
      asked({ StudyDate: '20260102' }),
      entity({ StudyDate: '20260101', StudyTime: '2000' }),
      true,
    ],
    [
      'the day before does not',
      asked({ StudyDate: '20260101' }),
      entity({ StudyDate: '20260101', StudyTime: '2000' }),
      false,
    ],
    ['a day without a time stays', asked({ StudyDate: '20260101' }), entity({ StudyDate: '20260101' }), true],
    [
      "a value without offset has the entity's",
      asked({ AcquisitionDateTime: '20260101163000' }),
      entity({ AcquisitionDateTime: '20260101103000' }),
      true,
    ],
    [
      'an entity without a zone is in that of the query',
      asked({ StudyTime: '1000-1100' }),
      { StudyTime: '103000' },
      true,
    ],
  ])('%s', (_what, keys, values, expected) => {
    expect(isMatch(keys, values, options)).toBe(expected);
  });

  test('combined with date and time matching the day may change (note of C.2.2.2.5.4)', () => {
    const both = { negotiated: { timezoneQueryAdjustment: true, dateTimeMatching: true } };
    const keys = asked({ StudyDate: '20260102-20260102', StudyTime: '0000-0300' });
    expect(isMatch(keys, entity({ StudyDate: '20260101', StudyTime: '2000' }), both)).toBe(true);
    expect(isMatch(keys, entity({ StudyDate: '20260102', StudyTime: '0200' }), both)).toBe(false);
  });

  test('is left alone where it was not negotiated', () => {
    expect(isMatch(asked({ StudyTime: '1000-1100' }), entity({ StudyTime: '103000' }))).toBe(true);
  });
});

describe('sequence matching (PS3.4 C.2.2.2.6)', () => {
  const code = (value: string, scheme: string) => ({ CodeValue: value, CodingSchemeDesignator: scheme });
  const entity = { ProcedureCodeSequence: [code('1', 'A'), code('2', 'B')] };
  test.each<Row>([
    ['one of the items', { ProcedureCodeSequence: [{ CodeValue: '2' }] }, entity, true],
    ['all keys in the same item', { ProcedureCodeSequence: [code('1', 'B')] }, entity, false],
    ['all keys in one item', { ProcedureCodeSequence: [code('2', 'B')] }, entity, true],
    ['no item', { ProcedureCodeSequence: [{ CodeValue: '1' }] }, { ProcedureCodeSequence: [] }, false],
    [
      'a key without value beside one with it',
      { ProcedureCodeSequence: [{ CodeValue: '1', CodeMeaning: null }] },
      entity,
      true,
    ],
    ['patterns within', { ProcedureCodeSequence: [{ CodingSchemeDesignator: 'B*' }] }, entity, true],
    [
      'sequences within',
      { RequestAttributesSequence: [{ RequestedProcedureCodeSequence: [{ CodeValue: '2' }] }] },
      { RequestAttributesSequence: [{}, { RequestedProcedureCodeSequence: [code('2', 'B')] }] },
      true,
    ],
  ])('%s', (_what, keys, values, expected) => {
    expect(isMatch(keys, values)).toBe(expected);
  });
});

describe('empty value matching (PS3.4 C.2.2.2.7)', () => {
  const options = { negotiated: { emptyValueMatching: true } };
  test.each<Row>([
    ['an attribute without a value', { AccessionNumber: '""' }, { AccessionNumber: null }, true],
    ['an attribute that is absent', { StudyDate: '""' }, {}, true],
    ['an attribute with a value', { AccessionNumber: '""' }, { AccessionNumber: 'A1' }, false],
  ])('%s', (_what, keys, entity, expected) => {
    expect(isMatch(keys, entity, options)).toBe(expected);
  });

  test('is a value like any other where it was not negotiated', () => {
    expect(isMatch({ AccessionNumber: '""' }, {})).toBe(false);
    expect(isMatch({ AccessionNumber: '""' }, { AccessionNumber: '""' })).toBe(true);
  });
});

describe('multiple value matching (PS3.4 C.2.2.2.8)', () => {
  const keys = { ModalitiesInStudy: 'CT\\PT' };
  test.each<Row>([
    ['each is there, in any order (Note 1)', keys, { ModalitiesInStudy: ['PT', 'CT'] }, true],
    ['others may be there (Note 2)', keys, { ModalitiesInStudy: ['SR', 'PT', 'CT'] }, true],
    ['one is missing', keys, { ModalitiesInStudy: ['CT', 'SR'] }, false],
  ])('%s', (_what, asked, entity, expected) => {
    expect(isMatch(asked, entity, { negotiated: { multipleValueMatching: true } })).toBe(expected);
  });

  test('one is enough where it was not negotiated', () => {
    expect(isMatch(keys, { ModalitiesInStudy: ['CT', 'SR'] })).toBe(true);
    expect(isMatch(keys, { ModalitiesInStudy: ['SR'] })).toBe(false);
  });

  test('UIDs are a list with and without it', () => {
    const negotiated = { multipleValueMatching: true };
    expect(isMatch({ SOPClassesInStudy: '1.2\\1.3' }, { SOPClassesInStudy: '1.3' }, { negotiated })).toBe(true);
  });
});

describe('keys that are not known (PS3.4 C.2.2.1.3)', () => {
  test('those of a level below are not matched', () => {
    const asked = parseQuery(received({ QueryRetrieveLevel: 'STUDY', Modality: 'CT' }), { sopClassUid: studyRoot });
    expect(matchesQuery(asked, received({ StudyInstanceUID: '1.2' }))).toBe(true);
    expect(responseIdentifier(asked, received({ Modality: 'MR' })).has('Modality')).toBe(false);
  });

  test('private ones are not matched, and their creators are no keys', () => {
    const identifier = DataSet.from({ QueryRetrieveLevel: 'STUDY' })
      .set(0x00090010, 'LO', 'ACME')
      .set(0x00091001, 'LO', 'x');
    const asked = parseQuery(identifier, { sopClassUid: studyRoot });
    expect(asked.keys.map(({ tag }) => tag)).toEqual([0x00091001]);
    expect(matchesQuery(asked, new DataSet())).toBe(true);
  });
});
