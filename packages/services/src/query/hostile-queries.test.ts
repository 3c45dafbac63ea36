/** Identifiers and data sets of any kind: a query is understood or refused with a status, and matching never throws. `FUZZ_SEED` replays a run. */
import { DataSet, StatusError, type Vr } from '@dicomwire/dimse';
import { encodeDataSet, parseDataSet, SopClass, TransferSyntax } from '@dicomwire/dimse/dataset';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileQuery } from './match-query.js';
import { parseQuery } from './parse-query.js';

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 0x7fffffff);
const syntax = TransferSyntax.ExplicitVRLittleEndian;

const text = fc.oneof(
  fc.constantFrom(
    '',
    '*',
    '?',
    '""',
    '-',
    '--',
    '=',
    '^',
    '\\',
    '1.2.3',
    '20260131',
    '20260131-',
    '-',
    '1015-1130',
    '2026-0500',
    '+0100',
  ),
  fc.constantFrom(
    'DOE*',
    'a\\b',
    '*\\*',
    '王=^',
    '\u0000',
    ' ',
    '\uD800',
    '٣',
    '9'.repeat(40),
    '*'.repeat(500),
    '1e999',
    '-0',
    'ISO_IR 192',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const tag = fc.oneof(
  fc.constantFrom(
    0x00080005,
    0x00080016,
    0x00080018,
    0x00080020,
    0x00080030,
    0x00080050,
    0x00080052,
    0x00080053,
    0x00080054,
  ),
  fc.constantFrom(
    0x00080056,
    0x00080060,
    0x00080061,
    0x00080201,
    0x00081032,
    0x0008002a,
    0x00100010,
    0x00100020,
    0x00100030,
  ),
  fc.constantFrom(
    0x00100032,
    0x0020000d,
    0x0020000e,
    0x00200013,
    0x00280010,
    0x00400100,
    0x00400275,
    0x7fe00010,
    0x00091001,
  ),
  fc.nat({ max: 0xffffffff }),
);
const vr = fc.constantFrom<Vr>(
  'AE',
  'AS',
  'CS',
  'DA',
  'DS',
  'DT',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'ST',
  'TM',
  'UC',
  'UI',
  'UN',
  'UR',
  'UT',
);
const { dataSet } = fc.letrec<{ dataSet: DataSet }>((tie) => ({
  dataSet: fc
    .array(
      fc.oneof(
        { weight: 9, arbitrary: fc.record({ tag, vr, values: fc.array(text, { maxLength: 3 }) }) },
        { weight: 1, arbitrary: fc.record({ tag, items: fc.array(tie('dataSet'), { maxLength: 2 }) }) },
      ),
      { maxLength: 12 },
    )
    .map((elements) => {
      const made = new DataSet();
      for (const element of elements) {
        if ('items' in element) made.setItems(element.tag, element.items);
        else if (element.vr === 'UN')
          made.setValues(element.tag, 'UN', [new TextEncoder().encode(element.values.join(''))]);
        else made.setValues(element.tag, element.vr, element.values);
      }
      return made;
    }),
}));
const negotiated = fc.record({
  relationalQueries: fc.boolean(),
  dateTimeMatching: fc.boolean(),
  fuzzySemanticMatching: fc.boolean(),
  timezoneQueryAdjustment: fc.boolean(),
  enhancedMultiFrameImageConversion: fc.boolean(),
  emptyValueMatching: fc.boolean(),
  multipleValueMatching: fc.boolean(),
});
const options = fc.record({
  sopClassUid: fc.constantFrom(
    SopClass.StudyRootQueryRetrieveInformationModelFind,
    SopClass.PatientRootQueryRetrieveInformationModelFind,
    SopClass.ModalityWorklistInformationModelFind,
  ),
  negotiated,
  names: fc.constantFrom<'folded' | 'literal'>('folded', 'literal'),
  unknownMatches: fc.boolean(),
  requiresUniqueKeys: fc.boolean(),
});

test(`a query is understood or refused, and answers can be written (FUZZ_SEED=${seed})`, () => {
  let understood = 0;
  fc.assert(
    fc.property(
      dataSet,
      dataSet,
      options,
      fc.constantFrom('STUDY', 'IMAGE', undefined),
      (identifier, built, given, level) => {
        if (level !== undefined) identifier.set('QueryRetrieveLevel', level);
        const entity = tryParse(encoded(built));
        if (entity === undefined) return;
        try {
          const compiled = compileQuery(parseQuery(identifier, given));
          understood += 1;
          compiled.matches(entity);
          const answer = compiled.identifier(entity);
          expect(parseDataSet(encodeDataSet(answer, syntax, { invalidText: 'write' }), syntax).size).toBe(answer.size);
        } catch (error) {
          if (!(error instanceof StatusError)) throw error;
          expect(error.status).toBe(0xa900);
        }
      },
    ),
    { seed, numRuns: Number(process.env.FUZZ_RUNS ?? 2000) },
  );
  expect(understood).toBeGreaterThan(100);
});

test(`an identifier of any bytes that can be parsed is understood or refused (FUZZ_SEED=${seed})`, () => {
  fc.assert(
    fc.property(
      dataSet,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 5 }),
      options,
      (identifier, changes, given) => {
        const bytes = encoded(identifier);
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        const parsed = tryParse(bytes);
        if (parsed === undefined) return;
        try {
          const compiled = compileQuery(parseQuery(parsed, given));
          compiled.matches(parsed);
          compiled.identifier(parsed);
        } catch (error) {
          if (!(error instanceof StatusError)) throw error;
        }
      },
    ),
    { seed, numRuns: Number(process.env.FUZZ_RUNS ?? 2000) },
  );
});

function encoded(dataSet: DataSet): Uint8Array {
  try {
    return encodeDataSet(dataSet.set('SpecificCharacterSet', 'ISO_IR 192'), syntax, { invalidText: 'write' }).slice();
  } catch {
    return new Uint8Array(0);
  }
}

function tryParse(bytes: Uint8Array): DataSet | undefined {
  try {
    return parseDataSet(bytes, syntax);
  } catch {
    return undefined;
  }
}
