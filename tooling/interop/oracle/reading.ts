/** What a reader makes of a file, in a form in which readers can be compared. */
import { createHash } from 'node:crypto';

/** A value: text, a number, `null` where a text is no number; tags as `(0010,0010)`, 64-bit numbers as digits. */
export type Scalar = string | number | null;

/** What a reader says of one element; what it doesn't say is absent. */
export interface ReadElement {
  readonly vr?: string | undefined;
  /** Values as text, numbers or tags; DS and IS with the digits that were written; binary ones as a digest, little endian. */
  readonly values?: readonly Scalar[] | undefined;
  /** DS and IS as numbers. */
  readonly numbers?: readonly Scalar[] | undefined;
  /** Digest of the value field as it stands. */
  readonly field?: string | undefined;
  /** Number of items of a sequence. */
  readonly items?: number | undefined;
  /** Digests of the fragments of encapsulated pixel data, the offset table first. */
  readonly fragments?: readonly string[] | undefined;
  /** The reader refuses the element. */
  readonly error?: string | undefined;
}

/** Elements by path, `(0040,A730)[0]/(0040,A160)`, or why there are none. */
export interface Reading {
  readonly elements: ReadonlyMap<string, ReadElement>;
  /** The reader refuses the file, or the rest of it. */
  readonly error?: string | undefined;
}

/** Something that two readers see differently. */
export interface Difference {
  readonly file: string;
  /** Empty for the file as a whole. */
  readonly path: string;
  readonly aspect: keyof ReadElement | 'presence';
  readonly ours: string;
  readonly theirs: string;
}

/** Short and unmistakable: the length, and the beginning of the MD5. */
export function digestOf(bytes: Uint8Array): string {
  return digestFrom(bytes.length, createHash('md5').update(bytes).digest('hex'));
}

/** As {@link digestOf}, from an MD5 that was worked out elsewhere. */
export function digestFrom(length: number, md5: string): string {
  return `${length}:${md5.slice(0, 12)}`;
}

/**
 * Everything that `theirs` says and `ours` doesn't say likewise, and the other way around for whole elements.
 *
 * @param isAsked - false for elements that they can't be asked about.
 */
export function compareReadings(
  file: string,
  ours: Reading,
  theirs: Reading,
  isAsked: (path: string, our: ReadElement | undefined) => boolean = () => true,
): Difference[] {
  const differences: Difference[] = [];
  const differ = (path: string, aspect: Difference['aspect'], our: unknown, their: unknown) => {
    differences.push({ file, path, aspect, ours: shown(our), theirs: shown(their) });
  };
  if (ours.error !== theirs.error) differ('', 'error', ours.error, theirs.error);
  // Who reads nothing at all has said so.
  if (ours.elements.size === 0 || theirs.elements.size === 0) return differences;
  for (const path of new Set([...ours.elements.keys(), ...theirs.elements.keys()])) {
    const our = ours.elements.get(path);
    if (!isAsked(path, our)) continue;
    const their = theirs.elements.get(path);
    if (our === undefined || their === undefined) {
      // What stands in items that only one has is told by the number of items.
      if (!isBelowMissing(path, ours, theirs)) differ(path, 'presence', our && 'is there', their && 'is there');
      continue;
    }
    for (const aspect of ASPECTS) {
      if (their[aspect] !== undefined && shown(our[aspect]) !== shown(their[aspect])) {
        differ(path, aspect, our[aspect], their[aspect]);
      }
    }
  }
  return differences;
}

const ASPECTS = ['error', 'vr', 'values', 'numbers', 'field', 'items', 'fragments'] as const;

function isBelowMissing(path: string, ours: Reading, theirs: Reading): boolean {
  const sequence = /^(.*)\[\d+\]\/[^/]*$/.exec(path)?.[1];
  if (sequence === undefined) return false;
  return (
    ours.elements.get(sequence)?.items === undefined ||
    theirs.elements.get(sequence)?.items === undefined ||
    isBelowMissing(sequence, ours, theirs)
  );
}

function shown(value: unknown): string {
  if (value === undefined) return '-';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 180)}… ${digestOf(Buffer.from(text))}` : text;
}
