/** Modality worklists: the same queries of ours and of real users, answered by our folder of files, wlmscpfs and Orthanc. PS3.4 Annex K. */
import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, createScp, type WorklistItem, worklist, worklistFolder } from '@dicomwire/services';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { SHARED_FILES } from './corpus/corpus.ts';
import { orthancProgram } from './peers/availability.ts';
import { startWlmscpfs } from './peers/dcmtk.ts';
import { runFindscu, runPynetdicomFindscu } from './peers/find-clients.ts';
import { ORTHANC_WORKLISTS, startOrthanc } from './peers/orthanc.ts';
import { startCScp } from './peers/pynetdicom-c-services.ts';
import type { StoragePeer } from './peers/storage-peer.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import {
  type WorklistPeer,
  type WorklistRow,
  worklistEntries,
  worklistFile,
  worklistTable,
} from './queries/worklist-table.ts';
import { describeWith } from './with-peers.ts';

const files = new Map(worklistEntries.map((item) => [item.accessionNumber, worklistFile(item)]));
const rows = worklistTable.map((row) => [`${row.what} (PS3.4 ${row.clause})`, row] as const);

let directory: TemporaryDirectory;
beforeAll(async () => {
  directory = await temporaryDirectory('worklist');
  for (const [name, bytes] of files) await writeFile(join(directory.path, `${name}.wl`), bytes);
});
afterAll(() => directory.remove());

function expectedOf(row: WorklistRow, peer?: WorklistPeer): readonly string[] {
  const isFound = (peer === undefined ? undefined : row.differs?.[peer]?.finds) ?? row.expected;
  return worklistEntries.filter(isFound).map(({ accessionNumber }) => accessionNumber);
}

async function ask(port: number, calledAeTitle: string, row: WorklistRow): Promise<readonly WorklistItem[]> {
  const client = await connect({ host: '127.0.0.1', port, calledAeTitle, callingAeTitle: 'DICOMWIRE', services: [] });
  try {
    return await client.worklist.find(row.keys, row.options).toArray();
  } finally {
    await client.release();
  }
}

function numbers(items: readonly WorklistItem[]): readonly string[] {
  return items.map(({ accessionNumber = '' }) => accessionNumber).sort();
}

async function startOurs(path: string): Promise<number> {
  const scp = createScp({ aeTitle: 'OURS', services: [worklist({ source: worklistFolder(path) })] });
  onTestFinished(() => scp.close());
  const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
  return port;
}

describe('our folder of worklist files', () => {
  test.each(rows)('%s', async (_what, row) => {
    const items = await ask(await startOurs(directory.path), 'OURS', row);
    expect(numbers(items)).toEqual(expectedOf(row));
  });
});

describeWith(['DCMTK'], 'findscu -W of ours', () => {
  test.each(rows)('%s', async (_what, row) => {
    const port = await startOurs(directory.path);
    const keys = ['AccessionNumber', ...row.arguments.filter((key) => !key.startsWith('AccessionNumber'))];
    const asked = row.arguments.some((key) => key.startsWith('AccessionNumber')) ? row.arguments : keys;
    const { end, identifiers } = await runFindscu({ port, model: '-W', keys: asked });
    expect(end.exitCode).toBe(0);
    expect(identifiers.map((each) => each.text('AccessionNumber') ?? '').sort()).toEqual(expectedOf(row));
  });

  test.skipIf(!existsSync(join(SHARED_FILES, 'worklist'))).each(['wlistqry1.dcm', 'wlistqry10.dcm'])(
    "DCMTK's own query %s finds with us what it finds with wlmscpfs",
    async (name) => {
      const folder = join(SHARED_FILES, 'worklist');
      const query = join(folder, name);
      const items = ['wklist1', 'wklist2', 'wklist3'].map((each) => join(folder, `${each}.dcm`));
      const own = await temporaryDirectory('wklist');
      onTestFinished(() => own.remove());
      for (const [at, path] of items.entries()) await copyFile(path, join(own.path, `${at}.wl`));
      const contents = await Promise.all(items.map(async (path, at) => [String(at), await readFile(path)] as const));
      const theirs = await startWlmscpfs(new Map(contents));
      onTestFinished(() => theirs.stop());
      const foundByOurs = await runFindscu({ port: await startOurs(own.path), model: '-W', keys: [], files: [query] });
      expect(foundByOurs.end.exitCode).toBe(0);
      const asked = {
        port: theirs.port,
        model: '-W',
        keys: [],
        args: ['--call', theirs.aeTitle],
        files: [query],
      } as const;
      const foundByTheirs = await runFindscu(asked);
      const uids = (found: typeof foundByOurs) => found.identifiers.map((each) => each.text('AccessionNumber')).sort();
      expect(uids(foundByOurs)).toEqual(uids(foundByTheirs));
    },
  );
});

