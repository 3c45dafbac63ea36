/** One connection in memory that cuts what it carries into other pieces, counts PDUs, and breaks as it is told. */
import { MemoryTransport } from '@dicomwire/dimse/testing';
import type { wireWays } from './fault.js';

/** Who says when a wire breaks, and into how many pieces a chunk is cut. */
export interface WireWatch {
  /** A PDU begins. @returns how many bytes of it still arrive before the wire breaks; `undefined` while it holds. */
  begins(wire: Wire): number | undefined;
  /** The wire broke here. */
  broke(wire: Wire): void;
  /** So many bytes arrived. */
  carried(bytes: number): void;
  /** Lengths of the pieces of a chunk. */
  pieces(byteLength: number): readonly number[];
}

type Side = 'user' | 'provider';

/** A connection; both of its ends behave like sockets. */
export class Wire {
  readonly user: MemoryTransport;
  readonly provider: MemoryTransport;
  /** Who opened it, and to whom. */
  readonly caller: string;
  readonly called: string;
  readonly #watch: WireWatch;
  readonly #progress = { user: newProgress(), provider: newProgress() };
  /** What is written by these arrives nowhere. */
  readonly #muted = new Set<Side>();
  /** Who takes nothing. */
  #stalled: Side | undefined;
  /** Whose end of the connection is kept from the other. */
  readonly #unseen = new Set<Side>();
  /** Who seems to have asked for a release. */
  #released: Side | undefined;
  /** Chunks that are being delivered. */
  readonly #delivering = { user: 0, provider: 0 };
  /** True when the survivor may have got the beginning of a PDU alone. */
  isBrokenMidPdu = false;

  constructor(caller: string, called: string, watch: WireWatch) {
    [this.user, this.provider] = MemoryTransport.pair();
    this.caller = caller;
    this.called = called;
    this.#watch = watch;
    this.#hook('user');
    this.#hook('provider');
  }

  /** Both ends are closed. */
  get isOver(): boolean {
    return this.user.destroyed && this.provider.destroyed;
  }

  toString(): string {
    const stateOf = ({ destroyed }: MemoryTransport) => (destroyed ? 'closed' : 'open');
    return `${this.caller} (${stateOf(this.user)}) to ${this.called} (${stateOf(this.provider)})`;
  }

  /** One side vanishes. */
  break(way: (typeof wireWays)[number], vanishing: Side): void {
    const gone = this.#end(vanishing);
    const survivor = this.#end(other(vanishing));
    const { header, left } = this.#progress[vanishing];
    this.isBrokenMidPdu = header.length > 0 || left > 0 || this.#delivering[vanishing] > 0;
    switch (way) {
      case 'release':
        this.#inject(vanishing, releaseRequest);
        this.#released = vanishing;
        this.#unseen.add(vanishing);
        gone.destroy(reset());
        return;
      case 'abort':
      case 'provider-abort':
        this.#inject(vanishing, way === 'abort' ? abort : providerAbort);
        gone.destroy(reset());
        return;
      case 'reset':
        survivor.destroy(reset());
        gone.destroy(reset());
        return;
      case 'end':
        gone.destroy(reset());
        return;
      case 'half-end':
        this.#muted.add(vanishing);
        survivor.push(null);
        return;
      case 'silence':
        this.silence();
        return;
      case 'stall':
        this.#muted.add(vanishing);
        this.#unseen.add(vanishing);
        this.#stalled = vanishing;
        return;
      case 'garbage':
        this.#inject(vanishing, garbage);
        this.#muted.add(vanishing);
        return;
    }
  }

  /** Nothing arrives any more. */
  silence(): void {
    for (const side of ['user', 'provider'] as const) {
      this.#muted.add(side);
      this.#unseen.add(side);
    }
  }

