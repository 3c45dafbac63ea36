/**
 * The upper layer protocol machine of PS3.8 9.2: one association from Sta1 to Sta1, either role.
 *
 * It does no I/O and reads no clock. Primitives of the user, bytes and the time go in; bytes to write and indications come out through
 * {@link MachineOutput}, synchronously; {@link Machine.deadlines} says when it wants to be called again.
 *
 * Every event goes through Table 9-10 (state-table.ts); this file holds what the actions do. P-DATA alone has a short cut: whether a
 * state delivers it (DT-2, AR-6) is looked up when the state changes, not per PDU.
 */
import {
  type AssociateAcPdu,
  type AssociateRjPdu,
  type AssociateRqPdu,
  encode,
  type LimitOptions,
  type PDataTfPdu,
  type Pdu,
  PduError,
  PduReader,
  type PduSink,
  type UnknownPdu,
} from '@dicomwire/pdu';
import type { Timeouts } from '../timeouts.js';
import type { Negotiated } from '../types.js';
import type { Cause, Conclusion, TimedWait } from './conclusion.js';
import { type DeadlineName, Deadlines, deadlineAfter } from './deadlines.js';
import { readAcceptance } from './negotiation.js';
import { abortReason, type RejectionValues, rejections, serviceProvider, serviceUser } from './reasons.js';
import { type Action, actionFor, type Event, nextState, type State } from './state-table.js';

/** What comes out of a {@link Machine}; called synchronously from within its methods. */
export interface MachineOutput {
  /** Write this PDU, after those written before. */
  write(pdu: Uint8Array): void;
  /** Close the transport now; what is not written by now is lost. */
  closeTransport(): void;
  /** A-ASSOCIATE indication: answer with `accept` or `reject`, now or later. */
  associationRequested(request: AssociateRqPdu): void;
  /** The association is established. */
  established(negotiated: Negotiated): void;
  /** P-DATA indication: a fragment on an accepted context. */
  fragment(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): void;
  /** A-RELEASE indication: answer with `respondToRelease` once nothing is under way. */
  releaseRequested(): void;
  /** The association, or the attempt at one, is over. Called once. */
  concluded(conclusion: Conclusion): void;
  /** For observers: a PDU other than P-DATA-TF, whole, or the header of a P-DATA-TF, came in. */
  received(type: Pdu['type'], byteLength: number): void;
}

/** How a {@link Machine} is set up. */
export interface MachineOptions {
  readonly role: 'requestor' | 'acceptor';
  readonly timeouts: Timeouts;
  readonly limits?: LimitOptions | undefined;
}

/** One association's protocol machine. Methods that stand for primitives return false where Table 9-10 has a blank. */
export class Machine implements PduSink {
  readonly role: 'requestor' | 'acceptor';
  readonly deadlines = new Deadlines();
  /** Whether a P-DATA request (Evt9) is allowed now. */
  canSend = false;

  #state: State = 'Sta1';
  #now = 0;
  #delivers = false;
  #isConcluded = false;
  #request: AssociateRqPdu | undefined;
  #encodedRequest: Uint8Array | undefined;
  #hasBytes = false;
  #completedPdu = false;
  #pendingOperations = 0;
  #hasRequestedRelease = false;
  #releaseMs: number;
  readonly #timeouts: Timeouts;
  readonly #output: MachineOutput;
  readonly #reader: PduReader;
  /** 1 for each accepted presentation context ID. */
  readonly #acceptedContexts = new Uint8Array(256);

  constructor(options: MachineOptions, output: MachineOutput) {
    this.role = options.role;
    this.#timeouts = options.timeouts;
    this.#releaseMs = options.timeouts.releaseMs;
    this.#reader = new PduReader({ limits: options.limits });
    this.#output = output;
  }

  /** Where we are in Table 9-10. */
  get state(): State {
    return this.#state;
  }

