/** Values that were set, as they would be read once written. */
import { textCodec } from './charset/specific-character-set.js';
import { decodeValues, numberOfText, splitText } from './decode-value.js';
import type { PlainValue } from './plain-value.js';
import { formatDecimal } from './values/format-decimal.js';
import { type Vr, vrTraits } from './vr.js';

/** Values to keep: texts without padding, those with a backslash divided, and none for one that is empty. */
export function valuesToKeep(vr: Vr, values: readonly PlainValue[]): readonly PlainValue[] {
  if (vrTraits[vr].kind !== 'text' || values.every(staysAsItIs)) return [...values];
  const kept = values.flatMap((value): readonly PlainValue[] =>
    typeof value === 'string' ? splitText(vr, value) : [value],
  );
  return kept.length === 1 && kept[0] === '' ? [] : kept;
}

/** True for texts of a VR of texts that are kept as they are; a cheap look, since nearly all are. */
export function isPlainText(vr: Vr, values: readonly PlainValue[]): boolean {
  if (vrTraits[vr].kind !== 'text') return false;
  for (const value of values) if (typeof value !== 'string' || !staysAsItIs(value)) return false;
  return true;
}

/** Text that has neither padding nor a backslash, which is nearly all of it, or a number. */
function staysAsItIs(value: PlainValue): boolean {
  if (typeof value !== 'string') return true;
  const last = value.charCodeAt(value.length - 1);
  return value.charCodeAt(0) > space && last > space && !value.includes('\\');
}

const space = 0x20;

/** Values as `values` gives them: numbers for DS and IS that were set as text, and for numbers that were set as bytes. */
export function setValuesOf(vr: Vr, values: readonly PlainValue[]): readonly PlainValue[] {
  if (vr === 'DS' || vr === 'IS')
    return values.map((value) => (typeof value === 'string' ? numberOfText(value) : value));
  const { kind } = vrTraits[vr];
  const [first] = values;
  const isEncoded = first instanceof Uint8Array && kind !== 'binary' && kind !== 'sequence';
  return isEncoded ? decodeValues(vr, first, false, textCodec([])) : values;
}

/** Values as `texts` gives them: numbers with the digits that they will be written with. */
export function setTextsOf(vr: Vr, values: readonly PlainValue[]): readonly string[] {
  const shown = vr === 'DS' || vr === 'IS' ? values : setValuesOf(vr, values);
  return shown.map((value) => {
    if (typeof value !== 'number') return String(value);
    if (vr === 'DS' && Number.isFinite(value)) return formatDecimal(value);
    return Number.isNaN(value) && vrTraits[vr].kind === 'text' ? '' : String(value);
  });
}
