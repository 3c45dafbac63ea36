/** From what the user asks for to what is called. */
import type { Association, Negotiated, NegotiatedContext } from '@dicomwire/ul';
import { MESSAGES } from '../command/messages.js';
import type { RequestCommand, RequestWithoutIds } from '../command/types.js';
import { DimseError } from '../errors.js';
import { encodedSource } from '../message/encoded-data-set.js';
import type { DataSetSource } from '../message/types.js';
import type { CallListener, CallSpecification } from './call.js';
import type { SessionSettings } from './options.js';
import { sopClassUidOf } from './refusal.js';
import type { RequestOptions } from './request-options.js';

/**
 * What is to be called.
 *
 * @throws DimseError `no-context`, `data-set-required`, `data-set-source`, `association-ended`.
 */
export function specifyCall(
  association: Association,
  settings: SessionSettings,
  command: RequestWithoutIds,
  options: RequestOptions,
  listener: CallListener,
): CallSpecification {
  const context = chooseContext(association, command, options.contextId);
  const dataSet = chooseDataSet(command, context, options.dataSet);
  return {
    type: command.type,
    context,
    sopClassUid: sopClassUidOf(command),
    command: (messageId): RequestCommand => ({ ...command, messageId, hasDataSet: dataSet !== undefined }),
    dataSet,
    timeoutMs: options.timeoutMs ?? settings.responseTimeoutMs,
    signal: options.signal,
    cancelSignal: options.cancelSignal,
    onProgress: options.onProgress,
    listener,
  };
}

/** The first accepted context of an abstract syntax, and of a transfer syntax if one is given. */
export function findContext(
  negotiated: Negotiated,
  abstractSyntax: string,
  transferSyntax?: string,
): NegotiatedContext | undefined {
  return negotiated.acceptedContexts.find(
    (context) =>
      context.abstractSyntax === abstractSyntax &&
      (transferSyntax === undefined || context.transferSyntax === transferSyntax),
  );
}

function chooseContext(
  { negotiated, calledAeTitle }: Association,
  command: RequestWithoutIds,
  contextId: number | undefined,
): NegotiatedContext {
  const sopClassUid = sopClassUidOf(command);
  const context = contextId === undefined ? findContext(negotiated, sopClassUid) : negotiated.contexts.get(contextId);
  if (context?.result === 0) return context;
  const what = contextId === undefined ? `for ${sopClassUid}` : `${contextId}`;
  throw new DimseError('no-context', `${calledAeTitle} accepted no presentation context ${what}`);
}

function chooseDataSet(
  { type }: RequestWithoutIds,
  context: NegotiatedContext,
  given: RequestOptions['dataSet'],
): DataSetSource | undefined {
  const need = MESSAGES[type].dataSet;
  if (given === undefined) {
    if (need === 'required') throw new DimseError('data-set-required', `${type} needs a data set`);
    return undefined;
  }
  if (need === 'none') throw new DimseError('data-set-required', `${type} has no data set`);
  const source = encodedSource(given, context.transferSyntax ?? '');
  const isEmpty = source instanceof Uint8Array && source.byteLength === 0;
  return isEmpty && need === 'optional' ? undefined : source;
}
