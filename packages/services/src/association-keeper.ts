/**
 * Keeps the associations of a client: opens them when they are needed, lends them, ends them.
 */
import { connectSession, type RoleSelection, type Session, type SopClassExtendedNegotiation } from '@dicomwire/dimse';
import { type ContextProposal, contextKey } from './context-proposal.js';
import { Dispatcher } from './dispatcher.js';
import type { PeerOptions } from './peer.js';
import type { Service } from './service.js';
import { ServiceError } from './service-error.js';
import type { Loan, SessionLender } from './session-lender.js';

/** Who calls when nobody is named. */
export const defaultCallingAeTitle = 'DICOMWIRE';

/** An association, and how many calls run on it. */
interface Kept {
  readonly session: Session;
  readonly proposed: ReadonlySet<string>;
  /** Performs what the peer asks of us on this association. */
  readonly dispatcher: Dispatcher;
  users: number;
}

/**
 * Holds one association at a time, if that can be: peers count them. One that lacks a context which a call needs is released
 * and replaced while nothing runs on it; while something does, the call is given one of its own.
 */
export class AssociationKeeper implements SessionLender {
  readonly usualContexts: readonly ContextProposal[];
  readonly #peer: PeerOptions;
  readonly #services: readonly Service[];
  readonly #report: (error: unknown) => void;
  readonly #all = new Set<Kept>();
  /** Fires when the client is closed, to stop attempts to connect. */
  readonly #closing = new AbortController();
  #current: Kept | undefined;

  /**
   * @param services - what the peer may ask of us on every association.
   * @param report - hears of services that threw.
   * @throws ServiceError `invalid-option` when two services want the same.
   */
  constructor(
    peer: PeerOptions,
    usualContexts: readonly ContextProposal[],
    services: readonly Service[] = [],
    report: (error: unknown) => void = () => undefined,
  ) {
    this.#peer = peer;
    this.usualContexts = usualContexts;
    this.#services = services;
    this.#report = report;
    this.#makeDispatcher();
  }

  get responseTimeoutMs(): number | undefined {
    return this.#peer.responseTimeoutMs;
  }

  /** The session that the next call would be lent, if there is one. */
  get currentSession(): Session | undefined {
    const current = this.#current;
    return current?.session.association.isEstablished === true ? current.session : undefined;
  }

  async borrow(contexts: readonly ContextProposal[], signal: AbortSignal | undefined): Promise<Loan> {
    const current = this.#usable(contexts);
    if (current !== undefined) return this.#lend(current, false);
    const replaced = this.#current;
    if (replaced !== undefined && replaced.users === 0) {
      this.#current = undefined;
      await replaced.session.release();
    }
    const kept = await this.#connect(contexts, signal);
    this.#current ??= kept;
    return this.#lend(kept, true);
  }

  /** Ends every association in order; nothing can be borrowed any more. */
  async release(): Promise<void> {
    this.#closing.abort(closedError());
    await Promise.all([...this.#all].map(({ session }) => endInOrder(session)));
  }

  /** Ends every association at once; nothing can be borrowed any more. */
  abort(): void {
    this.#closing.abort(closedError());
    for (const { session } of this.#all) session.abort();
  }

  #usable(contexts: readonly ContextProposal[]): Kept | undefined {
    const current = this.#current;
    if (current === undefined) return undefined;
    if (!current.session.association.isEstablished) {
      this.#current = undefined;
      return undefined;
    }
    return contexts.every((context) => current.proposed.has(contextKey(context))) ? current : undefined;
  }

  #lend(kept: Kept, isNew: boolean): Loan {
    kept.users += 1;
    let isGivenBack = false;
    return {
      session: kept.session,
      isNew,
      serve: (service) => kept.dispatcher.add(service),
      giveBack: async () => {
        if (isGivenBack) return;
        isGivenBack = true;
        kept.users -= 1;
        if (kept.users === 0 && kept !== this.#current) await endInOrder(kept.session);
      },
    };
  }

  async #connect(contexts: readonly ContextProposal[], signal: AbortSignal | undefined): Promise<Kept> {
    if (this.#closing.signal.aborted) throw closedError();
    const {
      calledAeTitle = 'ANY-SCP',
      callingAeTitle = defaultCallingAeTitle,
      maximumOperations = 8,
      openTransport,
      ...peer
    } = this.#peer;
    const proposed = contexts.length > 0 ? contexts : this.usualContexts;
    const dispatcher = this.#makeDispatcher();
    const session = await connectSession({
      ...peer,
      transport: openTransport?.(),
      calledAeTitle,
      callingAeTitle,
      presentationContexts: proposed.map(({ abstractSyntax, transferSyntaxes }) => ({
        abstractSyntax,
        transferSyntaxes,
      })),
      roleSelections: roleSelectionsOf(proposed),
      sopClassExtendedNegotiations: extendedNegotiationsOf(proposed),
      handler: (request) => dispatcher.dispatch(request),
      onError: (error) => this.#report(error),
      asynchronousOperationsWindow:
        maximumOperations === 1
          ? undefined
          : { maximumOperationsInvoked: maximumOperations, maximumOperationsPerformed: 1 },
      signal: signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]),
    });
    const kept = { session, proposed: new Set(proposed.map(contextKey)), dispatcher, users: 0 };
    this.#all.add(kept);
    void session.association.closed.then(() => this.#all.delete(kept));
    return kept;
  }

  #makeDispatcher(): Dispatcher {
    return new Dispatcher(this.#services, (error) => this.#report(error));
  }
}

/** What is over already is not waited for: after an abort a peer that hangs may keep its connection open for long. */
async function endInOrder(session: Session): Promise<void> {
  if (!session.association.signal.aborted) await session.release();
}

/** One item for each SOP class, whichever of its contexts asked for roles. PS3.7 D.3.3.4. */
function roleSelectionsOf(contexts: readonly ContextProposal[]): readonly RoleSelection[] {
  const selections = new Map<string, RoleSelection>();
  for (const { abstractSyntax, roles } of contexts) {
    if (roles === undefined) continue;
    const other = selections.get(abstractSyntax);
    selections.set(abstractSyntax, {
      sopClassUid: abstractSyntax,
      scuRole: roles.scu || other?.scuRole === true,
      scpRole: roles.scp || other?.scpRole === true,
    });
  }
  return [...selections.values()];
}

/** One item for each SOP class: the first that a context gives. PS3.7 D.3.3.5. */
function extendedNegotiationsOf(contexts: readonly ContextProposal[]): readonly SopClassExtendedNegotiation[] {
  const negotiations = new Map<string, SopClassExtendedNegotiation>();
  for (const { abstractSyntax, extendedNegotiation } of contexts) {
    if (extendedNegotiation === undefined || negotiations.has(abstractSyntax)) continue;
    negotiations.set(abstractSyntax, {
      sopClassUid: abstractSyntax,
      serviceClassApplicationInformation: extendedNegotiation,
    });
  }
  return [...negotiations.values()];
}

function closedError(): ServiceError {
  return new ServiceError('closed', 'The client was released or aborted');
}
