/** A third opinion on our bytes: tshark's DICOM dissector, both roles ours. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { EVERY_SYNTAX, UNCOMPRESSED, writeSample } from './corpus/sample.ts';
import { runDicomwire, startDemoScp } from './peers/dicomwire.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { dissect, pduTypesOnWire } from './wire/dissect.ts';
import { type RecordedConnection, startRecordingProxy } from './wire/recording-proxy.ts';
import { describeWith } from './with-peers.ts';

const P_DATA = 0x04;

describeWith(['tshark'], 'tshark', () => {
  let directory: TemporaryDirectory;

  beforeAll(async () => {
    directory = await temporaryDirectory('capture');
  });

  afterAll(() => directory.remove());

  test('names every PDU of an echo session and finds nothing malformed', async () => {
    const connections = await record(['echo', '--repeat', '3']);
    const dissection = await dissect(connections);
    expect(dissection.complaints).toEqual([]);
    expect(dissection.pduTypes).toEqual(connections.map(pduTypesOnWire));
    expect(dissection.pduTypes).toEqual([
      { client: [0x01, P_DATA, P_DATA, P_DATA, 0x05], server: [0x02, P_DATA, P_DATA, P_DATA, 0x06] },
    ]);
    expectNamed(dissection.names, [
      'A-ASSOCIATE request',
      'A-ASSOCIATE accept',
      'C-ECHO-RQ',
      'C-ECHO-RSP',
      'A-RELEASE request',
      'A-RELEASE response',
    ]);
  });

  test('names every PDU of a store session and finds nothing malformed', async () => {
    // tshark reads compressed data sets as if they were not, and stumbles, whoever sends them (DCMTK to DCMTK, too).
    const connections = await record(['store'], await writeSample(directory.path, UNCOMPRESSED));
    const dissection = await dissect(connections);
    expect(dissection.complaints).toEqual([]);
    expect(dissection.pduTypes).toEqual(connections.map(pduTypesOnWire));
    expectNamed(dissection.names, [
      'A-ASSOCIATE request',
      'A-ASSOCIATE accept',
      'C-STORE-RQ',
      'PDV Fragment',
      'CT Image Storage',
      'C-STORE-RSP',
      'A-RELEASE request',
      'A-RELEASE response',
    ]);
    expect(dissection.names.filter((name) => name.includes('C-STORE-RSP')).every(saysSuccess)).toBe(true);
  });

  test('finds every PDU of a store session of compressed objects', async () => {
    const connections = await record(['store'], await writeSample(directory.path, EVERY_SYNTAX));
    const dissection = await dissect(connections);
    expect(dissection.pduTypes).toEqual(connections.map(pduTypesOnWire));
  });
});

/** Runs a command of ours against the demo SCP through the recording proxy. */
async function record(
  [command = '', ...options]: readonly string[],
  paths: readonly string[] = [],
): Promise<readonly RecordedConnection[]> {
  const demo = await startDemoScp();
  onTestFinished(() => demo.stop());
  const proxy = await startRecordingProxy(demo.port);
  const end = await runDicomwire([command, '127.0.0.1', String(proxy.port), ...options, ...paths]);
  await proxy.close();
  expect(end).toMatchObject({ exitCode: 0, stderr: '' });
  return proxy.connections;
}

function expectNamed(names: readonly string[], parts: readonly string[]): void {
  for (const part of parts)
    expect(
      names.some((name) => name.includes(part)),
      part,
    ).toBe(true);
}

function saysSuccess(name: string): boolean {
  return name.includes('(Success)');
}
