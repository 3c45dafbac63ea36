/**
 * The N-services of any SOP class, as user: what the service classes on normalized instances are made of. PS3.7 10.
 */
import {
  type Command,
  DataSet,
  type DataSetInput,
  describeStatus,
  type IncomingResponse,
  type RequestWithoutIds,
  type ResponseTypeOf,
  type StatusCategory,
  type StatusService,
  statusCategory,
} from '@dicomwire/dimse';
import { type Keyword, TransferSyntax, tagOfKeyword } from '@dicomwire/dimse/dataset';
import type { ContextProposal } from '../context-proposal.js';
import { type CallOptions, requestOver } from '../request-over.js';
import { ServiceError } from '../service-error.js';
import type { SessionLender } from '../session-lender.js';
import { statusServiceOf } from './status-service.js';

/** The instance that an N-service is about. */
export interface NServiceTarget {
  /** SOP Class UID, as it stands in the command. */
  readonly sopClassUid: string;
  /** SOP Instance UID; a well-known one for printers, commitment and the like. */
  readonly sopInstanceUid: string;
  /**
   * The abstract syntax under which the request goes, where that is not the SOP class: a meta SOP class, UPS Pull for a request about UPS Push.
   * Of several the first that the peer accepted. Default: `sopClassUid`.
   */
  readonly abstractSyntax?: string | readonly string[] | undefined;
}

/** What an N-service was answered with, when that was no failure. */
export interface NServiceResult {
  /** Status (0000,0900): success or a warning. */
  readonly status: number;
  /** `'Success'` or `'Warning'`. */
  readonly category: StatusCategory;
  /** The status in words. */
  readonly meaning: string;
  /** The peer's error comment (0000,0902), as a rule with a warning. */
  readonly comment: string | undefined;
  /** SOP instance that it was about; of an N-CREATE without one, that which the peer gave. */
  readonly sopInstanceUid: string;
  /** Attributes, action reply or event reply that came with the response. */
  readonly dataSet: DataSet | undefined;
}

/** The N-services of any SOP class. Group of a client: `client.nServices`. */
export interface NServices {
  /** N-EVENT-REPORT: tells the peer, which must be our SCU (role selection where we opened the association). PS3.7 10.1.1. */
  eventReport(
    event: NServiceTarget & { readonly eventTypeId: number; readonly information?: DataSet | DataSetInput | undefined },
    options?: NServiceCallOptions,
  ): Promise<NServiceResult>;
  /** N-GET: the attributes named, or all of them. PS3.7 10.1.2. */
  get(
    target: NServiceTarget & { readonly attributes?: readonly (Keyword | number)[] | undefined },
    options?: NServiceCallOptions,
  ): Promise<NServiceResult>;
  /** N-SET: changes attributes. PS3.7 10.1.3. */
  set(
    target: NServiceTarget & { readonly modifications: DataSet | DataSetInput },
    options?: NServiceCallOptions,
  ): Promise<NServiceResult>;
  /** N-ACTION. PS3.7 10.1.4. */
  action(
    target: NServiceTarget & {
      readonly actionTypeId: number;
      readonly information?: DataSet | DataSetInput | undefined;
    },
    options?: NServiceCallOptions,
  ): Promise<NServiceResult>;
  /** N-CREATE: with the UID given, or one that the peer gives. PS3.7 10.1.5. */
  create(
    target: Omit<NServiceTarget, 'sopInstanceUid'> & {
      readonly sopInstanceUid?: string | undefined;
      readonly attributes?: DataSet | DataSetInput | undefined;
    },
    options?: NServiceCallOptions,
  ): Promise<NServiceResult>;
  /** N-DELETE. PS3.7 10.1.6. */
  delete(target: NServiceTarget, options?: NServiceCallOptions): Promise<NServiceResult>;
}

/** Options of an N-service. */
export interface NServiceCallOptions extends CallOptions {
  /** Transfer syntaxes to propose. Default: explicit and implicit VR little endian. */
  readonly transferSyntaxes?: readonly string[] | undefined;
  /** Whose meanings statuses have. Default: those of the SOP class, where the standard defines some. */
  readonly service?: StatusService | undefined;
  /** Contexts to propose in place of the one that the abstract syntax asks for: more that go with it, or roles. */
  readonly contexts?: readonly ContextProposal[] | undefined;
}

