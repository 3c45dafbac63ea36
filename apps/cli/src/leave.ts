/** The way out. */
import { setImmediate } from 'node:timers/promises';

/**
 * Ends the process once everything is out: what was printed, and an A-ABORT, which leaves at the end of a turn of the event
 * loop. A peer that keeps its connection open after that is not waited for.
 */
export async function leave(exitCode: number): Promise<never> {
  await setImmediate();
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit(exitCode);
}

function flushed(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
