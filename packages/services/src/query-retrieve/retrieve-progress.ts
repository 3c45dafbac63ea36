/**
 * How the instances of a C-GET or C-MOVE fare.
 */

/** How a retrieval stands, as the peer counts it; `undefined` is what it does not say. PS3.7 9.1.3.1.7 to 10. */
export interface RetrieveProgress {
  /** Instances still to come. */
  readonly remaining: number | undefined;
  /** Instances that were sent and taken. */
  readonly completed: number | undefined;
  /** Instances that failed. */
  readonly failed: number | undefined;
  /** Instances that were taken with a warning. */
  readonly warning: number | undefined;
}

/** How a retrieval stood at its end. */
export interface RetrieveOutcome extends RetrieveProgress {
  /** Instances that the peer could not send, as far as it names them. PS3.4 C.4.2.1.4.2. */
  readonly failedSopInstanceUids: readonly string[];
}
