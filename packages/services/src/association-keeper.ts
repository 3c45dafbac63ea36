/**
 * Keeps the associations of a client: opens them when they are needed, lends them, ends them.
 */
import { type Clock, connectSession, type Session } from '@dicomwire/dimse';
import { extendedNegotiationsOf, roleSelectionsOf } from './association-proposal.js';
import { type ContextProposal, contextKey } from './context-proposal.js';
import { Dispatcher } from './dispatcher.js';
import { errorFrom } from './error-from.js';
import type { PeerOptions } from './peer.js';
import type { Service } from './service.js';
import { ServiceError } from './service-error.js';
import type { BorrowOptions, Loan, SessionLender } from './session-lender.js';

/** Who calls when nobody is named. */
export const defaultCallingAeTitle = 'DICOMWIRE';

/** An association, and how many calls run on it. */
interface Kept {
  readonly session: Session;
  readonly proposed: ReadonlySet<string>;
  /** Performs what the peer asks of us on this association. */
  readonly dispatcher: Dispatcher;
  users: number;
  /** Lent to one call that wants it for itself. */
  isExclusive: boolean;
  /** Being released: nobody is lent it any more. */
  isEnding: boolean;
}

/** An association that is being opened. */
interface Opening {
  readonly proposed: ReadonlySet<string>;
  readonly isExclusive: boolean;
  /** Never rejects. */
  readonly settled: Promise<boolean>;
}

/**
 * Lends the associations with one peer: as few as can be, since peers count them. Calls share one that has the contexts they need; one that
 * lacks them is replaced while nothing runs on it, and joined by another while something does; one is kept for the next call.
 *
 * With a number of associations that are allowed, calls that run at the same time are spread over as many; beyond that they share, and wait
 * where they can't.
 */
export class AssociationKeeper implements SessionLender {
  readonly usualContexts: readonly ContextProposal[];
  readonly #peer: PeerOptions;
  readonly #services: readonly Service[];
  readonly #report: (error: unknown) => void;
  readonly #maximum: number | undefined;
  readonly #keepsIdle: boolean;
  /** Those that stand, in the order in which they were opened. */
  readonly #all = new Set<Kept>();
  readonly #opening = new Set<Opening>();
  /** Calls that wait for an association to become free. */
  readonly #waiting = new Set<() => void>();
  /** Fires when the client is closed, to stop attempts to connect. */
  readonly #closing = new AbortController();
  /** Whether it has: asked for with each request, which costs the signal half a dozen calls. */
  #isClosed = false;

  /**
   * @param services - what the peer may ask of us on every association.
   * @param report - hears of services that threw.
   * @param maximumAssociations - associations at once; `undefined` for as few as can be, without a limit.
   * @param keepsIdle - whether associations are kept for the next call: one, or as many as are allowed.
   * @throws ServiceError `invalid-option` when two services want the same, or the number is none.
   */
  constructor(
    peer: PeerOptions,
    usualContexts: readonly ContextProposal[],
    services: readonly Service[] = [],
    report: (error: unknown) => void = () => undefined,
    maximumAssociations?: number,
    keepsIdle = true,
  ) {
    if (maximumAssociations !== undefined && !(Number.isInteger(maximumAssociations) && maximumAssociations > 0)) {
      throw new ServiceError('invalid-option', 'maximumAssociations is a whole number, 1 or more');
    }
    this.#peer = peer;
    this.usualContexts = usualContexts;
    this.#services = services;
    this.#report = report;
    this.#maximum = maximumAssociations;
    this.#keepsIdle = keepsIdle;
    this.#makeDispatcher();
  }

  /** True once it was released or aborted. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  get clock(): Clock | undefined {
    return this.#peer.clock;
  }

  get responseTimeoutMs(): number | undefined {
    return this.#peer.responseTimeoutMs;
  }

  /** The session that was opened last, if there is one. */
  get currentSession(): Session | undefined {
    return this.#usable().at(-1)?.session;
  }

  borrow(
    contexts: readonly ContextProposal[],
    signal: AbortSignal | undefined,
    { isExclusive = false }: BorrowOptions = {},
  ): Loan | Promise<Loan> {
    const free = this.#isClosed || signal?.aborted === true ? undefined : this.#free(contexts);
    return free === undefined ? this.#borrowSoon(contexts, signal, isExclusive) : this.#lend(free, false, isExclusive);
  }

