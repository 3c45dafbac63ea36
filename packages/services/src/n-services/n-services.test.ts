import { DataSet, StatusError } from '@dicomwire/dimse';
import { expect, test } from 'vitest';
import { startScp } from '../../test/objects.js';
import { connect } from '../client.js';
import { type NServiceOptions, type NServiceRequest, nService } from './n-service-scp.js';

const mpps = '1.2.840.10008.3.1.2.3.3';
const target = { sopClassUid: mpps, sopInstanceUid: '1.2.3' };

async function scene(options: Partial<NServiceOptions>) {
  const { peer } = await startScp({ services: [nService({ sopClasses: [mpps], ...options })] });
  const client = await connect({ ...peer, services: [] });
  return { nServices: client.nServices, [Symbol.asyncDispose]: () => client.release() };
}

test('creates an instance with the UID and the attributes that the user gives', async () => {
  const asked: NServiceRequest[] = [];
  await using line = await scene({
    create: async (request) => {
      asked.push(request);
      return { dataSet: { StudyID: 'ANSWERED' } };
    },
  });
  const result = await line.nServices.create({ ...target, attributes: { PatientName: 'DOE^JANE' } });
  expect(asked[0]).toMatchObject({ ...target, association: { callingAeTitle: 'MODALITY' } });
  expect(asked[0]?.dataSet.get('PatientName')).toBe('DOE^JANE');
  expect(result).toMatchObject({ status: 0, category: 'Success', sopInstanceUid: '1.2.3' });
  expect(result.dataSet?.get('StudyID')).toBe('ANSWERED');
});

test('gives the UID of an instance that the provider named', async () => {
  await using line = await scene({
    create: async ({ sopInstanceUid, dataSet }) => {
      expect([sopInstanceUid, dataSet.size]).toEqual([undefined, 0]);
      return { sopInstanceUid: '2.25.9' };
    },
  });
  expect(await line.nServices.create({ sopClassUid: mpps })).toMatchObject({ sopInstanceUid: '2.25.9' });
});

test('an N-CREATE whose response names no instance, though we named none, is no success', async () => {
  await using line = await scene({ create: async () => undefined });
  await expect(line.nServices.create({ sopClassUid: mpps })).rejects.toMatchObject({ code: 'invalid-response' });
});

test('gets the attributes asked for and no others, all when none are named', async () => {
  const whole = DataSet.from({ SpecificCharacterSet: 'ISO_IR 100', PatientName: 'MÜLLER', PatientID: '4711' });
  const lists: (readonly number[])[] = [];
  await using line = await scene({
    get: async ({ attributeIdentifierList }) => {
      lists.push(attributeIdentifierList);
      return whole;
    },
  });
  const some = await line.nServices.get({ ...target, attributes: ['PatientName', 0x00101010] });
  expect(some.dataSet?.tags()).toEqual([0x00080005, 0x00100010]);
  const all = await line.nServices.get(target);
  expect(all.dataSet?.get('PatientID')).toBe('4711');
  expect(lists).toEqual([[0x00100010, 0x00101010], []]);
});

test('sets, acts and deletes', async () => {
  const done: string[] = [];
  await using line = await scene({
    set: async ({ dataSet }) => {
      done.push(`set ${dataSet.get('StudyID')}`);
    },
    action: async ({ actionTypeId, dataSet }) => {
      done.push(`action ${actionTypeId} ${dataSet.get('TransactionUID')}`);
      return { status: 0x0001, comment: 'in part', dataSet: { TransactionUID: '1.9' } };
    },
    delete: async ({ sopInstanceUid }) => {
      done.push(`delete ${sopInstanceUid}`);
    },
  });
  await line.nServices.set({ ...target, modifications: { StudyID: '7' } });
  const acted = await line.nServices.action({ ...target, actionTypeId: 3, information: { TransactionUID: '1.8' } });
  await line.nServices.delete(target);
  expect(done).toEqual(['set 7', 'action 3 1.8', 'delete 1.2.3']);
  expect(acted).toMatchObject({ status: 0x0001, category: 'Warning', comment: 'in part' });
  expect(acted.dataSet?.get('TransactionUID')).toBe('1.9');
});

test('a failure status is thrown with what the peer said', async () => {
  await using line = await scene({
    set: async () => {
      throw new StatusError(0x0110, 'No longer', { errorId: 0xa710, offendingElements: [0x00400252] });
    },
  });
  await expect(line.nServices.set({ ...target, modifications: { StudyID: '7' } })).rejects.toMatchObject({
    name: 'ServiceError',
    code: 'refused',
    status: 0x0110,
    comment: 'No longer',
    errorId: 0xa710,
    offendingElements: [0x00400252],
    message: expect.stringMatching(/^The peer answered N-SET with .*: No longer$/),
  });
});

test('an operation without a handler is refused as unrecognized', async () => {
  await using line = await scene({ get: async () => undefined });
  await expect(line.nServices.delete(target)).rejects.toMatchObject({ code: 'refused', status: 0x0211 });
});

test('a data set beyond the limit is refused, and the association goes on', async () => {
  await using line = await scene({ set: async () => undefined, maxDataSetBytes: 1000 });
  const modifications = { TextValue: 'x'.repeat(5000) };
  await expect(line.nServices.set({ ...target, modifications })).rejects.toMatchObject({ status: 0x0213 });
  await expect(line.nServices.set({ ...target, modifications: { StudyID: '7' } })).resolves.toMatchObject({
    status: 0,
  });
});

test('hears events of a provider that opens the association itself', async () => {
  const heard: unknown[] = [];
  const listener = nService({
    sopClasses: [mpps],
    role: 'scu',
    eventReport: async ({ eventTypeId, sopInstanceUid, dataSet }) => {
      heard.push([eventTypeId, sopInstanceUid, dataSet.get('StudyID')]);
    },
  });
  const { peer } = await startScp({ services: [listener] });
  const provider = await connect({ ...peer, services: [] });
  await provider.nServices.eventReport(
    { ...target, eventTypeId: 2, information: { StudyID: '7' } },
    {
      contexts: [{ abstractSyntax: mpps, transferSyntaxes: ['1.2.840.10008.1.2'], roles: { scu: false, scp: true } }],
    },
  );
  await expect(provider.nServices.get(target)).rejects.toMatchObject({ code: 'refused', status: 0x0118 });
  await provider.release();
  expect(heard).toEqual([[2, '1.2.3', '7']]);
});
