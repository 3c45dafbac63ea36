/** Values of Specific Character Set (0008,0005), as the standard has them and as they are met. PS3.3 C.12.1.1.2. */

/** The sets that values name: an ISO-IR number, `GB18030` or `GBK`. */
export interface CharacterSets {
  /** Value 1 first; at least that. Each set once. */
  readonly sets: readonly string[];
  /** What was wrong with the values, if anything. */
  readonly problem: string | undefined;
}

/** Sets that stand alone: they know nothing of code extension. PS3.3 Table C.12-5. */
export const standAloneSets: ReadonlySet<string> = new Set(['192', 'GB18030', 'GBK']);

const isoNumbers = '6 13 58 87 100 101 109 110 126 127 138 144 148 149 159 166 192 203'.split(' ');

/** Names that are no defined terms and yet in use. */
const aliases: Readonly<Record<string, string>> = {
  '': '6',
  UTF8: '192',
  GB2312: '58',
  SHIFTJIS: '13',
  GBK: 'GBK',
  ISO2022GBK: 'GBK',
  GB18030: 'GB18030',
};

/**
 * Reads the values of (0008,0005). Spellings vary in the field: `ISO IR 100`, `ISO-IR 100`, `iso_ir 100` are all ISO_IR 100. `ISO 2022 IR 100`
 * names the same set. A set that isn't known is left out.
 */
export function characterSetsOf(terms: readonly string[]): CharacterSets {
  const named = terms.map(setOf);
  const unknown = terms.find((_term, index) => named[index] === undefined);
  const known = [...new Set(named.filter((set) => set !== undefined))];
  const alone = known.find((set) => standAloneSets.has(set));
  let problem: string | undefined;
  if (unknown !== undefined) problem = `The character set ${JSON.stringify(unknown.slice(0, 40))} is not known`;
  else if (alone !== undefined && known.length > 1)
    problem = `The character set ${definedTerm(alone, false)} stands beside others`;
  return { sets: combined(known), problem };
}

/** Defined term of a set, for messages. */
export function definedTerm(set: string, isExtended: boolean): string {
  if (!/^\d+$/.test(set)) return set;
  return isExtended ? `ISO 2022 IR ${set}` : `ISO_IR ${set}`;
}

/** A set that stands alone, in the first place or behind the default repertoire, is the only one; elsewhere it is left out. */
function combined(known: readonly string[]): readonly string[] {
  const [first = '6', second = ''] = known;
  if (standAloneSets.has(first)) return [first];
  if (first === '6' && standAloneSets.has(second)) return [second];
  return [first, ...known.slice(1).filter((set) => !standAloneSets.has(set))];
}

function setOf(term: string): string | undefined {
  const letters = term.toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (Object.hasOwn(aliases, letters)) return aliases[letters];
  const number = /^ISO(?:2022)?(?:IR)?(\d+)$/.exec(letters)?.[1];
  return number !== undefined && isoNumbers.includes(number) ? number : undefined;
}
