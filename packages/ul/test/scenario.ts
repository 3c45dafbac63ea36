/**
 * Random scenarios in virtual time: a peer that sends requests, data, releases, aborts and garbage in any order and portion, stops
 * reading, half-closes, resets; a user that does whatever it may at any moment. A seed makes a scenario, the same each time.
 */
import { getEventListeners } from 'node:events';
import { encode, type Pdu } from '@dicomwire/pdu';
import type { Association } from '@dicomwire/ul';
import { type MemoryTransport, type ScriptedPeer, settle, type VirtualClock } from '@dicomwire/ul/testing';
import { AcceptorScene, abort, Recorder, RequestorScene, releaseRp, releaseRq, request, response } from './scene.js';

export type Role = 'requestor' | 'acceptor';

/** Plays one scenario; throws when an invariant does not hold at its end. */
export async function playScenario(role: Role, seed: number): Promise<void> {
  const scenario = new Scenario(role, new Random(seed));
  await scenario.play();
  scenario.check();
}

/** Numbers that follow from a seed (mulberry32). */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000) * limit);
  }

  oneOf<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }
}

/** A receiver that keeps what it got, and may take its time with it. */
class Taker extends Recorder {
  readonly received: Uint8Array[] = [];
  readonly #random: Random;
  #pending: (() => void)[] = [];

  constructor(random: Random) {
    super();
    this.#random = random;
  }

