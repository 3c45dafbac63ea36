/** Calls of functions that belong to the user of this package. */

/**
 * Calls what only tells the user something. When it throws, that is a bug on the user's side which must not derail the
 * protocol: it is shown as a warning of the process.
 */
export function tell(call: () => void): void {
  try {
    call();
  } catch (error) {
    process.emitWarning(toError(error));
  }
}

/** Whatever was thrown, as an error. */
export function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
