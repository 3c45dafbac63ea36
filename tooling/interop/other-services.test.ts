/**
 * Services that have no function of their own: N-services of other SOP classes, queries and retrievals of what belongs to no patient, with pynetdicom and
 * dcmjs-dimse in both roles; objects of no patient with dcmsend and dcmrecv of DCMTK, too. PS3.4 P to S, U, V, X, BB, DD, EE, GG to KK.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSet, type DataSetInput } from '@dicomwire/dimse';
import { SopClass } from '@dicomwire/dimse/dataset';
import {
  type Client,
  connect,
  createScp,
  get,
  move,
  mppsListener,
  type NServiceResult,
  notifyMpps,
  nService,
  query,
  type ReceivedInstance,
  type Service,
  StatusError,
  storage,
} from '@dicomwire/services';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type GeneratedObject, generateObject } from './corpus/generated.ts';
import { displaySystemAttributes, type NormalizedRow, normalizedRows } from './other-services/normalized.ts';
import { queriedRows, type RetrievedModel } from './other-services/queried.ts';
import { type KeywordDataSet, runDcmjsScu, startDcmjsScp } from './peers/dcmjs-dimse.ts';
import { startDcmrecv } from './peers/dcmtk.ts';
import { run } from './peers/process.ts';
import { runCScu, startCScp } from './peers/pynetdicom-c-services.ts';
import { json, runNScu, startNScp } from './peers/pynetdicom-n-services.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

async function ours(services: readonly Service[], port = 0): Promise<number> {
  const scp = createScp({ aeTitle: 'OURS', services });
  onTestFinished(() => scp.close());
  return (await scp.listen({ host: '127.0.0.1', port })).port;
}

async function clientOf(peer: { readonly port: number; readonly aeTitle: string }, performs?: readonly Service[]) {
  const address = { host: '127.0.0.1', port: peer.port, calledAeTitle: peer.aeTitle, callingAeTitle: 'DICOMWIRE' };
  const client = await connect({ ...address, services: [], performs });
  onTestFinished(() => client.release());
  return client;
}

async function started<P extends { stop(): Promise<void> }>(starting: Promise<P>): Promise<P> {
  const peer = await starting;
  onTestFinished(() => peer.stop());
  return peer;
}

/** What a service of ours was asked, as it keeps instances. */
function normalizedServices() {
  const asked: string[] = [];
  const kept = new Map<string, DataSet>([['1.2.840.10008.5.1.1.40.1', DataSet.from(displaySystemAttributes)]]);
  const known = (uid = '') => {
    const instance = kept.get(uid);
    if (instance === undefined) throw new StatusError(0x0112);
    return instance;
  };
  const service = nService({
    sopClasses: normalizedRows.map(({ sopClass }) => sopClass),
    async create({ sopInstanceUid = '', dataSet }) {
      asked.push('N-CREATE');
      kept.set(sopInstanceUid, dataSet);
    },
    async set({ sopInstanceUid, dataSet }) {
      asked.push('N-SET');
      for (const { tag, vr, values } of dataSet) known(sopInstanceUid).set(tag, vr, values);
    },
    async get({ sopInstanceUid }) {
      asked.push('N-GET');
      return known(sopInstanceUid);
    },
    async action({ actionTypeId }) {
      asked.push(`N-ACTION ${actionTypeId}`);
    },
    async delete({ sopInstanceUid = '' }) {
      asked.push('N-DELETE');
      kept.delete(sopInstanceUid);
    },
  });
  return { service, asked };
}

const allSteps = normalizedRows.flatMap(({ sopClass, sopInstance, steps }) =>
  steps.map((step) => ({ ...step, sopClass, sopInstance })),
);
const operationsAsked = allSteps.map(({ operation, type }) =>
  type === undefined ? operation : `${operation} ${type}`,
);

/** What an N-GET gives of each row that has one, after the steps before. */
const expectedGets: readonly object[] = [
  expect.objectContaining({ LabelUsingInformationExtractedFromInstances: 'YES' }),
  expect.objectContaining({ PatientID: '4712', PatientName: 'DOE^JANE' }),
  expect.objectContaining({ PatientID: '4712', PatientName: 'DOE^JANE' }),
  expect.objectContaining(displaySystemAttributes),
];

