/** Characters that a character set doesn't have. */
import { DataSetError } from '../errors.js';

/** What becomes of text that can't be written: an error, or a question mark for each character. */
export type Unencodable = 'error' | 'replace';

/** The error for a character. @param terms - values of Specific Character Set (0008,0005), empty for the default repertoire. */
export function lackingCharacter(character: string, terms: string): DataSetError {
  const set = terms === '' ? 'The default character repertoire' : `The character set ${terms}`;
  const advice = "set SpecificCharacterSet to 'ISO_IR 192' for Unicode";
  return new DataSetError('unsupported-character-set', `${set} has no ${JSON.stringify(character)}; ${advice}`);
}
