/**
 * Queries, and what they find in the archive: said in terms of the archive, not by the code that is tested. Where a peer finds something else, it is
 * said what, and why.
 */
import type { QueryCallOptions, QueryKeys, QueryLevel, QueryModelName } from '@dicomwire/services';
import type { Archive, Instance, Patient, Series, Study } from './archive.ts';

/** Peers with differences of their own. */
export type ArchivePeer = 'orthanc' | 'dcmqrscp';

/** One query at one level. */
export interface QueryRow<Entity> {
  readonly what: string;
  /** Clause of PS3.4. */
  readonly clause: string;
  readonly keys: QueryKeys;
  readonly model?: QueryModelName | undefined;
  readonly options?: QueryCallOptions | undefined;
  /** True for what is found. */
  readonly expected: (entity: Entity) => boolean;
  /** What others find instead. */
  readonly differs?: Readonly<Partial<Record<ArchivePeer, Difference<Entity>>>> | undefined;
}

/** What a peer does in another way. */
export interface Difference<Entity> {
  /** What it finds, or the status that it answers. */
  readonly finds: ((entity: Entity) => boolean) | number;
  readonly why: string;
}

/** A row that can be run. */
export interface RunnableRow extends Pick<QueryRow<never>, 'what' | 'clause' | 'keys' | 'model' | 'options'> {
  readonly level: QueryLevel;
  /** Unique keys of what is found, in order. */
  expected(archive: Archive): readonly string[];
  /** What a peer does: unique keys, or a status. */
  expectedOf(peer: ArchivePeer, archive: Archive): readonly string[] | number;
  /** Why it does, where that is something else. */
  readonly reasons: Readonly<Partial<Record<ArchivePeer, string>>>;
}

/** Every row. */
export function queryTable(archive: Archive): readonly RunnableRow[] {
  const study = archive.studies.find(({ series }) => series.length > 1) ?? fail();
  const series = archive.studies.flatMap((each) => each.series).find(({ instances }) => instances.length > 1) ?? fail();
  return [
    ...patientRows.map((row) =>
      runnable(
        'PATIENT',
        row,
        ({ patients }) => patients,
        ({ patientId }) => patientId,
      ),
    ),
    ...studyRows(study).map((row) =>
      runnable(
        'STUDY',
        row,
        ({ studies }) => studies,
        ({ uid }) => uid,
      ),
    ),
    ...seriesRows(study).map((row) => runnable('SERIES', row, allSeries, ({ uid }) => uid)),
    ...imageRows(series).map((row) => runnable('IMAGE', row, allInstances, ({ uid }) => uid)),
  ];
}

/** Without case and accents, as names are compared; the groups apart. */
function groups(name: string): readonly string[] {
  return name.split('=').map((group) => plain(group));
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/ø/g, 'o')
    .replace(/Ø/g, 'O')
    .toUpperCase();
}

/** Names as dcmqrscp compares them. */
function literally(isFound: (name: string) => boolean): Difference<Patient> {
  return { finds: ({ name }) => isFound(name), why: 'compares names literally: case and accents count' };
}

/** Names as Orthanc compares them. */
function accented(name: string): Difference<Patient> {
  return {
    finds: (patient) => patient.name.toUpperCase() === name.toUpperCase(),
    why: 'compares names without regard to case, but accents count',
  };
}

const nothing = () => false;
const wholeValue: Difference<unknown> = { finds: nothing, why: 'compares the whole name, not its groups' };
const literalQuotes: Difference<unknown> = { finds: nothing, why: 'has no empty value matching: "" is a value' };
const noCombination: Difference<unknown> = {
  finds: nothing,
  why: 'has no combined matching: a range of times that goes backwards is of no time',
};
const notCompared = (what: string): Difference<unknown> => ({ finds: () => true, why: `does not match ${what}` });
const literalNumber: Difference<unknown> = { finds: nothing, why: 'compares the digits of numbers' };
const notRelational: Difference<unknown> = { finds: 0xc000, why: 'has no relational queries: answered with C000' };

