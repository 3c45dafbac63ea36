/**
 * Requests over an association that is lent: what every service's user has in common.
 */
import {
  type DataSet,
  type DataSetSource,
  describeStatus,
  type IncomingResponse,
  type Invoker,
  type NegotiatedContext,
  type RequestWithoutIds,
  type ResponseCommand,
  type ResponseTo,
  type StatusService,
  statusCategory,
} from '@dicomwire/dimse';
import { sopClassName } from '@dicomwire/dimse/dataset';
import { abortOnSignal } from './abort-on-signal.js';
import type { ContextProposal } from './context-proposal.js';
import { errorFrom } from './error-from.js';
import { ServiceError, type ServiceErrorDetails } from './service-error.js';
import type { Loan, SessionLender } from './session-lender.js';

/** Options of a call that asks one thing and waits for the answer. */
export interface CallOptions {
  /** Ends the wait, and the association with it. */
  readonly signal?: AbortSignal | undefined;
  /** For the response, milliseconds; 0 is no limit. Default: the peer's `responseTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/** A request, and the context that it wants. */
export interface RequestSpecification<C extends RequestWithoutIds> {
  readonly command: C;
  /** What is proposed when there is no association yet that has it. */
  readonly contexts: readonly ContextProposal[];
  /**
   * The abstract syntax whose context takes the request, where it is not the command's SOP class: a meta SOP class, UPS Push for another UPS
   * class. Of several the first that the peer accepted. Default: that of the first context.
   */
  readonly abstractSyntax?: string | readonly string[] | undefined;
  readonly dataSet?: DataSet | DataSetSource | undefined;
  /** Whose meanings statuses have; `undefined` where only the general ones hold. */
  readonly service: StatusService | undefined;
}

/**
 * Sends one request over an association that has its context, and waits for the final response.
 *
 * @returns the response when its status says success or a warning.
 * @throws ServiceError `no-accepted-context`, `refused`; what the lender and the session throw; the signal's reason
 */
export function requestOver<C extends RequestWithoutIds>(
  lender: SessionLender,
  specification: RequestSpecification<C>,
  options: CallOptions,
): Promise<IncomingResponse<ResponseTo<C>>> {
  const { contexts, command, dataSet, service } = specification;
  return overLoan(lender, contexts, options.signal, async ({ session }) => {
    const context = acceptedContext(session, specification.abstractSyntax ?? contexts[0]?.abstractSyntax ?? '');
    const timeoutMs = options.timeoutMs ?? lender.responseTimeoutMs;
    const response = await session.request(command, { contextId: context.id, dataSet, timeoutMs });
    throwIfRefused(command.type, response.command, service);
    return response;
  });
}

/** Borrows an association for the time of a call; the signal aborts it, and its reason is what is thrown then. */
export async function overLoan<T>(
  lender: SessionLender,
  contexts: readonly ContextProposal[],
  signal: AbortSignal | undefined,
  use: (loan: Loan) => Promise<T>,
): Promise<T> {
  const borrowed = lender.borrow(contexts, signal);
  const loan = borrowed instanceof Promise ? await borrowed : borrowed;
  const takeOff = abortOnSignal(loan.session, signal);
  try {
    return await use(loan);
  } catch (error) {
    throw signal?.aborted === true ? errorFrom(signal.reason) : error;
  } finally {
    takeOff();
    const ending = loan.giveBack();
    if (ending !== undefined) await ending;
  }
}

/** The first context of an abstract syntax that the peer accepted. @throws ServiceError `no-accepted-context` */
export function acceptedContext(
  session: Pick<Invoker, 'findContext'>,
  abstractSyntax: string | readonly string[],
): NegotiatedContext {
  const wanted = typeof abstractSyntax === 'string' ? [abstractSyntax] : abstractSyntax;
  for (const each of wanted) {
    const context = session.findContext(each);
    if (context !== undefined) return context;
  }
  const name = wanted.map((each) => sopClassName(each) ?? each).join(', ');
  throw new ServiceError('no-accepted-context', `The peer does not accept ${name}`);
}

/** @throws ServiceError `refused` when a final response says failure. */
export function throwIfRefused(request: string, response: ResponseCommand, service: StatusService | undefined): void {
  if (statusCategory(response.status) === 'Failure') throw refused(request, response, service);
}

/** What a response that says failure is thrown as. */
export function refused(
  request: string,
  response: ResponseCommand,
  service: StatusService | undefined,
  details: Pick<ServiceErrorDetails, 'retrieval'> = {},
): ServiceError {
  const { status, errorComment: comment, offendingElements, errorId } = response;
  const meaning = describeStatus(status, service);
  const said = comment === undefined || comment === '' ? '' : `: ${comment}`;
  return new ServiceError('refused', `The peer answered ${request.replace(/-RQ$/, '')} with ${meaning}${said}`, {
    status,
    comment,
    offendingElements,
    errorId,
    ...details,
  });
}
