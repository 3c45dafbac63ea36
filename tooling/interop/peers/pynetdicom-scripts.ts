/** Runs the scripts of this folder by pynetdicom: options go in as JSON, what they tell comes out as lines of JSON. */
import { fileURLToPath } from 'node:url';
import { noteFact, statusInHex } from '../exchanges/fact.ts';
import { run, start, untilReady } from './process.ts';
import { pynetdicomPython } from './pynetdicom.ts';

/** One that goes on until it is stopped. */
export interface RunningScript<Event> {
  /** Where it listens. */
  readonly port: number;
  /** What it told so far. */
  events(): readonly Event[];
  stop(): Promise<void>;
}

/** Starts a script that listens on a free port, and says so. */
export async function startScript<Event extends { readonly event: string }>(
  name: string,
  options: object,
): Promise<RunningScript<Event>> {
  const server = start(pynetdicomPython(), [pathOf(name), JSON.stringify(options)]);
  const lines = () => server.output().split('\n').filter(isObject);
  const events = (): Event[] => lines().map((line) => JSON.parse(line));
  const portTold = (): unknown => lines().flatMap(portIn)[0];
  const stop = async () => void (await server.stop());
  try {
    await untilReady(server, 0, async () => portTold() !== undefined);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port: Number(portTold()), events, stop };
}

/** Runs a script to its end. Resolves to what it told. @throws an error with its output when it failed. */
export async function runScript<Result>(name: string, options: object): Promise<Result> {
  const end = await run(pynetdicomPython(), [pathOf(name), JSON.stringify(options)]);
  if (end.exitCode !== 0) throw new Error(`${name} failed: ${end.stderr}`);
  return JSON.parse(end.stdout);
}

/** What each step of a user's was answered, for the matrix. */
export function noteAnswers(
  steps: readonly { readonly operation: string; readonly sopClass: string }[],
  answers: readonly { readonly status: number | null }[],
): void {
  for (const [index, { operation, sopClass }] of steps.entries()) {
    const status = answers[index]?.status;
    const said = typeof status === 'number' ? statusInHex(status) : 'no answer';
    noteFact({ kind: 'told', peer: 'pynetdicom', operation, sopClass, said });
  }
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`./${name}.py`, import.meta.url));
}

function isObject(line: string): boolean {
  return line.startsWith('{') && line.endsWith('}');
}

function portIn(line: string): unknown[] {
  const { event, port } = JSON.parse(line);
  return event === 'listening' ? [port] : [];
}
