/** MPPS, UPS and storage commitment with pynetdicom and Orthanc, both ways. PS3.4 Annexes F, CC and J. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  commitmentResults,
  connect,
  createScp,
  mpps,
  type Service,
  storageCommitment,
  ups,
  upsListener,
} from '@dicomwire/services';
import { expect, onTestFinished, test, vi } from 'vitest';
import { generateObject } from './corpus/generated.ts';
import { ctImageStorage } from './line/proposal.ts';
import { orthancProgram } from './peers/availability.ts';
import { startOrthanc } from './peers/orthanc.ts';
import { type NScp, type NScpOptions, runNScu, startNScp } from './peers/pynetdicom-n-services.ts';
import { temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

const mppsSopClass = '1.2.840.10008.3.1.2.3.3';
const mppsRetrieve = '1.2.840.10008.3.1.2.3.4';
const commitmentSopClass = '1.2.840.10008.1.20.1';
const commitmentInstance = '1.2.840.10008.1.20.1.1';

async function ours(aeTitle: string, services: readonly Service[]): Promise<number> {
  const scp = createScp({ aeTitle, services });
  onTestFinished(() => scp.close());
  return (await scp.listen({ host: '127.0.0.1', port: 0 })).port;
}

async function theirs(options: NScpOptions) {
  const peer = await startNScp(options);
  onTestFinished(() => peer.stop());
  const client = await connect({
    host: '127.0.0.1',
    port: peer.port,
    calledAeTitle: peer.aeTitle,
    callingAeTitle: 'DICOMWIRE',
    services: [],
  });
  onTestFinished(() => client.release());
  return { peer, client };
}

/** What it tells comes by its output, which may be later than its answer. */
async function told(peer: NScp, count: number): Promise<void> {
  await vi.waitUntil(() => peer.events().length >= count, { timeout: 20_000 });
}

const status = (value: string) => ({ '00400252': { vr: 'CS', Value: [value] } });

describeWith(['pynetdicom'], 'performed procedure steps with pynetdicom', () => {
  test('it creates, changes, ends and retrieves a step of ours, and learns that an ended one may not be changed', async () => {
    const port = await ours('RIS', [mpps()]);
    const step = { sopClass: mppsSopClass, sopInstance: '1.2.3' };
    const { answers } = await runNScu({
      port,
      contexts: [mppsSopClass, mppsRetrieve],
      steps: [
        {
          ...step,
          operation: 'N-CREATE',
          dataSet: { ...status('IN PROGRESS'), '00100010': { vr: 'PN', Value: [{ Alphabetic: 'DOE^JANE' }] } },
        },
        { ...step, operation: 'N-CREATE', dataSet: status('IN PROGRESS') },
        {
          ...step,
          operation: 'N-SET',
          dataSet: { ...status('COMPLETED'), '00400250': { vr: 'DA', Value: ['20260131'] } },
        },
        { ...step, operation: 'N-SET', dataSet: status('DISCONTINUED') },
        { ...step, operation: 'N-GET', sopClass: mppsRetrieve, attributes: [0x00100010, 0x00400252] },
      ],
    });
    expect(answers.map((answer) => answer.status)).toEqual([0x0000, 0x0111, 0x0000, 0x0110, 0x0000]);
    expect(answers[3]).toMatchObject({ errorId: 0xa710 });
    expect(answers[4]?.dataSet).toEqual({
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'DOE^JANE' }] },
      '00400252': { vr: 'CS', Value: ['COMPLETED'] },
    });
  });

  test('we create, complete and retrieve a step of its', async () => {
    const { peer, client } = await theirs({
      sopClasses: [mppsSopClass, mppsRetrieve],
      answers: { 'N-GET': { dataSet: status('COMPLETED') } },
    });
    const { sopInstanceUid } = await client.mpps.create({ PatientName: 'DOE^JANE' });
    await client.mpps.complete(sopInstanceUid, { PerformedProcedureStepEndDate: '20260131' });
    const got = await client.mpps.get(sopInstanceUid, { attributes: ['PerformedProcedureStepStatus'] });
    expect(got.get('PerformedProcedureStepStatus')).toBe('COMPLETED');
    await told(peer, 4);
    expect(peer.events().slice(1)).toEqual([
      expect.objectContaining({
        event: 'N-CREATE',
        sopInstance: sopInstanceUid,
        dataSet: { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'DOE^JANE' }] }, ...status('IN PROGRESS') },
      }),
      expect.objectContaining({
        event: 'N-SET',
        sopInstance: sopInstanceUid,
        dataSet: { '00400250': { vr: 'DA', Value: ['20260131'] }, ...status('COMPLETED') },
      }),
      expect.objectContaining({ event: 'N-GET', sopClass: mppsRetrieve, attributes: [0x00400252] }),
    ]);
  });

  test('a failure of its comes with the status', async () => {
    const { client } = await theirs({ sopClasses: [mppsSopClass], answers: { 'N-CREATE': { status: 0x0106 } } });
    await expect(client.mpps.create({ PatientID: '1' })).rejects.toMatchObject({ code: 'refused', status: 0x0106 });
  });
});

