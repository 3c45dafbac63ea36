/** C-FIND with real peers: DCMTK\'s and pynetdicom\'s findscu and Orthanc ask us; we ask pynetdicom\'s archive. PS3.4 C.4.1. */
import { DataSet } from '@dicomwire/dimse';
import { connect, createScp, find, type QueryKeys, type QuerySource, storeInstances } from '@dicomwire/services';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { orthancProgram } from './peers/availability.ts';
import { type FoundByPeer, runFindscu, runPynetdicomFindscu } from './peers/find-clients.ts';
import { startOrthanc } from './peers/orthanc.ts';
import { startPynetdicomQrscp } from './peers/pynetdicom.ts';
import type { StoragePeer } from './peers/storage-peer.ts';
import { makeArchive } from './queries/archive.ts';
import { archiveInstances, archiveSource } from './queries/archive-data-sets.ts';
import { queryTable, type RunnableRow } from './queries/query-table.ts';
import { runQuery, uniqueKeys } from './queries/run-query.ts';
import { describeWith } from './with-peers.ts';

const archive = makeArchive(300);
const rows = queryTable(archive).map((row) => [`${row.level} ${row.what} (PS3.4 ${row.clause})`, row] as const);

async function startOurs(source: QuerySource = archiveSource(archive)): Promise<number> {
  const scp = createScp({ aeTitle: 'OURS', services: [find({ source })] });
  onTestFinished(() => scp.close());
  const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
  return port;
}

/** Keys as clients take them behind `-k`. */
function keysOf({ level, keys }: RunnableRow): string[] {
  const own = flatten(keys, '');
  const uniqueKey = uniqueKeys[level];
  const needed = own.some((key) => key.startsWith(`${uniqueKey}=`)) ? [] : [`${uniqueKey}=`];
  return [`QueryRetrieveLevel=${level}`, 'SpecificCharacterSet=ISO_IR 192', ...needed, ...own];
}

function flatten(keys: QueryKeys, path: string): string[] {
  return Object.entries(keys).flatMap(([keyword, value]) => {
    const isSequence = Array.isArray(value) && typeof value[0] === 'object';
    if (isSequence) return flatten(value[0], `${path}${keyword}[0].`);
    return [`${path}${keyword}=${value === null ? '' : [value].flat().join('\\\\')}`];
  });
}

function found(row: RunnableRow, { identifiers }: FoundByPeer): readonly string[] {
  return identifiers.map((each) => each.text(uniqueKeys[row.level]) ?? '').sort();
}

describeWith(['DCMTK'], 'findscu of DCMTK, of ours', () => {
  test.each(rows.filter(([, { options }]) => options === undefined))('%s', async (_what, row) => {
    const model = row.level === 'PATIENT' || row.model === 'patient-root' ? '-P' : '-S';
    const answer = await runFindscu({ port: await startOurs(), model, keys: keysOf(row) });
    expect(answer.end.exitCode).toBe(0);
    expect(found(row, answer)).toEqual(row.expected(archive));
  });

  test('patient/study only, the retired model', async () => {
    const port = await startOurs();
    const { identifiers } = await runFindscu({
      port,
      model: '-O',
      keys: ['QueryRetrieveLevel=PATIENT', 'PatientID=P00003'],
    });
    expect(identifiers.map((each) => each.text('PatientID'))).toEqual(['P00003']);
  });

  test('a missing unique key is told with its name', async () => {
    const port = await startOurs();
    const { end } = await runFindscu({ port, model: '-S', keys: ['QueryRetrieveLevel=SERIES', 'SeriesInstanceUID='] });
    expect(end.stdout + end.stderr).toMatch(/Data ?Set ?does ?not ?match|Identifier ?Does ?Not ?Match|0xa900/i);
  });

  test('names come in the character set that was asked in, if that has them', async () => {
    const port = await startOurs();
    const ask = async (set: string, name: string) => {
      const keys = ['QueryRetrieveLevel=PATIENT', 'PatientID=', `PatientName=${name}`, `SpecificCharacterSet=${set}`];
      const { identifiers } = await runFindscu({ port, model: '-P', keys });
      return identifiers.map((each) => [each.text('SpecificCharacterSet'), each.text('PatientName')]);
    };
    for (const each of await ask('ISO_IR 100', 'M*LLER^ANNA')) expect(each).toEqual(['ISO_IR 100', 'MÜLLER^ANNA']);
    for (const each of await ask('ISO_IR 192', 'M*LLER^ANNA')) expect(each).toEqual(['ISO_IR 192', 'MÜLLER^ANNA']);
    for (const each of await ask('ISO_IR 100', 'Tanaka*')) {
      expect(each).toEqual(['ISO_IR 192', 'Tanaka^Hanako=田中^花子=たなか^はなこ']);
    }
  });

  test('C-CANCEL after so many responses stops a find of 100,000 matches', async () => {
    let yielded = 0;
    const port = await startOurs({
      *find() {
        for (; yielded < 100_000; yielded += 1) yield DataSet.from({ StudyInstanceUID: `1.2.${yielded}` });
      },
    });
    const { end } = await runFindscu({
      port,
      model: '-S',
      keys: ['QueryRetrieveLevel=STUDY', 'StudyInstanceUID='],
      args: ['--cancel', '5'],
    });
    expect(end.exitCode).toBe(0);
    expect(end.stdout + end.stderr).toMatch(/Cancel/);
    expect(yielded).toBeLessThan(100_000);
  });
});

