/** A command line that makes no sense, found after it was parsed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
}
