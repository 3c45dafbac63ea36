/** What one connection tells those who look on by `node:diagnostics_channel`. Costs a look at a flag where nobody does. */
import { encodePDataHeader, P_DATA_HEADER_BYTES, type Pdu } from '@dicomwire/pdu';
import type { Action, Event, State } from './core/state-table.js';
import { pduBytesChannel, pduChannel, stateChannel } from './diagnostics.js';
import { PduTap } from './pdu-tap.js';
import { redacted } from './redaction.js';

/** Whether anybody looks on PDUs; asked before an {@link Observer} is told of one, once per PDU. */
export function isObserved(): boolean {
  return pduChannel.hasSubscribers || pduBytesChannel.hasSubscribers;
}

/** One per connection. */
export class Observer {
  readonly #connection: number;
  readonly #role: 'requestor' | 'acceptor';
  #tap: PduTap | undefined;
  #isOver = false;

  constructor(connection: number, role: 'requestor' | 'acceptor') {
    this.#connection = connection;
    this.#role = role;
  }

  /** A cell of Table 9-10 was at work. */
  stateChanged(event: Event, action: Action, from: State, to: State): void {
    if (!stateChannel.hasSubscribers) return;
    stateChannel.publish({ connection: this.#connection, role: this.#role, event, action, from, to });
  }

  /** A PDU, or the header of a P-DATA-TF, was read. */
  received(type: Pdu['type'], byteLength: number): void {
    if (pduChannel.hasSubscribers) this.#publish('in', type, byteLength);
  }

  /** A PDU other than a P-DATA-TF was written. */
  sent(pdu: Uint8Array): void {
    if (pduChannel.hasSubscribers) this.#publish('out', typesByByte[pdu[0] ?? 0] ?? 'unknown', pdu.length);
    if (pduBytesChannel.hasSubscribers) this.#show('out', pdu, true);
  }

  /** A P-DATA-TF was written. */
  sentData(contextId: number, isCommand: boolean, isLast: boolean, data: Uint8Array): void {
    const byteLength = P_DATA_HEADER_BYTES + data.length;
    if (pduChannel.hasSubscribers) this.#publish('out', 'P-DATA-TF', byteLength);
    if (!pduBytesChannel.hasSubscribers) return;
    const bytes = new Uint8Array(byteLength);
    encodePDataHeader(contextId, isCommand, isLast, data.length, bytes, 0);
    bytes.set(data, P_DATA_HEADER_BYTES);
    this.#show('out', bytes, true);
  }

  /** Bytes arrived, and are not read yet. Who begins to look on in the middle of a PDU sees the ones after it. */
  arrived(chunk: Uint8Array, isMidPdu: boolean): void {
    if (!pduBytesChannel.hasSubscribers || this.#isOver) return;
    if (this.#tap === undefined) {
      if (isMidPdu) return;
      this.#tap = new PduTap((bytes, isWhole) => this.#show('in', bytes, isWhole));
    }
    this.#tap.push(chunk);
  }

  /** What arrives from now on is of no interest. */
  ended(): void {
    this.#isOver = true;
    this.#tap?.end();
  }

  #publish(direction: 'in' | 'out', type: Pdu['type'], byteLength: number): void {
    pduChannel.publish({ connection: this.#connection, direction, type, byteLength });
  }

  #show(direction: 'in' | 'out', bytes: Uint8Array, isWhole: boolean): void {
    pduBytesChannel.publish({ connection: this.#connection, direction, bytes: redacted(bytes), isWhole });
  }
}

const typesByByte: readonly (Pdu['type'] | undefined)[] = [
  undefined,
  'A-ASSOCIATE-RQ',
  'A-ASSOCIATE-AC',
  'A-ASSOCIATE-RJ',
  'P-DATA-TF',
  'A-RELEASE-RQ',
  'A-RELEASE-RP',
  'A-ABORT',
];
