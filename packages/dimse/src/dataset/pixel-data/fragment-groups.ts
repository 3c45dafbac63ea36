/** Which fragments make a frame: told by offset tables, or by what the fragments look like where those are missing or wrong. PS3.5 A.4. */
import { PixelDataError } from './errors.js';

/** Where frames begin, when a table says so. */
export interface OffsetTable {
  /** Name, for warnings. */
  readonly name: string;
  /** For each frame, from the first byte of the item of the first fragment. */
  readonly offsets: readonly number[];
  /** Bytes of each frame without padding, where it says so. */
  readonly lengths: readonly number[] | undefined;
}

/** Fragments by frame. */
export interface FragmentGroups {
  /** For each frame the number of its first fragment; after the last the number of fragments. */
  readonly starts: readonly number[];
  /** The table that was followed. */
  readonly table: OffsetTable | undefined;
  /** What is odd. */
  readonly warnings: readonly string[];
}

/**
 * Groups fragments into frames.
 *
 * @param fragments - without the basic offset table.
 * @param frames - how many frames there should be; `undefined` when nothing says so.
 * @param tables - the best first; empty ones left out.
 * @throws PixelDataError `frames-not-found`.
 */
export function groupFragments(
  fragments: readonly Uint8Array[],
  frames: number | undefined,
  tables: readonly OffsetTable[],
): FragmentGroups {
  const warnings: string[] = [];
  for (const table of tables) {
    const starts = startsByTable(fragments, table, frames);
    if (typeof starts !== 'string') return { starts, table, warnings };
    warnings.push(`The ${table.name} is not followed: ${starts}`);
  }
  const count = frames ?? 1;
  const starts = startsByFragments(fragments, count, warnings);
  return { starts: [...starts, fragments.length], table: undefined, warnings };
}

/** The starts, or what is wrong with the table. */
function startsByTable(
  fragments: readonly Uint8Array[],
  { offsets, lengths }: OffsetTable,
  frames: number | undefined,
): number[] | string {
  if (frames !== undefined && offsets.length !== frames) return `it has ${offsets.length} entries for ${frames} frames`;
  const starts: number[] = [];
  let position = 0;
  let fragment = 0;
  for (const offset of offsets) {
    while (position < offset && fragment < fragments.length) position += storedLength(fragments[fragment++]!);
    if (position !== offset || fragment === fragments.length) return `no fragment begins at offset ${offset}`;
    if (fragment <= (starts[starts.length - 1] ?? -1)) return `offset ${offset} stands twice`;
    starts.push(fragment);
  }
  if (starts[0] !== 0) return 'its first entry is not 0';
  starts.push(fragments.length);
  if (lengths === undefined) return starts;
  if (lengths.length !== offsets.length) return `it has ${lengths.length} lengths for ${offsets.length} offsets`;
  for (const [frame, length] of lengths.entries()) {
    // With an extended offset table each frame is one fragment. PS3.5 A.4.
    if (starts[frame + 1] !== starts[frame]! + 1) return `frame ${frame} has several fragments`;
    if (length > fragments[starts[frame]!]!.length) return `frame ${frame} is shorter than it says`;
  }
  return starts;
}

/** Bytes of a fragment with the header of its item, made even as it is when it is written. */
export function storedLength(fragment: Uint8Array): number {
  return 8 + fragment.length + (fragment.length % 2);
}

function startsByFragments(fragments: readonly Uint8Array[], frames: number, warnings: string[]): readonly number[] {
  if (frames === 1) return [0];
  if (fragments.length === frames) return fragments.map((_, index) => index);
  if (fragments.length < frames) {
    // A video is one stream, which frames can't be cut from.
    if (!fragments.every((_, index) => isBeginning(fragments, index))) throw notFound(fragments.length, frames);
    warnings.push(`${fragments.length} fragments are fewer than ${frames} frames: each is taken for one frame`);
    return fragments.map((_, index) => index);
  }
  for (const isStart of [isAfterEnd, isBeginning]) {
    const starts = fragments.flatMap((_, index) => (index === 0 || isStart(fragments, index) ? [index] : []));
    if (starts.length === frames) return starts;
  }
  throw notFound(fragments.length, frames);
}

function notFound(fragments: number, frames: number): PixelDataError {
  const message = `${fragments} fragments can't be told apart into ${frames} frames`;
  return new PixelDataError('frames-not-found', message);
}

/** True when the fragment before ends an image. JPEG, JPEG-LS and JPEG 2000 all end with FFD9, a zero byte may pad it. */
function isAfterEnd(fragments: readonly Uint8Array[], index: number): boolean {
  const before = fragments[index - 1];
  const last = before?.[before.length - 1];
  if (before === undefined || last === undefined) return false;
  // The marker may be torn apart between two fragments.
  const carry = before.length < 3 ? (fragments[index - 2]?.slice(-2) ?? []) : [];
  const tail = [...carry, ...before.slice(-3)];
  if (tail[tail.length - 1] === 0) tail.pop();
  return tail[tail.length - 2] === 0xff && tail[tail.length - 1] === 0xd9;
}

/**
 * True when an image begins with the fragment: JPEG's start of image and another marker, JPEG 2000's start of codestream and its size, or
 * the header of an RLE frame, whose first segment follows it.
 */
function isBeginning(fragments: readonly Uint8Array[], index: number): boolean {
  const [first, second, third, fourth, fifth] = fragments[index] ?? [];
  if (first !== 0xff)
    return fifth === 64 && first !== undefined && first > 0 && first <= 15 && second === 0 && fourth === 0;
  return third === 0xff && (second === 0xd8 || (second === 0x4f && fourth === 0x51));
}
