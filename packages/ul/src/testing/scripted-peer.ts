import type { Duplex } from 'node:stream';
import { decode, encode, type Pdu } from '@dicomwire/pdu';

/**
 * A peer that does exactly what a test says: sends given bytes, tells which PDUs came back and whether the connection is closed.
 *
 * @example
 * ```ts
 * import { createServer } from '@dicomwire/ul';
 * import { MemoryTransport, ScriptedPeer, settle } from '@dicomwire/ul/testing';
 *
 * const server = createServer({ policy: { presentationContexts: [] }, onAssociation: () => {} });
 * const [ours, theirs] = MemoryTransport.pair();
 * server.accept(ours);
 * const peer = new ScriptedPeer(theirs);
 * peer.send(new TextEncoder().encode('GET / HTTP/1.1'));
 * await settle();
 * console.log(peer.takePdus()); // [ { type: 'A-ABORT', source: 0, reason: 0 } ]
 * peer.close();
 * await server.close();
 * ```
 */
export class ScriptedPeer {
  readonly #transport: Duplex;
  #bytes: Uint8Array = new Uint8Array(0);
  #isClosed = false;
  #isReading = false;
  #waiting: (() => void)[] = [];

  /** A peer at this end of a transport; `reads: false` leaves everything unread until {@link ScriptedPeer.startReading}. */
  constructor(transport: Duplex, options: { readonly reads?: boolean } = {}) {
    this.#transport = transport;
    transport.on('error', () => {});
    transport.on('end', () => this.#closed());
    transport.on('close', () => this.#closed());
    if (options.reads !== false) this.startReading();
  }

  /** Whether the other side has closed the connection. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends bytes, or PDUs encoded, each in a write of its own. */
  send(...items: readonly (Uint8Array | Pdu)[]): void {
    for (const item of items) this.#transport.write(item instanceof Uint8Array ? item : encode(item));
  }

  /** Takes the whole PDUs that have arrived so far. */
  takePdus(): Pdu[] {
    const pdus: Pdu[] = [];
    for (let next = decode(this.#bytes); next !== undefined; next = decode(this.#bytes)) {
      pdus.push(next.pdu);
      this.#bytes = this.#bytes.subarray(next.byteLength);
    }
    return pdus;
  }

  /**
   * Takes the next PDU, once it is there.
   *
   * @throws Error when it is of another type, or the connection is closed without one
   */
  async expectPdu<T extends Pdu['type']>(type: T): Promise<Extract<Pdu, { readonly type: T }>> {
    let next = decode(this.#bytes);
    while (next === undefined) {
      if (this.#isClosed) throw new Error(`${type} was expected, and the connection is closed`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
      next = decode(this.#bytes);
    }
    const { pdu } = next;
    this.#bytes = this.#bytes.subarray(next.byteLength);
    if (isOfType(pdu, type)) return pdu;
    throw new Error(`${type} was expected, and ${pdu.type} came`);
  }

  /** Takes the bytes that have arrived so far. */
  takeBytes(): Uint8Array {
    const bytes = this.#bytes;
    this.#bytes = new Uint8Array(0);
    return bytes;
  }

  /** Reads on, where `reads: false` kept it from reading. */
  startReading(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#transport.on('data', (chunk: Uint8Array) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
  }

  /** Sends FIN. */
  end(): void {
    this.#transport.end();
  }

  /** Closes the connection. */
  close(): void {
    this.#transport.destroy();
  }

  #closed(): void {
    this.#isClosed = true;
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function isOfType<T extends Pdu['type']>(pdu: Pdu, type: T): pdu is Extract<Pdu, { readonly type: T }> {
  return pdu.type === type;
}
