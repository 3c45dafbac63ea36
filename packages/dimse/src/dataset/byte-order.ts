/** Byte order of value fields. PS3.5 7.3. */
import { type Vr, vrTraits } from './vr.js';

/** The value with the bytes of each unit turned around; the same array where the VR has nothing to turn. */
export function swapped(vr: Vr, bytes: Uint8Array): Uint8Array {
  const { unitBytes } = vrTraits[vr];
  if (unitBytes === 1) return bytes;
  const turned = new Uint8Array(bytes);
  for (let at = 0; at + unitBytes <= bytes.length; at += unitBytes) turned.subarray(at, at + unitBytes).reverse();
  return turned;
}
