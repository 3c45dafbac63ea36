/**
 * The N-services of any SOP class, as provider, and N-EVENT-REPORT as the user that hears it. PS3.7 10.
 */
import {
  DataSet,
  type DataSetInput,
  type IncomingRequest,
  type OutgoingResponse,
  type RequestCommand,
  type RequestType,
  StatusError,
} from '@dicomwire/dimse';
import type { AssociationFacts, Service } from '../service.js';
import { ServiceError } from '../service-error.js';
import { withoutPadding } from '../storage/storage-path.js';

/** What every handler of an N-service gets. */
export interface NServiceRequest {
  /** SOP class of the command, without padding. It may differ from the abstract syntax of the context. */
  readonly sopClassUid: string;
  /** SOP instance of the command, without padding; the peer's text, checked to be nothing. `undefined` in an N-CREATE that leaves it to us. */
  readonly sopInstanceUid: string | undefined;
  /** What came along: attributes, modifications, action or event information. Empty where nothing did. */
  readonly dataSet: DataSet;
  /** Who asks. */
  readonly association: AssociationFacts;
  /** Fires when the association is over. */
  readonly signal: AbortSignal;
  /** The message as it came, for what this has not: its session, its context. */
  readonly message: IncomingRequest;
}

/** N-GET. */
export interface NGetRequest extends NServiceRequest {
  /** Tags that are asked for; empty for all. */
  readonly attributeIdentifierList: readonly number[];
}

/** N-ACTION. */
export interface NActionRequest extends NServiceRequest {
  /** Which action, as the service class numbers them. */
  readonly actionTypeId: number;
}

/** N-EVENT-REPORT. */
export interface NEventReportRequest extends NServiceRequest {
  /** Which event, as the service class numbers them. */
  readonly eventTypeId: number;
}

/**
 * What a handler answers: nothing for Success; a data set for Success with it; or all of it. A `StatusError` that it throws
 * answers its status.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing answers Success
export type NServiceAnswer = void | DataSet | NServiceResponse;

/** An answer in full. */
export interface NServiceResponse {
  /** Default: 0000, Success. */
  readonly status?: number | undefined;
  /** Error Comment (0000,0902), cut to 64 characters. */
  readonly comment?: string | undefined;
  /** The instance that an N-CREATE made; needed when the request named none. */
  readonly sopInstanceUid?: string | undefined;
  /** Attributes, action reply or event reply. */
  readonly dataSet?: DataSet | DataSetInput | undefined;
}

/** Options of {@link nService}: a handler for each operation that the SOP classes have. Others are refused: 0211. */
export interface NServiceOptions {
  /** For messages and logs. Default: `'n-service'`. */
  readonly name?: string | undefined;
  /** SOP classes, as they stand in commands. */
  readonly sopClasses: readonly string[];
  /** Abstract syntaxes to accept beside these: meta SOP classes. Default: none. */
  readonly abstractSyntaxes?: readonly string[] | undefined;
  /** Which role we play: `'scu'` hears events from providers that open associations themselves. Default: `'scp'`. */
  readonly role?: 'scp' | 'scu' | undefined;
  /** Longest data set that is taken, bytes; longer ones are answered with 0213 (resource limitation). Default: 16 MiB. */
  readonly maxDataSetBytes?: number | undefined;
  /** N-CREATE. */
  create?(request: NServiceRequest): Promise<NServiceAnswer>;
  /** N-SET. */
  set?(request: NServiceRequest): Promise<NServiceAnswer>;
  /** N-GET. What it answers is cut to the attributes asked for. */
  get?(request: NGetRequest): Promise<NServiceAnswer>;
  /** N-ACTION. */
  action?(request: NActionRequest): Promise<NServiceAnswer>;
  /** N-DELETE. */
  delete?(request: NServiceRequest): Promise<NServiceAnswer>;
  /** N-EVENT-REPORT: what a user hears. */
  eventReport?(request: NEventReportRequest): Promise<NServiceAnswer>;
}

/**
 * Performs N-services of SOP classes that have no service of their own here, or has them differently.
 *
 * @throws ServiceError `invalid-option` without any handler
 *
 * @example
 * ```ts
 * import { connect, createScp, nService } from '@dicomwire/services';
 *
 * const displaySystem = { sopClassUid: '1.2.840.10008.5.1.1.40', sopInstanceUid: '1.2.840.10008.5.1.1.40.1' };
 * const scp = createScp({
 *   aeTitle: 'DISPLAY',
 *   services: [
 *     nService({
 *       sopClasses: [displaySystem.sopClassUid],
 *       get: async () => ({ dataSet: { Manufacturer: 'ACME' } }),
 *     }),
 *   ],
 * });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 *
 * const client = await connect({ host: '127.0.0.1', port, calledAeTitle: 'DISPLAY', services: [] });
 * const { dataSet } = await client.nServices.get({ ...displaySystem, attributes: ['Manufacturer'] });
 * console.log(dataSet?.get('Manufacturer')); // ACME
 * await client.release();
 * await scp.close();
 * ```
 */
export function nService(options: NServiceOptions): Service {
  const { name = 'n-service', sopClasses, abstractSyntaxes = [], role } = options;
  const needed = role === 'scu' ? (['eventReport'] as const) : Object.values(handlerNames);
  if (!needed.some((handler) => typeof options[handler] === 'function')) {
    throw new ServiceError('invalid-option', `The service ${name} needs a handler: ${needed.join(', ')}`);
  }
  return {
    name,
    role,
    requests: requestsOf(options),
    sopClasses: [...new Set([...sopClasses, ...abstractSyntaxes])],
    perform: (request, association) => perform(options, request, association),
  };
}

