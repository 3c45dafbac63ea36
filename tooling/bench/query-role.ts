/** C-FIND over a large index: the first match, the rate of a stream, memory meanwhile, and a cancel in its midst. */
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { run, whatIsMissing } from '@dicomwire/interop/peers';
import { type Client, connect, type DataSet, type QueryResults } from '@dicomwire/services';
import { measuredLine, megabytes, milliseconds, percentile, verdict, withThousands } from './lines.ts';
import { median } from './measurement.ts';
import { figuresOf } from './process-figures.ts';
import { type ArchivePlan, instanceCount, numberOfInstance, planOf, studyOf } from './query/planned-archive.ts';
import { type ServedArchive, startPlannedArchive } from './query/start-archive.ts';

/** What is wanted. */
const FIRST_MATCH_AT_MOST_MS = 20;
const MATCHES_A_SECOND = 10_000;
const MEMORY_AT_MOST = 32 * 1_000_000;
const START_UP_AT_MOST_S = 15;

/** Queries with each kind of key. */
const KEYED_QUERIES = 200;
/** When the stream is left, or no longer read. */
const IN_THE_MIDST = 2000;
const PAUSE_MS = 3000;
const SAMPLE_MS = 20;

/** Makes an archive of so many instances, measures and prints. */
export async function benchQuery(instances: number): Promise<void> {
  const archive = await startPlannedArchive(instances);
  try {
    await benchArchive(planOf(instances), archive);
  } finally {
    await archive.stop();
  }
}

/** Measures a served archive and prints. */
export async function benchArchive(plan: ArchivePlan, archive: Omit<ServedArchive, 'stop'>): Promise<void> {
  const { port, pid, makingSeconds, startUpSeconds } = archive;
  console.log(
    `\nC-FIND of the demo SCP over ${withThousands(instanceCount(plan))} instances in ${withThousands(plan.studies)} studies (made in ${makingSeconds.toFixed(0)} s)\n`,
  );
  measuredLine(
    'From start to listening, every file looked for',
    `${startUpSeconds.toFixed(2)} s`,
    verdict(startUpSeconds <= START_UP_AT_MOST_S, `at most ${START_UP_AT_MOST_S} s`),
  );
  const client = await connect({ host: '127.0.0.1', port, calledAeTitle: 'DEMO_SCP', services: [] });
  try {
    await benchKeyed(client, plan);
    await benchStreams(client, plan, pid);
    await benchFindscu(plan, port);
    await benchPause(client, pid);
    await benchCancel(client, pid);
  } finally {
    await client.release();
  }
}

type Keys = Parameters<Client['find']>[1];

interface KeyedQuery {
  readonly name: string;
  readonly keys: (study: number) => Exclude<Keys, DataSet>;
  /** Studies that match. */
  readonly expected: (study: number) => readonly number[];
}

const bothOfPatient = (study: number) => [study & ~1, study | 1];

const KEYED: readonly KeyedQuery[] = [
  {
    name: 'Study Instance UID',
    keys: (study) => ({ StudyInstanceUID: studyOf(study).studyInstanceUid }),
    expected: (study) => [study],
  },
  { name: 'Patient ID', keys: (study) => ({ PatientID: studyOf(study).patientId }), expected: bothOfPatient },
  {
    name: 'Accession Number',
    keys: (study) => ({ AccessionNumber: studyOf(study).accessionNumber }),
    expected: (study) => [study],
  },
  {
    name: "Patient's Name",
    keys: (study) => ({ PatientName: studyOf(study).patientName.toLowerCase() }),
    expected: bothOfPatient,
  },
  {
    name: "Patient's Name with a wildcard, and Study Date",
    keys: (study) => {
      const { patientName, studyDate } = studyOf(study);
      return { PatientName: `${patientName.slice(0, -1)}*`, StudyDate: studyDate, PatientID: studyOf(study).patientId };
    },
    expected: (study) => [study],
  },
];

async function benchKeyed(client: Client, plan: ArchivePlan): Promise<void> {
  console.log(`\nKeyed study queries, from the request to the first match: median of ${KEYED_QUERIES}`);
  for (const { name, keys, expected } of KEYED) {
    const times: number[] = [];
    let problem: string | undefined;
    for (let count = 0; count < KEYED_QUERIES; count++) {
      // Over the whole archive, in no order.
      const study = (count * 7919) % plan.studies;
      const results = client.find('STUDY', { StudyInstanceUID: null, ...returned, ...keys(study) });
      const startedAt = performance.now();
      const first = await results.next();
      times.push(performance.now() - startedAt);
      const found = [...(first.done === true ? [] : [first.value]), ...(await results.toArray())];
      problem ??= problemOfStudies(found, expected(study));
    }
    const middle = median(times) ?? Number.NaN;
    measuredLine(
      name,
      milliseconds(middle),
      `${verdict(middle <= FIRST_MATCH_AT_MOST_MS, `at most ${FIRST_MATCH_AT_MOST_MS} ms`)}, 99 of 100 within ${milliseconds(percentile(times))}${told(problem)}`,
    );
  }
}