/** The first value of each element, by keyword. */
function plain(dataSet: DataSet | undefined, keywords: readonly string[]): KeywordDataSet {
  return Object.fromEntries(keywords.map((keyword) => [keyword, dataSet?.text(keyword as 'PatientID')]));
}

describeWith(['pynetdicom'], 'N-services of other SOP classes with pynetdicom', () => {
  test('it asks us for all of them', async () => {
    const { service, asked } = normalizedServices();
    const port = await ours([service]);
    const { answers } = await runNScu({
      port,
      contexts: normalizedRows.map(({ sopClass }) => sopClass),
      steps: allSteps.map(({ dataSet, ...step }) =>
        dataSet === undefined ? step : { ...step, dataSet: json(dataSet) },
      ),
    });
    expect(answers.map(({ status }) => status)).toEqual(allSteps.map(() => 0x0000));
    expect(asked).toEqual(operationsAsked);
    const got = allSteps.flatMap(({ operation }, index) => (operation === 'N-GET' ? [answers[index]?.dataSet] : []));
    expect(got.map((each) => Object.keys(each ?? {}).length > 0)).toEqual(got.map(() => true));
  });

  test('we ask it for all of them', async () => {
    const peer = await started(
      startNScp({
        sopClasses: normalizedRows.map(({ sopClass }) => sopClass),
        answers: { 'N-GET': { dataSet: json(displaySystemAttributes) } },
      }),
    );
    const results = await askForAll(await clientOf(peer));
    expect(results.map(({ status }) => status)).toEqual(allSteps.map(() => 0x0000));
    await vi.waitUntil(() => peer.events().length > allSteps.length, { timeout: 20_000 });
    const told = peer.events().slice(1);
    expect(told.map(({ event, type }) => (typeof type === 'number' ? `${event} ${type}` : event))).toEqual(
      operationsAsked,
    );
    expect(told.map(({ dataSet }) => dataSet ?? undefined)).toEqual(
      allSteps.map(({ dataSet, operation }) => {
        if (operation === 'N-GET' || operation === 'N-DELETE') return undefined;
        return dataSet === undefined ? expect.anything() : json(dataSet);
      }),
    );
  });

  test('it reports that an inventory is made, to us', async () => {
    const sopClass = SopClass.InventoryCreation;
    const sopInstance = '1.2.840.10008.5.1.4.1.1.201.1.1';
    const peer = await started(
      startNScp({
        sopClasses: [sopClass],
        report: { sopClass, sopInstance, eventType: 1, dataSet: json({ TransactionUID: '1.2.3.99' }) },
      }),
    );
    const heard: unknown[] = [];
    const listener = nService({
      role: 'scu',
      sopClasses: [sopClass],
      eventReport: async ({ eventTypeId, dataSet }) => void heard.push([eventTypeId, dataSet.get('TransactionUID')]),
    });
    const client = await clientOf(peer, [listener]);
    await client.nServices.action({ sopClassUid: sopClass, sopInstanceUid: sopInstance, actionTypeId: 1 });
    await vi.waitUntil(() => peer.events().some(({ event }) => event === 'reported'), { timeout: 20_000 });
    expect(heard).toEqual([[1, '1.2.3.99']]);
    expect(peer.events()).toContainEqual({ event: 'reported', status: 0x0000 });
  });

  test('we report that an inventory is made, to it', async () => {
    const sopClass = SopClass.InventoryCreation;
    const sopInstance = '1.2.840.10008.5.1.4.1.1.201.1.1';
    const reported: Promise<unknown>[] = [];
    const creation = nService({
      sopClasses: [sopClass],
      async action({ message: { session } }) {
        reported.push(
          session.request(
            {
              type: 'N-EVENT-REPORT-RQ',
              affectedSopClassUid: sopClass,
              affectedSopInstanceUid: sopInstance,
              eventTypeId: 1,
            },
            { dataSet: DataSet.from({ TransactionUID: '1.2.3.99' }) },
          ),
        );
      },
    });
    const step = { operation: 'N-ACTION', sopClass, sopInstance, type: 1 } as const;
    const { events } = await runNScu({
      port: await ours([creation]),
      contexts: [sopClass],
      steps: [{ ...step, dataSet: json({ TransactionUID: '1.2.3.99' }) }],
      events: 1,
    });
    expect(events).toEqual([{ sopClass, sopInstance, type: 1, dataSet: json({ TransactionUID: '1.2.3.99' }) }]);
    expect(await Promise.all(reported)).toMatchObject([{ command: { status: 0x0000 } }]);
  });

  test('a performed step has changed: it hears of ours', async () => {
    const sopClass = SopClass.ModalityPerformedProcedureStepNotification;
    const peer = await started(startNScp({ sopClasses: [sopClass] }));
    const to = { host: '127.0.0.1', port: peer.port, calledAeTitle: peer.aeTitle, callingAeTitle: 'RIS' };
    await notifyMpps(to, { event: 'completed', sopInstanceUid: '1.2.3' });
    await vi.waitUntil(() => peer.events().length === 2, { timeout: 20_000 });
    expect(peer.events()[1]).toMatchObject({ event: 'N-EVENT-REPORT', sopClass, sopInstance: '1.2.3', type: 2 });
  });

  test('a performed step has changed: we hear of its', async () => {
    const heard: unknown[] = [];
    const port = await ours([mppsListener(({ event, sopInstanceUid }) => void heard.push([event, sopInstanceUid]))]);
    const sopClass = SopClass.ModalityPerformedProcedureStepNotification;
    const step = { operation: 'N-EVENT-REPORT', sopClass, sopInstance: '1.2.3' } as const;
    const { answers } = await runNScu({
      port,
      contexts: [sopClass],
      roles: [sopClass],
      steps: [
        { ...step, type: 1 },
        { ...step, type: 9 },
      ],
    });
    expect(answers.map(({ status }) => status)).toEqual([0x0000, 0x0113]);
    expect(heard).toEqual([['inProgress', '1.2.3']]);
  });
});

