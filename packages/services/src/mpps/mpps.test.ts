import { StatusError } from '@dicomwire/dimse';
import { expect, test, vi } from 'vitest';
import { startScp } from '../../test/objects.js';
import { type Client, connect } from '../client.js';
import { memoryInstanceStore } from '../n-services/memory-instance-store.js';
import { mppsListener, notifyMpps } from './mpps-notification.js';
import { type MppsChange, type MppsOptions, mpps } from './mpps-scp.js';

async function scene(options: MppsOptions = {}): Promise<Client> {
  const { peer } = await startScp({ services: [mpps(options)] });
  return connect({ ...peer, services: [] });
}

test('a step begins IN PROGRESS, is changed, ends, and is told of each time', async () => {
  const changes: MppsChange[] = [];
  await using ris = await scene({ onChange: (change) => void changes.push(change) });
  const { sopInstanceUid, status } = await ris.mpps.create({ PatientID: '4711', PerformedStationAETitle: 'CT1' });
  expect(status).toBe(0);
  await ris.mpps.set(sopInstanceUid, { PerformedSeriesSequence: [{ SeriesInstanceUID: '1.2' }] });
  await ris.mpps.complete(sopInstanceUid, { PerformedProcedureStepEndDate: '20260131' });
  const step = await ris.mpps.get(sopInstanceUid);
  expect(step.get('PatientID')).toBe('4711');
  expect(step.get('PerformedProcedureStepStatus')).toBe('COMPLETED');
  expect(step.get('PerformedSeriesSequence')[0]?.get('SeriesInstanceUID')).toBe('1.2');
  await vi.waitUntil(() => changes.length === 3);
  expect(changes.map(({ event, status }) => [event, status])).toEqual([
    ['inProgress', 'IN PROGRESS'],
    ['updated', 'IN PROGRESS'],
    ['completed', 'COMPLETED'],
  ]);
  expect(changes[2]).toMatchObject({ sopInstanceUid, association: { callingAeTitle: 'MODALITY' } });
  expect(changes[2]?.received.has('PatientID')).toBe(false);
});

test.each(['complete', 'discontinue'] as const)('a step may not be changed after %s', async (end) => {
  await using ris = await scene();
  const { sopInstanceUid } = await ris.mpps.create({ PatientID: '4711' });
  await ris.mpps[end](sopInstanceUid, {});
  await expect(ris.mpps.set(sopInstanceUid, { PatientID: '4712' })).rejects.toMatchObject({
    code: 'refused',
    status: 0x0110,
    errorId: 0xa710,
  });
  expect((await ris.mpps.get(sopInstanceUid)).get('PatientID')).toBe('4711');
});

test('a UID that is there is refused with 0111, one that is not with 0112', async () => {
  await using ris = await scene();
  await ris.mpps.create({ PatientID: '1' }, { sopInstanceUid: '1.2.3' });
  const again = ris.mpps.create({ PatientID: '2' }, { sopInstanceUid: '1.2.3' });
  await expect(again).rejects.toMatchObject({ status: 0x0111 });
  await expect(ris.mpps.set('1.2.4', { PatientID: '2' })).rejects.toMatchObject({ status: 0x0112 });
  await expect(ris.mpps.get('1.2.4')).rejects.toMatchObject({ status: 0x0112 });
});

test('a new step that has ended, has no status or one that is none is refused', async () => {
  await using ris = await scene();
  const sopClassUid = '1.2.840.10008.3.1.2.3.3';
  const create = (attributes: { PerformedProcedureStepStatus?: string; PatientID: string }) =>
    ris.nServices.create({ sopClassUid, sopInstanceUid: '1.2.3', attributes });
  await expect(create({ PatientID: '1' })).rejects.toMatchObject({ status: 0x0120, offendingElements: [0x00400252] });
  await expect(create({ PatientID: '1', PerformedProcedureStepStatus: 'COMPLETED' })).rejects.toMatchObject({
    status: 0x0106,
  });
  await expect(create({ PatientID: '1', PerformedProcedureStepStatus: 'DONE' })).rejects.toMatchObject({
    status: 0x0106,
  });
  await expect(create({ PatientID: '1', PerformedProcedureStepStatus: 'IN PROGRESS' })).resolves.toBeDefined();
});

test('two changes of one step at once are both kept', async () => {
  const store = memoryInstanceStore();
  await using ris = await scene({ store });
  await ris.mpps.create({}, { sopInstanceUid: '1.2.3' });
  await Promise.all([ris.mpps.set('1.2.3', { PatientID: '7' }), ris.mpps.set('1.2.3', { StudyID: '8' })]);
  const step = await store.read('1.2.3');
  expect([step?.get('PatientID'), step?.get('StudyID')]).toEqual(['7', '8']);
});

test('what the application refuses is not stored', async () => {
  await using ris = await scene({
    validate: (received, current) => {
      if (current !== undefined && received.has('PatientID')) throw new StatusError(0x0106, 'Patient is fixed');
    },
  });
  await ris.mpps.create({ PatientID: '1' }, { sopInstanceUid: '1.2.3' });
  await expect(ris.mpps.set('1.2.3', { PatientID: '2' })).rejects.toMatchObject({ status: 0x0106 });
  expect((await ris.mpps.get('1.2.3')).get('PatientID')).toBe('1');
});

test('an observer that fails does not fail the step', async () => {
  const failures: unknown[] = [];
  await using ris = await scene({
    onChange: () => {
      throw new Error('Forwarding failed');
    },
    onError: (error) => void failures.push(error),
  });
  await ris.mpps.create({ PatientID: '1' });
  await vi.waitUntil(() => failures.length === 1);
  expect(failures).toEqual([new Error('Forwarding failed')]);
});

test('a user hears of changes, on an association that the provider opens', async () => {
  const heard: unknown[] = [];
  const listener = mppsListener(({ event, sopInstanceUid }) => void heard.push([event, sopInstanceUid]));
  const { peer } = await startScp({ services: [listener] });
  await notifyMpps(peer, { event: 'discontinued', sopInstanceUid: '1.2.3' });
  expect(heard).toEqual([['discontinued', '1.2.3']]);
});