/** The N-services over sessions that are lent. */
export function nServicesOver(lender: SessionLender): NServices {
  const call = <C extends NRequest>(
    command: C,
    { abstractSyntax }: Pick<NServiceTarget, 'abstractSyntax'>,
    dataSet: DataSet | DataSetInput | undefined,
    options: NServiceCallOptions,
  ) => callOver(lender, command, abstractSyntax, dataSet, options);
  return {
    eventReport: ({ sopClassUid, sopInstanceUid, eventTypeId, information, ...rest }, options = {}) =>
      call(
        {
          type: 'N-EVENT-REPORT-RQ',
          affectedSopClassUid: sopClassUid,
          affectedSopInstanceUid: sopInstanceUid,
          eventTypeId,
        },
        rest,
        information,
        options,
      ),
    get: ({ attributes, ...target }, options = {}) =>
      call(
        { type: 'N-GET-RQ', ...requested(target), attributeIdentifierList: attributes?.map(tagOf) },
        target,
        undefined,
        options,
      ),
    set: ({ modifications, ...target }, options = {}) =>
      call({ type: 'N-SET-RQ', ...requested(target) }, target, modifications, options),
    action: ({ actionTypeId, information, ...target }, options = {}) =>
      call({ type: 'N-ACTION-RQ', ...requested(target), actionTypeId }, target, information, options),
    create: ({ sopClassUid, sopInstanceUid, attributes, ...rest }, options = {}) =>
      call(
        { type: 'N-CREATE-RQ', affectedSopClassUid: sopClassUid, affectedSopInstanceUid: sopInstanceUid },
        rest,
        attributes,
        options,
      ),
    delete: (target, options = {}) => call({ type: 'N-DELETE-RQ', ...requested(target) }, target, undefined, options),
  };
}

/** Explicit VR first, and the default that PS3.5 10.1 asks for. */
export const nServiceTransferSyntaxes: readonly string[] = [
  TransferSyntax.ExplicitVRLittleEndian,
  TransferSyntax.ImplicitVRLittleEndian,
];

type NRequest = Extract<RequestWithoutIds, { readonly type: `N-${string}` }>;

async function callOver<C extends NRequest>(
  lender: SessionLender,
  command: C,
  abstractSyntax: string | readonly string[] | undefined,
  dataSet: DataSet | DataSetInput | undefined,
  options: NServiceCallOptions,
): Promise<NServiceResult> {
  const sopClassUid = 'affectedSopClassUid' in command ? command.affectedSopClassUid : command.requestedSopClassUid;
  const syntax = abstractSyntax ?? sopClassUid;
  const { transferSyntaxes = nServiceTransferSyntaxes, service = statusServiceOf(sopClassUid) } = options;
  const contexts = options.contexts ?? [syntax].flat().map((each) => ({ abstractSyntax: each, transferSyntaxes }));
  const response = await requestOver(
    lender,
    { command, contexts, abstractSyntax: syntax, dataSet: toDataSet(dataSet), service },
    options,
  );
  return resultOf(command, response, service);
}

function resultOf(
  command: NRequest,
  { command: response, dataSet }: IncomingResponse<Command<ResponseTypeOf<NRequest['type']>>>,
  service: StatusService | undefined,
): NServiceResult {
  const asked = 'affectedSopClassUid' in command ? command.affectedSopInstanceUid : command.requestedSopInstanceUid;
  const sopInstanceUid = response.affectedSopInstanceUid ?? asked;
  if (sopInstanceUid === undefined || sopInstanceUid === '') {
    throw new ServiceError('invalid-response', 'The peer created an instance and did not say which');
  }
  return {
    status: response.status,
    category: statusCategory(response.status),
    meaning: describeStatus(response.status, service),
    comment: response.errorComment,
    sopInstanceUid,
    dataSet,
  };
}

function requested({ sopClassUid, sopInstanceUid }: NServiceTarget) {
  return { requestedSopClassUid: sopClassUid, requestedSopInstanceUid: sopInstanceUid };
}

/** A data set from either form; an empty one is none, since a message without attributes has no data set. */
function toDataSet(given: DataSet | DataSetInput | undefined): DataSet | undefined {
  if (given === undefined) return undefined;
  const dataSet = given instanceof DataSet ? given : DataSet.from(given);
  return dataSet.size === 0 ? undefined : dataSet;
}

function tagOf(key: Keyword | number): number {
  const tag = typeof key === 'number' ? key : tagOfKeyword(key);
  if (tag === undefined) throw new ServiceError('invalid-option', `No element has the keyword ${JSON.stringify(key)}`);
  return tag;
}
