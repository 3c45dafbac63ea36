/** Cuts a byte stream into PDUs for observers; nothing here decides anything. */

/** Who looks on. */
export type TapObserver = (bytes: Uint8Array, isWhole: boolean) => void;

/** One direction of one connection. */
export class PduTap {
  readonly #observer: TapObserver;
  #parts: Uint8Array[] = [];
  #kept = 0;
  /** Bytes of the PDU that are still to come; its header first. */
  #missing = headerBytes;
  #isHeaderRead = false;
  #wanted = 0;

  constructor(observer: TapObserver) {
    this.#observer = observer;
  }

  /** Bytes arrived, in whatever portions. */
  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      const part = rest.subarray(0, this.#missing);
      rest = rest.subarray(part.length);
      this.#missing -= part.length;
      this.#keep(part);
      if (this.#missing === 0) this.#advance();
    }
  }

  /** Nothing more comes: shows what has begun. */
  end(): void {
    if (this.#kept > 0) this.#show(false);
  }

  #keep(part: Uint8Array): void {
    const room = longestShown - this.#kept;
    if (room <= 0) return;
    this.#parts.push(part.subarray(0, room));
    this.#kept += Math.min(part.length, room);
  }

  #advance(): void {
    if (!this.#isHeaderRead) {
      const header = Buffer.concat(this.#parts);
      this.#parts = [header];
      this.#isHeaderRead = true;
      this.#missing = header.readUInt32BE(2);
      this.#wanted = headerBytes + this.#missing;
      if (this.#missing > 0) return;
    }
    this.#show(this.#kept === this.#wanted);
  }

  #show(isWhole: boolean): void {
    const [first] = this.#parts;
    const bytes = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#kept = 0;
    this.#missing = headerBytes;
    this.#isHeaderRead = false;
    this.#observer(bytes, isWhole);
  }
}

/** PDU type, reserved, length. PS3.8 9.3.1. */
const headerBytes = 6;

/** Of a longer PDU, the beginning is shown: an observer is no reason to keep gigabytes. */
const longestShown = 0x100000;