  /** Evt1: A-ASSOCIATE request, with the A-ASSOCIATE-RQ as decoded and as encoded. The transport is to be opened. */
  requestAssociation(request: AssociateRqPdu, encoded: Uint8Array, now: number): boolean {
    this.#request = request;
    this.#encodedRequest = encoded;
    return this.#handle('Evt1', now, {});
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

  /** Evt11: A-RELEASE request. */
  release(now: number, timeoutMs?: number): boolean {
    return this.#handle('Evt11', now, { timeoutMs });
  }

  /** Evt14: A-RELEASE response. */
  respondToRelease(now: number): boolean {
    return this.#handle('Evt14', now, {});
  }

  /** Evt15: A-ABORT request. */
  abort(source: number, reason: number, now: number, cause?: Cause): boolean {
    return this.#handle('Evt15', now, { source, reason, cause });
  }

  /** Evt17: the transport is closed. */
  transportClosed(now: number, cause?: Cause): boolean {
    return this.#handle('Evt17', now, { cause });
  }

  /** How many operations are under way: while there are any, being silent is not being idle. */
  setPendingOperations(count: number, now: number): void {
    this.#pendingOperations = count;
    if (count > 0) this.deadlines.idle = Number.POSITIVE_INFINITY;
    else if (this.#state === 'Sta6') this.touch(now);
    else if (this.#state === 'Sta8') this.respondToRelease(now);
  }

  /** Something was sent or received: the idle deadline starts anew. */
  touch(now: number): void {
    if (this.#pendingOperations === 0 && this.#state === 'Sta6') {
      this.deadlines.idle = deadlineAfter(now, this.#timeouts.idleMs);
    }
  }

  /** Bytes came from the transport. */
  receive(chunk: Uint8Array, now: number): void {
    this.#now = now;
    if (!this.#hasBytes) {
      if (chunk.length === 0) return;
      this.#hasBytes = true;
      if (this.#state === 'Sta2' && !mayOpenAssociation(chunk[0])) return this.#refuseFirstPdu(chunk[0]);
    }
    try {
      this.#reader.push(chunk, this);
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      this.#reader.stop();
      this.#violate(error.message, error.abort.reason, error);
      return;
    }
    if (!this.#reader.isMidPdu || !watchesPdus[this.#state]) this.deadlines.pdu = Number.POSITIVE_INFINITY;
    else if (this.#completedPdu || this.deadlines.pdu === Number.POSITIVE_INFINITY) {
      this.deadlines.pdu = deadlineAfter(now, this.#timeouts.pduMs);
    }
    this.#completedPdu = false;
    this.touch(now);
  }

  /** Reading was paused by us for a while: that time is not the peer's. */
  readingResumed(now: number): void {
    if (this.deadlines.pdu !== Number.POSITIVE_INFINITY) {
      this.deadlines.pdu = deadlineAfter(now, this.#timeouts.pduMs);
    }
  }

  /** Whether nothing that still comes can matter. */
  get isDeaf(): boolean {
    return this.#state === 'Sta1';
  }

  /** Acts on every deadline that has passed. */
  handleDeadlines(now: number): void {
    for (let name = this.deadlines.takeExpired(now); name; name = this.deadlines.takeExpired(now)) {
      this.#expire(name, now);
    }
  }

  // PduSink: what the reader found.

  pdu(pdu: Exclude<Pdu, PDataTfPdu | UnknownPdu>, byteLength: number): void {
    this.#completedPdu = true;
    this.#output.received(pdu.type, byteLength);
    switch (pdu.type) {
      case 'A-ASSOCIATE-RQ':
        return this.#requested(pdu);
      case 'A-ASSOCIATE-AC':
        return this.#accepted(pdu);
      case 'A-ASSOCIATE-RJ':
        return this.#received('Evt4', { rejection: pdu });
      case 'A-RELEASE-RQ':
        return this.#received('Evt12', {});
      case 'A-RELEASE-RP':
        return this.#received('Evt13', {});
      case 'A-ABORT':
        return this.#received('Evt16', { source: pdu.source, reason: pdu.reason });
    }
  }

  pDataBegin(pduLength: number): void {
    this.#output.received('P-DATA-TF', pduLength + 6);
    if (!this.#delivers) this.#received('Evt10', {});
  }

  fragment(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): void {
    if (!this.#delivers) return;
    if (this.#acceptedContexts[contextId] === 1) return this.#output.fragment(contextId, isCommand, isLast, data);
    this.#violate(
      `P-DATA-TF on presentation context ${contextId}, which was not accepted`,
      abortReason.invalidPduParameterValue,
    );
  }

  pDataEnd(): void {
    this.#completedPdu = true;
  }

  #requested(request: AssociateRqPdu): void {
    if (this.#state === 'Sta2' && request.presentationContexts.length === 0) {
      return this.#violate('A-ASSOCIATE-RQ proposes no presentation context', abortReason.invalidPduParameterValue);
    }
    if (this.#state === 'Sta2') this.#request = request;
    this.#received('Evt6', {});
  }

  #accepted(response: AssociateAcPdu): void {
    if (this.#state !== 'Sta5' || this.#request === undefined) return this.#received('Evt3', {});
    const reading = readAcceptance(this.#request, response);
    if (reading.kind === 'accepted') return this.#received('Evt3', { negotiated: reading.negotiated });
    this.#violate(`A-ASSOCIATE-AC: ${reading.problem}`, abortReason.invalidPduParameterValue);
  }

  /** A PDU that no association begins with: Sta2 answers it without waiting for the rest of it. */
  #refuseFirstPdu(pduType: number | undefined): void {
    this.#reader.stop();
    const problem = `the first byte is ${hexByte(pduType)}, not that of an A-ASSOCIATE-RQ: is the peer speaking DICOM?`;
    this.#violate(problem, abortReason.unexpectedPdu);
  }

  /** Evt19: unrecognized or invalid PDU. */
  #violate(problem: string, reason: number, error?: Error): void {
    this.#received('Evt19', { reason, cause: { type: 'violation', problem, error } });
  }

  #received(event: Event, input: Input): void {
    this.#handle(event, this.#now, input);
  }

  #handle(event: Event, now: number, input: Input): boolean {
    const action = actionFor(this.#state, event);
    if (action === undefined) return false;
    this.#now = now;
    this.#perform(action, event, input);
    return true;
  }

  /** The actions of PS3.8 Tables 9-6 to 9-9. State first, so that what an indication calls back sees the new one. */
  #perform(action: Action, event: Event, input: Input): void {
    switch (action) {
      case 'AE-1':
        this.#enter(nextState(action));
        this.deadlines.connect = deadlineAfter(this.#now, this.#timeouts.connectMs);
        return;
      case 'AE-2':
        this.#enter(nextState(action));
        this.#reader.maximumPDataLength = this.#request?.userInformation.maximumLength ?? 0;
        if (this.#encodedRequest !== undefined) this.#output.write(this.#encodedRequest);
        this.deadlines.association = deadlineAfter(this.#now, this.#timeouts.associationMs);
        return;
      case 'AE-3':
        return this.#establish(action, input);
      case 'AE-4':
        this.#enter(nextState(action));
        if (input.rejection !== undefined) this.#conclude(rejected('peer', input.rejection));
        return this.#output.closeTransport();
      case 'AE-5':
        this.#enter(nextState(action));
        this.deadlines.artim = deadlineAfter(this.#now, this.#timeouts.associationMs);
        return;
      case 'AE-6':
        return this.#considerRequest(action);
      case 'AE-7':
        if (input.response !== undefined) this.#output.write(input.response);
        return this.#establish(action, input);
      case 'AE-8':
        return this.#reject(nextState(action), input.rejection ?? rejections.noReason);
      case 'DT-1':
      case 'DT-2':
      case 'AR-6':
      case 'AR-7':
      case 'AA-6':
        return;
      case 'AR-1':
        this.#enter(nextState(action));
        this.#hasRequestedRelease = true;
        this.#output.write(releaseRq);
        this.#releaseMs = input.timeoutMs ?? this.#timeouts.releaseMs;
        this.deadlines.release = deadlineAfter(this.#now, this.#releaseMs);
        return;
      case 'AR-2':
        this.#enter(nextState(action));
        this.deadlines.release = deadlineAfter(this.#now, this.#releaseMs);
        this.#output.releaseRequested();
        if (this.#pendingOperations === 0) this.respondToRelease(this.#now);
        return;
      case 'AR-3':
        this.#enter(nextState(action));
        this.#conclude({ kind: 'released', by: 'local' });
        return this.#output.closeTransport();
      case 'AR-4':
        this.#enter(nextState(action));
        this.#output.write(releaseRp);
        this.#startArtim();
        return this.#conclude({ kind: 'released', by: this.#hasRequestedRelease ? 'local' : 'peer' });
      case 'AR-8':
        // We have asked for release ourselves, so nothing of ours is left that the response would have to wait for.
        this.#enter(nextState(action, this.role === 'requestor' ? 0 : 1));
        this.#output.releaseRequested();
        this.respondToRelease(this.#now);
        return;
      case 'AR-9':
        this.#enter(nextState(action));
        return this.#output.write(releaseRp);
      case 'AR-10':
        this.#enter(nextState(action));
        this.respondToRelease(this.#now);
        return;
      case 'AA-1':
        return this.#abort(nextState(action), input.source ?? serviceUser, input.reason ?? 0, input.cause, event);
      case 'AA-8': {
        const cause = input.cause ?? { type: 'violation', problem: `unexpected PDU (${event} in ${this.#state})` };
        return this.#abort(nextState(action), serviceProvider, input.reason ?? abortReason.unexpectedPdu, cause, event);
      }
      case 'AA-2':
      case 'AA-3':
        this.#enter(nextState(action));
        this.#conclude(event === 'Evt16' ? abortedByPeer(input) : { kind: 'connection-lost', cause: input.cause });
        return this.#output.closeTransport();
      case 'AA-4':
      case 'AA-5':
      case 'AR-5':
        this.#enter(nextState(action));
        this.#conclude({ kind: 'connection-lost', cause: input.cause });
        return this.#output.closeTransport();
      case 'AA-7':
        return this.#output.write(
          encode({ type: 'A-ABORT', source: serviceProvider, reason: input.reason ?? abortReason.unexpectedPdu }),
        );
    }
  }

  #considerRequest(action: Action): void {
    const request = this.#request;
    this.deadlines.association = this.deadlines.artim;
    this.deadlines.artim = Number.POSITIVE_INFINITY;
    if (request === undefined || (request.protocolVersion & 1) === 0) {
      return this.#reject(nextState(action, 1), rejections.protocolVersionNotSupported);
    }
    this.#enter(nextState(action, 0));
    this.#output.associationRequested(request);
  }

  #establish(action: Action, { negotiated }: Input): void {
    this.#enter(nextState(action));
    this.deadlines.association = Number.POSITIVE_INFINITY;
    this.touch(this.#now);
    if (negotiated === undefined) return;
    for (const { id } of negotiated.acceptedContexts) this.#acceptedContexts[id] = 1;
    this.#reader.maximumPDataLength = negotiated.localMaximumLength;
    this.#output.established(negotiated);
  }

  #reject(state: State, values: RejectionValues): void {
    this.#enter(state);
    const { result, source, reason } = values;
    this.#output.write(encode({ type: 'A-ASSOCIATE-RJ', result, source, reason }));
    this.#startArtim();
    this.#conclude(rejected('local', values));
  }

  #abort(state: State, source: number, reason: number, cause: Cause | undefined, event: Event): void {
    // AA-1 on a PDU in Sta2 has source and reason 0, whatever was wrong: there is no association that could be aborted.
    const values =
      this.#state === 'Sta2' && event !== 'Evt15' ? { source: serviceUser, reason: 0 } : { source, reason };
    this.#enter(state);
    this.#output.write(encode({ type: 'A-ABORT', ...values }));
    this.#startArtim();
    this.#conclude({ kind: 'aborted', by: 'local', ...values, cause });
  }

  #conclude(conclusion: Conclusion): void {
    if (this.#isConcluded) return;
    this.#isConcluded = true;
    this.#output.concluded(conclusion);
  }

  #enter(state: State): void {
    this.#state = state;
    const onPData = actionFor(state, 'Evt10');
    this.#delivers = onPData === 'DT-2' || onPData === 'AR-6';
    this.canSend = actionFor(state, 'Evt9') !== undefined;
    this.deadlines.idle = Number.POSITIVE_INFINITY;
    if (state === 'Sta5') this.deadlines.connect = Number.POSITIVE_INFINITY;
    if (state === 'Sta1' || state === 'Sta13') this.deadlines.clear();
    if (state === 'Sta1') this.#reader.stop();
  }

  #startArtim(): void {
    this.deadlines.artim = deadlineAfter(this.#now, this.#timeouts.closeMs);
  }

  #expire(name: DeadlineName, now: number): void {
    switch (name) {
      case 'artim':
        this.#handle('Evt18', now, {
          cause: this.#state === 'Sta13' ? this.#timeout('close') : this.#timeout('association'),
        });
        return;
      case 'association':
        if (this.#state === 'Sta3') this.reject(rejections.noReasonForNow, now);
        else this.abort(serviceUser, 0, now, this.#timeout('association'));
        return;
      case 'pdu':
        this.#handle('Evt19', now, { reason: abortReason.notSpecified, cause: this.#timeout('pdu') });
        return;
      case 'idle':
        if (this.role === 'requestor') this.release(now);
        else this.abort(serviceUser, 0, now, this.#timeout('idle'));
        return;
      case 'write':
        this.transportClosed(now, this.#timeout('write'));
        return;
      case 'connect':
      case 'release':
      case 'stall':
        this.abort(serviceUser, 0, now, this.#timeout(name));
    }
  }

  #timeout(wait: TimedWait): Cause {
    return { type: 'timeout', wait, timeoutMs: wait === 'release' ? this.#releaseMs : this.#timeouts[`${wait}Ms`] };
  }
}

/** What comes with an event, as far as its action needs it. */
interface Input {
  readonly response?: Uint8Array;
  readonly negotiated?: Negotiated;
  readonly rejection?: RejectionValues | AssociateRjPdu;
  readonly source?: number;
  readonly reason?: number;
  readonly cause?: Cause | undefined;
  readonly timeoutMs?: number | undefined;
}

const releaseRq = encode({ type: 'A-RELEASE-RQ' });
const releaseRp = encode({ type: 'A-RELEASE-RP' });

/** States in which an unfinished PDU is watched by a deadline of its own; before, ARTIM or the reply deadline covers it. */
const watchesPdus: Readonly<Partial<Record<State, true>>> = {
  Sta6: true,
  Sta7: true,
  Sta8: true,
  Sta9: true,
  Sta10: true,
  Sta11: true,
  Sta12: true,
};

/** A-ASSOCIATE-RQ, or an A-ABORT, which closes the transport without an answer. */
function mayOpenAssociation(pduType: number | undefined): boolean {
  return pduType === 0x01 || pduType === 0x07;
}

function hexByte(value: number | undefined): string {
  return `${(value ?? 0).toString(16).toUpperCase().padStart(2, '0')}H`;
}

function rejected(by: 'local' | 'peer', { result, source, reason }: RejectionValues): Conclusion {
  return { kind: 'rejected', by, result, source, reason };
}

function abortedByPeer({ source = serviceUser, reason = 0 }: Input): Conclusion {
  return { kind: 'aborted', by: 'peer', source, reason };
}
