/** One library in a process of its own, so that none works within the heap of another: times tasks as it is asked to. */
import { readFileSync } from 'node:fs';
import type { Contender, Task } from './contender.ts';

/** What the parent asks for. */
export interface Question {
  readonly task: Task;
  /** Path of the file, for tasks that read one. */
  readonly path: string;
}

/** What it is told: microseconds of processor time, or why there are none. */
export type Answer = { readonly microseconds: number } | { readonly failure: string };

/** How long a round measures at least. */
const ROUND_MS = 300;
const TURNS = 20;

const name = process.argv[2] ?? '';
const { contender }: { readonly contender: Contender } = await import(`./${name}.ts`);
const files = new Map<string, Uint8Array>();

process.on('message', ({ task, path }: Question) => {
  const turn = contender[task];
  if (turn === undefined) return answer({ failure: 'not among its tasks' });
  try {
    const bytes = fileAt(path);
    answer({ microseconds: timeOf(() => turn(bytes)) });
  } catch (error) {
    answer({ failure: String(error) });
  }
});

// Whoever asked is gone.
process.on('disconnect', () => process.exit());

function fileAt(path: string): Uint8Array {
  const known = files.get(path);
  if (known !== undefined) return known;
  const bytes = Uint8Array.from(readFileSync(path));
  files.set(path, bytes);
  return bytes;
}

function timeOf(turn: () => unknown): number {
  const before = process.cpuUsage();
  let done = 0;
  let spent = 0;
  while (spent < ROUND_MS * 1000) {
    for (let again = 0; again < TURNS; again++) turn();
    done += TURNS;
    const { user, system } = process.cpuUsage(before);
    spent = user + system;
  }
  return spent / done;
}

function answer(message: Answer): void {
  process.send?.(message);
}
