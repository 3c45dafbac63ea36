/** The harness itself, peers against each other: when one of these fails, it is not dicomwire's doing. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type GeneratedObject, generateObject } from './corpus/generated.ts';
import { orthancProgram } from './peers/availability.ts';
import { startDcmqrscp, startDcmrecv, startStorescp } from './peers/dcmtk.ts';
import { startOrthanc } from './peers/orthanc.ts';
import { run } from './peers/process.ts';
import { runPynetdicom, startPynetdicomStorescp } from './peers/pynetdicom.ts';
import type { StoragePeer } from './peers/storage-peer.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { dissect, pduTypesOnWire } from './wire/dissect.ts';
import { startRecordingProxy } from './wire/recording-proxy.ts';
import { describeWith } from './with-peers.ts';

let directory: TemporaryDirectory;
let path: string;
let object: GeneratedObject;

beforeAll(async () => {
  directory = await temporaryDirectory('harness');
  object = generateObject({ pixelBytes: 300_000 });
  path = join(directory.path, 'object.dcm');
  await writeFile(path, object.file);
});

afterAll(() => directory.remove());

describeWith(['DCMTK'], 'DCMTK', () => {
  test.each([
    ['storescp', startStorescp],
    ['dcmqrscp', startDcmqrscp],
    ['dcmrecv', () => startDcmrecv([object.sopClassUid])],
  ])('%s keeps what storescu sends', async (_name, start) => {
    await expectToKeepWhatStorescuSends(await start());
  });
});

describeWith(['DCMTK', 'pynetdicom'], 'pynetdicom', () => {
  test('storescp keeps what storescu sends', async () => {
    await expectToKeepWhatStorescuSends(await startPynetdicomStorescp());
  });

  test('echoscu is answered by storescp', async () => {
    const peer = await startStorescp();
    onTestFinished(() => peer.stop());
    expect(await runPynetdicom('echoscu', ['127.0.0.1', String(peer.port)])).toMatchObject({ exitCode: 0 });
  });
});

describeWith(['DCMTK', 'Orthanc'], 'Orthanc', () => {
  test('keeps what storescu sends', async () => {
    await expectToKeepWhatStorescuSends(await startOrthanc(orthancProgram()));
  });

  test('sends to a modality', async () => {
    const peer = await startStorescp();
    onTestFinished(() => peer.stop());
    const orthanc = await startOrthanc(orthancProgram(), { peer });
    onTestFinished(() => orthanc.stop());
    await orthanc.echoModality('peer');
    await orthanc.storeToModality('peer', await orthanc.upload([path]));
    expect((await peer.received()).get(object.sopInstanceUid)?.dataSet.equals(object.dataSet)).toBe(true);
  });
});

describeWith(['DCMTK', 'tshark'], 'tshark', () => {
  test('names every PDU that storescu and storescp exchange through the recording proxy', async () => {
    const peer = await startStorescp();
    onTestFinished(() => peer.stop());
    const proxy = await startRecordingProxy(peer.port);
    await run('storescu', ['127.0.0.1', String(proxy.port), path]);
    await proxy.close();
    const dissection = await dissect(proxy.connections);
    expect(dissection.pduTypes).toEqual(proxy.connections.map(pduTypesOnWire));
    expect(dissection.complaints).toEqual([]);
  });
});

async function expectToKeepWhatStorescuSends(peer: StoragePeer): Promise<void> {
  onTestFinished(() => peer.stop());
  const end = await run('storescu', ['--call', peer.aeTitle, '127.0.0.1', String(peer.port), path]);
  expect(end).toMatchObject({ exitCode: 0 });
  const received = (await peer.received()).get(object.sopInstanceUid);
  expect(received?.transferSyntax).toBe(object.transferSyntax);
  expect(received?.dataSet.equals(object.dataSet)).toBe(true);
}
