/** Orthanc, a real archive, with its REST interface to see what arrived and to make it send. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitPart10 } from '../corpus/part10.ts';
import { noteFact } from '../exchanges/fact.ts';
import { freePort } from './port.ts';
import { start, untilReady } from './process.ts';
import type { StoragePeer } from './storage-peer.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Where Orthanc may send to. */
export interface Modality {
  readonly aeTitle: string;
  readonly port: number;
}

/** A running Orthanc. */
export interface Orthanc extends StoragePeer {
  /** Takes Part 10 files in through REST. Resolves to Orthanc's own IDs of the instances. */
  upload(paths: readonly string[]): Promise<string[]>;
  /** Sends instances to a modality by C-STORE and waits for the result. @throws when Orthanc reports a failure. */
  storeToModality(modality: string, instanceIds: readonly string[]): Promise<void>;
  /** Asks a modality for storage commitment. Resolves to the report once Orthanc has it. @throws when there is none in 20 seconds. */
  commitToModality(
    modality: string,
    instances: readonly (readonly [sopClass: string, sopInstance: string])[],
  ): Promise<unknown>;
  /** Asks a modality by C-MOVE to send a study to `destination`, and waits for the result. @throws when Orthanc reports a failure. */
  moveFromModality(modality: string, destination: string, studyInstanceUid: string): Promise<void>;
  /** Asks a modality by C-FIND; resolves to what it was answered, by keyword. @throws when Orthanc reports a failure. */
  queryModality(
    modality: string,
    level: 'Patient' | 'Study' | 'Series' | 'Instance',
    keys: Readonly<Record<string, string>>,
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Asks a modality for its worklist; resolves to the items, by keyword. @throws when Orthanc reports a failure. */
  worklistOfModality(
    modality: string,
    keys: Readonly<Record<string, unknown>>,
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Sends C-ECHO to a modality. @throws when Orthanc reports a failure. */
  echoModality(modality: string): Promise<void>;
}

/** More of its configuration. */
export interface OrthancOptions {
  /** Serves this folder of worklist files (`.wl`). */
  readonly worklistFolder?: string | undefined;
}

/** The plugin that serves worklists, as Debian has it. */
export const ORTHANC_WORKLISTS = '/usr/share/orthanc/plugins/libModalityWorklists.so';

/** Debian puts the program where the path of a plain user does not look. */
export const ORTHANC_PROGRAMS = ['Orthanc', '/usr/sbin/Orthanc'] as const;

/** Starts Orthanc with an empty archive, no sync to disk beyond its default, PDUs of 131072 bytes. */
export async function startOrthanc(
  program: string,
  modalities: Readonly<Record<string, Modality>> = {},
  options: OrthancOptions = {},
): Promise<Orthanc> {
  const directory = await temporaryDirectory('orthanc');
  const [port, httpPort] = [await freePort(), await freePort()];
  const configuration = join(directory.path, 'orthanc.json');
  await writeFile(
    configuration,
    JSON.stringify({
      ...orthancConfiguration(directory.path, port, httpPort, modalities),
      ...worklistConfiguration(options),
    }),
  );
  const server = start(program, [configuration]);
  const base = `http://127.0.0.1:${httpPort}`;
  const stop = async () => {
    await server.stop();
    await directory.remove();
  };
  try {
    await untilReady(server, port);
    await untilReady(server, httpPort, () => answersHttp(base));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: 'Orthanc',
    aeTitle: 'ORTHANC',
    port,
    pid: server.pid,
    async received() {
      const kept = new Map();
      for (const id of await listInstances(base)) {
        const file = await fetch(`${base}/instances/${id}/file`);
        const part10 = splitPart10(Buffer.from(await file.arrayBuffer()));
        if (part10 !== undefined) kept.set(part10.sopInstanceUid, part10);
      }
      return kept;
    },
    async upload(paths) {
      const ids: string[] = [];
      for (const path of paths) ids.push(uploadedId(await post(`${base}/instances`, await readFile(path))));
      return ids;
    },
    async storeToModality(modality, instanceIds) {
      const answer = await post(`${base}/modalities/${modality}/store`, JSON.stringify(instanceIds));
      noteTold('C-STORE', `FailedInstancesCount ${memberOf(answer, 'FailedInstancesCount')}`);
    },
    async commitToModality(modality, instances) {
      const asked = await post(
        `${base}/modalities/${modality}/storage-commitment`,
        JSON.stringify({ DicomInstances: instances }),
      );
      const path = typeof asked === 'object' && asked !== null && 'Path' in asked ? asked.Path : undefined;
      for (const end = Date.now() + 20_000; Date.now() < end; ) {
        const report: unknown = await (await fetch(`${base}${path}`)).json();
        const isPending =
          typeof report === 'object' && report !== null && 'Status' in report && report.Status === 'Pending';
        if (!isPending) {
          noteTold('N-ACTION', `report with Status ${memberOf(report, 'Status')}`);
          return report;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error('Orthanc got no report of storage commitment');
    },
    async moveFromModality(modality, destination, studyInstanceUid) {
      const query = { Level: 'Study', Resources: [{ StudyInstanceUID: studyInstanceUid }], TargetAet: destination };
      await post(`${base}/modalities/${modality}/move`, JSON.stringify({ ...query, Synchronous: true }));
      noteTold('C-MOVE', 'HTTP 200, moved');
    },
    async queryModality(modality, level, keys) {
      const asked = await post(`${base}/modalities/${modality}/query`, JSON.stringify({ Level: level, Query: keys }));
      const path = typeof asked === 'object' && asked !== null && 'Path' in asked ? asked.Path : undefined;
      const found = listOf(await (await fetch(`${base}${path}/answers?expand&simplify`)).json());
      noteTold('C-FIND', found.length > 0 ? 'HTTP 200, matches' : 'HTTP 200, no match');
      return found;
    },
    async worklistOfModality(modality, keys) {
      const found = listOf(await post(`${base}/modalities/${modality}/find-worklist`, JSON.stringify(keys)));
      noteTold('C-FIND', found.length > 0 ? 'HTTP 200, matches' : 'HTTP 200, no match');
      return found;
    },
    async echoModality(modality) {
      await post(`${base}/modalities/${modality}/echo`, '');
      noteTold('C-ECHO', 'HTTP 200');
    },
    output: () => server.output(),
    stop,
  };
}

/** What Orthanc says of an operation that it asked for. */
function noteTold(operation: string, said: string): void {
  noteFact({ kind: 'told', peer: 'Orthanc', operation, sopClass: '', said });
}

function memberOf(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null ? Object.entries(answer).find(([key]) => key === name)?.[1] : '';
}

function orthancConfiguration(
  directory: string,
  port: number,
  httpPort: number,
  modalities: Readonly<Record<string, Modality>>,
) {
  return {
    Name: 'interop',
    StorageDirectory: join(directory, 'storage'),
    IndexDirectory: join(directory, 'index'),
    HttpPort: httpPort,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    DicomPort: port,
    DicomAet: 'ORTHANC',
    DicomAlwaysAllowEcho: true,
    DicomAlwaysAllowStore: true,
    DicomAlwaysAllowFind: true,
    DicomAlwaysAllowGet: true,
    DicomAlwaysAllowMove: true,
    UnknownSopClassAccepted: true,
    MaximumPduLength: 131072,
    SaveJobs: false,
    Plugins: [],
    DicomModalities: Object.fromEntries(
      Object.entries(modalities).map(([name, modality]) => [name, [modality.aeTitle, '127.0.0.1', modality.port]]),
    ),
  };
}

function worklistConfiguration({ worklistFolder }: OrthancOptions) {
  if (worklistFolder === undefined) return {};
  return { Plugins: [ORTHANC_WORKLISTS], Worklists: { Enable: true, Database: worklistFolder } };
}

function listOf(answer: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(answer)) throw new Error(`Orthanc gave no list: ${JSON.stringify(answer)}`);
  return answer;
}

async function answersHttp(base: string): Promise<boolean> {
  try {
    return (await fetch(`${base}/system`)).ok;
  } catch {
    return false;
  }
}

async function listInstances(base: string): Promise<string[]> {
  const instances: unknown = await (await fetch(`${base}/instances`)).json();
  if (!Array.isArray(instances)) throw new Error(`Orthanc listed no instances: ${JSON.stringify(instances)}`);
  return instances.map(String);
}

async function post(url: string, body: string | Buffer<ArrayBuffer>): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body });
  const text = await response.text();
  if (!response.ok) throw new Error(`Orthanc answered ${response.status} to ${url}: ${text}`);
  return JSON.parse(text === '' ? '{}' : text);
}

function uploadedId(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'ID' in answer && typeof answer.ID === 'string')
    return answer.ID;
  throw new Error(`Orthanc took no instance in: ${JSON.stringify(answer)}`);
}
