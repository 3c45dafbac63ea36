/**
 * Levels of the query/retrieve information models, their unique keys, and where other attributes belong. PS3.4 C.3, C.6.
 */

/** Query/Retrieve Level (0008,0052). PS3.4 C.6.1.1.1. */
export type QueryLevel = 'PATIENT' | 'STUDY' | 'SERIES' | 'IMAGE';

/** Levels from the top down. */
export const queryLevels: readonly QueryLevel[] = ['PATIENT', 'STUDY', 'SERIES', 'IMAGE'];

/** Tag of the unique key of each level. PS3.4 C.6.1.1.2 to C.6.1.1.5. */
export const uniqueKeyTags: Readonly<Record<QueryLevel, number>> = {
  PATIENT: 0x00100020,
  STUDY: 0x0020000d,
  SERIES: 0x0020000e,
  IMAGE: 0x00080018,
};

/** True for one of the four levels. */
export function isQueryLevel(text: string): text is QueryLevel {
  return Object.hasOwn(uniqueKeyTags, text);
}

/**
 * The level that an attribute belongs to: that of the module of PS3.3 in which it describes the patient, the study or the series. What is
 * none of these is an attribute of the instance.
 */
export function levelOfAttribute(tag: number): QueryLevel {
  return levels.get(tag) ?? (tag >>> 16 === 0x0010 ? 'PATIENT' : 'IMAGE');
}

/** PS3.4 Tables C.6-1 to C.6-3 and C.3-1, and the Study and Series modules of PS3.3 C.7.2, C.7.3, C.7.4.1 and C.7.5.1. */
// biome-ignore format: tables
const levels: ReadonlyMap<number, QueryLevel> = new Map<number, QueryLevel>([
  // Related numbers of the patient.
  ...level('PATIENT', [0x00201200, 0x00201202, 0x00201204]),
  ...level('STUDY', [
    // Dates, accession, physicians, descriptions, codes.
    0x00080020, 0x00080030, 0x00080050, 0x00080051, 0x00080061, 0x00080062, 0x00080063, 0x00080090, 0x00080096, 0x0008009c,
    0x0008009d, 0x00081030, 0x00081032, 0x00081048, 0x00081049, 0x00081060, 0x00081062, 0x00081080, 0x00081084, 0x00081110,
    // Patient study: age, size, weight, state.
    0x00101010, 0x00101020, 0x00101021, 0x00101022, 0x00101023, 0x00101024, 0x00101030, 0x00102000, 0x00102110, 0x00102180,
    0x001021a0, 0x001021b0, 0x001021c0, 0x001021d0, 0x00102203,
    // Identification, related numbers, requests and visits.
    0x0020000d, 0x00200010, 0x00201070, 0x00201206, 0x00201208, 0x0032000a, 0x0032000c, 0x00321032, 0x00321033, 0x00321034,
    0x00321060, 0x00321064, 0x00321066, 0x00321067, 0x00380010, 0x00380014, 0x00380060, 0x00380062, 0x00380064, 0x00380500,
    0x00401012,
  ]),
  ...level('SERIES', [
    0x00080021, 0x00080031, 0x00080060, 0x00080064, 0x00080068, 0x00080070, 0x00080080, 0x00080081, 0x00080082, 0x0008103e,
    0x0008103f, 0x00081010, 0x00081040, 0x00081041, 0x00081050, 0x00081052, 0x00081070, 0x00081072, 0x00081090, 0x00081111,
    0x00081250, 0x00180015, 0x00181000, 0x00181020, 0x00181030, 0x00185100, 0x0020000e, 0x00200011, 0x00200052, 0x00200060,
    0x00201040, 0x00201209, 0x00400244, 0x00400245, 0x00400250, 0x00400251, 0x00400253, 0x00400254, 0x00400260, 0x00400275,
    0x00400280, 0x00540400,
  ]),
  ...level('IMAGE', [0x00080018]),
]);

function level(name: QueryLevel, tags: readonly number[]): readonly (readonly [number, QueryLevel])[] {
  return tags.map((tag) => [tag, name] as const);
}
