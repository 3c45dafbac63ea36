/**
 * An archive that is made up, the same for the same seed: patients, studies, series and instances, with the values that queries trip over: names in several
 * cases, with accents and in Japanese, times of every precision, attributes without a value.
 */

/** A patient. */
export interface Patient {
  readonly patientId: string;
  /** `''` where it is not known. */
  readonly name: string;
  readonly birthDate: string;
  readonly sex: string;
  /** What the name needs. */
  readonly characterSet: string;
  readonly studies: Study[];
}

/** A study. */
export interface Study {
  readonly patient: Patient;
  readonly uid: string;
  readonly date: string;
  readonly time: string;
  readonly accessionNumber: string;
  readonly studyId: string;
  readonly description: string;
  readonly referringPhysician: string;
  readonly procedureCode: string;
  readonly series: Series[];
}

/** A series. */
export interface Series {
  readonly study: Study;
  readonly uid: string;
  readonly modality: string;
  readonly number: number;
  readonly description: string;
  readonly instances: Instance[];
}

/** An instance. */
export interface Instance {
  readonly series: Series;
  readonly uid: string;
  readonly number: number;
  readonly imageType: readonly string[];
}

/** The whole of it. */
export interface Archive {
  readonly patients: readonly Patient[];
  readonly studies: readonly Study[];
}

/** Root of all its UIDs. */
export const archiveRoot = '1.2.826.0.1.3680043.10.1234';

/** Makes up an archive of so many studies. */
export function makeArchive(studyCount: number, seed = 1): Archive {
  const random = new Random(seed);
  const patients: Patient[] = [];
  const studies: Study[] = [];
  while (studies.length < studyCount) {
    const patient = makePatient(random, patients.length);
    patients.push(patient);
    const count = Math.min(random.below(4) + 1, studyCount - studies.length);
    for (let at = 0; at < count; at += 1) studies.push(addStudy(random, patient, studies.length));
  }
  return { patients, studies };
}

function makePatient(random: Random, at: number): Patient {
  const name = random.of(names);
  return {
    patientId: `P${String(at).padStart(5, '0')}`,
    name,
    birthDate: random.below(10) === 0 ? '' : dayText(random.below(30_000), 1930),
    sex: random.of(['F', 'M', 'O', '']),
    characterSet: /^[\x20-\x7e]*$/.test(name) ? '' : /^[\x20-\xff]*$/.test(name) ? 'ISO_IR 100' : 'ISO_IR 192',
    studies: [],
  };
}

function addStudy(random: Random, patient: Patient, at: number): Study {
  const study: Study = {
    patient,
    uid: `${archiveRoot}.${at + 1}`,
    date: random.below(12) === 0 ? '' : dayText(random.below(730), 2025),
    time: random.below(12) === 0 ? '' : timeText(random),
    accessionNumber: random.below(10) === 0 ? '' : `A${String(at).padStart(6, '0')}`,
    studyId: String(random.below(50)),
    description: random.of(descriptions),
    referringPhysician: random.of(names),
    procedureCode: random.of(['P1', 'P2', 'P3', '']),
    series: [],
  };
  patient.studies.push(study);
  const count = random.below(3) + 1;
  for (let each = 0; each < count; each += 1) addSeries(random, study, each + 1);
  return study;
}

function addSeries(random: Random, study: Study, number: number): void {
  const series: Series = {
    study,
    uid: `${study.uid}.${number}`,
    modality: random.of(['CT', 'CT', 'MR', 'PT', 'US', 'SR']),
    number,
    description: random.of(['AX', 'ax', 'SAG', 'COR*', 'AX?1', '']),
    instances: [],
  };
  study.series.push(series);
  const count = random.below(8) === 0 ? 3 : 1;
  for (let each = 1; each <= count; each += 1) {
    const imageType = ['ORIGINAL', 'PRIMARY', random.of(['AXIAL', 'LOCALIZER'])];
    series.instances.push({ series, uid: `${series.uid}.${each}`, number: each, imageType });
  }
}

/** Those of a query's table among others. */
const names: readonly string[] = [
  'DOE^JANE',
  'Doe^John',
  'doe^jim',
  'DOE^JANE^MARY',
  'DOES^JANE',
  'ROE^RICHARD',
  'SMITH^MARY',
  'Mary^Smith',
  'SMYTHE^MARIE',
  'MULLER^JORG',
  'Müller^Jörg',
  'MÜLLER^ANNA',
  'Sørensen^Lars',
  "O'BRIEN^PAT",
  'VAN DER BERG^ANNA',
  'Yamada^Tarou=山田^太郎=やまだ^たろう',
  'Tanaka^Hanako=田中^花子=たなか^はなこ',
  '',
];

const descriptions: readonly string[] = [
  'CT CHEST',
  'CT CHEST WITH CONTRAST',
  'ct chest',
  'CT HEAD',
  'MR HEAD',
  'CHEST CT',
  'PET/CT WHOLE BODY',
  'SPINE (C1-C7)',
  '',
];

/** `YYYYMMDD` of a day so long after the beginning of a year. */
function dayText(days: number, year: number): string {
  return new Date(Date.UTC(year, 0, 1 + days)).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Mostly to the second; some with a fraction, some to the minute. */
function timeText(random: Random): string {
  const [hour, minute, second] = [random.below(24), random.below(60), random.below(60)].map((part) =>
    String(part).padStart(2, '0'),
  );
  const precision = random.below(10);
  if (precision === 0) return `${hour}${minute}`;
  return precision === 1 ? `${hour}${minute}${second}.${random.below(900) + 100}` : `${hour}${minute}${second}`;
}

/** The mulberry32 generator: small, and the same everywhere. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  of<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('Nothing to choose from');
    return choice;
  }
}
