/**
 * The upper layer protocol machine of PS3.8 9.2: one association from Sta1 to Sta1, either role.
 *
 * It does no I/O and reads no clock. Primitives of the user, bytes and the time go in; bytes to write and indications come out through
 * {@link MachineOutput}, synchronously; {@link Machine.deadlines} says when it wants to be called again.
 *
 * Every event goes through Table 9-10 (state-table.ts); this file holds what the actions do. P-DATA alone has a short cut: whether a
 * state delivers it (DT-2, AR-6) is looked up when the state changes, not per PDU.
 */
import type { AssociateRqPdu, LimitOptions } from '@dicomwire/pdu';
import type { Timeouts } from '../timeouts.js';
import type { Negotiated } from '../types.js';
import type { Cause, Conclusion, TimedWait } from './conclusion.js';
import { type DeadlineName, Deadlines, deadlineAfter } from './deadlines.js';
import { type EventInput, Incoming, type IncomingUser } from './incoming.js';
import type { MachineOutput } from './machine-output.js';
import { abortedByPeer, abortPdu, rejected, rejectPdu, releaseRp, releaseRq, unexpected } from './outcomes.js';
import { abortReason, type RejectionValues, rejections, serviceProvider, serviceUser } from './reasons.js';
import { type Action, actionFor, type Event, nextState, type State } from './state-table.js';

/** How a {@link Machine} is set up. */
export interface MachineOptions {
  readonly role: 'requestor' | 'acceptor';
  readonly timeouts: Timeouts;
  readonly limits?: LimitOptions | undefined;
}

/** One association's protocol machine. Methods that stand for primitives return false where Table 9-10 has a blank. */
export class Machine implements IncomingUser {
  readonly role: 'requestor' | 'acceptor';
  readonly deadlines = new Deadlines();
  /** Where we are in Table 9-10. */
  state: State = 'Sta1';
  /** Whether a P-DATA request (Evt9) is allowed now. */
  canSend = false;
  /** Whether P-DATA that arrives (Evt10) is delivered now. */
  delivers = false;
  /** The A-ASSOCIATE-RQ, ours or the peer's. */
  request: AssociateRqPdu | undefined;

  #encodedRequest: Uint8Array | undefined;
  #now = 0;
  #event: Event = 'Evt1';
  #action: Action = 'AE-1';
  #isConcluded = false;
  #isSecuring = false;
  #isReleaseWanted = false;
  #isReadingPaused = false;
  #pendingOperations = 0;
  #hasRequestedRelease = false;
  #releaseMs: number;
  readonly #timeouts: Timeouts;
  readonly #output: MachineOutput;
  readonly #incoming: Incoming;

  constructor(options: MachineOptions, output: MachineOutput) {
    this.role = options.role;
    this.#timeouts = options.timeouts;
    this.#releaseMs = options.timeouts.releaseMs;
    this.#incoming = new Incoming(this, output, options.limits);
    this.#output = output;
  }

  /** Evt1: A-ASSOCIATE request, with the A-ASSOCIATE-RQ as decoded and as encoded. The transport is to be opened. */
  requestAssociation(request: AssociateRqPdu, encoded: Uint8Array, now: number): boolean {
    this.request = request;
    this.#encodedRequest = encoded;
    return this.#handle('Evt1', now, {});
  }

