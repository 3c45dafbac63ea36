/**
 * Unified Procedure Steps, as user: who orders work, who performs it, who watches it. PS3.4 Annex CC.
 */
import { DataSet, type DataSetInput } from '@dicomwire/dimse';
import { type Keyword, newUid } from '@dicomwire/dimse/dataset';
import type { QueryCallOptions } from '../c-find/query-call-options.js';
import { identifierFor, type QueryKeys } from '../c-find/query-keys.js';
import type { QueryResults } from '../c-find/query-results.js';
import { queryOver } from '../c-find/query-scu.js';
import type { NServiceResult } from '../n-services/n-service-scu.js';
import { nServicesOver, nServiceTransferSyntaxes } from '../n-services/n-service-scu.js';
import type { CallOptions } from '../request-over.js';
import type { SessionLender } from '../session-lender.js';
import {
  filteredGlobalSubscription,
  globalSubscription,
  type UpsState,
  upsActions,
  upsPull,
  upsPush,
  upsQuery,
  upsWatch,
} from './ups-sop-class.js';

/** A step that was claimed: its key is the Transaction UID. */
export interface ClaimedStep {
  /** SOP Instance UID of the step. */
  readonly sopInstanceUid: string;
  /** Without it nobody may change the step; the provider tells it to nobody. */
  readonly transactionUid: string;
}

/** Options of {@link Ups.subscribe}. */
export interface SubscribeOptions extends CallOptions {
  /** Who is to hear of events. Default: our own AE title. */
  readonly receivingAeTitle?: string | undefined;
  /** Asks that a step that has ended is kept until we unsubscribe. Default: false. */
  readonly hasDeletionLock?: boolean | undefined;
  /** With `'all'`: only steps that match these keys. Default: every step. */
  readonly filter?: QueryKeys | DataSet | undefined;
}

/** Options of {@link Ups.find}. */
export interface FindUpsOptions extends QueryCallOptions {
  /** Under which SOP class the query goes. Default: `'pull'`. */
  readonly as?: 'pull' | 'watch' | 'query' | undefined;
}

/** Options of the calls that end a subscription. */
export interface UnsubscribeOptions extends CallOptions {
  /** Whose subscription it is. Default: our own AE title. */
  readonly receivingAeTitle?: string | undefined;
}

/** Why a step should be cancelled, and whom to talk to. PS3.4 Table CC.2.2-1. */
export type CancelRequest = Pick<
  DataSetInput,
  'ReasonForCancellation' | 'ProcedureStepDiscontinuationReasonCodeSequence' | 'ContactURI' | 'ContactDisplayName'
>;

