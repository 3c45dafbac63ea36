/** Writes into parts: what is large is not copied, and what is elsewhere keeps its place. */
import type { BulkDataRange } from './bulk-data.js';
import { ByteWriter } from './byte-writer.js';

/** A piece of what was written: bytes, or a value that has to be fetched. */
export type WrittenPart = Uint8Array | BulkDataRange;

/** Views from here on are parts of their own. */
const largeBytes = 0x8000;
/** What stands before the pixels nearly always fits. */
const firstCapacity = 0x600;
const nextCapacity = 0x100;

/** What an encoder writes to. */
export interface ElementWriter {
  /** Bytes written so far. */
  readonly length: number;
  uint16(value: number): void;
  uint32(value: number): void;
  tag(tag: number): void;
  /** Tag, the two letters of a VR, and a 16-bit length: most headers of explicit VR. */
  shortHeader(tag: number, first: number, second: number, length: number): void;
  /** Text of ASCII characters alone, and `padding` if that is needed for an even length. */
  ascii(text: string, padding: number): void;
  bytes(bytes: Uint8Array): void;
  /** Writes over what stands at `offset`. */
  patchUint32(offset: number, value: number): void;
}

/** An {@link ElementWriter} that gathers nothing large. */
export class PartsWriter implements ElementWriter {
  /** Values that are elsewhere may keep their place. */
  readonly takesReferences: boolean;
  private readonly isBigEndian: boolean;
  private readonly parts: { readonly start: number; readonly part: ByteWriter | WrittenPart }[] = [];
  private open: ByteWriter;
  private openStart = 0;

  /** @param takesReferences - values that are elsewhere may keep their place. */
  constructor(isBigEndian: boolean, takesReferences: boolean) {
    this.isBigEndian = isBigEndian;
    this.takesReferences = takesReferences;
    this.open = this.begin(0, firstCapacity);
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

  shortHeader(tag: number, first: number, second: number, length: number): void {
    this.open.shortHeader(tag, first, second, length);
  }

  ascii(text: string, padding: number): void {
    this.open.ascii(text, padding);
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
    this.open = this.begin(start + byteLength, nextCapacity);
  }

  private begin(start: number, capacity: number): ByteWriter {
    const open = new ByteWriter(this.isBigEndian, capacity);
    this.openStart = start;
    this.parts.push({ start, part: open });
    return open;
  }
}
