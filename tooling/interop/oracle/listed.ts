/** Differences that are known and explained, held against those that there are. */
import type { Difference } from './reading.ts';

/** Each of the files differs at each of the paths, once. */
export interface ListedDifference {
  readonly files: readonly string[];
  /** A single `''` for the file as a whole. */
  readonly paths: readonly string[];
  readonly aspect: Difference['aspect'];
  readonly ours: string;
  readonly theirs: string;
  /** Why that is so, and why ours stays as it is. */
  readonly reason: string;
}

/** What can be said of the two together: differences that nobody listed, and rows that came to nothing, in the files looked at. */
export function holdAgainst(
  listed: readonly ListedDifference[],
  found: readonly Difference[],
  files: ReadonlySet<string>,
): { readonly unlisted: readonly string[]; readonly gone: readonly string[] } {
  const expected = new Set(
    listed
      .flatMap(spelledOut)
      .filter(({ file }) => files.has(file))
      .map(keyOf),
  );
  const there = new Set(found.map(keyOf));
  return {
    unlisted: [...there].filter((key) => !expected.has(key)),
    gone: [...expected].filter((key) => !there.has(key)),
  };
}

function spelledOut({ files, paths, aspect, ours, theirs }: ListedDifference): Difference[] {
  return files.flatMap((file) => paths.map((path) => ({ file, path, aspect, ours, theirs })));
}

function keyOf({ file, path, aspect, ours, theirs }: Difference): string {
  return `${file} ${path} ${aspect}: ours ${ours}, theirs ${theirs}`;
}