/** Unified Procedure Steps. Group of a client: `client.ups`. */
export interface Ups {
  /**
   * Orders work: N-CREATE of a step that is SCHEDULED. PS3.4 CC.2.5.
   *
   * @returns the step's UID and what the provider answered: B300, a warning, says that it added or changed something
   */
  create(
    attributes: DataSet | DataSetInput,
    options?: CallOptions & {
      /** Default: a new UID. */
      readonly sopInstanceUid?: string | undefined;
    },
  ): Promise<NServiceResult>;
  /** Attributes of a step: those named, or all. PS3.4 CC.2.7. */
  get(
    sopInstanceUid: string,
    options?: CallOptions & {
      /** Keywords or tags. Default: all attributes. */
      readonly attributes?: readonly (Keyword | number)[] | undefined;
    },
  ): Promise<DataSet>;
  /**
   * Steps that match keys: C-FIND of the UPS Pull SOP class, or of another that is named. Leaving the loop cancels. PS3.4 CC.2.8.
   *
   * @throws from the iteration: ServiceError `refused`, `no-accepted-context`, or what ended it
   */
  find(keys: QueryKeys | DataSet, options?: FindUpsOptions): QueryResults;
  /** Takes a step on: it is IN PROGRESS, and ours by a new Transaction UID. Refused with C301 if somebody has it. PS3.4 CC.2.1. */
  claim(
    sopInstanceUid: string,
    options?: CallOptions & {
      /** Default: a new UID. */
      readonly transactionUid?: string | undefined;
    },
  ): Promise<ClaimedStep>;
  /** Changes a step: N-SET. `transactionUid` is needed once it is claimed, and must be absent before. PS3.4 CC.2.6. */
  set(
    step: Pick<ClaimedStep, 'sopInstanceUid'> & { readonly transactionUid?: string | undefined },
    modifications: DataSet | DataSetInput,
    options?: CallOptions,
  ): Promise<NServiceResult>;
  /** Tells how far a claimed step is, in percent and words: {@link set} of its progress information. */
  reportProgress(
    step: ClaimedStep,
    progress: { readonly percent?: number | undefined; readonly description?: string | undefined },
    options?: CallOptions,
  ): Promise<NServiceResult>;
  /** Ends a claimed step. `attributes`, if given, are set before: what PS3.4 Table CC.2.5-3 requires of a COMPLETED step. */
  complete(step: ClaimedStep, attributes?: DataSet | DataSetInput, options?: CallOptions): Promise<NServiceResult>;
  /** Ends a claimed step that was not done. `attributes`, if given, are set before: what is required of a CANCELED one. */
  cancel(step: ClaimedStep, attributes?: DataSet | DataSetInput, options?: CallOptions): Promise<NServiceResult>;
  /** Asks that a step, ours or not, be cancelled. Success says that the request was passed on, not that it was heeded. PS3.4 CC.2.2. */
  requestCancel(sopInstanceUid: string, request?: CancelRequest, options?: CallOptions): Promise<NServiceResult>;
  /** Asks to hear of events of one step, or of all: they come to the `upsListener` of the receiving AE. PS3.4 CC.2.3. */
  subscribe(sopInstanceUid: string | 'all', options?: SubscribeOptions): Promise<NServiceResult>;
  /** Ends a subscription; `'all'` ends every one. PS3.4 CC.2.3. */
  unsubscribe(sopInstanceUid: string | 'all', options?: UnsubscribeOptions): Promise<NServiceResult>;
  /** Ends subscriptions to steps that are yet to come; what is subscribed stays. PS3.4 CC.2.3. */
  suspendGlobal(options?: UnsubscribeOptions & { readonly isFiltered?: boolean | undefined }): Promise<NServiceResult>;
}

/**
 * The same over sessions that are lent.
 *
 * @param callingAeTitle - our own AE title, the default receiver of events.
 */
