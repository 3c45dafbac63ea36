/** What the dictionary promises of an element's values. */
import type { ElementDefinition } from './dictionary.js';
import type { PlainValue } from './plain-value.js';
import { type Vr, type VrKind, vrTraits } from './vr.js';

const valueTypes: Readonly<Record<VrKind, 'string' | 'number' | 'bigint' | 'bytes'>> = {
  text: 'string',
  number: 'number',
  bigint: 'bigint',
  tag: 'number',
  binary: 'bytes',
  sequence: 'bytes',
};

/** Type of the values of a VR. */
export function valueType(vr: Vr): 'string' | 'number' | 'bigint' | 'bytes' {
  return vr === 'DS' || vr === 'IS' ? 'number' : valueTypes[vrTraits[vr].kind];
}

/** True when `get` gives a list. */
export function mayHaveSeveral({ vrs, vm }: ElementDefinition, values: readonly PlainValue[]): boolean {
  const [first = 'UN'] = vrs;
  if (vm === '1' || values[0] instanceof Uint8Array) return false;
  return vrTraits[first].isSplit || vrTraits[first].kind !== 'text';
}