/** Keys that most viewers ask for. */
const returned = {
  PatientName: null,
  PatientID: null,
  PatientBirthDate: null,
  StudyDate: null,
  StudyTime: null,
  StudyDescription: null,
  AccessionNumber: null,
} as const;

function problemOfStudies(found: readonly DataSet[], expected: readonly number[]): string | undefined {
  const uids = found.map((study) => study.get('StudyInstanceUID')).sort();
  const wanted = expected.map((study) => studyOf(study).studyInstanceUid).sort();
  if (uids.join() !== wanted.join()) return `${uids.length} matches in place of ${wanted.length}, or others`;
  for (const study of found) {
    const planned = expected
      .map(studyOf)
      .find(({ studyInstanceUid }) => studyInstanceUid === study.get('StudyInstanceUID'));
    const isSame =
      study.text('PatientName') === planned?.patientName &&
      study.get('PatientID') === planned?.patientId &&
      study.get('StudyDate') === planned?.studyDate;
    if (!isSame) return 'a match with other values';
  }
  return undefined;
}

interface Stream {
  readonly name: string;
  readonly find: (client: Client) => QueryResults;
  /** Number of a match, none twice. */
  readonly numberOf: (match: DataSet) => number | undefined;
  readonly expected: number;
}

function streamsOf(plan: ArchivePlan): readonly Stream[] {
  return [
    {
      name: 'All studies, with what a viewer asks for',
      find: (client) => client.find('STUDY', { StudyInstanceUID: null, ...returned }),
      numberOf: (match) => numberedStudy(plan, match),
      expected: plan.studies,
    },
    {
      name: 'All studies, with modalities and counts',
      find: (client) =>
        client.find('STUDY', {
          StudyInstanceUID: null,
          ...returned,
          ModalitiesInStudy: null,
          NumberOfStudyRelatedSeries: null,
          NumberOfStudyRelatedInstances: null,
        }),
      numberOf: (match) =>
        Number(match.get('NumberOfStudyRelatedInstances')) === plan.seriesPerStudy * plan.instancesPerSeries
          ? numberedStudy(plan, match)
          : undefined,
      expected: plan.studies,
    },
    {
      name: 'All instances, relational',
      find: (client) =>
        client.find(
          'IMAGE',
          { SOPInstanceUID: null, SOPClassUID: null, InstanceNumber: null },
          { relationalQueries: true },
        ),
      numberOf: (match) => numberOfInstance(plan, match.get('SOPInstanceUID') ?? ''),
      expected: instanceCount(plan),
    },
  ];
}

function numberedStudy(plan: ArchivePlan, match: DataSet): number | undefined {
  const number = Number(match.get('StudyID') ?? match.get('StudyInstanceUID')?.split('.').at(-1));
  const isPlanned = number < plan.studies && studyOf(number).patientId === match.get('PatientID');
  return isPlanned ? number : undefined;
}

