/** UIDs of PS3.6 Annex A as constants and as a table of names. */
import { readSopClasses, readUids, type Table, type UidRow } from './input.ts';
import { inComment, packedLines, quoted, writeGenerated } from './output.ts';

/** Writes `transfer-syntax.generated.ts`, `sop-class.generated.ts` and `uid.generated.ts`. */
export function generateUids(): void {
  const uids = readUids();
  writeGenerated('dataset/transfer-syntax.generated.ts', uids.origin, transferSyntaxes(uids));
  writeGenerated('dataset/uid.generated.ts', uids.origin, names(uids));
  const classes = readSopClasses();
  const body = sopClasses(uids, classes.services, classes.retiredStorage);
  writeGenerated('dataset/sop-class.generated.ts', `${uids.origin} Services: ${classes.origin}`, body);
}

const deflated = new Set(['1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.4.95', '1.2.840.10008.1.2.4.205']);
const implicit = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.20']);
const bigEndian = new Set(['1.2.840.10008.1.2.2']);
/** Explicit little endian without encapsulated pixel data: plain, by reference (JPIP), or no data set encoding at all. */
const unencapsulated = new Set([
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.4.94',
  '1.2.840.10008.1.2.4.204',
  '1.2.840.10008.1.2.6.1',
  '1.2.840.10008.1.2.6.2',
]);

function transferSyntaxes({ rows }: Table<UidRow>): string {
  const syntaxes = rows.filter((row) => row.type === 'Transfer Syntax');
  const table = syntaxes.map((row) => {
    const flags = [
      implicit.has(row.uid) ? 'i' : '',
      bigEndian.has(row.uid) ? 'b' : '',
      deflated.has(row.uid) ? 'd' : '',
      isEncapsulated(row.uid) ? 'e' : '',
      row.isRetired ? 'r' : '',
    ].join('');
    return `  [${quoted(row.uid)}, ${quoted(row.keyword)}, ${quoted(row.name)}, ${quoted(flags)}],`;
  });
  return `
/** UIDs of the standard's transfer syntaxes by keyword. PS3.6 Table A-1. */
export const TransferSyntax = {
${constants(syntaxes)}
} as const;

/** UID, keyword, name, flags: i(mplicit VR), b(ig endian), d(eflated), e(ncapsulated), r(etired). */
export const transferSyntaxRows: readonly (readonly [string, string, string, string])[] = [
${table.join('\n')}
];
`;
}

function isEncapsulated(uid: string): boolean {
  return !deflated.has(uid) && !implicit.has(uid) && !bigEndian.has(uid) && !unencapsulated.has(uid);
}

function sopClasses(
  { rows }: Table<UidRow>,
  services: ReadonlyMap<string, readonly string[]>,
  retiredStorage: readonly string[],
): string {
  const classes = rows.filter((row) => row.type === 'SOP Class' || row.type === 'Meta SOP Class');
  const lists = [...services]
    .filter(([, uids]) => uids.length > 1)
    .map(([service, uids]) => list(`${service}SopClasses`, `SOP classes of the service ${service}.`, uids));
  return `
/** UIDs of the standard's SOP classes and meta SOP classes by keyword. PS3.6 Table A-1. */
export const SopClass = {
${constants(classes)}
} as const;

${lists.join('\n\n')}

${list('retiredStorageSopClasses', 'Storage SOP classes that the standard has retired; archives still meet them.', retiredStorage)}
`;
}

function list(name: string, comment: string, uids: readonly string[]): string {
  const lines = uids.map((uid) => `  ${quoted(uid)},`);
  return `/** ${comment} PS3.4. */\nexport const ${name}: readonly string[] = [\n${lines.join('\n')}\n];`;
}

function names({ rows }: Table<UidRow>): string {
  const others = rows.filter(
    (row) => !['SOP Class', 'Meta SOP Class', 'Transfer Syntax', 'LDAP OID'].includes(row.type),
  );
  const types = [...new Set(rows.map((row) => row.type))];
  const lines = rows.map((row) => {
    const uid = row.uid.replace(/^1\.2\.840\.10008\./, '.');
    return [uid, types.indexOf(row.type).toString(36) + (row.isRetired ? 'r' : ''), row.keyword, row.name].join('|');
  });
  return `
/** UIDs of well-known instances, frames of reference, coding schemes and the like by keyword. PS3.6 Tables A-1, A-2. */
export const WellKnownUid = {
${constants(others)}
} as const;

/** The types of UID that PS3.6 Table A-1 tells apart. */
export const uidTypes: readonly string[] = [
${types.map((type) => `  ${quoted(type)},`).join('\n')}
];

/** One line per UID: UID (a leading dot stands for 1.2.840.10008.), index of its type (base 36; r when retired), keyword, name. */
export const uidLines =
  ${packedLines(lines)};
`;
}

function constants(rows: readonly UidRow[]): string {
  return rows
    .filter((row) => row.keyword !== '')
    .map(
      (row) =>
        `  /** ${inComment(row.name)}${row.isRetired ? ' (retired)' : ''}. */\n  ${row.keyword}: ${quoted(row.uid)},`,
    )
    .join('\n');
}
