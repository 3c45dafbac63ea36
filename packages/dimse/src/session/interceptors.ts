/** Shows messages to interceptors, one after another, and checks what they make of them. */
import type { RequestCommand, ResponseCommand } from '../command/types.js';
import type { DataSet } from '../dataset/index.js';
import { DimseError } from '../errors.js';
import { encodedSource } from '../message/encoded-data-set.js';
import type { DataSetSource, IncomingDataSet } from '../message/types.js';
import { statusCategory } from '../status.js';
import { ChangedRequest } from './changed-request.js';
import type { IncomingRequest } from './handler.js';
import type { InterceptedMessage, Interception, MessageChange, SessionInterceptor } from './interceptor.js';

type Outgoing<C extends RequestCommand | ResponseCommand> = InterceptedMessage<C, DataSetSource>;
type Received = InterceptedMessage<ResponseCommand, DataSet>;
/** At once, unless an interceptor takes its time. */
type Now<T> = T | Promise<T>;

/** The interceptors of a session, by what they are shown; a function that is absent has no interceptor. */
export interface Interceptors {
  readonly outgoingRequest: ((message: Outgoing<RequestCommand>) => Now<Outgoing<RequestCommand>>) | undefined;
  readonly incomingResponse: ((message: Received) => Received) | undefined;
  readonly incomingRequest: ((request: IncomingRequest) => Now<IncomingRequest>) | undefined;
  readonly outgoingResponse: ((message: Outgoing<ResponseCommand>) => Now<Outgoing<ResponseCommand>>) | undefined;
}

/** Joins them, in the order given. */
export function joinInterceptors(given: readonly SessionInterceptor[]): Interceptors {
  return {
    outgoingRequest: chain(
      given.flatMap((one) => (one.outgoingRequest === undefined ? [] : [one.outgoingRequest.bind(one)])),
      changeOutgoing,
    ),
    incomingResponse: chainAtOnce(
      given.flatMap((one) => (one.incomingResponse === undefined ? [] : [one.incomingResponse.bind(one)])),
      changeReceived,
    ),
    incomingRequest: chain(
      given.flatMap((one) => (one.incomingRequest === undefined ? [] : [one.incomingRequest.bind(one)])),
      changeRequest,
    ),
    outgoingResponse: chain(
      given.flatMap((one) => (one.outgoingResponse === undefined ? [] : [one.outgoingResponse.bind(one)])),
      changeOutgoing,
    ),
  };
}

type Step<M, R> = (message: M) => Now<R | undefined>;
type Apply<M, R> = (message: M, change: R) => M;

function chain<M, R>(steps: readonly Step<M, R>[], apply: Apply<M, R>): ((message: M) => Now<M>) | undefined {
  return steps.length === 0 ? undefined : (message) => run(steps, apply, message, 0);
}

function run<M, R>(steps: readonly Step<M, R>[], apply: Apply<M, R>, start: M, from: number): Now<M> {
  let message = start;
  for (let index = from; index < steps.length; index++) {
    const change = steps[index]?.(message);
    if (change instanceof Promise) {
      return change.then((settled) => run(steps, apply, applied(apply, message, settled), index + 1));
    }
    message = applied(apply, message, change);
  }
  return message;
}

function chainAtOnce<M, R>(
  steps: readonly ((message: M) => R | undefined)[],
  apply: Apply<M, R>,
): ((message: M) => M) | undefined {
  if (steps.length === 0) return undefined;
  return (start) => steps.reduce((message, step) => applied(apply, message, step(message)), start);
}

function applied<M, R>(apply: Apply<M, R>, message: M, change: R | undefined): M {
  return change === undefined ? message : apply(message, change);
}

function changeOutgoing<C extends RequestCommand | ResponseCommand>(
  message: Outgoing<C>,
  change: MessageChange<C, DataSetSource | DataSet>,
): Outgoing<C> {
  const { dataSet: given } = change;
  const dataSet =
    given === undefined ? message.dataSet : encodedSource(given, message.context.transferSyntax ?? '', 'write');
  return { ...message, dataSet, command: changedCommand(message.command, change, dataSet) };
}

function changeReceived(message: Received, change: NonNullable<Interception<ResponseCommand, DataSet>>): Received {
  const dataSet = change.dataSet ?? message.dataSet;
  return { ...message, dataSet, command: changedCommand(message.command, change, dataSet) };
}

function changeRequest(
  request: IncomingRequest,
  change: NonNullable<Interception<RequestCommand, IncomingDataSet>>,
): IncomingRequest {
  const dataSet = change.dataSet ?? request.dataSet;
  return new ChangedRequest(request, changedCommand(request.command, change, dataSet), dataSet);
}

/** What belongs to the exchange rather than to the message is not for interceptors to change. */
function changedCommand<C extends RequestCommand | ResponseCommand>(
  command: C,
  change: { readonly command?: C | undefined },
  dataSet: unknown,
): C {
  const changed = change.command ?? command;
  if (changed.type !== command.type) throw forbidden(`a ${command.type} into a ${changed.type}`);
  if (idOf(changed) !== idOf(command)) throw forbidden(`the message ID of a ${command.type}`);
  if (isPending(changed) !== isPending(command)) throw forbidden(`whether a ${command.type} is the final one`);
  return { ...changed, hasDataSet: dataSet !== undefined };
}

function idOf(command: RequestCommand | ResponseCommand): number {
  return 'messageId' in command ? command.messageId : command.messageIdBeingRespondedTo;
}

function isPending(command: RequestCommand | ResponseCommand): boolean {
  return 'status' in command && statusCategory(command.status) === 'Pending';
}

function forbidden(what: string): DimseError {
  return new DimseError('invalid-command', `An interceptor can't change ${what}`);
}