const patientRows: readonly QueryRow<Patient>[] = [
  { what: 'everything', clause: 'C.2.2.2.3', keys: {}, expected: () => true },
  {
    what: 'one patient',
    clause: 'C.2.2.2.1',
    keys: { PatientID: 'P00003' },
    expected: ({ patientId }) => patientId === 'P00003',
  },
  {
    what: 'a name in another case',
    clause: 'C.2.2.2.1.1',
    keys: { PatientName: 'doe^jane' },
    expected: ({ name }) => name === 'DOE^JANE',
    differs: { dcmqrscp: literally((name) => name === 'doe^jane') },
  },
  {
    what: 'a name with an accent, asked without',
    clause: 'C.2.2.2.1.1',
    keys: { PatientName: 'MULLER^JORG' },
    expected: ({ name }) => plain(name) === 'MULLER^JORG',
    differs: { orthanc: accented('MULLER^JORG'), dcmqrscp: literally((name) => name === 'MULLER^JORG') },
  },
  {
    what: 'a name without an accent, asked with',
    clause: 'C.2.2.2.1.1',
    keys: { PatientName: 'Müller^Jörg' },
    expected: ({ name }) => plain(name) === 'MULLER^JORG',
    differs: { orthanc: accented('Müller^Jörg'), dcmqrscp: literally((name) => name === 'Müller^Jörg') },
  },
  {
    what: 'the beginning of a name',
    clause: 'C.2.2.2.4',
    keys: { PatientName: 'DOE^*' },
    expected: ({ name }) => plain(name).startsWith('DOE^'),
    differs: { dcmqrscp: literally((name) => name.startsWith('DOE^')) },
  },
  {
    what: 'any one character in a name',
    clause: 'C.2.2.2.4',
    keys: { PatientName: 'DOE?^JANE' },
    expected: ({ name }) => name === 'DOES^JANE',
  },
  {
    what: 'what stands in the middle of a name',
    clause: 'C.2.2.2.4',
    keys: { PatientName: '*DER BERG*' },
    expected: ({ name }) => name.includes('DER BERG'),
  },
  {
    what: 'a name in ideographs',
    clause: 'C.2.2.2.1.1',
    keys: { PatientName: '山田^太郎' },
    expected: ({ name }) => groups(name).includes('山田^太郎'),
    differs: { orthanc: wholeValue, dcmqrscp: wholeValue },
  },
  {
    what: 'a pattern in ideographs',
    clause: 'C.2.2.2.1.1',
    keys: { PatientName: '*山田*' },
    expected: ({ name }) => name.includes('山田'),
  },
  {
    what: 'the alphabetic group alone',
    clause: 'C.2.2.2.1.1',
    keys: { PatientName: 'Tanaka^Hanako' },
    expected: ({ name }) => name.startsWith('Tanaka^Hanako'),
    differs: { orthanc: wholeValue, dcmqrscp: wholeValue },
  },
  {
    what: 'a range of birth dates',
    clause: 'C.2.2.2.5.1',
    keys: { PatientBirthDate: '19500101-19591231' },
    expected: ({ birthDate }) => birthDate >= '19500101' && birthDate <= '19591231',
  },
  { what: 'a code', clause: 'C.2.2.2.1', keys: { PatientSex: 'F' }, expected: ({ sex }) => sex === 'F' },
  {
    what: 'several keys',
    clause: 'C.2.2.2',
    keys: { PatientSex: 'M', PatientName: 'SMITH*' },
    expected: ({ sex, name }) => sex === 'M' && plain(name).startsWith('SMITH'),
  },
  {
    what: 'a name by its sound',
    clause: 'C.2.2.2.1.1',
    keys: { PatientName: 'Smith^Mary' },
    options: { fuzzySemanticMatching: true },
    expected: ({ name }) => ['SMITH^MARY', 'Mary^Smith', 'SMYTHE^MARIE'].includes(name),
    differs: { orthanc: accented('Smith^Mary'), dcmqrscp: literally((name) => name === 'Smith^Mary') },
  },
  {
    what: 'patients without a name',
    clause: 'C.2.2.2.7',
    keys: { PatientName: '""' },
    options: { emptyValueMatching: true },
    expected: ({ name }) => name === '',
    differs: { orthanc: literalQuotes, dcmqrscp: literalQuotes },
  },
];

