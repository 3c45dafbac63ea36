/**
 * DIMSE on an association, in both roles at once: requests go out and are answered, requests come in and are performed. PS3.7.
 */
import type { Association, AssociationEnd, Negotiated, NegotiatedContext, ReleaseOptions } from '@dicomwire/ul';
import type { RequestWithoutIds, ResponseTo } from '../command/types.js';
import type { IncomingResponse } from '../message/types.js';
import { LineInvoker } from './line-invoker.js';
import { decideSettings, type SessionOptions } from './options.js';
import type { MessageSender, RawMessage } from './raw-message.js';
import { findContext } from './request.js';
import type { RequestOptions } from './request-options.js';
import { SessionLine } from './session-line.js';

/**
 * DIMSE on one association. Made by {@link createSession}, {@link connectSession} or a {@link createSessionServer | server}.
 *
 * Requests beyond the negotiated asynchronous operations window wait until an earlier one is answered, in the order in which they were
 * made; so do the peer's.
 */
export class Session implements MessageSender {
  /** The association beneath. */
  readonly association: Association;
  readonly #line: SessionLine;
  readonly #invoker: MessageSender;

  /** @internal */
  constructor(association: Association, options: SessionOptions) {
    this.association = association;
    this.#line = new SessionLine(association, decideSettings(options, association));
    this.#invoker = new LineInvoker(this.#line, 'until release');
    association.setReceiver(this.#line);
  }

  /** What both sides agreed on. */
  get negotiated(): Negotiated {
    return this.association.negotiated;
  }

  /** Settles (never rejects) when the association is over. */
  get closed(): Promise<AssociationEnd> {
    return this.association.closed;
  }

  /** Requests under way in either direction. */
  get operationCount(): number {
    return this.#line.operationCount;
  }

  /** The first accepted presentation context of this abstract syntax, and of this transfer syntax if one is given. */
  findContext(abstractSyntax: string, transferSyntax?: string): NegotiatedContext | undefined {
    return findContext(this.negotiated, abstractSyntax, transferSyntax);
  }

  /**
   * Sends a request and waits for the final response; pending ones are passed over.
   *
   * @throws {@link DimseError} by its `code`: `no-context`, `data-set-required`, `invalid-command`, `data-set-source`, `response-timeout`,
   * `unexpected-response`, `malformed-data-set`, `association-ended`; the `signal`'s reason when that fires. A status that says
   * failure is no error here.
   *
   * @example
   * ```ts no-run
   * import { connectSession, describeStatus } from '@dicomwire/dimse';
   *
   * const session = await connectSession({
   *   host: 'pacs',
   *   port: 104,
   *   calledAeTitle: 'PACS',
   *   callingAeTitle: 'CT1',
   *   presentationContexts: [{ abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }],
   * });
   * const { command } = await session.request({ type: 'C-ECHO-RQ', affectedSopClassUid: '1.2.840.10008.1.1' });
   * console.log(describeStatus(command.status, 'verification'));
   * await session.release();
   * ```
   */
  request<C extends RequestWithoutIds>(
    command: C,
    options: RequestOptions = {},
  ): Promise<IncomingResponse<ResponseTo<C>>> {
    return this.#invoker.request(command, options);
  }

  /**
   * Sends a request, when its first response is asked for, and iterates over the responses: pending ones, the final one last. Leaving early sends
   * C-CANCEL; what still comes is read and dropped. Responses that nobody asked for yet make the association wait.
   *
   * @throws the same as {@link Session.request}, from the iteration.
   */
  requestMany<C extends RequestWithoutIds>(
    command: C,
    options: RequestOptions = {},
  ): AsyncIterableIterator<IncomingResponse<ResponseTo<C>>> {
    return this.#invoker.requestMany(command, options);
  }

  /**
   * Sends a message as it is, when its turn comes: it is not checked, not counted in the asynchronous operations window, and no response is
   * waited for. A response that comes belongs to no request of the session, which ends the association, unless the option `rawMessages` takes it.
   *
   * @throws {@link DimseError} by its `code`: `no-context`, `invalid-command` (a command set that can't be encoded; bytes that are none or odd
   * in number), `missing-element`, `data-set-source`, `association-ended`.
   */
  sendMessage(message: RawMessage): Promise<void> {
    return this.#invoker.sendMessage(message);
  }

  /** A message ID that no request under way has, and that the session does not give to its next requests. */
  nextMessageId(): number {
    return this.#invoker.nextMessageId();
  }

  /**
   * Waits for what is under way in either direction, then releases the association; no request can be made meanwhile. Resolves when the association is over,
   * whichever way.
   *
   * @param options - `timeoutMs` holds for each of the two waits; then the association is aborted. Default: `responseTimeoutMs` for what is
   * under way, the association's `releaseTimeoutMs` for the release.
   */
  async release(options: ReleaseOptions = {}): Promise<AssociationEnd> {
    await this.#line.drained(options);
    return this.association.release(options);
  }

  /** A-ABORT, at once. */
  abort(error?: Error): void {
    this.association.abort(0, 0, error);
  }

  /** Releases the association: `await using session = …`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}

/** Makes a session on an association that has no receiver yet; once for each association. */
export function createSession(association: Association, options: SessionOptions = {}): Session {
  return new Session(association, options);
}
