/** Writes into parts: what is large is not copied, and what is elsewhere keeps its place. */
import type { BulkDataRange } from './bulk-data.js';
import { ByteWriter } from './byte-writer.js';

/** A piece of what was written: bytes, or a value that has to be fetched. */
export type WrittenPart = Uint8Array | BulkDataRange;

/** Views from here on are parts of their own. */
const largeBytes = 0x8000;
const partCapacity = 0x100;

/** What an encoder writes to. */
export interface ElementWriter {
  /** Bytes written so far. */
  readonly length: number;
  uint16(value: number): void;
  uint32(value: number): void;
  tag(tag: number): void;
  bytes(bytes: Uint8Array): void;
  /** Writes over what stands at `offset`. */
  patchUint32(offset: number, value: number): void;
}

/** An {@link ElementWriter} that gathers nothing large. */
export class PartsWriter implements ElementWriter {
  private readonly isBigEndian: boolean;
  private readonly parts: { readonly start: number; readonly part: ByteWriter | WrittenPart }[] = [];
  private open: ByteWriter;
  private openStart = 0;

  constructor(isBigEndian: boolean) {
    this.isBigEndian = isBigEndian;
    this.open = this.begin(0);
  }

  get length(): number {
    return this.openStart + this.open.length;
  }

  uint16(value: number): void {
    this.open.uint16(value);
  }

  uint32(value: number): void {
    this.open.uint32(value);
  }

  tag(tag: number): void {
    this.open.tag(tag);
  }

  bytes(bytes: Uint8Array): void {
    if (bytes.length < largeBytes) this.open.bytes(bytes);
    else this.part(bytes, bytes.length);
  }

  /** Leaves the place of a value that is elsewhere. */
  reference(range: BulkDataRange): void {
    this.part(range, range.byteLength);
  }

  patchUint32(offset: number, value: number): void {
    let low = 0;
    let high = this.parts.length;
    // The last part that begins at or before the offset.
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.parts[middle]!.start <= offset) low = middle;
      else high = middle;
    }
    const { start, part } = this.parts[low]!;
    if (part instanceof ByteWriter) part.patchUint32(offset - start, value);
  }

  /** All parts, in order. */
  written(): WrittenPart[] {
    const parts = this.parts.map(({ part }) => (part instanceof ByteWriter ? part.written() : part));
    return parts.filter((part) => !(part instanceof Uint8Array) || part.length > 0);
  }

  private part(part: WrittenPart, byteLength: number): void {
    const start = this.length;
    this.parts.push({ start, part });
    this.open = this.begin(start + byteLength);
  }

  private begin(start: number): ByteWriter {
    const open = new ByteWriter(this.isBigEndian, partCapacity);
    this.openStart = start;
    this.parts.push({ start, part: open });
    return open;
  }
}
