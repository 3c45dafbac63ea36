/** Person names, VR PN. PS3.5 6.2.1. */
import { invalidValue, required } from './invalid-value.js';

/** One writing of a name, in five components; those that it doesn't have are empty. PS3.5 6.2.1.1. */
export interface PersonNameGroup {
  /** Family name complex; for animals that of the responsible party, or an organization. */
  readonly familyName: string;
  /** Given name complex; for animals their name. */
  readonly givenName: string;
  /** Middle name. */
  readonly middleName: string;
  /** What stands before the name: `Dr.`. */
  readonly prefix: string;
  /** What stands behind the name: `M.D.`. */
  readonly suffix: string;
}

/** The writings that a name may come in, in their order. PS3.5 6.2.1.1. */
export type PersonNameGroupName = 'alphabetic' | 'ideographic' | 'phonetic';

const componentNames = ['familyName', 'givenName', 'middleName', 'prefix', 'suffix'] as const;
const groupNames = ['alphabetic', 'ideographic', 'phonetic'] as const;

/**
 * A person's name in up to three writings: alphabetic, ideographic, phonetic. PS3.5 6.2.1.
 *
 * @example
 * ```ts
 * import { PersonName } from '@dicomwire/dimse/dataset';
 *
 * const name = PersonName.parse('Yamada^Tarou=山田^太郎=やまだ^たろう');
 * console.log(name.alphabetic.familyName, name.ideographic.givenName); // Yamada 太郎
 * console.log(name.toDisplayString(), name.toDisplayString('ideographic')); // Tarou Yamada 山田 太郎
 * console.log(String(PersonName.of({ familyName: 'Doe', givenName: 'Jane', prefix: 'Dr.' }))); // Doe^Jane^^Dr.
 * ```
 */
export class PersonName {
  /** In single-byte characters, for any reader. */
  readonly alphabetic: PersonNameGroup;
  /** In ideographs, such as kanji, hanzi or hanja; in Hangul too. */
  readonly ideographic: PersonNameGroup;
  /** As it is spoken, such as in hiragana or Hangul. */
  readonly phonetic: PersonNameGroup;

  private constructor(alphabetic: PersonNameGroup, ideographic: PersonNameGroup, phonetic: PersonNameGroup) {
    this.alphabetic = alphabetic;
    this.ideographic = ideographic;
    this.phonetic = phonetic;
  }

  /**
   * A name from its components.
   *
   * @throws DataSetError `invalid-value` for a component with a delimiter (`^`, `=`, backslash) or control character in it, and for a group of
   * more than 64 characters, delimiters included.
   */
  static of(
    alphabetic: Partial<PersonNameGroup>,
    ideographic: Partial<PersonNameGroup> = {},
    phonetic: Partial<PersonNameGroup> = {},
  ): PersonName {
    return new PersonName(checkedGroup(alphabetic), checkedGroup(ideographic), checkedGroup(phonetic));
  }

  /**
   * Reads a name as it stands in a value. Components and groups that the standard doesn't know stay with the last one that it does, and
   * names that are too long stay whole, so that nothing is lost.
   *
   * @throws DataSetError `invalid-value` for a backslash, which divides values.
   */
  static parse(text: string): PersonName {
    return required(PersonName.tryParse(text), 'a person name', text);
  }

  /** As {@link PersonName.parse}; `undefined` for what is no name. */
  static tryParse(text: string): PersonName | undefined {
    if (text.includes('\\')) return undefined;
    const [alphabetic = '', ideographic = '', phonetic = ''] = splitUpTo(text, '=', groupNames.length);
    return new PersonName(parseGroup(alphabetic), parseGroup(ideographic), parseGroup(phonetic));
  }

  /** For sorting: component by component, by the numbers of their characters. For the order of a language compare with `Intl.Collator`. */
  static compare(a: PersonName, b: PersonName): number {
    for (const group of groupNames) {
      for (const component of componentNames) {
        const [left, right] = [a[group][component].trim(), b[group][component].trim()];
        if (left !== right) return left < right ? -1 : 1;
      }
    }
    return 0;
  }

  /** True when all components are the same, spaces around them aside. Case counts. */
  equals(other: PersonName): boolean {
    return PersonName.compare(this, other) === 0;
  }

  /** True when no component has anything in it. */
  get isEmpty(): boolean {
    return String(this) === '';
  }

  /** One writing as DICOM writes it: `Adams^John Robert Quincy^^Rev.^B.A. M.Div.`. */
  groupText(group: PersonNameGroupName): string {
    return formatGroup(this[group]);
  }

  /**
   * The name for people to read. In letters the given name comes first: `Rev. John Robert Quincy Adams, B.A. M.Div.`; in the other
   * writings the family name.
   *
   * @param group - the writing. Default: the first that isn't empty.
   */
  toDisplayString(group?: PersonNameGroupName): string {
    const shown = group ?? groupNames.find((name) => formatGroup(this[name]) !== '') ?? 'alphabetic';
    const { familyName, givenName, middleName, prefix, suffix } = this[shown];
    const isAlphabetic = shown === 'alphabetic';
    const words = isAlphabetic
      ? [prefix, givenName, middleName, familyName]
      : [prefix, familyName, givenName, middleName, suffix];
    const name = joined(words, ' ');
    return isAlphabetic ? joined([name, suffix], ', ') : name;
  }

  /** As DICOM writes it, without delimiters that nothing follows: `Yamada^Tarou=山田^太郎`. */
  toString(): string {
    return groupNames
      .map((group) => formatGroup(this[group]))
      .join('=')
      .replace(/=+$/, '');
  }
}

function parseGroup(text: string): PersonNameGroup {
  const [familyName = '', givenName = '', middleName = '', prefix = '', suffix = ''] = splitUpTo(text, '^', 5);
  return { familyName, givenName, middleName, prefix, suffix };
}

/** Parts between delimiters; what is too many stays with the last one. */
function splitUpTo(text: string, delimiter: string, count: number): string[] {
  const parts = text.trimEnd().split(delimiter);
  if (parts.length <= count) return parts;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(delimiter)];
}

function checkedGroup(group: Partial<PersonNameGroup>): PersonNameGroup {
  const { familyName = '', givenName = '', middleName = '', prefix = '', suffix = '' } = group;
  const wrong = [familyName, givenName, middleName, prefix, suffix].find(hasDelimiter);
  if (wrong !== undefined) throw invalidValue('a component of a name', wrong);
  const checked = { familyName, givenName, middleName, prefix, suffix };
  const text = formatGroup(checked);
  if ([...text].length > 64) throw invalidValue('a name of at most 64 characters', text);
  return checked;
}

function formatGroup(group: PersonNameGroup): string {
  return componentNames
    .map((component) => group[component])
    .join('^')
    .replace(/[\^ ]+$/, '');
}

function joined(words: readonly string[], separator: string): string {
  return words
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .join(separator);
}

/** True for what can't be in a component: delimiters and control characters. PS3.5 6.2. */
function hasDelimiter(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\^=\\\x00-\x1f\x7f]/.test(text);
}