describe('N-services of other SOP classes with dcmjs-dimse', () => {
  test('it asks us for all of them', async () => {
    const { service, asked } = normalizedServices();
    const port = await ours([service]);
    const { answers } = await runDcmjsScu({ port, steps: allSteps.map(withAttributes) });
    expect(answers.map(({ status }) => status)).toEqual(allSteps.map(() => 0x0000));
    expect(asked).toEqual(operationsAsked);
    const got = allSteps.flatMap(({ operation }, index) => (operation === 'N-GET' ? answers[index]?.dataSets : []));
    expect(got).toHaveLength(expectedGets.length);
  });

  test('we ask it for all of them', async () => {
    const peer = await started(startDcmjsScp({ answers: { 'N-GET': { dataSet: displaySystemAttributes } } }));
    const results = await askForAll(await clientOf(peer));
    expect(results.map(({ status }) => status)).toEqual(allSteps.map(() => 0x0000));
    await vi.waitUntil(() => peer.events().length === allSteps.length, { timeout: 20_000 });
    expect(peer.events().map(({ event, type }) => (typeof type === 'number' ? `${event} ${type}` : event))).toEqual(
      operationsAsked,
    );
  });
});

function withAttributes<S extends NormalizedRow['steps'][number]>(step: S) {
  return step.operation === 'N-GET' ? { ...step, attributes: [] } : step;
}

async function askForAll({ nServices }: Client): Promise<readonly NServiceResult[]> {
  const results: NServiceResult[] = [];
  for (const { operation, sopClass, sopInstance, type = 1, dataSet = {} } of allSteps) {
    const target = { sopClassUid: sopClass, sopInstanceUid: sopInstance };
    const given = dataSet;
    const calls = {
      'N-CREATE': () => nServices.create({ ...target, attributes: given }),
      'N-SET': () => nServices.set({ ...target, modifications: given }),
      'N-GET': () => nServices.get(target),
      'N-ACTION': () => nServices.action({ ...target, actionTypeId: type, information: given }),
      'N-DELETE': () => nServices.delete(target),
    };
    results.push(await calls[operation]());
  }
  return results;
}