const upsPush = '1.2.840.10008.5.1.4.34.6.1';
const upsWatch = '1.2.840.10008.5.1.4.34.6.2';
const upsPull = '1.2.840.10008.5.1.4.34.6.3';
const upsEvent = '1.2.840.10008.5.1.4.34.6.4';
const state = (value: string) => ({ '00741000': { vr: 'CS', Value: [value] } });
const transaction = { '00081195': { vr: 'UI', Value: ['1.7'] } };
const receiver = { '00741234': { vr: 'AE', Value: ['N_SCP'] }, '00741230': { vr: 'LO', Value: ['FALSE'] } };

describeWith(['pynetdicom'], 'unified procedure steps with pynetdicom', () => {
  test('it orders, watches, claims, and hears of a step of ours', async () => {
    const listener = await startNScp({ sopClasses: [upsEvent] });
    onTestFinished(() => listener.stop());
    const port = await ours('MANAGER', [
      ups({
        aeTitle: 'MANAGER',
        checksFinalState: false,
        peers: (aeTitle) => (aeTitle === 'N_SCP' ? { host: '127.0.0.1', port: listener.port } : undefined),
      }),
    ]);
    const step = { sopClass: upsPush, sopInstance: '1.2.3' };
    const act = { ...step, operation: 'N-ACTION', metaUid: upsPull, type: 1 } as const;
    const { answers } = await runNScu({
      port,
      contexts: [upsPush, upsPull, upsWatch],
      steps: [
        { ...step, operation: 'N-CREATE', dataSet: state('SCHEDULED') },
        { ...act, metaUid: upsWatch, type: 3, dataSet: receiver },
        { ...act, dataSet: { ...state('IN PROGRESS'), ...transaction } },
        { ...act, dataSet: { ...state('IN PROGRESS'), ...transaction } },
        {
          ...step,
          operation: 'N-SET',
          metaUid: upsPull,
          dataSet: { ...transaction, '00100020': { vr: 'LO', Value: ['7'] } },
        },
        { ...act, dataSet: { ...state('COMPLETED'), ...transaction } },
        { ...step, operation: 'N-GET', metaUid: upsPull, attributes: [0x00100020, 0x00741000] },
      ],
    });
    expect(answers.map((answer) => answer.status)).toEqual([0xb300, 0, 0, 0xc302, 0, 0, 0]);
    expect(answers[6]?.dataSet).toEqual({ '00100020': { vr: 'LO', Value: ['7'] }, ...state('COMPLETED') });
    const heard = () => listener.events().filter(({ event }) => event === 'N-EVENT-REPORT');
    await vi.waitUntil(() => heard().length === 3, { timeout: 20_000 });
    expect(heard()).toEqual(
      ['SCHEDULED', 'IN PROGRESS', 'COMPLETED'].map((each) =>
        expect.objectContaining({
          sopClass: upsPush,
          sopInstance: '1.2.3',
          abstractSyntax: upsEvent,
          type: 1,
          dataSet: { '00404041': { vr: 'CS', Value: ['READY'] }, ...state(each) },
        }),
      ),
    );
  });

  test('we order, claim and complete a step of its, each under a class that it takes', async () => {
    const { peer, client } = await theirs({ sopClasses: [upsPush, upsPull] });
    const { sopInstanceUid } = await client.ups.create({ PatientID: '7' });
    const step = await client.ups.claim(sopInstanceUid);
    await client.ups.complete(step);
    const key = { '00081195': { vr: 'UI', Value: [step.transactionUid] } };
    await told(peer, 4);
    expect(peer.events().slice(1)).toEqual([
      expect.objectContaining({
        event: 'N-CREATE',
        abstractSyntax: upsPush,
        dataSet: { '00100020': { vr: 'LO', Value: ['7'] }, ...state('SCHEDULED') },
      }),
      expect.objectContaining({
        event: 'N-ACTION',
        sopClass: upsPush,
        abstractSyntax: upsPull,
        type: 1,
        dataSet: { ...key, ...state('IN PROGRESS') },
      }),
      expect.objectContaining({ event: 'N-ACTION', dataSet: { ...key, ...state('COMPLETED') } }),
    ]);
  });
});

