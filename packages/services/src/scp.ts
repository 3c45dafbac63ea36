/**
 * What an application offers to its peers: the provider's side of the services.
 */
import type { Duplex } from 'node:stream';
import { type Association, type AssociationEnd, createSessionServer, type Server } from '@dicomwire/dimse';
import { acceptancePolicy } from './acceptance-policy.js';
import { factsOf } from './association-facts.js';
import { checkScpOptions } from './check-options.js';
import { Dispatcher } from './dispatcher.js';
import type { ScpOptions } from './scp-options.js';
import type { AssociationFacts } from './service.js';

/** Where to listen. */
export interface ListenOptions {
  /** TCP port; 0 for any free one. */
  readonly port: number;
  /** Address to bind to. Default: every address of the machine. */
  readonly host?: string | undefined;
}

/** Where a provider listens. */
export interface ListenAddress {
  /** IP address that is bound. */
  readonly address: string;
  /** TCP port that is bound. */
  readonly port: number;
}

/** A provider made by {@link createScp}. */
export interface Scp extends AsyncDisposable {
  /**
   * Begins to accept; gives the address and port bound.
   *
   * @throws AssociationError `listen-failed`, which says why in words; its `cause` is the operating system's error
   */
  listen(options: ListenOptions): Promise<ListenAddress>;
  /**
   * Takes a transport that is already open, as if it had connected here; TLS is not added. `listen` is not needed for it. While the provider is being
   * closed, the transport is destroyed.
   */
  accept(transport: Duplex): void;
  /** Associations that are established now. */
  readonly associations: ReadonlySet<AssociationFacts>;
  /**
   * Stops accepting; associations have `graceMs` to come to their end, then they are aborted. Default: 0.
   * Resolves when all are over.
   */
  close(options?: { readonly graceMs?: number | undefined }): Promise<void>;
}

/**
 * Makes a provider; it does nothing until {@link Scp.listen}.
 *
 * @throws ServiceError `invalid-option` for what can't work: no service, two services for the same request and SOP class, a service that performs nothing
 * or takes no transfer syntax, a UID or an AE title that is none, a list of callers without anybody, a limit below its least
 *
 * @example
 * ```ts
 * import { createScp, verification } from '@dicomwire/services';
 *
 * const scp = createScp({ aeTitle: 'ARCHIVE', services: [verification()], maximumAssociations: 10 });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 * console.log(port > 0); // true
 * await scp.close();
 * ```
 */
export function createScp(options: ScpOptions): Scp {
  return new ServiceProvider(options);
}

class ServiceProvider implements Scp {
  readonly #options: ScpOptions;
  readonly #dispatcher: Dispatcher;
  readonly #associations = new Set<AssociationFacts>();
  #server: Server | undefined;
  /** Settles when the services of the present server have begun. */
  #started: Promise<void> | undefined;
  /** Settles when what is being closed is over. */
  #closing: Promise<void> | undefined;

  constructor(options: ScpOptions) {
    checkScpOptions(options);
    this.#options = options;
    this.#dispatcher = new Dispatcher(options.services, (error, facts) => this.#report(error, facts));
    this.#server = this.#makeServer();
  }

  get associations(): ReadonlySet<AssociationFacts> {
    return this.#associations;
  }

  accept(transport: Duplex): void {
    if (this.#closing !== undefined) {
      transport.destroy();
      return;
    }
    this.#server ??= this.#makeServer();
    this.#start().catch((error: unknown) => this.#report(error, undefined));
    this.#server.accept(transport);
  }

  async listen({ port, host }: ListenOptions): Promise<ListenAddress> {
    await this.#closing?.catch(() => undefined);
    this.#server ??= this.#makeServer();
    const address = await this.#server.listen({ port, host });
    try {
      await this.#start();
    } catch (error) {
      await this.close();
      throw error;
    }
    return address;
  }

  close({ graceMs = 0 }: { readonly graceMs?: number | undefined } = {}): Promise<void> {
    const before = this.#closing?.catch(() => undefined) ?? Promise.resolve();
    const closing = before
      .then(() => this.#closeAll(graceMs))
      .finally(() => {
        if (this.#closing === closing) this.#closing = undefined;
      });
    this.#closing = closing;
    return closing;
  }

  async #closeAll(graceMs: number): Promise<void> {
    const server = this.#server;
    const started = this.#started;
    this.#server = undefined;
    this.#started = undefined;
    await server?.close({ graceMs });
    // What is only beginning would go on after the end.
    await started?.catch(() => undefined);
    await Promise.all(this.#options.services.map((service) => service.closed?.()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Lets the services begin, once for each server. */
  #start(): Promise<void> {
    const { services, aeTitle } = this.#options;
    this.#started ??= Promise.all(services.map(async (service) => service.started?.({ aeTitle }))).then(
      () => undefined,
    );
    return this.#started;
  }

  #makeServer(): Server {
    const { messageTimeoutMs, idleTimeoutMs, writeTimeoutMs, onRejected, clock } = this.#options;
    const { observers, interceptors, rawMessages } = this.#options;
    return createSessionServer({
      clock,
      policy: acceptancePolicy(this.#options),
      tls: this.#options.tls,
      userIdentity: this.#options.userIdentity,
      maxAssociations: this.#options.maximumAssociations,
      artimTimeoutMs: this.#options.associationTimeoutMs,
      idleTimeoutMs,
      writeTimeoutMs,
      // A PDU that is not completed is a message that is not.
      pduTimeoutMs: messageTimeoutMs,
      session: {
        handler: (request) => this.#dispatcher.dispatch(request),
        messageTimeoutMs,
        observers,
        interceptors,
        rawMessages,
        onError: (error, request) =>
          this.#report(error, request === undefined ? undefined : factsOf(request.association)),
      },
      onSession: (session) => this.#established(session.association),
      onError: (error) => onRejected?.(error),
    });
  }

  #established(association: Association): void {
    const facts = factsOf(association);
    this.#associations.add(facts);
    void association.closed.then((end) => {
      this.#associations.delete(facts);
      this.#ended(facts, end.kind === 'released' ? undefined : endError(association, end));
    });
    this.#options.onAssociation?.(facts);
  }

  #ended(facts: AssociationFacts, error: Error | undefined): void {
    try {
      this.#options.onAssociationEnd?.(facts, error);
    } catch (thrown) {
      this.#report(thrown, facts);
    }
  }

  #report(error: unknown, facts: AssociationFacts | undefined): void {
    try {
      this.#options.onError?.(error, facts);
    } catch {
      // An observer that fails must not take the provider with it.
    }
  }
}

function endError(association: Association, end: AssociationEnd): Error {
  if (end.kind !== 'released' && end.error !== undefined) return end.error;
  const { reason } = association.signal;
  return reason instanceof Error ? reason : new Error(`The association ended: ${end.kind}`);
}