const retrieved = queriedRows.flatMap(({ name, retrieve }) => (retrieve === undefined ? [] : [{ name, ...retrieve }]));
const objects = new Map<string, GeneratedObject & { readonly path: string }>();
let directory: TemporaryDirectory;

beforeAll(async () => {
  directory = await temporaryDirectory('other-services');
  for (const { storage: sopClassUid, keys } of retrieved) {
    const object = generateObject({ sopClassUid, sopInstanceUid: String(keys.SOPInstanceUID) });
    const path = join(directory.path, `${object.sopInstanceUid}.dcm`);
    await writeFile(path, object.file);
    objects.set(sopClassUid, { ...object, path });
  }
});

afterAll(() => directory.remove());

/** Our provider of all the queries and retrievals; what is moved goes to that port. */
async function queryServices(movePort: number): Promise<number> {
  const source = {
    instances: ({ sopInstanceUids }: { readonly sopInstanceUids: readonly string[] }) =>
      [...objects.values()]
        .filter(({ sopInstanceUid }) => sopInstanceUids.includes(sopInstanceUid))
        .map(({ path }) => path),
  };
  const models = retrieved.map(({ model }) => model);
  return ours([
    ...queriedRows.map(({ find, match, name }) =>
      query({ name: `${name} ${find}`, sopClasses: [find], source: () => [DataSet.from(match)] }),
    ),
    get({ source, models }),
    move({ source, models, peers: { DESTINATION: { host: '127.0.0.1', port: movePort } } }),
  ]);
}

/** A storage SCP of ours, as the destination of moves. */
async function destination(): Promise<{ readonly port: number; readonly stored: string[] }> {
  const stored: string[] = [];
  const port = await ours([storage({ store: async ({ sopInstanceUid }) => void stored.push(sopInstanceUid) })]);
  return { port, stored };
}

const uidsOfObjects = () => [...objects.values()].map(({ sopInstanceUid }) => sopInstanceUid);
const identifierOf = ({ keys }: RetrievedModel) => ({ SOPInstanceUID: String(keys.SOPInstanceUID) });

describeWith(['pynetdicom'], 'queries and retrievals of other models with pynetdicom', () => {
  test('it finds, gets and moves of ours', async () => {
    const to = await destination();
    const { answers, received } = await runCScu({
      port: await queryServices(to.port),
      roles: retrieved.map((each) => each.storage),
      steps: [
        ...queriedRows.map(({ find, keys }) => ({ operation: 'C-FIND', sopClass: find, dataSet: json(keys) }) as const),
        ...retrieved.flatMap((each) => [
          { operation: 'C-GET', sopClass: each.get, dataSet: json(identifierOf(each)) } as const,
          {
            operation: 'C-MOVE',
            sopClass: each.move,
            dataSet: json(identifierOf(each)),
            destination: 'DESTINATION',
          } as const,
        ]),
      ],
    });
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 0x0000));
    const found = answers.slice(0, queriedRows.length).map(({ matches }) => matches);
    expect(found).toEqual(queriedRows.map(({ match, keys }) => [expect.objectContaining(json(asked(match, keys)))]));
    expect(received).toEqual(uidsOfObjects());
    expect(to.stored).toEqual(uidsOfObjects());
  });

  test('we find, get and move of its', async () => {
    const to = await destination();
    const peer = await started(
      startCScp({
        sopClasses: [...queriedRows.map(({ find }) => find), ...retrieved.flatMap((each) => [each.get, each.move])],
        matches: Object.fromEntries(queriedRows.map(({ find, match }) => [find, [json(match)]])),
        objects: Object.fromEntries(
          retrieved.flatMap((each) => {
            const path = objects.get(each.storage)?.path ?? '';
            return [
              [each.get, path],
              [each.move, path],
            ];
          }),
        ),
        stored: retrieved.map((each) => each.storage),
        movePort: to.port,
      }),
    );
    await findAll(await clientOf(peer));
    await retrieveAll(await clientOf(peer), to.stored);
  });
});

