import { DataSet } from '@dicomwire/dimse';
import { expect, onTestFinished, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { connect, type Query, type QuerySource, worklist } from '../index.js';

function item(
  patient: string,
  ...steps: readonly (readonly [modality: string, date: string, time: string])[]
): DataSet {
  return DataSet.from({
    SpecificCharacterSet: 'ISO_IR 100',
    AccessionNumber: 'A1',
    PatientName: patient,
    PatientID: '4711',
    PatientBirthDate: '19700101',
    PatientSex: 'F',
    PatientWeight: '70.50',
    StudyInstanceUID: '1.2.3',
    RequestedProcedureID: 'RP1',
    ScheduledProcedureStepSequence: steps.map(([modality, date, time], at) => ({
      Modality: modality,
      ScheduledStationAETitle: ['CT1', 'CT2'],
      ScheduledProcedureStepStartDate: date,
      ScheduledProcedureStepStartTime: time,
      ScheduledPerformingPhysicianName: 'SMITH^ANNE',
      ScheduledProcedureStepID: `SPS${at}`,
      ScheduledProcedureStepDescription: 'CT CHEST',
    })),
  });
}

async function scene(source: QuerySource | QuerySource['find']) {
  const { peer } = memoryLine({ services: [worklist({ source })] });
  const client = await connect({ ...peer, services: [] });
  onTestFinished(() => client.release());
  return client;
}

const items = [
  item('DOE^JANE', ['CT', '20260131', '1015']),
  item('MÜLLER^JÖRG', ['MR', '20260131', '1100'], ['CT', '20260201', '0900']),
];

test('gives scheduled procedure steps in typed fields, without a key for each of them', async () => {
  const client = await scene(() => items);
  const found = client.worklist.find({ Modality: 'CT', PatientName: 'doe*' });
  const [step, ...others] = await found.toArray();
  expect(others).toEqual([]);
  expect(found.isComplete).toBe(true);
  expect(step).toMatchObject({
    patientId: '4711',
    patientSex: 'F',
    accessionNumber: 'A1',
    studyInstanceUid: '1.2.3',
    requestedProcedureId: 'RP1',
    modality: 'CT',
    scheduledStationAeTitles: ['CT1', 'CT2'],
    scheduledStationName: undefined,
    scheduledProcedureStepId: 'SPS0',
    scheduledProcedureStepDescription: 'CT CHEST',
  });
  expect(step?.patientName?.alphabetic.givenName).toBe('JANE');
  expect(step?.patientBirthDate?.year).toBe(1970);
  expect(step?.scheduledStart?.toIsoString()).toBe('2026-01-31T10:15');
  expect(step?.scheduledPerformingPhysicianName?.toDisplayString()).toBe('ANNE SMITH');
  expect(step?.dataSet.text('PatientWeight')).toBe('70.50');
});

test('keys of the step may stand in its sequence, or beside the others', async () => {
  const queries: Query[] = [];
  const client = await scene((query) => {
    queries.push(query);
    return [];
  });
  await client.worklist.find({ ScheduledStationAETitle: 'CT1', AccessionNumber: 'A1' }).toArray();
  await client.worklist
    .find({ AccessionNumber: 'A1', ScheduledProcedureStepSequence: [{ ScheduledStationAETitle: 'CT1' }] })
    .toArray();
  for (const query of queries) {
    const criterion = query.key('ScheduledProcedureStepSequence')?.criterion;
    const keys = criterion?.kind === 'sequence' ? criterion.keys : [];
    const station = keys.find(({ keyword }) => keyword === 'ScheduledStationAETitle');
    expect(station?.criterion).toMatchObject({ kind: 'value', value: 'CT1' });
    expect(query.key('AccessionNumber')?.criterion).toMatchObject({ kind: 'value', value: 'A1' });
    expect(query.key('ScheduledStationAETitle')).toBeUndefined();
  }
});

test('an identifier that is given as a data set is sent as it is', async () => {
  const client = await scene(() => items);
  const identifier = DataSet.from({ PatientName: 'DOE*', ScheduledProcedureStepSequence: [{ Modality: null }] });
  const [step] = await client.worklist.find(identifier).toArray();
  expect(step?.dataSet.tags()).toEqual([0x00100010, 0x00400100]);
  expect(step?.step.tags()).toEqual([0x00080060]);
});

test('each scheduled procedure step is an item of its own (PS3.4 K.6.1.2.1)', async () => {
  const client = await scene(() => items);
  const all = await client.worklist.find({}).toArray();
  expect(
    all.map(({ modality, step, dataSet }) => [
      modality,
      dataSet.get('ScheduledProcedureStepSequence').length,
      step.size > 0,
    ]),
  ).toEqual([
    ['CT', 1, true],
    ['MR', 1, true],
    ['CT', 1, true],
  ]);
  const later = await client.worklist.find({ ScheduledProcedureStepStartDate: '20260201-' }).toArray();
  expect(later.map(({ patientName }) => String(patientName))).toEqual(['MÜLLER^JÖRG']);
});

test('a range of dates with one of times is a range of moments, without negotiation (PS3.4 K.5.1.1)', async () => {
  const client = await scene(() => items);
  const found = client.worklist.find({
    ScheduledProcedureStepStartDate: '20260131-20260201',
    ScheduledProcedureStepStartTime: '1030-0930',
  });
  expect((await found.toArray()).map(({ modality }) => modality)).toEqual(['MR', 'CT']);
});

test('an unknown value matches no key, only a query for everything (PS3.4 K.2.2.1.1.1)', async () => {
  const client = await scene(() => [item('DOE^JANE', ['CT', '', ''])]);
  expect(await client.worklist.find({ ScheduledProcedureStepStartDate: '20260131' }).toArray()).toHaveLength(0);
  expect(await client.worklist.find({ ScheduledProcedureStepStartDate: '*' }).toArray()).toHaveLength(1);
});

test('fuzzy names are negotiated', async () => {
  const client = await scene(() => items);
  const found = client.worklist.find({ PatientName: 'Jane^Do' }, { fuzzySemanticMatching: true });
  expect(await found.toArray()).toHaveLength(1);
  expect(found.negotiated?.fuzzySemanticMatching).toBe(true);
});

test('an item without a step has empty fields', async () => {
  const client = await scene({ find: () => [DataSet.from({ PatientName: 'DOE' })], isExact: true });
  const [found] = await client.worklist.find({}).toArray();
  expect(found).toMatchObject({ modality: undefined, scheduledStart: undefined, scheduledStationAeTitles: [] });
});
