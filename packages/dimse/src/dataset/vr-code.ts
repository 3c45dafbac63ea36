/**
 * VRs as the two bytes that stand in an explicit VR header, for the loop that locates elements: one table look-up tells
 * how long the header is. PS3.5 7.1.2.
 */
import { isVr, type Vr, vrTraits } from './vr.js';

/** The VR isn't given (implicit VR, delimiters, headers without a VR). */
export const noVr = 0;

/** Header form of two bytes that are no capital letters: no VR stands here. */
export const formNone = 0;
/** 16-bit length follows the VR. */
export const formShort = 1;
/** Two reserved bytes and a 32-bit length follow the VR. */
export const formLong = 2;
/** Two capital letters that are no VR known here: the reserved bytes decide. */
export const formUnknown = 3;

const forms = /* @__PURE__ */ tabulateForms();
const names = /* @__PURE__ */ tabulateNames();

/** The header's form, by the two bytes where explicit VR has its VR. */
export function headerForm(first: number, second: number): number {
  const row = first - 65;
  const column = second - 65;
  if (row < 0 || row > 25 || column < 0 || column > 25) return formNone;
  return forms[row * 26 + column]!;
}

/** Code of a VR: its first letter in the high byte. */
export function vrCode(vr: Vr): number {
  return (vr.charCodeAt(0) << 8) | vr.charCodeAt(1);
}

/** The VR of a code, `undefined` for {@link noVr} and letters that are no VR. */
export function vrOfCode(code: number): Vr | undefined {
  const row = (code >> 8) - 65;
  const column = (code & 0xff) - 65;
  if (row < 0 || row > 25 || column < 0 || column > 25) return undefined;
  return names[row * 26 + column];
}

function tabulateForms(): Uint8Array {
  const table = new Uint8Array(26 * 26).fill(formUnknown);
  for (const vr of Object.keys(vrTraits).filter(isVr))
    table[place(vr)] = vrTraits[vr].hasLongLength ? formLong : formShort;
  return table;
}

function tabulateNames(): (Vr | undefined)[] {
  const table = new Array<Vr | undefined>(26 * 26).fill(undefined);
  for (const vr of Object.keys(vrTraits).filter(isVr)) table[place(vr)] = vr;
  return table;
}

function place(vr: Vr): number {
  return (vr.charCodeAt(0) - 65) * 26 + vr.charCodeAt(1) - 65;
}
