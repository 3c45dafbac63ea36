/** pynetdicom at either end of N-services, telling what came and what was answered. */
import { DataSet, type DataSetInput, stringifyDicomJson, toDicomJson } from '@dicomwire/dimse/dataset';
import { noteAnswers, runScript, startScript } from './pynetdicom-scripts.ts';

/** A data set in the DICOM JSON model. */
export type JsonDataSet = Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>>;

/** A data set in that model, by keyword. */
export function json(dataSet: DataSetInput): JsonDataSet {
  return JSON.parse(stringifyDicomJson(toDicomJson(DataSet.from(dataSet))));
}

/** Operation of PS3.7 10. */
export type NOperation = 'N-CREATE' | 'N-SET' | 'N-GET' | 'N-ACTION' | 'N-DELETE' | 'N-EVENT-REPORT';

/** How the performer behaves. */
export interface NScpOptions {
  readonly sopClasses: readonly string[];
  /** By default 0000 and nothing. */
  readonly answers?: Readonly<
    Partial<Record<NOperation, { readonly status?: number; readonly dataSet?: JsonDataSet }>>
  >;
  /** An N-EVENT-REPORT after each N-ACTION: on its association, or on one of its own to `port`. */
  readonly report?: {
    readonly sopClass: string;
    readonly sopInstance: string;
    readonly eventType: number;
    readonly dataSet: JsonDataSet;
    readonly port?: number;
  };
}

/** What the performer told. */
export type NScpEvent = Readonly<Record<string, unknown>> & {
  readonly event: 'listening' | 'reported' | NOperation;
};

/** A performer. */
export interface NScp {
  readonly aeTitle: string;
  readonly port: number;
  /** What it told so far. */
  events(): readonly NScpEvent[];
  /** Ends it. */
  stop(): Promise<void>;
}

/** What the invoker does. */
export interface NScuOptions {
  readonly port: number;
  readonly calledAeTitle?: string;
  readonly callingAeTitle?: string;
  readonly contexts: readonly string[];
  readonly steps: readonly {
    readonly operation: NOperation;
    readonly sopClass: string;
    readonly sopInstance?: string;
    readonly type?: number;
    readonly attributes?: readonly number[];
    readonly dataSet?: JsonDataSet;
    readonly metaUid?: string;
    /** The step that created the film box whose first image box is the instance. */
    readonly imageBoxOf?: number;
  }[];
  /** SOP classes on which it is provider. */
  readonly roles?: readonly string[];
  /** N-EVENT-REPORTs to wait for at the end. */
  readonly events?: number;
}

/** What the invoker was told. */
export interface NScuResult {
  readonly answers: readonly {
    readonly status: number | null;
    readonly errorComment: string | null;
    readonly errorId: number | null;
    readonly dataSet: JsonDataSet | null;
  }[];
  readonly events: readonly {
    readonly sopClass: string;
    readonly sopInstance: string;
    readonly type: number;
    readonly dataSet: JsonDataSet | null;
  }[];
}

/** Starts a performer on a free port. */
export async function startNScp(options: NScpOptions): Promise<NScp> {
  return { aeTitle: 'N_SCP', ...(await startScript<NScpEvent>('n-scp', options)) };
}

/** Runs an invoker to its end. @throws an error with its output when it told nothing. */
export async function runNScu(options: NScuOptions): Promise<NScuResult> {
  const result = await runScript<NScuResult>('n-scu', options);
  noteAnswers(options.steps, result.answers);
  return result;
}