describeWith(['pynetdicom'], 'events and attributes of unified procedure steps with pynetdicom', () => {
  test('we hear what it reports, and refuse what is no event', async () => {
    const heard: unknown[] = [];
    const port = await ours('LISTENER', [
      upsListener(({ event, sopInstanceUid, information }) => {
        heard.push([event, sopInstanceUid, information.get('ProcedureStepState')]);
      }),
    ]);
    const event = {
      operation: 'N-EVENT-REPORT',
      sopClass: upsPush,
      metaUid: upsEvent,
      sopInstance: '1.2.3',
      dataSet: state('COMPLETED'),
    } as const;
    const { answers } = await runNScu({
      port,
      contexts: [upsEvent],
      roles: [upsEvent],
      steps: [
        { ...event, type: 1 },
        { ...event, type: 9 },
      ],
    });
    expect(answers.map((answer) => answer.status)).toEqual([0x0000, 0x0113]);
    expect(heard).toEqual([['stateReport', '1.2.3', 'COMPLETED']]);
  });

  test('we read, change, watch and ask to cancel a step of its', async () => {
    const { peer, client } = await theirs({
      sopClasses: [upsPush, upsPull, upsWatch],
      answers: { 'N-GET': { dataSet: state('IN PROGRESS') } },
    });
    const step = await client.ups.claim('1.2.3');
    await client.ups.reportProgress(step, { percent: 50 });
    expect((await client.ups.get('1.2.3')).get('ProcedureStepState')).toBe('IN PROGRESS');
    await client.ups.subscribe('1.2.3');
    await client.ups.requestCancel('1.2.3');
    await client.ups.unsubscribe('1.2.3');
    await client.ups.cancel(step);
    await told(peer, 8);
    expect(peer.events().map(({ event, type }) => (typeof type === 'number' ? `${event} ${type}` : event))).toEqual([
      'listening',
      'N-ACTION 1',
      'N-SET',
      'N-GET',
      ...['N-ACTION 3', 'N-ACTION 2', 'N-ACTION 4', 'N-ACTION 1'],
    ]);
  });
});

const kept = { sopClassUid: ctImageStorage, sopInstanceUid: '1.2.3' };
const lost = { sopClassUid: ctImageStorage, sopInstanceUid: '1.2.4' };
const item = ({ sopClassUid, sopInstanceUid }: typeof kept) => ({
  '00081150': { vr: 'UI', Value: [sopClassUid] },
  '00081155': { vr: 'UI', Value: [sopInstanceUid] },
});
const failedItem = { ...item(lost), '00081197': { vr: 'US', Value: [0x0112] } };
const request = {
  '00081195': { vr: 'UI', Value: ['1.9'] },
  '00081199': { vr: 'SQ', Value: [item(kept), item(lost)] },
};
const result = {
  '00081195': { vr: 'UI', Value: ['1.9'] },
  '00081198': { vr: 'SQ', Value: [failedItem] },
  '00081199': { vr: 'SQ', Value: [item(kept)] },
};

