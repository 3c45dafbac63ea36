/** `dicomwire echo` and `dicomwire store` against real peers: what they kept is what we sent. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { identityOf } from './corpus/identity.ts';
import {
  EVERY_SYNTAX,
  realSample,
  SAMPLE_SOP_CLASSES,
  type SyntaxName,
  UNCOMPRESSED,
  writeSample,
} from './corpus/sample.ts';
import { orthancProgram, type PeerName } from './peers/availability.ts';
import { startDcmqrscp, startDcmrecv, startStorescp } from './peers/dcmtk.ts';
import { runDicomwire } from './peers/dicomwire.ts';
import { startOrthanc } from './peers/orthanc.ts';
import { startPynetdicomStorescp } from './peers/pynetdicom.ts';
import type { StoragePeer } from './peers/storage-peer.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

/** A peer, the kinds of files that it keeps as they stand, and the real ones that it does. */
interface Row {
  readonly peers: readonly PeerName[];
  readonly name: string;
  readonly start: () => Promise<StoragePeer>;
  readonly kinds: readonly SyntaxName[];
  readonly real?: readonly string[] | undefined;
}

/** Orthanc 1.10 cuts deflated data sets short, whoever sends them. */
const KEPT_BY_ORTHANC = EVERY_SYNTAX.filter((kind) => kind !== 'deflated');

/** It removes group lengths and trailing padding; these files have none. */
const REAL_KEPT_BY_ORTHANC = [
  'CT_small.dcm',
  'CT1_UNC.implicit_little_endian.dcm',
  'MR_small_RLE.dcm',
  'SC_rgb_jpeg_dcmtk.dcm',
  'SC_rgb_small_odd.dcm',
  'rtplan.dcm',
] as const;

const ROWS: readonly Row[] = [
  { peers: ['DCMTK'], name: 'DCMTK storescp', start: startStorescp, kinds: EVERY_SYNTAX },
  { peers: ['DCMTK'], name: 'DCMTK dcmrecv', start: () => startDcmrecv(SAMPLE_SOP_CLASSES), kinds: EVERY_SYNTAX },
  {
    peers: ['DCMTK'],
    name: 'DCMTK dcmqrscp',
    start: startDcmqrscp,
    kinds: UNCOMPRESSED,
    real: ['CT_small.dcm', 'reportsi.dcm', 'rtplan.dcm'],
  },
  { peers: ['pynetdicom'], name: 'pynetdicom storescp', start: startPynetdicomStorescp, kinds: EVERY_SYNTAX },
  {
    peers: ['Orthanc'],
    name: 'Orthanc',
    start: () => startOrthanc(orthancProgram()),
    kinds: KEPT_BY_ORTHANC,
    real: REAL_KEPT_BY_ORTHANC,
  },
];

type Received = Awaited<ReturnType<StoragePeer['received']>>;

let directory: TemporaryDirectory;

beforeAll(async () => {
  directory = await temporaryDirectory('ours-to-peers');
});

afterAll(() => directory.remove());

for (const { peers, name, start, kinds, real } of ROWS) {
  describeWith(peers, name, () => {
    test('answers dicomwire echo', async () => {
      const peer = await start();
      onTestFinished(() => peer.stop());
      const end = await runDicomwire([
        'echo',
        '127.0.0.1',
        String(peer.port),
        '--called',
        peer.aeTitle,
        '--repeat',
        '5',
      ]);
      expect(end).toMatchObject({ exitCode: 0, stderr: '' });
    });

    test('keeps what dicomwire store sends', async () => {
      const peer = await start();
      onTestFinished(() => peer.stop());
      const paths = [...(await writeSample(directory.path, kinds)), ...realSample(real)];
      const end = await runDicomwire([
        'store',
        '127.0.0.1',
        String(peer.port),
        '--called',
        peer.aeTitle,
        '--json',
        ...paths,
      ]);
      expect(end, end.stdout).toMatchObject({ exitCode: 0, stderr: '' });
      const received = await peer.received();
      for (const path of paths) await expectKept(path, received);
    });
  });
}

describeWith(['DCMTK'], 'a peer that takes no compressed objects', () => {
  test('gets those that it takes, and the others are reported with the reason', async () => {
    const peer = await startDcmqrscp();
    onTestFinished(() => peer.stop());
    const paths = await writeSample(directory.path, ['explicit', 'jpeg2000']);
    const end = await runDicomwire([
      'store',
      '127.0.0.1',
      String(peer.port),
      '--called',
      peer.aeTitle,
      '--json',
      ...paths,
    ]);
    const outcomes = end.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((object) => object.type === 'object')
      .map((object) => [object.source, object.outcome, object.reason]);
    expect(new Set(outcomes)).toEqual(
      new Set([
        [paths[0], 'stored', undefined],
        [paths[1], 'not-sent', 'no-accepted-context'],
      ]),
    );
    expect(end.exitCode).toBe(1);
  });
});

async function expectKept(path: string, received: Received): Promise<void> {
  const sent = identityOf(await readFile(path));
  if (sent === undefined) throw new Error(`${path} holds no data set`);
  const kept = received.get(sent.sopInstanceUid);
  expect(kept?.transferSyntax, path).toBe(sent.transferSyntax);
  expect(kept?.dataSet.equals(sent.dataSet), path).toBe(true);
}
