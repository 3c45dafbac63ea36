/** Memory of a process that passes large objects through. */
import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation at its initial size, so that it is collected often.
 *
 * Each chunk that is read from a socket has 64 kB outside V8's heap, which is only given back when the small object that
 * stands for it is collected. The larger the young generation grows under load, the more of them wait: 15 to 30 MB, for nothing,
 * since next to nothing lives on. Chunks come thousands a second, collecting them early costs no measurable time.
 *
 * Without incremental marking, since memory outside the heap counts as a reason to begin it. In about one start of three V8 then marked
 * the whole heap again and again instead of collecting the young chunks, at twice the processor time for each object. The heap itself
 * is some 10 MB: what is still to be marked is marked at once, in a few milliseconds.
 */
export function collectChunksEarly(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-incremental-marking');
}
