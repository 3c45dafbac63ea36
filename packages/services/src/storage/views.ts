/**
 * Lists of views, as gathered writes take them.
 */

/** Total length, bytes. */
export function byteLengthOf(views: readonly Uint8Array[]): number {
  let byteLength = 0;
  for (const view of views) byteLength += view.length;
  return byteLength;
}

/** What is left after a write that took only the first `count` bytes. */
export function withoutFirstBytes(views: readonly Uint8Array[], count: number): Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skip = count;
  for (const view of views) {
    if (skip >= view.length) {
      skip -= view.length;
      continue;
    }
    rest.push(skip === 0 ? view : view.subarray(skip));
    skip = 0;
  }
  return rest;
}