function studyRows({ uid }: Study): readonly QueryRow<Study>[] {
  const afternoon = (time: string) => time >= '12' && time < '1801';
  return [
    { what: 'everything', clause: 'C.2.2.2.3', keys: { StudyDate: null, PatientName: null }, expected: () => true },
    { what: 'one study', clause: 'C.2.2.2.1', keys: { StudyInstanceUID: uid }, expected: (study) => study.uid === uid },
    {
      what: 'a list of studies',
      clause: 'C.2.2.2.2',
      keys: { StudyInstanceUID: [uid, `${uid}0`, '1.2.3'] },
      expected: (study) => study.uid === uid || study.uid === `${uid}0`,
    },
    {
      what: 'one accession number',
      clause: 'C.2.2.2.1',
      keys: { AccessionNumber: 'A000042' },
      expected: ({ accessionNumber }) => accessionNumber === 'A000042',
    },
    {
      what: 'a pattern of accession numbers',
      clause: 'C.2.2.2.4',
      keys: { AccessionNumber: 'A0000?5' },
      expected: ({ accessionNumber }) => /^A0000.5$/.test(accessionNumber),
    },
    {
      what: 'one day',
      clause: 'C.2.2.2.1.3',
      keys: { StudyDate: '20260115' },
      expected: ({ date }) => date === '20260115',
    },
    {
      what: 'days between',
      clause: 'C.2.2.2.5.1',
      keys: { StudyDate: '20260101-20260131' },
      expected: ({ date }) => date >= '20260101' && date <= '20260131',
    },
    {
      what: 'days since',
      clause: 'C.2.2.2.5.1',
      keys: { StudyDate: '20260601-' },
      expected: ({ date }) => date >= '20260601',
    },
    {
      what: 'days until',
      clause: 'C.2.2.2.5.1',
      keys: { StudyDate: '-20250131' },
      expected: ({ date }) => date !== '' && date <= '20250131',
      differs: {
        orthanc: { finds: ({ date }) => date <= '20250131', why: 'takes a date that is not known as earlier than any' },
      },
    },
    {
      what: 'times between',
      clause: 'C.2.2.2.5.2',
      keys: { StudyTime: '120000-180059' },
      expected: ({ time }) => afternoon(time),
    },
    {
      what: 'times between, to the minute',
      clause: 'C.2.2.2.5.2',
      keys: { StudyTime: '1200-1800' },
      expected: ({ time }) => afternoon(time),
    },
    {
      what: 'times until',
      clause: 'C.2.2.2.5.2',
      keys: { StudyTime: '-080000' },
      expected: ({ time }) => time !== '' && time < '080001',
      differs: {
        orthanc: { finds: ({ time }) => time < '080001', why: 'takes a time that is not known as earlier than any' },
      },
    },
    {
      what: 'days and times apart',
      clause: 'C.2.2.2.5.4',
      keys: { StudyDate: '20260101-20260331', StudyTime: '120000-180059' },
      expected: ({ date, time }) => date >= '20260101' && date <= '20260331' && afternoon(time),
    },
    {
      what: 'days and times together',
      clause: 'C.2.2.2.5.4',
      keys: { StudyDate: '20260101-20260331', StudyTime: '220000-060000' },
      options: { dateTimeMatching: true },
      expected: ({ date, time }) =>
        date !== '' && time !== '' && date + time >= '20260101220000' && date + time < '20260331060001',
      differs: { orthanc: noCombination, dcmqrscp: noCombination },
    },
    {
      what: 'a description, in its case',
      clause: 'C.2.2.2.1',
      keys: { StudyDescription: 'CT CHEST' },
      expected: ({ description }) => description === 'CT CHEST',
    },
    {
      what: 'a pattern of descriptions, in its case',
      clause: 'C.2.2.2.4',
      keys: { StudyDescription: 'CT*' },
      expected: ({ description }) => description.startsWith('CT'),
    },
    {
      what: 'characters that mean something to regular expressions',
      clause: 'C.2.2.2.4',
      keys: { StudyDescription: '*(C1-*' },
      expected: ({ description }) => description.includes('(C1-'),
    },
    {
      what: 'the end of a description',
      clause: 'C.2.2.2.4',
      keys: { StudyDescription: '*HEAD' },
      expected: ({ description }) => description.endsWith('HEAD'),
    },
    {
      what: 'a modality of the study',
      clause: 'C.2.2.3',
      keys: { ModalitiesInStudy: 'MR' },
      expected: ({ series }) => series.some(({ modality }) => modality === 'MR'),
      differs: { dcmqrscp: notCompared('Modalities in Study') },
    },
    {
      what: 'one of several modalities',
      clause: 'C.2.2.2.8',
      keys: { ModalitiesInStudy: 'MR\\PT' },
      expected: ({ series }) => series.some(({ modality }) => modality === 'MR' || modality === 'PT'),
      differs: { dcmqrscp: notCompared('Modalities in Study') },
    },
    {
      what: 'each of several modalities',
      clause: 'C.2.2.2.8',
      keys: { ModalitiesInStudy: 'MR\\PT' },
      options: { multipleValueMatching: true },
      expected: ({ series }) => ['MR', 'PT'].every((wanted) => series.some(({ modality }) => modality === wanted)),
      differs: {
        orthanc: {
          finds: ({ series }) => series.some(({ modality }) => modality === 'MR' || modality === 'PT'),
          why: 'has no multiple value matching: one of the values is enough',
        },
        dcmqrscp: notCompared('Modalities in Study'),
      },
    },
    {
      what: 'a code in a sequence',
      clause: 'C.2.2.2.6',
      keys: { ProcedureCodeSequence: [{ CodeValue: 'P2' }] },
      expected: ({ procedureCode }) => procedureCode === 'P2',
      differs: { orthanc: notCompared('sequences'), dcmqrscp: notCompared('sequences') },
    },
    {
      what: 'a sequence that is only to be returned',
      clause: 'C.2.2.2.6',
      keys: { ProcedureCodeSequence: [{ CodeValue: null }] },
      expected: () => true,
    },
    {
      what: 'the patient of a study',
      clause: 'C.6.2',
      keys: { PatientName: 'ROE*', PatientID: null },
      expected: ({ patient }) => plain(patient.name).startsWith('ROE'),
    },
    {
      what: 'a physician',
      clause: 'C.2.2.2.4',
      keys: { ReferringPhysicianName: "O'BRIEN*" },
      expected: ({ referringPhysician }) => referringPhysician.startsWith("O'BRIEN"),
    },
    {
      what: 'a single asterisk',
      clause: 'C.2.2.2.4',
      keys: { StudyDescription: '*', AccessionNumber: '*' },
      expected: () => true,
    },
    {
      what: 'studies of a patient',
      clause: 'C.4.1.2.1',
      model: 'patient-root',
      keys: { PatientID: 'P00003', StudyDate: null },
      expected: ({ patient }) => patient.patientId === 'P00003',
    },
    { what: 'what is not there', clause: 'C.4.1.3.1', keys: { AccessionNumber: 'NOTHING' }, expected: () => false },
    {
      what: 'studies without a date',
      clause: 'C.2.2.2.7',
      keys: { StudyDate: '""' },
      options: { emptyValueMatching: true },
      expected: ({ date }) => date === '',
      differs: { orthanc: literalQuotes, dcmqrscp: literalQuotes },
    },
  ];
}

