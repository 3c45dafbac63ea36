/** dcmjs-dimse at either end, telling what came and what was answered. */
import { fileURLToPath } from 'node:url';
import { noteFact, statusInHex } from '../exchanges/fact.ts';
import { freePort } from './port.ts';
import { run, start, untilReady } from './process.ts';

/** A data set keyed by keywords, as dcmjs has it; bytes as `{ InlineBinary: base64 }`. */
export type KeywordDataSet = Readonly<Record<string, unknown>>;

/** Operation of PS3.7. */
export type DcmjsOperation =
  | 'C-ECHO'
  | 'C-STORE'
  | 'C-FIND'
  | 'C-GET'
  | 'C-MOVE'
  | 'N-CREATE'
  | 'N-SET'
  | 'N-GET'
  | 'N-ACTION'
  | 'N-DELETE'
  | 'N-EVENT-REPORT';

/** One thing that the user asks for. */
export interface DcmjsStep {
  readonly operation: DcmjsOperation;
  readonly sopClass?: string;
  readonly sopInstance?: string;
  /** The abstract syntax, where that is not the SOP class. */
  readonly metaUid?: string;
  /** Of an action or an event. */
  readonly type?: number;
  readonly attributes?: readonly string[];
  readonly dataSet?: KeywordDataSet;
  /** What a C-STORE sends. */
  readonly file?: string;
  /** Where a C-MOVE goes. */
  readonly destination?: string;
  /** The step that created the film box whose first image box is the instance. */
  readonly imageBoxOf?: number;
}

/** What the user does. */
export interface DcmjsScuOptions {
  readonly port: number;
  readonly calledAeTitle?: string;
  readonly steps: readonly DcmjsStep[];
  /** N-EVENT-REPORTs that it waits for at the end, and aborts then. Default: 0; it releases at once. */
  readonly events?: number;
}

/** What came of a step. */
export interface DcmjsAnswer {
  /** Of the final response; -1 where there was none. */
  readonly status: number;
  /** Pending responses before. */
  readonly pending: number;
  /** Data sets of the responses. */
  readonly dataSets: readonly unknown[];
}

/** What the user was told. */
export interface DcmjsScuResult {
  readonly answers: readonly DcmjsAnswer[];
  readonly events: readonly { readonly type: number; readonly dataSet?: KeywordDataSet }[];
  /** SOP instances that came by the C-STOREs of a C-GET. */
  readonly received: readonly string[];
}

/** How the provider behaves. */
export interface DcmjsScpOptions {
  readonly port: number;
  /** Where stored data sets go. */
  readonly directory?: string;
  /** What a C-FIND is answered, by its SOP class. */
  readonly matches?: Readonly<Record<string, readonly KeywordDataSet[]>>;
  /** The file that a C-GET and a C-MOVE send. */
  readonly object?: string;
  /** Where a C-MOVE goes, whatever its destination is called. */
  readonly movePort?: number;
  /** By operation; by default 0000 and nothing. */
  readonly answers?: Readonly<Record<string, { readonly status?: number; readonly dataSet?: KeywordDataSet }>>;
  /** An N-EVENT-REPORT after each N-ACTION of its SOP class, on the same association. */
  readonly report?: {
    readonly sopClass: string;
    readonly sopInstance: string;
    readonly eventType: number;
    readonly dataSet: KeywordDataSet;
  };
}

/** What the provider told. */
export type DcmjsEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** A provider. */
export interface DcmjsScp {
  readonly aeTitle: string;
  readonly port: number;
  /** What it told so far. */
  events(): readonly DcmjsEvent[];
  stop(): Promise<void>;
}

/** Runs a user to its end. @throws an error with its output when it failed. */
export async function runDcmjsScu(options: DcmjsScuOptions): Promise<DcmjsScuResult> {
  const end = await run(process.execPath, [programOf('dcmjs-scu'), JSON.stringify(options)]);
  if (end.exitCode !== 0) throw new Error(`dcmjs-scu failed: ${end.stderr}${end.stdout}`);
  const result: DcmjsScuResult = JSON.parse(end.stdout);
  for (const [index, { operation, sopClass = '' }] of options.steps.entries()) {
    const { status = -1 } = result.answers[index] ?? {};
    const said = status < 0 ? 'no answer' : statusInHex(status);
    noteFact({ kind: 'told', peer: 'dcmjs-dimse', operation, sopClass, said });
  }
  return result;
}

/** Starts a provider on a free port. */
export async function startDcmjsScp(options: Omit<DcmjsScpOptions, 'port'> = {}): Promise<DcmjsScp> {
  const port = await freePort();
  const server = start(process.execPath, [programOf('dcmjs-scp'), JSON.stringify({ ...options, port })]);
  const stop = async () => void (await server.stop());
  try {
    await untilReady(server, port);
  } catch (error) {
    await stop();
    throw error;
  }
  const events = () => server.output().split('\n').flatMap(eventsIn);
  return { aeTitle: 'DCMJS_SCP', port, events, stop };
}

function programOf(name: string): string {
  return fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
}

function eventsIn(line: string): DcmjsEvent[] {
  return line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line)] : [];
}