const handlerNames = {
  'N-CREATE-RQ': 'create',
  'N-SET-RQ': 'set',
  'N-GET-RQ': 'get',
  'N-ACTION-RQ': 'action',
  'N-DELETE-RQ': 'delete',
  'N-EVENT-REPORT-RQ': 'eventReport',
} as const satisfies Partial<Record<RequestType, keyof NServiceOptions>>;

type NRequestType = keyof typeof handlerNames;

/** An SCP of a class is asked for all its operations, so that one it lacks is answered with 0211 and not with "no such class". */
function requestsOf({ role = 'scp', eventReport }: NServiceOptions): readonly RequestType[] {
  const asProvider: RequestType[] = ['N-CREATE-RQ', 'N-SET-RQ', 'N-GET-RQ', 'N-ACTION-RQ', 'N-DELETE-RQ'];
  const asUser: RequestType[] = ['N-EVENT-REPORT-RQ'];
  if (role === 'scu') return asUser;
  return eventReport === undefined ? asProvider : [...asProvider, ...asUser];
}

async function perform(
  options: NServiceOptions,
  message: IncomingRequest,
  association: AssociationFacts,
): Promise<OutgoingResponse> {
  const { command } = message;
  if (!isNRequest(command)) throw new StatusError(unrecognizedOperation);
  const dataSet = await received(message, options.maxDataSetBytes ?? defaultMaxDataSetBytes);
  const sopClassUid = withoutPadding(
    'affectedSopClassUid' in command ? command.affectedSopClassUid : command.requestedSopClassUid,
  );
  const named = 'affectedSopClassUid' in command ? command.affectedSopInstanceUid : command.requestedSopInstanceUid;
  const sopInstanceUid = named === undefined || withoutPadding(named) === '' ? undefined : withoutPadding(named);
  const request = { sopClassUid, sopInstanceUid, dataSet, association, signal: message.signal, message };
  const answer = await handle(options, command, request);
  const response: NServiceResponse = answer instanceof DataSet ? { dataSet: answer } : (answer ?? {});
  return outgoing(command, sopInstanceUid, response);
}

function handle(options: NServiceOptions, command: NRequestCommand, request: NServiceRequest): Promise<NServiceAnswer> {
  switch (command.type) {
    case 'N-CREATE-RQ':
      return options.create?.(request) ?? unsupported(command.type);
    case 'N-SET-RQ':
      return options.set?.(request) ?? unsupported(command.type);
    case 'N-GET-RQ': {
      const { attributeIdentifierList = [] } = command;
      return options.get?.({ ...request, attributeIdentifierList }) ?? unsupported(command.type);
    }
    case 'N-ACTION-RQ':
      return options.action?.({ ...request, actionTypeId: command.actionTypeId }) ?? unsupported(command.type);
    case 'N-DELETE-RQ':
      return options.delete?.(request) ?? unsupported(command.type);
    case 'N-EVENT-REPORT-RQ':
      return options.eventReport?.({ ...request, eventTypeId: command.eventTypeId }) ?? unsupported(command.type);
  }
}

function unsupported(type: NRequestType): never {
  throw new StatusError(unrecognizedOperation, `This SOP class has no ${type.replace(/-RQ$/, '')} here`);
}

function outgoing(command: NRequestCommand, named: string | undefined, response: NServiceResponse): OutgoingResponse {
  const { status = 0x0000, comment, sopInstanceUid } = response;
  const dataSet =
    response.dataSet === undefined || response.dataSet instanceof DataSet
      ? response.dataSet
      : DataSet.from(response.dataSet);
  const isCreatedByUs = command.type === 'N-CREATE-RQ' && named === undefined;
  const whole = command.type === 'N-GET-RQ' ? cutTo(dataSet, command.attributeIdentifierList ?? []) : dataSet;
  return {
    status,
    errorComment: comment,
    fields: isCreatedByUs && sopInstanceUid !== undefined ? { affectedSopInstanceUid: sopInstanceUid } : undefined,
    dataSet: whole === undefined || whole.size === 0 ? undefined : whole,
  };
}

/** PS3.7 10.1.2.1.5: the attributes named, or all. The handler's data set stays as it is: it may be what it keeps. */
function cutTo(dataSet: DataSet | undefined, tags: readonly number[]): DataSet | undefined {
  if (dataSet === undefined || tags.length === 0) return dataSet;
  const wanted = new Set([...tags, specificCharacterSetTag]);
  const cut = new DataSet();
  for (const { tag, vr, values, items } of dataSet) {
    if (wanted.has(tag)) cut.set(tag, vr, vr === 'SQ' ? items : values);
  }
  return cut;
}

async function received({ dataSet }: IncomingRequest, maxBytes: number): Promise<DataSet> {
  if (dataSet === undefined) return new DataSet();
  try {
    return await dataSet.parse({ maxBytes });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'data-set-too-large';
    if (isTooLarge) throw new StatusError(resourceLimitation, 'The data set is too long', { cause: error });
    throw new StatusError(processingFailure, 'The data set cannot be read', { cause: error });
  }
}

function isNRequest(command: RequestCommand): command is NRequestCommand {
  return command.type in handlerNames;
}

type NRequestCommand = Extract<RequestCommand, { readonly type: NRequestType }>;

/** PS3.7 C.5.16, C.5.18, C.5.23. */
const processingFailure = 0x0110;
const unrecognizedOperation = 0x0211;
const resourceLimitation = 0x0213;

const specificCharacterSetTag = 0x00080005;
const defaultMaxDataSetBytes = 16 * 1024 * 1024;
