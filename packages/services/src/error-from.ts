/** What was thrown, as an `Error`: an abort reason may be anything. */
export function errorFrom(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
