/** Everybody who can be called, the connections between them, and the one fault that happens. */
import type { MemoryTransport, VirtualClock } from '@dicomwire/dimse/testing';
import type { Scp } from '../../src/index.js';
import type { Fault } from './fault.js';
import type { Random } from './random.js';
import { Wire, type WireWatch } from './wire.js';

/** A network in which one fault happens, if it comes to that. */
export class Network {
  readonly wires: Wire[] = [];
  /** PDUs that went over any wire. */
  pdus = 0;
  /** Changes whenever something is carried or opened. */
  activity = 0;
  /** When the fault happened, and to which wire. */
  happened: { readonly wire: Wire; readonly at: number } | undefined;
  readonly #providers = new Map<string, () => Scp>();
  readonly #random: Random;
  readonly #clock: VirtualClock;
  readonly #strike: (wire: Wire) => void;
  readonly #watch: WireWatch;
  #fault: Fault | undefined;
  #isRepaired = false;

  /** @param strike - what the fault does to the wire at which it happens. */
  constructor(random: Random, clock: VirtualClock, strike: (wire: Wire) => void) {
    this.#random = random;
    this.#clock = clock;
    this.#strike = strike;
    this.#watch = {
      begins: () => {
        this.pdus += 1;
        return this.pdus === this.#fault?.pdu ? this.#fault.bytes : undefined;
      },
      broke: (wire) => {
        this.happened = { wire, at: this.#clock.now() };
        this.#strike(wire);
      },
      carried: (bytes) => {
        this.activity += bytes;
      },
      pieces: (byteLength) => this.#pieces(byteLength),
    };
  }

  /** Somebody can be called by this title. */
  add(aeTitle: string, provider: () => Scp): void {
    this.#providers.set(aeTitle, provider);
  }

  /** The fault will happen. */
  arm(fault: Fault | undefined): void {
    this.#fault = fault;
  }

  /** Whoever is called from now on can be reached. */
  repair(): void {
    this.#fault = undefined;
    this.#isRepaired = true;
  }

  /** Opens a connection. */
  open(caller: string, called: string): MemoryTransport {
    const wire = new Wire(caller, called, this.#watch);
    this.wires.push(wire);
    this.activity += 1;
    const afterwards = this.happened === undefined || this.#isRepaired ? 'reachable' : this.#fault?.afterwards;
    if (afterwards === 'refused') {
      const error = Object.assign(new Error(`connect ECONNREFUSED ${called}`), { code: 'ECONNREFUSED' });
      process.nextTick(() => wire.user.destroy(error));
      wire.provider.destroy();
    } else if (afterwards === 'dark') {
      wire.silence();
      wire.provider.destroy();
    } else {
      this.#providers.get(called)?.().accept(wire.provider);
    }
    return wire.user;
  }

  /** Mostly as it is; now and then in a few pieces, or in many small ones at the beginning, where headers are. */
  #pieces(byteLength: number): readonly number[] {
    const kind = this.#random(4);
    const pieces: number[] = [];
    let left = byteLength;
    while (left > 0 && kind > 1 && pieces.length < 12) {
      const piece = Math.min(left, 1 + this.#random(kind === 2 ? 7 : 1 + Math.ceil(byteLength / 2)));
      pieces.push(piece);
      left -= piece;
    }
    if (left > 0) pieces.push(left);
    return pieces;
  }
}