  /** Sta4 goes on: the connection is there, and is being secured before it counts as a transport. */
  handshakeBegan(now: number): void {
    if (this.state !== 'Sta4') return;
    this.#isSecuring = true;
    this.deadlines.connect = deadlineAfter(now, this.#timeouts.handshakeMs);
  }

  /** Evt2: the transport that we opened is there. */
  transportOpened(now: number): boolean {
    return this.#handle('Evt2', now, {});
  }

  /** Evt5: a transport that the peer opened is there. */
  transportAccepted(now: number): boolean {
    return this.#handle('Evt5', now, {});
  }

  /** Evt7: A-ASSOCIATE response, accept, with an encoded A-ASSOCIATE-AC. */
  accept(response: Uint8Array, negotiated: Negotiated, now: number): boolean {
    return this.#handle('Evt7', now, { response, negotiated });
  }

  /** Evt8: A-ASSOCIATE response, reject. */
  reject(values: RejectionValues, now: number): boolean {
    return this.#handle('Evt8', now, { rejection: values });
  }

  /** Evt11: A-RELEASE request; where it is to wait for the operations under way, once those are done. The time runs from now. */
  release(now: number, timeoutMs: number = this.#timeouts.releaseMs, waitsForPending = false): boolean {
    if (waitsForPending && this.#pendingOperations > 0 && this.state === 'Sta6') {
      this.#isReleaseWanted = true;
      this.#releaseMs = timeoutMs;
      this.deadlines.release = deadlineAfter(now, timeoutMs);
      return true;
    }
    return this.#handle('Evt11', now, { timeoutMs });
  }

  /** Evt15: A-ABORT request. */
  abort(source: number, reason: number, now: number, cause?: Cause): boolean {
    return this.#handle('Evt15', now, { source, reason, cause });
  }

  /** Evt17: the transport is closed. */
  transportClosed(now: number, cause?: Cause): boolean {
    return this.#handle('Evt17', now, { cause });
  }

  /** Whether a PDU has begun and is not at its end. */
  get isMidPdu(): boolean {
    return this.#incoming.isMidPdu;
  }

  /** Bytes came from the transport: Evt3, 4, 6, 10, 12, 13, 16 and 19. */
  receive(chunk: Uint8Array, now: number): void {
    this.#now = now;
    const incoming = this.#incoming;
    incoming.push(chunk);
    // Before an association is there, ARTIM or the reply deadline covers unfinished PDUs; after it, ARTIM again.
    if (!incoming.isMidPdu || !this.delivers || this.#isReadingPaused) this.deadlines.pdu = Number.POSITIVE_INFINITY;
    else if (incoming.hasCompletedPdu || this.deadlines.pdu === Number.POSITIVE_INFINITY) {
      this.deadlines.pdu = deadlineAfter(now, this.#timeouts.pduMs);
    }
    incoming.hasCompletedPdu = false;
    this.touch(now);
  }

  /** We read no more for a while: that time is not the peer's. */
  readingPaused(now: number): void {
    this.#isReadingPaused = true;
    this.deadlines.pdu = Number.POSITIVE_INFINITY;
    this.readingProgressed(now);
  }

  /** While reading is paused, some of what keeps us from reading was done with. */
  readingProgressed(now: number): void {
    this.deadlines.stall = deadlineAfter(now, this.#timeouts.stallMs);
  }

  /** We read again. */
  readingResumed(now: number): void {
    this.#isReadingPaused = false;
    this.deadlines.stall = Number.POSITIVE_INFINITY;
    if (this.#incoming.isMidPdu && this.delivers) this.deadlines.pdu = deadlineAfter(now, this.#timeouts.pduMs);
  }

  /** Whether silence would be idleness: an association with no operation under way. */
  get mayBeIdle(): boolean {
    return this.#pendingOperations === 0 && this.state === 'Sta6';
  }

  /** Something was sent or received: the idle deadline starts anew. */
  touch(now: number): void {
    if (!this.mayBeIdle) return;
    this.deadlines.idle = deadlineAfter(now, this.#timeouts.idleMs);
  }

  /** How many operations are under way: while there are any, silence is not idleness, and a peer's release waits. */
  setPendingOperations(count: number, now: number): void {
    this.#pendingOperations = count;
    if (count > 0) this.deadlines.idle = Number.POSITIVE_INFINITY;
    else if (this.state === 'Sta8') this.#handle('Evt14', now, {});
    else if (this.#isReleaseWanted && this.state === 'Sta6') this.#releaseAsWanted(now);
    else this.touch(now);
  }

  /** Acts on every deadline that has passed. */
  handleDeadlines(now: number): void {
    for (let name = this.deadlines.takeExpired(now); name; name = this.deadlines.takeExpired(now)) {
      this.#expire(name, now);
    }
  }

  /** From {@link Incoming}: an event of the peer. */
  occurred(event: Event, input: EventInput): void {
    this.#handle(event, this.#now, input);
  }

  /** The time of the release has begun to run before. */
  #releaseAsWanted(now: number): void {
    const { release } = this.deadlines;
    this.#handle('Evt11', now, { timeoutMs: this.#releaseMs });
    if (this.state === 'Sta7') this.deadlines.release = release;
  }

  #handle(event: Event, now: number, input: EventInput): boolean {
    const action = actionFor(this.state, event);
    if (action === undefined) return false;
    this.#now = now;
    this.#event = event;
    this.#action = action;
    this.#perform(action, event, input);
    return true;
  }

  /** The actions of PS3.8 Tables 9-6 to 9-9. The state comes first, so that whoever is called sees the new one. */
  #perform(action: Action, event: Event, input: EventInput): void {
    switch (action) {
      case 'AE-1':
        this.#enter(nextState(action));
        this.deadlines.connect = deadlineAfter(this.#now, this.#timeouts.connectMs);
        break;
      case 'AE-2':
        this.#enter(nextState(action));
        this.deadlines.connect = Number.POSITIVE_INFINITY;
        this.deadlines.association = deadlineAfter(this.#now, this.#timeouts.associationMs);
        if (this.#encodedRequest !== undefined) this.#output.write(this.#encodedRequest);
        break;
      case 'AE-3':
        this.#establish(action, input);
        break;
      case 'AE-4':
        this.#enter(nextState(action));
        this.#conclude(rejected('peer', input.rejection ?? rejections.noReason));
        this.#output.closeTransport();
        break;
      case 'AE-5':
        this.#enter(nextState(action));
        this.deadlines.artim = deadlineAfter(this.#now, this.#timeouts.associationMs);
        break;
      case 'AE-6':
        this.#considerRequest(action, input);
        break;
      case 'AE-7':
        if (input.response !== undefined) this.#output.write(input.response);
        this.#establish(action, input);
        break;
      case 'AE-8':
        this.#reject(nextState(action), input.rejection ?? rejections.noReason);
        break;
      case 'DT-1':
      case 'DT-2':
      case 'AR-6':
      case 'AR-7':
      case 'AA-6':
        break;
      case 'AR-1':
        this.#enter(nextState(action));
        this.#hasRequestedRelease = true;
        this.#releaseMs = input.timeoutMs ?? this.#timeouts.releaseMs;
        this.deadlines.release = deadlineAfter(this.#now, this.#releaseMs);
        this.#output.write(releaseRq);
        break;
      case 'AR-2':
        this.#enter(nextState(action));
        this.deadlines.release = deadlineAfter(this.#now, this.#releaseMs);
        this.#output.releaseRequested();
        // Whoever was told may have responded already, or aborted.
        if (this.#pendingOperations === 0) this.#handle('Evt14', this.#now, {});
        break;
      case 'AR-8':
        // We have asked for release ourselves, so nothing of ours is left that the response would have to wait for.
        this.#enter(nextState(action, this.role === 'requestor' ? 0 : 1));
        this.#output.releaseRequested();
        this.#handle('Evt14', this.#now, {});
        break;
      case 'AR-9':
        this.#enter(nextState(action));
        this.#output.write(releaseRp);
        break;
      case 'AR-10':
        this.#enter(nextState(action));
        this.#handle('Evt14', this.#now, {});
        break;
      case 'AR-4':
        this.#enter(nextState(action));
        this.#output.write(releaseRp);
        this.#startArtim();
        this.#conclude({ kind: 'released', by: this.#hasRequestedRelease ? 'local' : 'peer' });
        break;
      case 'AR-3':
        this.#enter(nextState(action));
        this.#conclude({ kind: 'released', by: 'local' });
        this.#output.closeTransport();
        break;
      case 'AA-1':
      case 'AA-8':
        this.#abort(action, event, input);
        break;
      case 'AA-7':
        this.#output.write(abortPdu(serviceProvider, input.reason ?? abortReason.unexpectedPdu));
        break;
      default:
        this.#lose(action, event, input);
    }
  }

  /** AA-2 to AA-5 and AR-5: the transport is gone, or is to go. */
  #lose(action: 'AA-2' | 'AA-3' | 'AA-4' | 'AA-5' | 'AR-5', event: Event, input: EventInput): void {
    const lost = { kind: 'connection-lost', cause: input.cause, isUnanswered: this.state === 'Sta5' } as const;
    this.#enter(nextState(action));
    this.#conclude(event === 'Evt16' ? abortedByPeer(input) : lost);
    this.#output.closeTransport();
  }

  #considerRequest(action: Action, { request }: EventInput): void {
    if (request === undefined) return;
    this.request = request;
    // ARTIM stops, but what is left of it is all the time that the user has for the response.
    const { artim } = this.deadlines;
    this.deadlines.artim = Number.POSITIVE_INFINITY;
    if ((request.protocolVersion & 1) === 0) {
      this.#reject(nextState(action, 1), rejections.protocolVersionNotSupported);
      return;
    }
    this.#enter(nextState(action, 0));
    this.deadlines.association = artim;
    this.#output.associationRequested(request);
  }

  #establish(action: Action, { negotiated }: EventInput): void {
    this.#enter(nextState(action));
    this.deadlines.association = Number.POSITIVE_INFINITY;
    this.touch(this.#now);
    if (negotiated === undefined) return;
    this.#incoming.expectData(negotiated.localMaximumLength, negotiated.acceptedContexts);
    this.#output.established(negotiated);
  }

  #reject(state: State, values: RejectionValues): void {
    this.#enter(state);
    this.#output.write(rejectPdu(values));
    this.#startArtim();
    this.#conclude(rejected('local', values));
  }

  /** AA-1 for the user, and for anything wrong in Sta2, where (0,0) says it all; AA-8 for the provider. */
  #abort(action: 'AA-1' | 'AA-8', event: Event, input: EventInput): void {
    const isUsers = event === 'Evt15';
    const source = action === 'AA-8' ? serviceProvider : isUsers ? (input.source ?? serviceUser) : serviceUser;
    const reason = action === 'AA-8' ? (input.reason ?? abortReason.unexpectedPdu) : isUsers ? (input.reason ?? 0) : 0;
    const cause = input.cause ?? (isUsers ? undefined : unexpected(event, this.state));
    this.#enter(nextState(action));
    this.#output.write(abortPdu(source, reason));
    this.#startArtim();
    this.#conclude({ kind: 'aborted', by: 'local', source, reason, cause });
  }

  #conclude(conclusion: Conclusion): void {
    if (this.#isConcluded) return;
    this.#isConcluded = true;
    this.#output.concluded(conclusion);
  }

  #enter(state: State): void {
    const from = this.state;
    this.state = state;
    this.#output.stateChanged(this.#event, this.#action, from, state);
    const onPData = actionFor(state, 'Evt10');
    this.delivers = onPData === 'DT-2' || onPData === 'AR-6';
    this.canSend = actionFor(state, 'Evt9') !== undefined;
    this.deadlines.idle = Number.POSITIVE_INFINITY;
    if (state === 'Sta13') this.deadlines.clearButWrite();
    if (state !== 'Sta1') return;
    this.deadlines.clear();
    this.#incoming.stop();
  }

  #startArtim(): void {
    this.deadlines.artim = deadlineAfter(this.#now, this.#timeouts.closeMs);
  }

  #expire(name: DeadlineName, now: number): void {
    switch (name) {
      case 'artim':
        this.#handle('Evt18', now, { cause: this.#timeout(this.state === 'Sta13' ? 'close' : 'association') });
        break;
      case 'association':
        if (this.state === 'Sta3') this.reject(rejections.noReasonForNow, now);
        else this.abort(serviceUser, 0, now, this.#timeout(name));
        break;
      case 'pdu':
        this.#incoming.stop();
        this.#handle('Evt19', now, { reason: abortReason.notSpecified, cause: this.#timeout(name) });
        break;
      case 'idle':
        if (this.role === 'requestor') this.release(now);
        else this.abort(serviceUser, 0, now, this.#timeout(name));
        break;
      case 'write':
        this.transportClosed(now, this.#timeout(name));
        break;
      case 'connect':
        this.abort(serviceUser, 0, now, this.#timeout(this.#isSecuring ? 'handshake' : name));
        break;
      case 'release':
      case 'stall':
        this.abort(serviceUser, 0, now, this.#timeout(name));
    }
  }

  #timeout(wait: TimedWait): Cause {
    return { type: 'timeout', wait, timeoutMs: wait === 'release' ? this.#releaseMs : this.#timeouts[`${wait}Ms`] };
  }
}
