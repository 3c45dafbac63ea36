/** Which encoding a data set has, by what its first elements look like: for files that don't tell, or tell wrong. */
import { type Encoding, explicitBigEndian, explicitLittleEndian, implicitLittleEndian } from './encoding.js';
import { HeaderReader } from './header.js';
import { BoundedInflate } from './inflate.js';
import { defaultDataSetLimits } from './limits.js';
import { Source } from './source.js';
import { itemGroupTag, undefinedLength } from './tag.js';
import { TransferSyntax } from './transfer-syntax.js';
import { headerForm, noVr, vrOfCode } from './vr-code.js';

/** So many elements that look right settle it. */
const enough = 8;
/** Elements at the beginning of a data set that is not here as a whole are not longer. */
const longestAtBeginning = 0x10_0000;

/** Native encodings, in the order in which they are tried. */
const candidates: readonly (readonly [name: keyof typeof TransferSyntax, encoding: Encoding])[] = [
  // Names, for a program that guesses nothing to go without the table of UIDs: reading it here would keep it.
  ['ExplicitVRLittleEndian', explicitLittleEndian],
  ['ImplicitVRLittleEndian', implicitLittleEndian],
  ['ExplicitVRBigEndian', explicitBigEndian],
];

/**
 * The native transfer syntax (deflated included) that the data set at `at` looks like.
 *
 * @param isComplete - the bytes are all that there is.
 * @returns undefined when it looks like none.
 */
export function plausibleTransferSyntax(bytes: Uint8Array, at: number, isComplete: boolean): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const [name, encoding] of candidates) {
    const count = plausibleElements(bytes, at, encoding, isComplete);
    if (count <= most) continue;
    best = TransferSyntax[name];
    most = count;
  }
  return most < 2 && isDeflated(bytes, at) ? TransferSyntax.DeflatedExplicitVRLittleEndian : best;
}

/**
 * The transfer syntax in which a data set really is, when it can't be the native one that is stated and looks like another throughout.
 * Encapsulated and private ones are left alone: what is wrong about their headers is read all the same.
 *
 * @returns undefined when what is stated may stand.
 */
export function contradicts(stated: string, bytes: Uint8Array, at: number, isComplete: boolean): string | undefined {
  const isStatedDeflated = stated === TransferSyntax.DeflatedExplicitVRLittleEndian;
  const encoding = candidates.find(([name]) => TransferSyntax[name] === stated)?.[1];
  if (encoding === undefined && !isStatedDeflated) return undefined;
  const right = encoding === undefined ? 0 : plausibleElements(bytes, at, encoding, isComplete);
  if (right >= 2 || bytes.length - at < 16) return undefined;
  const found = plausibleTransferSyntax(bytes, at, isComplete);
  if (found === undefined || found === stated) return undefined;
  if (found === TransferSyntax.DeflatedExplicitVRLittleEndian) return found;
  const other = candidates.find(([name]) => TransferSyntax[name] === found)?.[1] ?? explicitLittleEndian;
  return plausibleElements(bytes, at, other, isComplete) >= Math.max(2, right + 1) ? found : undefined;
}

/** How many elements in a row look right, {@link enough} at most. */
function plausibleElements(bytes: Uint8Array, at: number, encoding: Encoding, isComplete: boolean): number {
  const source = new Source(bytes, encoding, defaultDataSetLimits);
  const header = new HeaderReader();
  let position = at;
  let previousTag = -1;
  let count = 0;
  while (count < enough && header.read(source, position, bytes.length)) {
    const { tag, vr, length, valueOffset } = header;
    if (tag <= previousTag || tag >= itemGroupTag) break;
    if (!encoding.isImplicitVr && !hasKnownVr(bytes, position, vr)) break;
    if (length === undefinedLength) {
      const mayBe = vr === noVr ? encoding.isImplicitVr : ['SQ', 'UN', 'OB', 'OW'].includes(vrOfCode(vr) ?? '');
      return mayBe ? enough : count;
    }
    const next = valueOffset + length;
    if (next > bytes.length && (isComplete || length > longestAtBeginning)) break;
    previousTag = tag;
    position = next;
    count++;
  }
  return count;
}

function hasKnownVr(bytes: Uint8Array, at: number, vr: number): boolean {
  if (vrOfCode(vr) === undefined) return false;
  // A long header has two zero bytes after its VR.
  const isLong = headerForm(bytes[at + 4]!, bytes[at + 5]!) === 2;
  return !isLong || (bytes[at + 6] === 0 && bytes[at + 7] === 0);
}

/** True when it inflates to what looks like a data set. */
function isDeflated(bytes: Uint8Array, at: number): boolean {
  let inflated: Uint8Array | undefined;
  const inflate = new BoundedInflate(defaultDataSetLimits, (part) => {
    inflated ??= part;
    return true;
  });
  try {
    // One step of input is passed on at once; less of it waits for its end.
    inflate.push(bytes.subarray(at, at + 4096));
    if (inflated === undefined) inflate.finish();
  } catch {
    if (inflated === undefined) return false;
  }
  return inflated !== undefined && plausibleElements(inflated, 0, explicitLittleEndian, false) >= 2;
}
