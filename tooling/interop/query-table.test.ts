/**
 * The table of queries over an archive of 2,000 studies: our query service, the demo SCP and Orthanc with the same content, dcmqrscp with 500 of them. What a peer finds
 * instead of what the standard says is in the table, with the reason, and tested as well.
 */
import { type Client, connect, createScp, find, storeInstances } from '@dicomwire/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orthancProgram } from './peers/availability.ts';
import { startDcmqrscp } from './peers/dcmtk.ts';
import { startDemoScp } from './peers/dicomwire.ts';
import { startOrthanc } from './peers/orthanc.ts';
import type { StoragePeer } from './peers/storage-peer.ts';
import { type Archive, makeArchive } from './queries/archive.ts';
import { archiveInstances, archiveSource } from './queries/archive-data-sets.ts';
import { type ArchivePeer, queryTable, type RunnableRow } from './queries/query-table.ts';
import { runQuery } from './queries/run-query.ts';
import { describeWith } from './with-peers.ts';

const archive = makeArchive(2000);

/** Rows in which everything or nothing is found tell little, unless that is their point. */
const telling = queryTable(archive).filter(
  ({ what }) => !/everything|only to be returned|asterisk|not there/.test(what),
);

test.each(telling.map((row) => [`${row.level} ${row.what}`, row] as const))(
  'the archive has some of it: %s',
  (_what, row) => {
    expect(row.expected(archive).length).toBeGreaterThan(0);
  },
);

describe('our query service', () => {
  const scp = createScp({ aeTitle: 'ARCHIVE', services: [find({ source: archiveSource(archive) })] });
  let port = 0;
  beforeAll(async () => {
    ({ port } = await scp.listen({ host: '127.0.0.1', port: 0 }));
  });
  afterAll(() => scp.close());

  test.each(rowsOf(archive))('%s', async (_what, row) => {
    await using client = await open(port, 'ARCHIVE');
    expect(await runQuery(client, row)).toEqual(row.expected(archive));
  });
});

describe('the demo SCP, with the same 2,000 studies', () => {
  compareWith(undefined, archive, () => startDemoScp());
});

describeWith(['Orthanc'], 'Orthanc, with the same 2,000 studies', () => {
  compareWith('orthanc', archive, () => startOrthanc(orthancProgram()));
});

describeWith(['DCMTK'], 'dcmqrscp, with 500 of them', () => {
  compareWith('dcmqrscp', makeArchive(500), () => startDcmqrscp());
});

function compareWith(name: ArchivePeer | undefined, content: Archive, start: () => Promise<StoragePeer>): void {
  const reasonOf = ({ reasons }: RunnableRow) => (name === undefined ? undefined : reasons[name]);
  let peer: StoragePeer;
  beforeAll(async () => {
    peer = await start();
    const to = { host: '127.0.0.1', port: peer.port, calledAeTitle: peer.aeTitle, callingAeTitle: 'DICOMWIRE' };
    const { isComplete } = await storeInstances(to, archiveInstances(content));
    expect(isComplete).toBe(true);
  });
  afterAll(() => peer?.stop());

  test.each(
    rowsOf(content).map(
      ([what, row]) => [reasonOf(row) === undefined ? what : `${what}, it ${reasonOf(row)}`, row] as const,
    ),
  )('%s', async (_what, row) => {
    const expected = name === undefined ? row.expected(content) : row.expectedOf(name, content);
    await using client = await open(peer.port, peer.aeTitle);
    expect(await runQuery(client, row)).toEqual(expected);
    // A difference that is none would hide the next one.
    if (reasonOf(row) !== undefined) expect(expected).not.toEqual(row.expected(content));
  });
}

function rowsOf(content: Archive) {
  return queryTable(content).map((row) => [`${row.level} ${row.what} (PS3.4 ${row.clause})`, row] as const);
}

function open(port: number, calledAeTitle: string): Promise<Client> {
  return connect({ host: '127.0.0.1', port, calledAeTitle, callingAeTitle: 'DICOMWIRE', services: [] });
}