  #end(side: Side): MemoryTransport {
    return side === 'user' ? this.user : this.provider;
  }

  #hook(side: Side): void {
    const end = this.#end(side);
    const receiver = this.#end(other(side));
    const push = receiver.push.bind(receiver);
    Object.assign(end, {
      _write: (chunk: Buffer, _encoding: unknown, done: Done) => this.#carry(side, chunk, done),
      _writev: (chunks: readonly { readonly chunk: Buffer }[], done: Done) =>
        this.#carry(side, Buffer.concat(chunks.map(({ chunk }) => chunk)), done),
    });
    // The end of the connection comes this way as well.
    Object.assign(receiver, { push: (chunk: unknown) => this.#unseen.has(side) || push(chunk) });
  }

  #carry(side: Side, chunk: Buffer, done: Done): void {
    if (this.#released === other(side) && chunk[0] === aReleaseRp) {
      this.#unseen.clear();
      this.#end(side).push(null);
    }
    // Whoever waits for it to be taken waits until it closes.
    if (this.#stalled === other(side)) return;
    if (this.#muted.has(side)) {
      done();
      return;
    }
    const cut = this.#scan(side, chunk);
    this.#watch.carried(chunk.length);
    if (cut === undefined) {
      this.#send(side, chunk, done);
      return;
    }
    const breakHere: Done = (error) => {
      if (!this.#muted.has(side)) this.#watch.broke(this);
      if (this.#muted.has(side)) done(error);
      else this.#send(side, chunk.subarray(cut), done);
    };
    // Nothing that happens to a socket happens while it is being written to.
    if (cut === 0) process.nextTick(breakHere);
    else this.#send(side, chunk.subarray(0, cut), breakHere);
  }

  #send(side: Side, chunk: Buffer, done: Done): void {
    const lengths = this.#watch.pieces(chunk.length);
    this.#delivering[side] += 1;
    let at = 0;
    let next = 0;
    const goOn: Done = (error) => {
      const length = lengths[next];
      if (error || length === undefined) {
        this.#delivering[side] -= 1;
        done(error);
        return;
      }
      next += 1;
      at += length;
      MemoryTransport.prototype._write.call(this.#end(side), chunk.subarray(at - length, at), 'utf8', goOn);
    };
    goOn();
  }

  /** @returns how much of the chunk still arrives, when the wire is to break in it. */
  #scan(side: Side, chunk: Buffer): number | undefined {
    const progress = this.#progress[side];
    for (let at = 0; at < chunk.length; ) {
      if (progress.left > 0) {
        const step = Math.min(progress.left, chunk.length - at);
        if (progress.untilBreak !== undefined && progress.untilBreak <= step) return at + progress.untilBreak;
        if (progress.untilBreak !== undefined) progress.untilBreak -= step;
        progress.left -= step;
        at += step;
        continue;
      }
      if (progress.header.length === 0) progress.untilBreak = this.#watch.begins(this);
      if (progress.untilBreak !== undefined && progress.untilBreak <= progress.header.length) return at;
      progress.header.push(chunk[at] ?? 0);
      at += 1;
      if (progress.header.length < headerBytes) continue;
      progress.left = Buffer.from(progress.header).readUInt32BE(2);
      progress.header.length = 0;
      if (progress.untilBreak === undefined) continue;
      progress.untilBreak = Math.min(Math.max(0, progress.untilBreak - headerBytes), progress.left);
    }
    return undefined;
  }

  #inject(side: Side, bytes: Buffer): void {
    this.#muted.add(side);
    if (!this.#end(other(side)).destroyed) this.#end(other(side)).push(bytes);
  }
}

/** Where the reading of PDUs stands in one direction. */
interface Progress {
  readonly header: number[];
  left: number;
  untilBreak: number | undefined;
}

function newProgress(): Progress {
  return { header: [], left: 0, untilBreak: undefined };
}

type Done = (error?: Error | null) => void;

function other(side: Side): Side {
  return side === 'user' ? 'provider' : 'user';
}

function reset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}

const headerBytes = 6;
const aReleaseRp = 6;
const releaseRequest = Buffer.from([5, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
const abort = Buffer.from([7, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
const providerAbort = Buffer.from([7, 0, 0, 0, 0, 4, 0, 0, 2, 1]);
const garbage = Buffer.from('\xff\x00GET / HTTP/1.1\r\n\r\n', 'latin1');