function seriesRows(study: Study): readonly QueryRow<Series>[] {
  return [
    {
      what: 'series of a study',
      clause: 'C.4.1.2.1',
      keys: { StudyInstanceUID: study.uid },
      expected: (series) => series.study === study,
    },
    {
      what: 'series of a study by modality',
      clause: 'C.2.2.2.1',
      keys: { StudyInstanceUID: study.uid, Modality: study.series[0]?.modality ?? '' },
      expected: (series) => series.study === study && series.modality === study.series[0]?.modality,
    },
    {
      what: 'a number, not its digits',
      clause: 'C.2.2.2.1',
      keys: { StudyInstanceUID: study.uid, SeriesNumber: '02' },
      expected: (series) => series.study === study && series.number === 2,
      differs: { orthanc: literalNumber, dcmqrscp: literalNumber },
    },
    {
      what: 'all series of a modality',
      clause: 'C.4.1.3.2.1',
      keys: { Modality: 'PT' },
      options: { relationalQueries: true },
      expected: ({ modality }) => modality === 'PT',
      differs: { dcmqrscp: notRelational },
    },
    {
      what: 'series by keys of several levels',
      clause: 'C.4.1.3.2.1',
      keys: { PatientName: 'DOE*', StudyDate: '20260101-', Modality: 'CT' },
      options: { relationalQueries: true },
      expected: ({ modality, study: { date, patient } }) =>
        modality === 'CT' && date >= '20260101' && plain(patient.name).startsWith('DOE'),
      differs: { dcmqrscp: notRelational },
    },
  ];
}

