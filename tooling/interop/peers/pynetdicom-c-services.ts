/** pynetdicom at either end of C-services of any SOP class, telling what came and what was answered. */
import type { JsonDataSet } from './pynetdicom-n-services.ts';
import { noteAnswers, runScript, startScript } from './pynetdicom-scripts.ts';

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
  const result = await runScript<CScuResult>('c-scu', options);
  noteAnswers(options.steps, result.answers);
  return result;
}

/** Starts a provider on a free port. */
export async function startCScp(options: CScpOptions): Promise<CScp> {
  return { aeTitle: 'C_SCP', ...(await startScript<CScpEvent>('c-scp', options)) };
}