describeWith(['pynetdicom'], 'storage commitment with pynetdicom', () => {
  const check = async (instances: readonly { readonly sopInstanceUid: string }[]) =>
    instances.map(({ sopInstanceUid }) => (sopInstanceUid === kept.sopInstanceUid ? undefined : 0x0112));
  const report = { sopClass: commitmentSopClass, sopInstance: commitmentInstance, eventType: 2, dataSet: result };
  const ask = {
    operation: 'N-ACTION',
    sopClass: commitmentSopClass,
    sopInstance: commitmentInstance,
    type: 1,
    dataSet: request,
  } as const;

  test('it hears our result on the association of its request', async () => {
    const port = await ours('ARCHIVE', [storageCommitment({ check, retrieveAeTitle: 'ARCHIVE' })]);
    const { answers, events } = await runNScu({ port, contexts: [commitmentSopClass], steps: [ask], events: 1 });
    expect(answers).toEqual([expect.objectContaining({ status: 0x0000 })]);
    expect(events).toEqual([
      {
        sopClass: commitmentSopClass,
        sopInstance: commitmentInstance,
        type: 2,
        dataSet: { '00080054': { vr: 'AE', Value: ['ARCHIVE'] }, ...result },
      },
    ]);
  });

  test('it hears our result on an association of ours when it released its own', async () => {
    const listener = await startNScp({ sopClasses: [commitmentSopClass] });
    onTestFinished(() => listener.stop());
    let isReleased = () => {};
    const released = new Promise<void>((resolve) => {
      isReleased = resolve;
    });
    const port = await ours('ARCHIVE', [
      storageCommitment({
        check: async (instances) => {
          await released;
          return check(instances);
        },
        peers: (aeTitle) => (aeTitle === 'N_SCU' ? { host: '127.0.0.1', port: listener.port } : undefined),
      }),
    ]);
    await runNScu({ port, contexts: [commitmentSopClass], steps: [ask] });
    isReleased();
    await vi.waitUntil(() => listener.events().some(({ event }) => event === 'N-EVENT-REPORT'), { timeout: 20_000 });
    expect(listener.events()).toContainEqual(
      expect.objectContaining({ event: 'N-EVENT-REPORT', type: 2, dataSet: expect.objectContaining(result) }),
    );
  });

  test('we hear its result on the association of our request', async () => {
    const { client, peer } = await theirs({ sopClasses: [commitmentSopClass], report });
    const committed = await client.storageCommitment.commit([kept, lost], { transactionUid: '1.9' });
    expect(committed).toMatchObject({
      committed: [kept],
      failed: [{ ...lost, failureReason: 0x0112, meaning: 'no such object instance' }],
    });
    await vi.waitUntil(() => peer.events().some(({ event }) => event === 'reported'), { timeout: 20_000 });
    expect(peer.events()).toContainEqual(expect.objectContaining({ event: 'N-ACTION', type: 1, dataSet: request }));
    expect(peer.events()).toContainEqual({ event: 'reported', status: 0x0000 });
  });

  test('we hear its result on an association of its', async () => {
    const results = commitmentResults();
    const port = await ours('LISTENER', [results.service]);
    const { client, peer } = await theirs({ sopClasses: [commitmentSopClass], report: { ...report, port } });
    const committed = await client.storageCommitment.commit([kept, lost], { transactionUid: '1.9', results });
    expect(committed).toMatchObject({ committed: [kept], failed: [lost] });
    await vi.waitUntil(() => peer.events().some(({ event }) => event === 'reported'), { timeout: 20_000 });
    expect(peer.events()).toContainEqual({ event: 'reported', status: 0x0000 });
  });
});

describeWith(['Orthanc'], 'storage commitment with Orthanc', () => {
  test('it hears our result', async () => {
    const port = await ours('ARCHIVE', [
      storageCommitment({
        check: async (instances) =>
          instances.map(({ sopInstanceUid }) => (sopInstanceUid === '1.2.3' ? undefined : 0x0112)),
        peers: () => ({ host: '127.0.0.1', port: orthanc.port }),
      }),
    ]);
    const orthanc = await startOrthanc(orthancProgram(), { archive: { aeTitle: 'ARCHIVE', port } });
    onTestFinished(() => orthanc.stop());
    const instances = [kept, lost].map((each) => [each.sopClassUid, each.sopInstanceUid] as const);
    expect(await orthanc.commitToModality('archive', instances)).toMatchObject({
      Status: 'Failure',
      RemoteAET: 'ARCHIVE',
      Success: [{ SOPClassUID: kept.sopClassUid, SOPInstanceUID: kept.sopInstanceUid }],
      Failures: [{ SOPInstanceUID: lost.sopInstanceUid, FailureReason: 0x0112 }],
    });
  });

  test('we hear its result, on an association of its', async () => {
    const results = commitmentResults();
    const port = await ours('DICOMWIRE', [results.service]);
    const orthanc = await startOrthanc(orthancProgram(), { ours: { aeTitle: 'DICOMWIRE', port } });
    onTestFinished(() => orthanc.stop());
    const directory = await temporaryDirectory('commitment');
    onTestFinished(() => directory.remove());
    const object = generateObject({ pixelBytes: 1000 });
    const path = join(directory.path, 'object.dcm');
    await writeFile(path, object.file);
    await orthanc.upload([path]);
    const there = { sopClassUid: ctImageStorage, sopInstanceUid: object.sopInstanceUid };
    const client = await connect({
      host: '127.0.0.1',
      port: orthanc.port,
      calledAeTitle: 'ORTHANC',
      callingAeTitle: 'DICOMWIRE',
      services: [],
    });
    onTestFinished(() => client.release());
    const committed = await client.storageCommitment.commit([there, lost], { results });
    expect(committed).toMatchObject({ committed: [there], failed: [{ ...lost, failureReason: 0x0112 }] });
  });
});
