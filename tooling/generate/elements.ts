/** The data dictionary: packed lookup tables, names, and the type of each keyword. */
import { type ElementRow, readElements } from './input.ts';
import { inComment, packedLines, quoted, writeGenerated } from './output.ts';

/** Writes `dictionary.generated.ts`, `element-names.generated.ts` and `element-types.generated.ts`. */
export function generateElements(): void {
  const { origin, rows } = readElements();
  // Command elements (group 0000) belong to the command codec, items and delimiters (group FFFE) to the parser.
  const elements = rows.filter((row) => !row.tag.startsWith('0000') && !row.tag.startsWith('FFFE'));
  const fixed = elements.filter((row) => !row.tag.includes('x'));
  const repeating = elements.filter((row) => row.tag.includes('x'));
  writeGenerated('dataset/dictionary.generated.ts', origin, dictionary(fixed, repeating));
  writeGenerated('dataset/element-names.generated.ts', origin, names(elements));
  writeGenerated('dataset/element-types.generated.ts', origin, types(fixed));
}

function dictionary(fixed: readonly ElementRow[], repeating: readonly ElementRow[]): string {
  const kinds = kindsByFrequency([...fixed, ...repeating]);
  let previous = 0;
  const lines = fixed.map((row) => {
    const tag = Number.parseInt(row.tag, 16);
    const step = (tag - previous).toString(36);
    previous = tag;
    return `${step} ${kindOf(row, kinds)} ${row.keyword}`;
  });
  return `
/** Value representations and multiplicity, the most frequent first: \`VR VM\`, with \` R\` when retired. */
export const elementKinds: readonly string[] = [
${[...kinds.keys()].map((kind) => `  ${quoted(kind)},`).join('\n')}
];

/** One line per element, ascending: step from the tag before (base 36), index of its kind (base 36), keyword. */
export const elementLines =
  ${packedLines(lines)};

/** Repeating groups: tag with \`x\` for any digit, index of its kind (base 36), keyword. */
export const repeatingElementLines =
  ${packedLines(repeating.map((row) => `${row.tag} ${kindOf(row, kinds)} ${row.keyword}`))};
`;
}

function kindsByFrequency(rows: readonly ElementRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(kindText(row), (counts.get(kindText(row)) ?? 0) + 1);
  const ordered = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return new Map(ordered.map(([kind], index) => [kind, index]));
}

function kindText(row: ElementRow): string {
  return `${row.vr} ${row.vm}${row.isRetired ? ' R' : ''}`;
}

function kindOf(row: ElementRow, kinds: ReadonlyMap<string, number>): string {
  return (kinds.get(kindText(row)) ?? 0).toString(36);
}

function names(rows: readonly ElementRow[]): string {
  const odd = rows.filter((row) => row.name !== '' && row.name !== nameFromKeyword(row.keyword));
  return `
/** Names that can't be had by putting spaces into the keyword: keyword (or tag, if it has none), name. */
export const oddElementNames =
  ${packedLines(odd.map((row) => `${row.keyword || row.tag} ${row.name}`))};
`;
}

/** The rule that \`dictionary-names.ts\` uses: a space before each capital that follows a small letter or precedes one. */
function nameFromKeyword(keyword: string): string {
  return keyword.replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3 $2$4');
}

const binary = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN', 'OB|OW']);
const unsplit = new Set(['LT', 'ST', 'UT', 'UR', 'SQ', ...binary]);

function types(rows: readonly ElementRow[]): string {
  const members = rows
    .filter((row) => row.keyword !== '')
    .map((row) => {
      const tag = `(${row.tag.slice(0, 4)},${row.tag.slice(4)})`;
      const shape = row.vm === '1' || unsplit.has(row.vr) ? row.vr : `${row.vr}*`;
      const retired = row.isRetired ? ', retired' : '';
      return `  /** ${inComment(row.name)} ${tag}, VM ${row.vm}${retired}. */\n  ${row.keyword}: ${quoted(shape)};`;
    });
  return `
/** What each keyword holds: its VR, with \`*\` where the element may have several values. */
export interface ElementTypes {
${members.join('\n')}
}
`;
}