async function benchStreams(client: Client, plan: ArchivePlan, pid: number): Promise<void> {
  console.log('\nStreams, read by our client');
  for (const { name, find, numberOf, expected } of streamsOf(plan)) {
    const before = figuresOf(pid);
    const memory = sampleMemory(pid);
    const seen = new Uint8Array(expected);
    let unexpected = 0;
    let count = 0;
    let firstMs: number | undefined;
    const startedAt = performance.now();
    const results = find(client);
    for await (const match of results) {
      firstMs ??= performance.now() - startedAt;
      const number = numberOf(match);
      if (number === undefined || seen[number] !== 0) unexpected += 1;
      else seen[number] = 1;
      count += 1;
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const peak = memory.stop();
    const after = figuresOf(pid);
    const isRight = results.isComplete && count === expected && unexpected === 0;
    const rate = count / seconds;
    measuredLine(
      name,
      `${withThousands(rate)}/s`,
      `${verdict(rate >= MATCHES_A_SECOND, `at least ${withThousands(MATCHES_A_SECOND)}/s`)}${told(isRight ? undefined : `${count} of ${expected}, ${unexpected} unexpected, status ${results.end?.status}`)}`,
    );
    measuredLine('  the first of them', milliseconds(firstMs ?? Number.NaN));
    if (before === undefined || after === undefined) continue;
    measuredLine(
      '  processor time of the server for each',
      `${(((after.processor - before.processor) / count) * 1e6).toFixed(0)} µs`,
    );
    measuredLine(
      `  resident memory: ${megabytes(before.resident)} before, ${megabytes(after.resident)} after, at most beyond`,
      megabytes(peak - before.resident),
      verdict(peak - before.resident <= MEMORY_AT_MOST, `at most ${megabytes(MEMORY_AT_MOST)}`),
    );
  }
}

/** The same as another implementation sees it. */
async function benchFindscu(plan: ArchivePlan, port: number): Promise<void> {
  const missing = whatIsMissing('DCMTK');
  if (missing !== undefined) {
    console.log(`findscu is left out: ${missing}`);
    return;
  }
  const keys = ['QueryRetrieveLevel=STUDY', 'StudyInstanceUID', ...Object.keys(returned)];
  const startedAt = performance.now();
  const end = await run(
    'findscu',
    [
      '-S',
      '-v',
      '--call',
      'DEMO_SCP',
      '--max-pdu',
      '131072',
      ...keys.flatMap((key) => ['-k', key]),
      '127.0.0.1',
      String(port),
    ],
    { timeoutMs: 300_000 },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const count = end.stderr.split(/Find Response:? \d+ \(Pending\)|Find Response: \d+/).length - 1;
  measuredLine(
    'All studies, by findscu, which prints them',
    `${withThousands(count / seconds)}/s`,
    told(
      end.exitCode === 0 && count === plan.studies
        ? undefined
        : `${count} of ${plan.studies}, exit code ${end.exitCode}`,
    ).slice(2),
  );
}

/** A peer that stops reading: nothing piles up. */
async function benchPause(client: Client, pid: number): Promise<void> {
  console.log('\nIn the midst of all instances');
  const results = allInstances(client);
  await take(results, IN_THE_MIDST);
  const before = figuresOf(pid);
  await setTimeoutPromise(PAUSE_MS);
  const after = figuresOf(pid);
  const taken = await take(results, IN_THE_MIDST);
  await results.return();
  if (before === undefined || after === undefined) return;
  const growth = after.resident - before.resident;
  measuredLine(
    `nobody reads for ${PAUSE_MS / 1000} s: resident memory beyond`,
    megabytes(growth),
    `${verdict(growth <= MEMORY_AT_MOST, `at most ${megabytes(MEMORY_AT_MOST)}`)}, ${(after.processor - before.processor).toFixed(2)} s of processor time${told(taken === IN_THE_MIDST ? undefined : 'nothing comes afterwards')}`,
  );
}

async function benchCancel(client: Client, pid: number): Promise<void> {
  const times: number[] = [];
  let idleSeconds: number | undefined;
  for (let count = 0; count < 10; count++) {
    const results = allInstances(client);
    await take(results, IN_THE_MIDST);
    const startedAt = performance.now();
    await results.return();
    // Answered when the query is over, since there is one association.
    await client.verify();
    times.push(performance.now() - startedAt);
  }
  const before = figuresOf(pid);
  await setTimeoutPromise(500);
  const after = figuresOf(pid);
  if (before !== undefined && after !== undefined) idleSeconds = after.processor - before.processor;
  measuredLine(
    'cancelled: until it is over and an echo is answered',
    milliseconds(median(times) ?? Number.NaN),
    idleSeconds === undefined ? '' : `${verdict(idleSeconds < 0.1, 'nothing goes on afterwards')}`,
  );
}

function allInstances(client: Client): QueryResults {
  return client.find('IMAGE', { SOPInstanceUID: null }, { relationalQueries: true });
}

async function take(results: QueryResults, count: number): Promise<number> {
  let taken = 0;
  while (taken < count && (await results.next()).done !== true) taken += 1;
  return taken;
}

/** Looks at the resident memory of a process until it is stopped; then gives the most that it was. */
function sampleMemory(pid: number): { stop(): number } {
  let most = figuresOf(pid)?.resident ?? 0;
  const timer = setInterval(() => {
    most = Math.max(most, figuresOf(pid)?.resident ?? 0);
  }, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(most, figuresOf(pid)?.resident ?? 0);
    },
  };
}

function told(problem: string | undefined): string {
  return problem === undefined ? '' : `, WRONG: ${problem}`;
}