describeWith(['pynetdicom'], 'findscu of pynetdicom, of ours', () => {
  const flags: Readonly<Record<string, string>> = {
    relationalQueries: '--relational-query',
    dateTimeMatching: '--dt-matching',
    fuzzySemanticMatching: '--fuzzy-names',
  };
  const negotiated = rows.filter(([, { options = {} }]) => Object.keys(options).some((name) => name in flags));

  test.each(negotiated)('%s', async (_what, row) => {
    const args = Object.keys(row.options ?? {}).flatMap((name) => flags[name] ?? []);
    const model = row.level === 'PATIENT' ? '-P' : '-S';
    const answer = await runPynetdicomFindscu({ port: await startOurs(), model, keys: keysOf(row), args });
    expect(answer.end.exitCode).toBe(0);
    expect(found(row, answer)).toEqual(row.expected(archive));
  });

  test('without the negotiation the same query is refused or matched as it stands', async () => {
    const port = await startOurs();
    const relational = await runPynetdicomFindscu({
      port,
      model: '-S',
      keys: ['QueryRetrieveLevel=SERIES', 'Modality=PT'],
    });
    expect(relational.identifiers).toHaveLength(0);
    expect(relational.end.stdout + relational.end.stderr).toMatch(/0xA900/i);
    const fuzzy = await runPynetdicomFindscu({
      port,
      model: '-P',
      keys: ['QueryRetrieveLevel=PATIENT', 'PatientName=Smyth^Maria'],
    });
    expect(fuzzy.identifiers).toHaveLength(0);
  });
});

describeWith(['Orthanc'], 'Orthanc, of ours', () => {
  test('studies of a patient, and series of one of them', async () => {
    const port = await startOurs();
    const orthanc = await startOrthanc(orthancProgram(), { ours: { aeTitle: 'OURS', port } });
    onTestFinished(() => orthanc.stop());
    const patient = archive.patients.find(({ studies }) => studies.length > 1);
    const studies = await orthanc.queryModality('ours', 'Study', { PatientID: patient?.patientId ?? '' });
    expect(studies.map(({ StudyInstanceUID }) => StudyInstanceUID).sort()).toEqual(
      patient?.studies.map(({ uid }) => uid).sort(),
    );
    const study = patient?.studies[0];
    const series = await orthanc.queryModality('ours', 'Series', { StudyInstanceUID: study?.uid ?? '', Modality: '' });
    expect(series.map(({ Modality }) => Modality)).toEqual(study?.series.map(({ modality }) => modality));
  });
});

// It answers once for each instance below what matches.
describeWith(['qrscp of pynetdicom'], 'we of qrscp of pynetdicom', () => {
  const content = makeArchive(40);
  let peer: StoragePeer;
  beforeAll(async () => {
    peer = await startPynetdicomQrscp();
    const to = { host: '127.0.0.1', port: peer.port, calledAeTitle: peer.aeTitle, callingAeTitle: 'DICOMWIRE' };
    expect(await storeInstances(to, archiveInstances(content))).toMatchObject({ isComplete: true });
  });
  afterAll(() => peer?.stop());

  const asked =
    /everything|one patient|several keys|one study|list of|accession|one day|days|studies of a patient|not there|series of a study$|instances of/;
  test.each(
    queryTable(content)
      .filter(({ what, options }) => options === undefined && asked.test(what))
      .map((row) => [`${row.level} ${row.what}`, row] as const),
  )('%s', async (_what, row) => {
    const client = await connect({
      host: '127.0.0.1',
      port: peer.port,
      calledAeTitle: peer.aeTitle,
      callingAeTitle: 'DICOMWIRE',
      services: [],
    });
    const answers = await runQuery(client, row);
    await client.release();
    // It fails on lists of UIDs: its database takes no list of pydicom's.
    const expected = row.what.startsWith('a list of') ? 0xc320 : row.expected(content);
    expect(typeof answers === 'number' ? answers : [...new Set(answers)]).toEqual(expected);
  });
});

describe('a find of 100,000 matches, over TCP', () => {
  test('stops when the loop is left', async () => {
    let yielded = 0;
    let isLeft = false;
    const port = await startOurs({
      *find() {
        try {
          for (; yielded < 100_000; yielded += 1) yield DataSet.from({ StudyInstanceUID: `1.2.${yielded}` });
        } finally {
          isLeft = true;
        }
      },
    });
    const client = await connect({ host: '127.0.0.1', port, calledAeTitle: 'OURS', services: [] });
    let taken = 0;
    for await (const _match of client.find('STUDY', {})) {
      taken += 1;
      if (taken === 10) break;
    }
    await client.release();
    expect(isLeft).toBe(true);
    expect(yielded).toBeLessThan(1000);
  });
});