export function upsOver(lender: SessionLender, callingAeTitle: string): Ups {
  const nServices = nServicesOver(lender);
  const target = (sopInstanceUid: string, abstractSyntax: readonly string[]) => ({
    sopClassUid: upsPush,
    sopInstanceUid,
    abstractSyntax,
  });
  const act = (
    sopInstanceUid: string,
    syntaxes: readonly string[],
    action: keyof typeof upsActions,
    information: DataSet | DataSetInput,
    options: CallOptions = {},
  ) =>
    nServices.action(
      { ...target(sopInstanceUid, syntaxes), actionTypeId: upsActions[action], information },
      { ...options, contexts },
    );
  const changeState = (step: ClaimedStep, state: UpsState, options: CallOptions | undefined) =>
    act(
      step.sopInstanceUid,
      performing,
      'changeState',
      { ProcedureStepState: state, TransactionUID: step.transactionUid },
      options,
    );
  const set: Ups['set'] = ({ sopInstanceUid, transactionUid }, modifications, options) => {
    const given = copyOf(modifications);
    if (transactionUid !== undefined) given.set('TransactionUID', transactionUid);
    return nServices.set({ ...target(sopInstanceUid, performing), modifications: given }, { ...options, contexts });
  };
  const end = async (
    step: ClaimedStep,
    state: 'COMPLETED' | 'CANCELED',
    attributes: DataSet | DataSetInput | undefined,
    options: CallOptions | undefined,
  ) => {
    if (attributes !== undefined) await set(step, attributes, options);
    return changeState(step, state, options);
  };
  return {
    create: async (attributes, { sopInstanceUid = newUid(), ...options } = {}) => {
      const given = copyOf(attributes);
      if (given.get('ProcedureStepState') === undefined) given.set('ProcedureStepState', 'SCHEDULED');
      return nServices.create({ sopClassUid: upsPush, sopInstanceUid, attributes: given }, { ...options, contexts });
    },
    get: async (sopInstanceUid, { attributes, ...options } = {}) => {
      const { dataSet } = await nServices.get(
        { ...target(sopInstanceUid, anyOf), attributes },
        { ...options, contexts },
      );
      return dataSet ?? new DataSet();
    },
    find: (keys, { as = 'pull', ...options } = {}) => queryOver(lender, queryClasses[as], keys, options),
    claim: async (sopInstanceUid, { transactionUid = newUid(), ...options } = {}) => {
      const step = { sopInstanceUid, transactionUid };
      await changeState(step, 'IN PROGRESS', options);
      return step;
    },
    set,
    reportProgress: (step, { percent, description }, options) =>
      set(
        step,
        {
          ProcedureStepProgressInformationSequence: [
            { ProcedureStepProgress: percent, ProcedureStepProgressDescription: description },
          ],
        },
        options,
      ),
    complete: (step, attributes, options) => end(step, 'COMPLETED', attributes, options),
    cancel: (step, attributes, options) => end(step, 'CANCELED', attributes, options),
    requestCancel: (sopInstanceUid, request = {}, options) =>
      act(sopInstanceUid, [upsWatch, upsPush], 'requestCancel', request, options),
    subscribe: async (sopInstanceUid, { receivingAeTitle, hasDeletionLock = false, filter, ...options } = {}) => {
      const information = filter === undefined ? new DataSet() : identifierFor(filter);
      information.set('ReceivingAE', receivingAeTitle ?? callingAeTitle);
      information.set('DeletionLock', hasDeletionLock ? 'TRUE' : 'FALSE');
      return act(instanceFor(sopInstanceUid, filter !== undefined), [upsWatch], 'subscribe', information, options);
    },
    unsubscribe: (sopInstanceUid, { receivingAeTitle, ...options } = {}) =>
      act(
        instanceFor(sopInstanceUid, false),
        [upsWatch],
        'unsubscribe',
        { ReceivingAE: receivingAeTitle ?? callingAeTitle },
        options,
      ),
    suspendGlobal: ({ receivingAeTitle, isFiltered = false, ...options } = {}) =>
      act(
        instanceFor('all', isFiltered),
        [upsWatch],
        'suspendGlobalSubscription',
        { ReceivingAE: receivingAeTitle ?? callingAeTitle },
        options,
      ),
  };
}

const queryClasses = { pull: upsPull, watch: upsWatch, query: upsQuery } as const;

/** Under which of the negotiated classes a request may go, the best first. PS3.4 CC.3.1. */
const performing = [upsPull, upsPush, upsWatch];
const anyOf = [upsPull, upsWatch, upsPush, upsQuery];

/** All of them on one association, so that whoever orders, performs and watches needs one. */
export const upsContexts = [upsPush, upsPull, upsWatch, upsQuery].map((abstractSyntax) => ({
  abstractSyntax,
  transferSyntaxes: nServiceTransferSyntaxes,
}));
const contexts = upsContexts;

function instanceFor(sopInstanceUid: string, isFiltered: boolean): string {
  if (sopInstanceUid !== 'all') return sopInstanceUid;
  return isFiltered ? filteredGlobalSubscription : globalSubscription;
}

/** A copy, so that what the caller gave stays as it is. */
function copyOf(attributes: DataSet | DataSetInput): DataSet {
  const copy = new DataSet();
  const given = attributes instanceof DataSet ? attributes : DataSet.from(attributes);
  for (const { tag, vr, values, items } of given) copy.set(tag, vr, vr === 'SQ' ? items : values);
  return copy;
}
