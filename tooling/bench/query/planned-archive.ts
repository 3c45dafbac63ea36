/** An archive that is made, not sent: what is in it follows from numbers, so that whoever asks knows what must come. */

/** An archive of so many studies, all of the same shape. */
export interface ArchivePlan {
  readonly studies: number;
  readonly seriesPerStudy: number;
  readonly instancesPerSeries: number;
}

/** A plan of about so many instances, 50 in a study. */
export function planOf(instances: number): ArchivePlan {
  return { studies: Math.max(1, Math.round(instances / 50)), seriesPerStudy: 5, instancesPerSeries: 10 };
}

/** Instances of the whole. */
export function instanceCount({ studies, seriesPerStudy, instancesPerSeries }: ArchivePlan): number {
  return studies * seriesPerStudy * instancesPerSeries;
}

/** Attributes of a study, its patient included. Two studies of each patient, 4,000 dates, ten physicians. */
export function studyOf(study: number) {
  const patient = study >> 1;
  return {
    patientId: `PID${String(patient).padStart(7, '0')}`,
    patientName: `${SURNAMES[patient % SURNAMES.length]}^${GIVEN_NAMES[patient % GIVEN_NAMES.length]}^${patient}`,
    patientBirthDate: dateOf(patient % 20_000),
    patientSex: patient % 2 === 0 ? 'F' : 'M',
    studyInstanceUid: `${ROOT}.${study}`,
    studyDate: dateOf(16_000 + (study % 4_000)),
    studyTime: `${String(8 + (study % 10)).padStart(2, '0')}3000`,
    studyDescription: study % 3 === 0 ? 'THORAX' : 'ABDOMEN',
    accessionNumber: `ACC${String(study).padStart(8, '0')}`,
    studyId: String(study),
    referringPhysicianName: `PHYSICIAN^${study % 10}`,
  } as const;
}

/** Attributes of a series. */
export function seriesOf(study: number, series: number) {
  return {
    seriesInstanceUid: `${ROOT}.${study}.${series}`,
    seriesNumber: String(series + 1),
    modality: series === 4 ? 'PR' : 'CT',
    seriesDescription: `SERIES ${series + 1}`,
  } as const;
}

/** SOP Instance UID of an instance. */
export function sopInstanceUidOf(study: number, series: number, instance: number): string {
  return `${ROOT}.${study}.${series}.${instance}`;
}

/** Number of an instance in the whole, by its UID; `undefined` of one that is not planned. */
export function numberOfInstance(
  { studies, seriesPerStudy, instancesPerSeries }: ArchivePlan,
  uid: string,
): number | undefined {
  const [study = -1, series = -1, instance = -1] = uid
    .slice(ROOT.length + 1)
    .split('.')
    .map(Number);
  const isPlanned = study < studies && series < seriesPerStudy && instance < instancesPerSeries;
  if (!isPlanned || sopInstanceUidOf(study, series, instance) !== uid) return undefined;
  return (study * seriesPerStudy + series) * instancesPerSeries + instance;
}

/** Of the usual length. */
const ROOT = '2.25.302641973605813274918365401928374';

const SURNAMES = ['SMITH', 'GARCIA', 'MÜLLER', 'ROSSI', 'DUBOIS', 'NOVAK', 'JENSEN', 'SILVA', 'KOWALSKI'] as const;
const GIVEN_NAMES = ['ANNA', 'BEN', 'CLARA', 'DAVID', 'EMMA', 'FELIX', 'GRETA'] as const;

/** Days from 1980-01-01. */
function dateOf(day: number): string {
  return new Date(Date.UTC(1980, 0, 1 + day)).toISOString().slice(0, 10).replaceAll('-', '');
}
