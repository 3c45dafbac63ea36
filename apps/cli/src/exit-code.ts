/** What a command ends with. */

/** Everything went well. */
export const EXIT_OK = 0;
/** The peer can't be reached, refused, or some object was not stored. */
export const EXIT_FAILED = 1;
/** The command line makes no sense. */
export const EXIT_USAGE = 2;
/** Ctrl-C: 128 + SIGINT. */
export const EXIT_INTERRUPTED = 130;
/** SIGTERM: 128 + 15. */
export const EXIT_TERMINATED = 143;
