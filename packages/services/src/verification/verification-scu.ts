/** Options of a C-ECHO. */
export interface VerifyOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** For the response, milliseconds. Default: the peer's `responseTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}
