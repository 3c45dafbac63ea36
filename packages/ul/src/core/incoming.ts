/** What the peer sends, as events of the state table: PDUs whole, P-DATA as its fragments arrive. */
import {
  type AssociateAcPdu,
  type AssociateRqPdu,
  type LimitOptions,
  type PDataTfPdu,
  type Pdu,
  PduError,
  PduReader,
  type PduSink,
  type UnknownPdu,
} from '@dicomwire/pdu';
import type { Negotiated } from '../types.js';
import type { Cause } from './conclusion.js';
import type { MachineOutput } from './machine-output.js';
import { readAcceptance } from './negotiation.js';
import { abortReason, type RejectionValues } from './reasons.js';
import type { Event, State } from './state-table.js';

/** What comes with an event, as far as its action needs it. */
export interface EventInput {
  readonly request?: AssociateRqPdu;
  readonly response?: Uint8Array;
  readonly negotiated?: Negotiated;
  readonly rejection?: RejectionValues;
  readonly source?: number;
  readonly reason?: number;
  readonly cause?: Cause | undefined;
  readonly timeoutMs?: number | undefined;
}

/** The machine as {@link Incoming} sees it. */
export interface IncomingUser {
  readonly state: State;
  /** Whether P-DATA is delivered in this state (DT-2, AR-6). */
  readonly delivers: boolean;
  /** The request that we sent (requestor). */
  readonly request: AssociateRqPdu | undefined;
  /** An event of the table. */
  occurred(event: Event, input: EventInput): void;
}

/** Where fragments go, and what observers are told; past the machine, since P-DATA on an accepted context changes nothing there. */
export type IncomingOutput = Pick<MachineOutput, 'fragment' | 'received'>;

/** The reading side of one association. */
export class Incoming implements PduSink {
  /** Whether a PDU was completed since this was last set to false. */
  hasCompletedPdu = false;
  #hasBytes = false;
  #isStopped = false;
  readonly #reader: PduReader;
  readonly #user: IncomingUser;
  readonly #output: IncomingOutput;
  /** A bit for each accepted presentation context ID: so few bytes that they lie in the heap, where the array costs next to nothing. */
  readonly #acceptedContexts = new Uint8Array(32);

  constructor(user: IncomingUser, output: IncomingOutput, limits: LimitOptions | undefined) {
    this.#user = user;
    this.#output = output;
    this.#reader = new PduReader({ limits });
  }

  /** Whether a PDU has begun and is not at its end. */
  get isMidPdu(): boolean {
    return this.#reader.isMidPdu;
  }

  /** From now on P-DATA may come, up to this maximum length of ours. */
  expectData(localMaximumLength: number, contexts: readonly { readonly id: number }[]): void {
    this.#reader.maximumPDataLength = localMaximumLength;
    for (const { id } of contexts)
      this.#acceptedContexts[id >> 3] = (this.#acceptedContexts[id >> 3] ?? 0) | (1 << (id & 7));
  }

  /** Bytes from the transport. */
  push(chunk: Uint8Array): void {
    if (this.#isStopped) return;
    if (!this.#hasBytes && chunk.length > 0) {
      this.#hasBytes = true;
      const { state } = this.#user;
      if ((state === 'Sta2' && !mayBeFirst(chunk[0])) || (state === 'Sta5' && chunk[0] === tlsAlert)) {
        this.#refuseFirstPdu(chunk[0]);
        return;
      }
    }
    try {
      this.#reader.push(chunk, this);
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      this.stop();
      this.#violated(error.message, error.abort.reason, error);
    }
  }

  /** Whatever comes now is discarded without a look. */
  stop(): void {
    this.#isStopped = true;
    this.#reader.stop();
  }

  pdu(pdu: Exclude<Pdu, PDataTfPdu | UnknownPdu>, byteLength: number): void {
    this.hasCompletedPdu = true;
    this.#output.received(pdu.type, byteLength);
    switch (pdu.type) {
      case 'A-ASSOCIATE-RQ':
        this.#requested(pdu);
        return;
      case 'A-ASSOCIATE-AC':
        this.#accepted(pdu);
        return;
      case 'A-ASSOCIATE-RJ':
        this.#user.occurred('Evt4', { rejection: pdu });
        return;
      case 'A-RELEASE-RQ':
        this.#user.occurred('Evt12', {});
        return;
      case 'A-RELEASE-RP':
        this.#user.occurred('Evt13', {});
        return;
      case 'A-ABORT':
        this.#user.occurred('Evt16', { source: pdu.source, reason: pdu.reason });
    }
  }

  pDataBegin(pduLength: number): void {
    this.#output.received('P-DATA-TF', pduLength + 6);
    if (!this.#user.delivers) this.#user.occurred('Evt10', {});
  }

  fragment(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): void {
    if (!this.#user.delivers) return;
    if (((this.#acceptedContexts[contextId >> 3] ?? 0) >> (contextId & 7)) & 1)
      this.#output.fragment(contextId, isCommand, isLast, data);
    else {
      const problem = `P-DATA-TF on presentation context ${contextId}, which was not accepted`;
      this.#violated(problem, abortReason.invalidPduParameterValue);
    }
  }

  pDataEnd(): void {
    this.hasCompletedPdu = true;
  }

  #requested(request: AssociateRqPdu): void {
    if (this.#user.state === 'Sta2' && request.presentationContexts.length === 0) {
      this.#violated('A-ASSOCIATE-RQ proposes no presentation context', abortReason.invalidPduParameterValue);
    } else this.#user.occurred('Evt6', { request });
  }

  #accepted(response: AssociateAcPdu): void {
    const { state, request } = this.#user;
    if (state !== 'Sta5' || request === undefined) {
      this.#user.occurred('Evt3', {});
      return;
    }
    const reading = readAcceptance(request, response);
    if (reading.kind === 'accepted') this.#user.occurred('Evt3', { negotiated: reading.negotiated });
    else this.#violated(`A-ASSOCIATE-AC: ${reading.problem}`, abortReason.invalidPduParameterValue);
  }

  /** A PDU that no association begins with: it is answered without waiting for the rest of it. */
  #refuseFirstPdu(pduType = 0): void {
    this.stop();
    if (pduType === tlsHandshake) {
      this.#violated('it speaks TLS to a port without TLS', abortReason.unexpectedPdu, undefined, true);
      return;
    }
    if (pduType === tlsAlert) {
      this.#violated('it answered with a TLS alert: connect with TLS', abortReason.unrecognizedPdu, undefined, true);
      return;
    }
    const hex = pduType.toString(16).toUpperCase().padStart(2, '0');
    const problem = `the first byte is ${hex}H, not that of an A-ASSOCIATE-RQ (01H): is the peer speaking DICOM?`;
    this.#violated(problem, abortReason.unexpectedPdu);
  }

  /** Evt19: unrecognized or invalid PDU. */
  #violated(problem: string, reason: number, error?: Error, isTls?: boolean): void {
    this.#user.occurred('Evt19', { reason, cause: { type: 'violation', problem, error, isTls } });
  }
}

/** First bytes of TLS records, which are no PDU types: RFC 8446 5.1. */
const tlsAlert = 0x15;
const tlsHandshake = 0x16;

/** A-ASSOCIATE-RQ, or an A-ABORT, which closes the transport without an answer. */
function mayBeFirst(pduType: number | undefined): boolean {
  return pduType === 0x01 || pduType === 0x07;
}