describeWith(['pynetdicom'], 'findscu -W of pynetdicom, of ours', () => {
  test('everything, and a modality', async () => {
    const port = await startOurs(directory.path);
    for (const [key, count] of [
      ['ScheduledProcedureStepSequence[0].Modality=', 6],
      ['ScheduledProcedureStepSequence[0].Modality=CT', 3],
    ] as const) {
      const { end, identifiers } = await runPynetdicomFindscu({ port, model: '-W', keys: ['PatientName=', key] });
      expect([end.exitCode, identifiers.length]).toEqual([0, count]);
    }
  });

  test('a name by its sound, as negotiated (PS3.4 K.5.1)', async () => {
    const port = await startOurs(directory.path);
    const { identifiers } = await runPynetdicomFindscu({
      port,
      model: '-W',
      keys: ['PatientName=Mary^Smith'],
      args: ['--fuzzy-names'],
    });
    expect(identifiers.map((each) => each.text('PatientName'))).toEqual(['SMYTHE^MARIE']);
  });
});

describeWith(['pynetdicom'], 'we of pynetdicom', () => {
  test('get its items, typed', async () => {
    const sopClass = '1.2.840.10008.5.1.4.31';
    const step = { '00080060': { vr: 'CS', Value: ['CT'] }, '00400001': { vr: 'AE', Value: ['CT1'] } };
    const match = {
      '00080050': { vr: 'SH', Value: ['W7'] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'DOE^JANE' }] },
      '00400100': { vr: 'SQ', Value: [step] },
    };
    const peer = await startCScp({ sopClasses: [sopClass], matches: { [sopClass]: [match] } });
    onTestFinished(() => peer.stop());
    const to = { host: '127.0.0.1', port: peer.port, calledAeTitle: peer.aeTitle, callingAeTitle: 'DICOMWIRE' };
    const client = await connect({ ...to, services: [] });
    onTestFinished(() => client.release());
    const items = await client.worklist.find({ Modality: 'CT' }).toArray();
    expect(items).toMatchObject([{ accessionNumber: 'W7', modality: 'CT', scheduledStationAeTitles: ['CT1'] }]);
  });
});

describeWith(['DCMTK'], 'we of wlmscpfs', () => {
  askPeer('wlmscpfs', () => startWlmscpfs(files));
});

describeWith(['Orthanc'], 'we of Orthanc with its plugin of worklists', () => {
  test('has the plugin', () => expect(existsSync(ORTHANC_WORKLISTS)).toBe(true));
  askPeer('orthanc', () =>
    startOrthanc(orthancProgram(), { us: { aeTitle: 'DICOMWIRE', port: 1 } }, { worklistFolder: directory.path }),
  );

  test('and Orthanc of us', async () => {
    const port = await startOurs(directory.path);
    const orthanc = await startOrthanc(orthancProgram(), { ours: { aeTitle: 'OURS', port } });
    onTestFinished(() => orthanc.stop());
    const items = await orthanc.worklistOfModality('ours', {
      AccessionNumber: '',
      PatientName: '',
      ScheduledProcedureStepSequence: [{ Modality: 'CT' }],
    });
    expect(items.map(({ AccessionNumber }) => AccessionNumber).sort()).toEqual(['W1', 'W2', 'W4']);
  });
});

function askPeer(name: WorklistPeer, start: () => Promise<StoragePeer>): void {
  let peer: StoragePeer;
  beforeAll(async () => {
    peer = await start();
  });
  afterAll(() => peer?.stop());

  test.each(
    rows.map(
      ([what, row]) =>
        [row.differs?.[name] === undefined ? what : `${what}, it ${row.differs[name].why}`, row] as const,
    ),
  )('%s', async (_what, row) => {
    expect(numbers(await ask(peer.port, peer.aeTitle, row))).toEqual(expectedOf(row, name));
    if (row.differs?.[name] !== undefined) expect(expectedOf(row, name)).not.toEqual(expectedOf(row));
  });
}