  async #borrowSoon(
    contexts: readonly ContextProposal[],
    signal: AbortSignal | undefined,
    isExclusive: boolean,
  ): Promise<Loan> {
    for (;;) {
      if (this.#isClosed) throw closedError();
      if (signal?.aborted === true) throw errorFrom(signal.reason);
      const free = this.#free(contexts);
      if (free !== undefined) return this.#lend(free, false, isExclusive);
      const shared = isExclusive ? undefined : leastUsed(this.#fitting(contexts));
      if (shared !== undefined && !(this.#isPool && this.#hasRoom)) return this.#lend(shared, false, false);
      const soon = isExclusive || this.#isPool ? undefined : this.#openingWith(contexts);
      if (soon !== undefined) {
        await soon.settled;
      } else if (this.#hasRoom || this.#idle() !== undefined) {
        const kept = await this.#openOr(shared, contexts, signal, isExclusive);
        if (kept === undefined) continue;
        if (kept !== shared) kept.users -= 1;
        return this.#lend(kept, kept !== shared, isExclusive);
      } else {
        await this.#change(signal);
      }
    }
  }

  /** Ends every association in order; nothing can be borrowed any more. */
  async release(): Promise<void> {
    this.#close();
    await Promise.all([...this.#all].map((kept) => endInOrder(kept)));
  }

  /** Ends every association at once; nothing can be borrowed any more. */
  abort(): void {
    this.#close();
    for (const { session } of this.#all) session.abort();
  }

  get #isPool(): boolean {
    return this.#maximum !== undefined;
  }

  get #hasRoom(): boolean {
    return this.#all.size + this.#opening.size < (this.#maximum ?? Number.POSITIVE_INFINITY);
  }

  #usable(): readonly Kept[] {
    return [...this.#all].filter(isUsable);
  }

  #fitting(contexts: readonly ContextProposal[]): readonly Kept[] {
    return this.#usable().filter((kept) => fits(kept, contexts));
  }

  /** The first that nobody uses; asked for before each request. */
  #free(contexts: readonly ContextProposal[]): Kept | undefined {
    for (const kept of this.#all) if (kept.users === 0 && isUsable(kept) && fits(kept, contexts)) return kept;
    return undefined;
  }

  /** One that nobody uses, to make room: the oldest. */
  #idle(): Kept | undefined {
    return this.#usable().find(({ users }) => users === 0);
  }

  #openingWith(contexts: readonly ContextProposal[]): Opening | undefined {
    return [...this.#opening].find((opening) => !opening.isExclusive && hasAll(opening.proposed, contexts));
  }

  #lend(kept: Kept, isNew: boolean, isExclusive: boolean): Loan {
    kept.users += 1;
    kept.isExclusive = isExclusive;
    let isGivenBack = false;
    return {
      session: kept.session,
      isNew,
      serve: (service) => kept.dispatcher.add(service),
      giveBack: () => {
        if (isGivenBack) return undefined;
        isGivenBack = true;
        return this.#leave(kept);
      },
    };
  }

  #isWorthKeeping(kept: Kept): boolean {
    if (this.#isClosed || !this.#keepsIdle) return false;
    if (this.#all.size === 1 || this.#isPool) return true;
    return this.#usable().at(-1) === kept || !this.#usable().some((other) => other !== kept);
  }

  /**
   * Opens an association, in place of an idle one where there is no room beside it.
   *
   * @param shared - what is lent in its stead when the peer does not want another one.
   * @returns `undefined` when one that fits became free meanwhile.
   */
  async #openOr(
    shared: Kept | undefined,
    contexts: readonly ContextProposal[],
    signal: AbortSignal | undefined,
    isExclusive: boolean,
  ): Promise<Kept | undefined> {
    const proposed = contexts.length > 0 ? contexts : this.usualContexts;
    const replaced = this.#isPool && this.#hasRoom ? undefined : this.#idle();
    const needless = new AbortController();
    const signals = [needless.signal, this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    const opened = this.#open(replaced, proposed, AbortSignal.any(signals), isExclusive);
    const settled = opened.then(
      () => true,
      () => true,
    );
    const opening = { proposed: new Set(proposed.map(contextKey)), isExclusive, settled };
    this.#opening.add(opening);
    const freed = this.#becomesFree(contexts, needless.signal);
    try {
      if (!(await Promise.race([settled, freed]))) {
        void opened.then((kept) => this.#leave(kept)).catch(() => undefined);
        return undefined;
      }
      return await opened;
    } catch (error) {
      if (signal?.aborted === true || shared?.session.association.isEstablished !== true) throw error;
      return shared.isEnding ? undefined : shared;
    } finally {
      needless.abort(new Error('Another association became free'));
      this.#opening.delete(opening);
      this.#changed();
    }
  }

  /** Resolves with false once an association that fits is free, or the signal fires. */
  async #becomesFree(contexts: readonly ContextProposal[], signal: AbortSignal): Promise<false> {
    do await this.#change(signal);
    while (!signal.aborted && this.#free(contexts) === undefined);
    return false;
  }

  /** A call does not use an association any more. */
  #leave(kept: Kept): undefined | Promise<void> {
    kept.users -= 1;
    kept.isExclusive = false;
    const ended = kept.users === 0 && !this.#isWorthKeeping(kept) ? endInOrder(kept) : undefined;
    this.#changed();
    return ended;
  }

  async #open(
    replaced: Kept | undefined,
    proposed: readonly ContextProposal[],
    signal: AbortSignal,
    isExclusive: boolean,
  ): Promise<Kept> {
    if (replaced !== undefined) await endInOrder(replaced);
    if (this.#isClosed) throw closedError();
    const {
      calledAeTitle = 'ANY-SCP',
      callingAeTitle = defaultCallingAeTitle,
      maximumOperations = 8,
      openTransport,
      ...peer
    } = this.#peer;
    const dispatcher = this.#makeDispatcher();
    // A look-up, or a release, may have taken its time.
    if (signal.aborted) throw errorFrom(signal.reason);
    const transport = openTransport?.();
    const opened = connectSession({
      ...peer,
      transport,
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
      signal,
    });
    const session = await opened.catch((error: unknown) => {
      transport?.destroy();
      throw error;
    });
    const proposedKeys = new Set(proposed.map(contextKey));
    // In use from the beginning, or others would take it before the call that it was opened for.
    const kept = { session, proposed: proposedKeys, dispatcher, users: 1, isExclusive, isEnding: false };
    if (!this.#isPool) for (const other of this.#usable()) if (other.users === 0) void endInOrder(other);
    // One that came to its end in the moment in which it was accepted would never say so.
    const { signal: over } = session.association;
    if (over.aborted) throw errorFrom(over.reason);
    this.#all.add(kept);
    over.addEventListener('abort', () => {
      this.#all.delete(kept);
      this.#changed();
    });
    return kept;
  }

  /** Resolves when associations came or went or became free, or the signal fires. */
  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  #changed(): void {
    if (this.#waiting.size > 0) for (const wake of [...this.#waiting]) wake();
  }

  #close(): void {
    this.#isClosed = true;
    this.#closing.abort(closedError());
    this.#changed();
  }

  #makeDispatcher(): Dispatcher {
    return new Dispatcher(this.#services, (error) => this.#report(error));
  }
}

function hasAll(proposed: ReadonlySet<string>, contexts: readonly ContextProposal[]): boolean {
  return contexts.every((context) => proposed.has(contextKey(context)));
}

function isUsable({ isEnding, session }: Kept): boolean {
  return !isEnding && session.association.isEstablished;
}

function fits(kept: Kept, contexts: readonly ContextProposal[]): boolean {
  return !kept.isExclusive && hasAll(kept.proposed, contexts);
}

function leastUsed(all: readonly Kept[]): Kept | undefined {
  return all.reduce<Kept | undefined>(
    (least, kept) => (least === undefined || kept.users < least.users ? kept : least),
    undefined,
  );
}

/** What is over already is not waited for: after an abort a peer that hangs may keep its connection open for long. */
async function endInOrder(kept: Kept): Promise<void> {
  kept.isEnding = true;
  if (!kept.session.association.signal.aborted) await kept.session.release();
}

function closedError(): ServiceError {
  return new ServiceError('closed', 'The client was released or aborted');
}
