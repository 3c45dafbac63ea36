/** pynetdicom at either end of C-services of any SOP class, telling what came and what was answered. */
import { fileURLToPath } from 'node:url';
import { noteFact, statusInHex } from '../exchanges/fact.ts';
import { run, start, untilReady } from './process.ts';
import { pynetdicomPython } from './pynetdicom.ts';
import type { JsonDataSet } from './pynetdicom-n-services.ts';

/** What the user does. */
export interface CScuOptions {
  readonly port: number;
  readonly calledAeTitle?: string;
  readonly steps: readonly {
    readonly operation: 'C-STORE' | 'C-FIND' | 'C-GET' | 'C-MOVE';
    readonly sopClass: string;
    readonly dataSet?: JsonDataSet;
    readonly file?: string;
    readonly destination?: string;
  }[];
  /** SOP classes of instances that may come by a C-GET. */
  readonly roles?: readonly string[];
}

/** What the user was told. */
export interface CScuResult {
  readonly answers: readonly { readonly status: number | null; readonly matches: readonly JsonDataSet[] }[];
  /** SOP instances that came by the C-STOREs of a C-GET. */
  readonly received: readonly string[];
}

/** How the provider behaves. */
export interface CScpOptions {
  readonly sopClasses: readonly string[];
  /** What a C-FIND is answered, by SOP class. */
  readonly matches?: Readonly<Record<string, readonly JsonDataSet[]>>;
  /** Paths of the files that a C-GET or C-MOVE sends, by its SOP class. */
  readonly objects?: Readonly<Record<string, string>>;
  /** SOP classes of instances. */
  readonly stored?: readonly string[];
  /** Where a C-MOVE goes. */
  readonly movePort?: number;
}

/** What the provider told. */
export type CScpEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** A provider. */
export interface CScp {
  readonly aeTitle: string;
  readonly port: number;
  /** What it told so far. */
  events(): readonly CScpEvent[];
  stop(): Promise<void>;
}

/** Runs a user to its end. @throws an error with its output when it failed. */
export async function runCScu(options: CScuOptions): Promise<CScuResult> {
  const end = await run(pynetdicomPython(), [programOf('c-scu'), JSON.stringify(options)]);
  if (end.exitCode !== 0) throw new Error(`c-scu failed: ${end.stderr}`);
  const result: CScuResult = JSON.parse(end.stdout);
  for (const [index, { operation, sopClass }] of options.steps.entries()) {
    const status = result.answers[index]?.status;
    const said = typeof status === 'number' ? statusInHex(status) : 'no answer';
    noteFact({ kind: 'told', peer: 'pynetdicom', operation, sopClass, said });
  }
  return result;
}

/** Starts a provider on a free port. */
export async function startCScp(options: CScpOptions): Promise<CScp> {
  const server = start(pynetdicomPython(), [programOf('c-scp'), JSON.stringify(options)]);
  const events = () => server.output().split('\n').flatMap(eventsIn);
  const portTold = () => events().find(({ event }) => event === 'listening')?.port;
  const stop = async () => void (await server.stop());
  try {
    await untilReady(server, 0, async () => portTold() !== undefined);
  } catch (error) {
    await stop();
    throw error;
  }
  return { aeTitle: 'C_SCP', port: Number(portTold()), events, stop };
}

function programOf(name: string): string {
  return fileURLToPath(new URL(`./${name}.py`, import.meta.url));
}

function eventsIn(line: string): CScpEvent[] {
  return line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line)] : [];
}