function imageRows(series: Series): readonly QueryRow<Instance>[] {
  const above = { StudyInstanceUID: series.study.uid, SeriesInstanceUID: series.uid };
  return [
    {
      what: 'instances of a series',
      clause: 'C.4.1.2.1',
      keys: above,
      expected: (instance) => instance.series === series,
    },
    {
      what: 'an instance by its number',
      clause: 'C.2.2.2.1',
      keys: { ...above, InstanceNumber: '2' },
      expected: (instance) => instance.series === series && instance.number === 2,
    },
    {
      what: 'a list of instances',
      clause: 'C.2.2.2.2',
      keys: { ...above, SOPInstanceUID: series.instances.slice(1).map(({ uid }) => uid) },
      expected: (instance) => instance.series === series && instance.number > 1,
    },
    {
      what: 'one of several values of an attribute',
      clause: 'C.2.2.3',
      keys: { ...above, ImageType: 'LOCALIZER' },
      expected: (instance) => instance.series === series && instance.imageType.includes('LOCALIZER'),
      differs: {
        orthanc: { finds: nothing, why: 'compares all values as one text' },
        dcmqrscp: { finds: (instance) => instance.series === series, why: 'does not match Image Type' },
      },
    },
  ];
}

function runnable<Entity>(
  level: QueryLevel,
  { expected, differs = {}, ...row }: QueryRow<Entity>,
  entitiesOf: (archive: Archive) => readonly Entity[],
  keyOf: (entity: Entity) => string,
): RunnableRow {
  const found = (archive: Archive, isFound: (entity: Entity) => boolean) =>
    entitiesOf(archive).filter(isFound).map(keyOf).sort();
  return {
    ...row,
    level,
    expected: (archive) => found(archive, expected),
    expectedOf(peer, archive) {
      const finds = differs[peer]?.finds ?? expected;
      return typeof finds === 'number' ? finds : found(archive, finds);
    },
    reasons: Object.fromEntries(Object.entries(differs).map(([peer, { why }]) => [peer, why])),
  };
}

function allSeries({ studies }: Archive): readonly Series[] {
  return studies.flatMap(({ series }) => series);
}

function allInstances(archive: Archive): readonly Instance[] {
  return allSeries(archive).flatMap(({ instances }) => instances);
}

function fail(): never {
  throw new Error('The archive has no study of several series, or no series of several instances');
}
