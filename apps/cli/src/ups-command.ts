/** `dicomwire ups`: Unified Procedure Steps, as who orders, performs or asks. PS3.4 Annex CC. */
import { elementDefinition, type Keyword, tagOfKeyword } from '@dicomwire/dimse/dataset';
import { type FindUpsOptions, ServiceError } from '@dicomwire/services';
import { dataSetOf, type GivenElement, readAttributes } from './attributes.js';
import type { ConnectionOptions } from './connection-options.js';
import { printMatches } from './find-command.js';
import { tellAnswer, tellAttributes } from './n-service-output.js';
import { say, sayJson } from './output.js';
import { runWithClient } from './run-command.js';
import { UsageError } from './usage-error.js';

/** Options of the commands that send attributes. */
export interface UpsOptions extends ConnectionOptions {
  /** Attributes on the command line. */
  readonly attribute?: readonly GivenElement[] | undefined;
  /** File of attributes, DICOM JSON. */
  readonly file?: string | undefined;
  /** Transaction UID of the claim. */
  readonly transaction?: string | undefined;
}

/** Orders work; the UID is a new one unless it is given. Resolves to the exit code. */
export function createUps(
  host: string,
  port: number,
  sopInstanceUid: string | undefined,
  options: UpsOptions,
): Promise<number> {
  return runWithClient(host, port, options, async ({ ups }, signal) => {
    const attributes = await readAttributes(options.file, options.attribute ?? []);
    const answer = await ups.create(attributes, { sopInstanceUid, signal });
    return tellAnswer(answer, { type: 'ups', action: 'create', json: options.json });
  });
}

/** Takes a step on, and prints the Transaction UID that changes need from then on. Resolves to the exit code. */
export function claimUps(host: string, port: number, uid: string, options: UpsOptions): Promise<number> {
  return runWithClient(host, port, options, async ({ ups }, signal) => {
    const { sopInstanceUid, transactionUid } = await ups.claim(uid, { transactionUid: options.transaction, signal });
    if (options.json) sayJson({ type: 'ups', action: 'claim', sopInstanceUid, transactionUid, exitCode: 0 });
    else say(`${sopInstanceUid} is claimed, transaction ${transactionUid}`);
    return 0;
  });
}

/** Changes a step, or ends one that was claimed. Resolves to the exit code. */
export function changeUps(
  action: 'set' | 'complete' | 'cancel',
  host: string,
  port: number,
  sopInstanceUid: string,
  options: UpsOptions,
): Promise<number> {
  return runWithClient(host, port, options, async ({ ups }, signal) => {
    const { file, attribute, transaction: transactionUid, json } = options;
    const attributes = await readAttributes(file, attribute ?? []);
    const words = { type: 'ups', action, json };
    if (action === 'set')
      return tellAnswer(await ups.set({ sopInstanceUid, transactionUid }, attributes, { signal }), words);
    if (transactionUid === undefined) throw new UsageError('Give the transaction UID of the claim with --transaction');
    const step = { sopInstanceUid, transactionUid };
    const given = file === undefined && attribute === undefined ? undefined : attributes;
    return tellAnswer(await ups[action](step, given, { signal }), words);
  });
}

/** Options of `ups request-cancel`. */
export interface RequestCancelOptions extends ConnectionOptions {
  readonly reason?: string | undefined;
  readonly contact?: string | undefined;
  readonly contactUri?: string | undefined;
}

/** Asks that a step be cancelled. Resolves to the exit code. */
export function requestCancelUps(
  host: string,
  port: number,
  sopInstanceUid: string,
  { reason, contact, contactUri, ...options }: RequestCancelOptions,
): Promise<number> {
  return runWithClient(host, port, options, async ({ ups }, signal) => {
    const request = { ReasonForCancellation: reason, ContactDisplayName: contact, ContactURI: contactUri };
    const answer = await ups.requestCancel(sopInstanceUid, request, { signal });
    return tellAnswer(answer, { type: 'ups', action: 'request-cancel', json: options.json });
  });
}

/** Shows a step. Resolves to the exit code. */
export function getUps(host: string, port: number, uid: string, options: ConnectionOptions): Promise<number> {
  return runWithClient(host, port, options, async ({ ups }, signal) =>
    tellAttributes(await ups.get(uid, { signal }), options),
  );
}

/** Options of `ups find`. */
export interface FindUpsCommandOptions extends ConnectionOptions {
  readonly key?: readonly GivenElement[] | undefined;
  readonly limit?: number | undefined;
  readonly as?: FindUpsOptions['as'];
}

/** What is asked for besides the keys. */
const usualKeys: readonly Keyword[] = [
  'ProcedureStepState',
  'ScheduledProcedureStepPriority',
  'ScheduledProcedureStepStartDateTime',
  'ProcedureStepLabel',
  'WorklistLabel',
  'PatientName',
  'PatientID',
  'SOPInstanceUID',
];

/** Lists steps. Resolves to the exit code. */
export function findUps(host: string, port: number, options: FindUpsCommandOptions): Promise<number> {
  const given = options.key ?? [];
  const keys = dataSetOf(given);
  const columns = new Set<number>();
  for (const keyword of usualKeys) {
    const tag = tagOfKeyword(keyword) ?? 0;
    columns.add(tag);
    if (!keys.has(tag)) keys.set(tag, elementDefinition(tag)?.vrs[0] ?? 'UN', null);
  }
  for (const { path, tag } of given) columns.add(path[0]?.tag ?? tag);
  return runWithClient(host, port, options, ({ ups }, signal) => {
    const steps = ups.find(keys, { as: options.as, limit: options.limit, signal });
    return printMatches(steps, [...columns], (dataSet) => dataSet, options);
  });
}

/** Options of `ups subscribe` and `ups unsubscribe`. */
export interface SubscribeUpsOptions extends ConnectionOptions {
  readonly receiver?: string | undefined;
  readonly deletionLock?: true | undefined;
  readonly key?: readonly GivenElement[] | undefined;
}

/** Begins or ends a subscription to a step, or to `all`. Resolves to the exit code. */
export function subscribeUps(
  action: 'subscribe' | 'unsubscribe',
  host: string,
  port: number,
  sopInstanceUid: string,
  options: SubscribeUpsOptions,
): Promise<number> {
  return runWithClient(host, port, options, async ({ ups }, signal) => {
    const { receiver: receivingAeTitle, deletionLock: hasDeletionLock, key, json } = options;
    const words = { type: 'ups', action, json };
    if (action === 'unsubscribe') {
      return tellAnswer(await ups.unsubscribe(sopInstanceUid, { receivingAeTitle, signal }), words);
    }
    if (key !== undefined && sopInstanceUid !== 'all') {
      throw new ServiceError(
        'invalid-option',
        'Keys filter a subscription to all steps: write all in place of the UID',
      );
    }
    const filter = key === undefined ? undefined : dataSetOf(key);
    return tellAnswer(
      await ups.subscribe(sopInstanceUid, { receivingAeTitle, hasDeletionLock, filter, signal }),
      words,
    );
  });
}