describe('queries and retrievals of other models with dcmjs-dimse', () => {
  test('it finds and moves of ours', async () => {
    const to = await destination();
    const { answers } = await runDcmjsScu({
      port: await queryServices(to.port),
      steps: [
        ...queriedRows.map(({ find, keys }) => ({ operation: 'C-FIND', sopClass: find, dataSet: keys }) as const),
        ...retrieved.map(
          (each) =>
            ({
              operation: 'C-MOVE',
              sopClass: each.move,
              dataSet: identifierOf(each),
              destination: 'DESTINATION',
            }) as const,
        ),
      ],
    });
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 0x0000));
    expect(answers.slice(0, queriedRows.length).map(({ pending }) => pending)).toEqual(queriedRows.map(() => 1));
    expect(to.stored).toEqual(uidsOfObjects());
  });

  test('we find of its', async () => {
    const matches = Object.fromEntries(queriedRows.map(({ find, match }) => [find, [match]]));
    await findAll(await clientOf(await started(startDcmjsScp({ matches }))));
  });
});

/** What of a match was asked for. */
function asked(match: DataSetInput, keys: DataSetInput): DataSetInput {
  return Object.fromEntries(Object.entries(match).filter(([keyword]) => keyword in keys));
}

async function findAll(client: Client): Promise<void> {
  for (const { find, match, keys } of queriedRows) {
    const found = await client.query(find, keys).toArray();
    expect(found.map((each) => plain(each, Object.keys(keys)))).toEqual([asked(match, keys)]);
  }
}

async function retrieveAll(client: Client, moved: readonly string[]): Promise<void> {
  for (const { model, keys, storage: sopClass } of retrieved) {
    const got: ReceivedInstance[] = [];
    for await (const instance of client.retrieve(keys, { model, sopClasses: [sopClass] })) got.push(instance);
    expect(got).toMatchObject([{ sopClassUid: sopClass, sopInstanceUid: keys.SOPInstanceUID }]);
    expect(await client.move('DESTINATION', keys, { model })).toMatchObject({ isComplete: true, completed: 1 });
  }
  expect(moved).toEqual(uidsOfObjects());
}

describeWith(['DCMTK', 'pynetdicom'], 'objects that belong to no patient', () => {
  test('dcmsend, pynetdicom and dcmjs-dimse store them with us', async () => {
    const files = [...objects.values()].map(({ path }) => path);
    const { port, stored } = await destination();
    expect(await run('dcmsend', ['127.0.0.1', String(port), ...files])).toMatchObject({ exitCode: 0 });
    const steps = [...objects.values()].map(
      ({ sopClassUid, path }) => ({ operation: 'C-STORE', sopClass: sopClassUid, file: path }) as const,
    );
    const byPynetdicom = await runCScu({ port, steps });
    const byDcmjs = await runDcmjsScu({ port, steps });
    const statuses = [...byPynetdicom.answers, ...byDcmjs.answers].map(({ status }) => status);
    expect(statuses).toEqual(statuses.map(() => 0x0000));
    expect(stored).toEqual([...uidsOfObjects(), ...uidsOfObjects(), ...uidsOfObjects()]);
  });

  test('we store them with dcmrecv, pynetdicom and dcmjs-dimse', async () => {
    const files = [...objects.values()].map(({ path }) => path);
    const kept = await temporaryDirectory('dcmjs');
    onTestFinished(() => kept.remove());
    const dcmrecv = await started(startDcmrecv([...objects.keys()]));
    const byPynetdicom = await started(startCScp({ sopClasses: [], stored: [...objects.keys()] }));
    const byDcmjs = await started(startDcmjsScp({ directory: kept.path }));
    for (const peer of [dcmrecv, byPynetdicom, byDcmjs]) {
      const { results } = await (await clientOf(peer)).store(files);
      expect(results.filter(({ outcome }) => outcome !== 'stored')).toEqual([]);
    }
    expect([...(await dcmrecv.received()).keys()].sort()).toEqual(uidsOfObjects().sort());
    for (const { sopInstanceUid, dataSet } of objects.values()) {
      expect(dataSet.equals(await readFile(join(kept.path, sopInstanceUid)))).toBe(true);
    }
  });
});