  override fragment(contextId: number, isCommand: boolean, isLast: boolean, bytes: Uint8Array) {
    this.received.push(Uint8Array.from(bytes));
    super.fragment(contextId, isCommand, isLast, bytes);
    if (this.#random.below(4) > 0) return undefined;
    return new Promise<void>((resolve) => {
      this.#pending.push(resolve);
    });
  }

  take(): void {
    for (const resolve of this.#pending.splice(0)) resolve();
  }
}

class Scenario {
  readonly #role: Role;
  readonly #random: Random;
  readonly #clock: VirtualClock;
  readonly #peer: ScriptedPeer;
  readonly #theirs: MemoryTransport;
  readonly #ours: MemoryTransport;
  readonly #acceptor: AcceptorScene | undefined;
  readonly #taker: Taker;
  readonly #sent: Uint8Array[] = [];
  readonly #signals: AbortSignal[] = [];
  #association: Association | undefined;
  #promises = 0;
  #settled = 0;
  #isGone = false;
  #payloadByte = 0;
  #timersOfOurs = 0;
  #leftovers: string | undefined;

  constructor(role: Role, random: Random) {
    this.#role = role;
    this.#random = random;
    this.#taker = new Taker(random);
    const options = { receiveBudgetBytes: random.oneOf([100, 20_000, 262_144]) };
    const peerOptions = { reads: random.below(4) > 0 };
    if (role === 'acceptor') {
      const scene = new AcceptorScene({
        ...options,
        onAssociation: (association) => this.#established(association),
        accept: random.below(4) > 0 ? undefined : () => new Promise(() => {}),
      });
      const opened = scene.open(peerOptions);
      this.#acceptor = scene;
      this.#clock = scene.clock;
      this.#peer = opened.peer;
      this.#theirs = opened.transport;
      this.#ours = opened.ours;
    } else {
      const scene = new RequestorScene(options, peerOptions);
      this.#clock = scene.clock;
      this.#peer = scene.peer;
      this.#theirs = scene.transport;
      this.#ours = scene.ours;
      this.#watch(scene.connecting.then((association) => this.#established(association)));
    }
  }

  async play(): Promise<void> {
    const random = this.#random;
    // Mostly there is an association to play with.
    if (random.below(8) > 0) {
      await settle();
      this.#send(encode(this.#role === 'acceptor' ? request : response));
      await settle();
    }
    for (let steps = 1 + random.below(12); steps > 0; steps--) await this.#step();
    await settle();
    this.#lookForLeftovers();
    if (random.below(2) > 0) this.#taker.take();
    this.#association?.setPendingOperations(0);
    await settle();
    this.#lookForLeftovers();
    await this.#clock.advance(3_600_000);
    await this.#acceptor?.server.close();
  }

  check(): void {
    const association = this.#association;
    const problems = [
      this.#settled < this.#promises && `${this.#promises - this.#settled} promises never settled`,
      this.#clock.pendingTimers > 0 && `${this.#clock.pendingTimers} timers are left`,
      !this.#ours.destroyed && 'the transport is open',
      association?.isEstablished && 'the association still is established',
      association?.signal.aborted === false && 'the signal of the association has not fired',
      association !== undefined &&
        this.#taker.ends.length !== 1 &&
        `the receiver heard ${this.#taker.ends.length} ends`,
      (this.#acceptor?.server.connectionCount ?? 0) > 0 && 'a connection is left',
      (this.#acceptor?.server.associations.size ?? 0) > 0 && 'a slot is left',
      (this.#acceptor?.errors.length ?? 0) > 1 && 'one connection has failed twice',
      this.#leftovers !== undefined && this.#leftovers,
      !isPrefix(Buffer.concat(this.#taker.received), payloadOf(Buffer.concat(this.#sent))) &&
        'what was delivered was not sent so',
    ].filter((problem) => typeof problem === 'string');
    if (problems.length > 0) throw new Error(problems.join('; '));
  }

  #established(association: Association): void {
    this.#association = association;
    association.setReceiver(this.#taker);
    this.#watch(association.closed);
  }

  #watch(promise: Promise<unknown> | undefined): void {
    if (promise === undefined) return;
    this.#promises++;
    const settled = () => this.#settled++;
    promise.then(settled, settled);
  }

  async #step(): Promise<void> {
    const random = this.#random;
    const kind = random.below(16);
    if (kind < 7) this.#send(encode(this.#anyPdu()));
    else if (kind === 7) this.#send(this.#garbage());
    else if (kind === 8) this.#leave();
    else if (kind === 9) this.#peer.startReading();
    else if (kind === 10) this.#taker.take();
    else if (kind < 13) await this.#clock.advance(random.oneOf([0, 1, 4_999, 5_000, 30_000, 60_000, 700_000]));
    else this.#use();
    if (random.below(3) > 0) return;
    await settle();
    this.#lookForLeftovers();
  }

  /** Once the transport is closed, nothing is left that time would have to clear away. */
  #lookForLeftovers(): void {
    if (!this.#ours.closed) return;
    if (this.#clock.pendingTimers > this.#timersOfOurs) this.#leftovers = 'a timer is left';
    if (this.#signals.some((signal) => getEventListeners(signal, 'abort').length > 0))
      this.#leftovers = 'a listener is left';
  }

  /** In up to four portions; sometimes the rest never comes. */
  #send(bytes: Uint8Array): void {
    if (this.#isGone || this.#theirs.destroyed) return;
    const random = this.#random;
    let rest = random.below(10) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes;
    this.#sent.push(rest);
    for (let cuts = random.below(4); cuts > 0; cuts--) {
      const at = random.below(rest.length + 1);
      this.#peer.send(rest.subarray(0, at));
      rest = rest.subarray(at);
    }
    this.#peer.send(rest);
  }

  #anyPdu(): Pdu {
    const random = this.#random;
    const kind = random.below(10);
    if (kind < 5) return this.#data();
    return random.oneOf<Pdu>([releaseRq, releaseRq, releaseRp, abort(0, 0), abort(2, 1), request, response]);
  }

  #data(): Pdu {
    const random = this.#random;
    const length = random.oneOf([0, 2, 100, 9_000]);
    const data = Uint8Array.from({ length }, () => this.#payloadByte++);
    const contextId = random.oneOf([1, 3, 3, 3, 3, 3, 3, 5]);
    return {
      type: 'P-DATA-TF',
      values: [{ contextId, isCommand: random.below(2) > 0, isLast: random.below(2) > 0, data }],
    };
  }

  #garbage(): Uint8Array {
    return Uint8Array.from({ length: 1 + this.#random.below(20) }, () => this.#random.below(256));
  }

  #leave(): void {
    this.#isGone = true;
    const way = this.#random.below(3);
    if (way === 0) this.#peer.end();
    else if (way === 1) this.#peer.close();
    else this.#theirs.reset();
  }

  #use(): void {
    const association = this.#association;
    if (association === undefined) return;
    const random = this.#random;
    const kind = random.below(8);
    if (kind === 0) this.#watch(association.release());
    else if (kind === 1) this.#watch(association.release({ pending: 'finish', timeoutMs: 10_000 }));
    else if (kind === 2) this.#releaseUntilSignal(association);
    else if (kind === 3) association.abort();
    else if (kind === 4) association.setPendingOperations(random.below(3));
    else if (association.isEstablished) {
      this.#watch(association.send(3, false, false, new Uint8Array(random.oneOf([2, 1_000, 100_000]))));
      this.#watch(association.flushed());
    }
  }

  #releaseUntilSignal(association: Association): void {
    const controller = new AbortController();
    this.#signals.push(controller.signal);
    this.#watch(association.release({ signal: controller.signal }));
    this.#timersOfOurs++;
    const fire = () => {
      this.#timersOfOurs--;
      controller.abort();
    };
    this.#clock.setTimer(fire, this.#random.below(10_000));
  }
}

/** The data of the values in a stream of PDUs, as far as it is one: by the book, and by nothing of ours. */
function payloadOf(stream: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  while (stream.length >= at + 6) {
    const end = at + 6 + stream.readUInt32BE(at + 2);
    if (stream[at] === 0x04) {
      for (let value = at + 6; value + 6 <= Math.min(end, stream.length); ) {
        const valueEnd = value + 4 + stream.readUInt32BE(value);
        parts.push(stream.subarray(value + 6, Math.min(valueEnd, end)));
        value = valueEnd;
      }
    }
    at = end;
  }
  return Buffer.concat(parts);
}

function isPrefix(part: Buffer, whole: Buffer): boolean {
  return part.length <= whole.length && part.equals(whole.subarray(0, part.length));
}
