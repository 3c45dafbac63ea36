/** Processes of the load table: started with the collector at hand, asked for figures over IPC. */
import { type ChildProcess, fork } from 'node:child_process';
import { basename } from 'node:path';

/** A process that does what it is asked, one thing at a time. */
export interface AskedProcess {
  /** @throws what went wrong there, or that it takes too long. */
  ask(what: string, ...operands: readonly number[]): Promise<readonly number[]>;
  /** Kills it. */
  stop(): void;
}

/** What a process can be asked, by name. */
export type Answers = Readonly<
  Record<string, (...operands: number[]) => readonly number[] | Promise<readonly number[]>>
>;

/** Nothing that is asked takes longer. */
const TIMEOUT_MS = 180_000;

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts a program. */
export function startAsked(program: URL, ...args: readonly string[]): AskedProcess {
  const child = fork(program, args, { execArgv: ['--expose-gc'] });
  children.add(child);
  child.once('close', () => children.delete(child));
  return {
    ask: (what, ...operands) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => settle(`took longer than ${TIMEOUT_MS / 1000} s`), TIMEOUT_MS);
        const ended = () => settle('the process ended');
        const settle = (answer: unknown) => {
          clearTimeout(timer);
          child.off('message', settle).off('close', ended);
          if (isFigures(answer)) resolve(answer);
          else reject(new Error(`${basename(program.pathname)} ${args.join(' ')}, asked for ${what}: ${answer}`));
        };
        child.once('message', settle).once('close', ended);
        child.send([what, ...operands]);
      }),
    stop: () => void child.kill('SIGKILL'),
  };
}

/** The other end: answers whoever started this process, and ends with it. */
export function answerParent(answers: Answers): void {
  process.once('disconnect', () => process.exit());
  process.on('message', async ([what, ...operands]: [string, ...number[]]) => {
    try {
      const answer = answers[what];
      if (answer === undefined) throw new Error('unknown here');
      process.send?.(await answer(...operands));
    } catch (error) {
      process.send?.(error instanceof Error ? error.message : String(error));
    }
  });
}

function isFigures(answer: unknown): answer is readonly number[] {
  return Array.isArray(answer) && answer.every((figure) => typeof figure === 'number');
}
