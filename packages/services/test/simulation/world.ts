/** Everything that one scenario takes place in. */
import { settle, VirtualClock } from '@dicomwire/dimse/testing';
import {
  type Client,
  type ConnectOptions,
  createScp,
  type PeerOptions,
  type Scp,
  type ScpOptions,
  type Service,
  verification,
} from '../../src/index.js';
import type { Fault } from './fault.js';
import { Network } from './network.js';
import { oneOf, type Random } from './random.js';
import type { Wire } from './wire.js';

/** What an operation needs of the world. */
export interface World {
  readonly clock: VirtualClock;
  readonly random: Random;
  /** How an application entity is called, by whom. */
  readonly peer: (calledAeTitle: string, callingAeTitle?: string) => PeerOptions;
  /** What a handler does that takes its time; counted until it is done. */
  readonly work: () => Promise<void>;
  /** Handlers, sources and the like that are at work. */
  readonly running: { count: number };
}

/** An operation as it is played. */
export interface Play {
  /** What the archive performs, beside verification. */
  readonly services: readonly Service[];
  /** What others perform, by AE title. */
  readonly others?: Readonly<Record<string, readonly Service[]>> | undefined;
  /** How often it tries by itself, each time for as long as it takes. Default: once. */
  readonly attempts?: number | undefined;
  /** What a client has to say of itself. */
  readonly client?: Partial<ConnectOptions> | undefined;
  /**
   * Does the whole operation over a client, and looks at what it says of itself. `round` is another number each time.
   *
   * @returns whatever failed; nothing when all went well.
   */
  run(
    client: Client,
    call: { readonly round: number; readonly signal: AbortSignal | undefined },
  ): Promise<readonly unknown[]>;
  /** Looks at what became of everything, once it is quiet. */
  check?(): void | Promise<void>;
}

/** How long everything that waits in the background may take, milliseconds: the longest wait between attempts, several times. */
const backgroundMs = 300_000;

/** A world with the entities of a play in it. */
export class Stage implements World {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly network: Network;
  readonly running = { count: 0 };
  /** Errors that nobody but a listener was told. */
  readonly reported: unknown[] = [];
  readonly #scps = new Map<string, Scp>();
  readonly #maximumOperations: number;
  readonly #maximumLength: number;

  constructor(random: Random, strike: (wire: Wire) => void) {
    this.random = random;
    this.network = new Network(random, this.clock, strike);
    this.#maximumOperations = oneOf(random, [1, 2, 8]);
    this.#maximumLength = oneOf(random, [1024, 16_384, 131_072]);
  }

  readonly peer = (calledAeTitle: string, callingAeTitle = 'USER'): PeerOptions => {
    return {
      host: 'memory',
      port: 1,
      calledAeTitle,
      callingAeTitle,
      clock: this.clock,
      maximumOperations: this.#maximumOperations,
      maximumLength: this.#maximumLength,
      openTransport: () => this.network.open(callingAeTitle, calledAeTitle),
    };
  };

  readonly work = async (): Promise<void> => {
    this.running.count += 1;
    try {
      const kind = this.random(8);
      if (kind === 0) await new Promise<void>((resolve) => this.clock.setTimer(resolve, this.random(3000)));
      else if (kind < 3) await settle();
    } finally {
      this.running.count -= 1;
    }
  };

  /** Everybody who performs something. */
  open(play: Play): void {
    this.#add('ARCHIVE', [verification(), ...play.services]);
    for (const [aeTitle, services] of Object.entries(play.others ?? {})) this.#add(aeTitle, services);
  }

  scp(aeTitle: string): Scp | undefined {
    return this.#scps.get(aeTitle);
  }

  get associationCount(): number {
    return [...this.#scps.values()].reduce((sum, { associations }) => sum + associations.size, 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#scps.values()].map((scp) => scp.close()));
  }

  /**
   * Lets everything happen, and time pass where nothing does, until it settles.
   *
   * @throws Error when it does not within so much time.
   */
  async drive<T>(what: string, promise: Promise<T>, limitMs: () => number): Promise<T> {
    let isSettled = false;
    const watched = promise.finally(() => {
      isSettled = true;
    });
    watched.catch(() => undefined);
    for (;;) {
      await this.quiet(() => isSettled);
      if (isSettled) return watched;
      if (this.clock.now() >= limitMs()) throw new Error(`${what} has not settled after ${this.clock.now()} ms`);
      await this.clock.advance(stepMs);
    }
  }

  /** Lets everything in the background come to its end. */
  async rest(): Promise<void> {
    for (let at = 0; at < backgroundMs; at += 30_000) {
      await this.quiet(() => false);
      await this.clock.advance(30_000);
    }
    await this.quiet(() => false);
  }

  /** Until nothing moves for a few turns. */
  async quiet(isOver: () => boolean): Promise<void> {
    for (let still = 0; still < 5 && !isOver(); still += 1) {
      const { activity } = this.network;
      await settle();
      if (this.network.activity !== activity) still = 0;
    }
  }

  #add(aeTitle: string, services: readonly Service[]): void {
    const options: ScpOptions = {
      aeTitle,
      services,
      clock: this.clock,
      maximumOperations: this.#maximumOperations,
      maximumLength: this.#maximumLength,
      onError: (error) => this.reported.push(error),
    };
    const scp = createScp(options);
    this.#scps.set(aeTitle, scp);
    this.network.add(aeTitle, () => scp);
  }
}

const stepMs = 5000;

/** A fault in words. */
export function describeFault({ way, vanishing, pdu, bytes, afterwards }: Fault): string {
  const cut = bytes === 0 ? 'before' : Number.isFinite(bytes) ? `after ${bytes} bytes of` : 'after';
  return `${vanishing} vanishes by ${way} ${cut} PDU ${pdu}; afterwards ${afterwards}`;
}
