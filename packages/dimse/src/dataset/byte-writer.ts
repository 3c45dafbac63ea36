/** A buffer that grows as bytes are written to it. */
export class ByteWriter {
  /** Bytes written so far. */
  length = 0;
  private buffer: Uint8Array;
  private view: DataView;
  private readonly isLittle: boolean;

  constructor(isBigEndian: boolean, capacity: number) {
    this.buffer = new Uint8Array(Math.max(capacity, 64));
    this.view = new DataView(this.buffer.buffer);
    this.isLittle = !isBigEndian;
  }

  uint16(value: number): void {
    this.reserve(2);
    this.view.setUint16(this.length, value, this.isLittle);
    this.length += 2;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.length, value, this.isLittle);
    this.length += 4;
  }

  tag(tag: number): void {
    this.uint16(tag >>> 16);
    this.uint16(tag & 0xffff);
  }

  /** Tag, the two letters of a VR, and a 16-bit length: most headers of explicit VR. */
  shortHeader(tag: number, first: number, second: number, length: number): void {
    this.reserve(8);
    const { view, isLittle } = this;
    const at = this.length;
    view.setUint16(at, tag >>> 16, isLittle);
    view.setUint16(at + 2, tag & 0xffff, isLittle);
    view.setUint16(at + 4, (first << 8) | second);
    view.setUint16(at + 6, length, isLittle);
    this.length = at + 8;
  }

  /** Text of ASCII characters alone, and `padding` if that is needed for an even length. */
  ascii(text: string, padding: number): void {
    this.reserve(text.length + 1);
    const { buffer } = this;
    let at = this.length;
    for (let index = 0; index < text.length; index++) buffer[at++] = text.charCodeAt(index);
    if (text.length % 2 === 1) buffer[at++] = padding;
    this.length = at;
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Writes over what stands at `offset`. */
  patchUint32(offset: number, value: number): void {
    this.view.setUint32(offset, value, this.isLittle);
  }

  /** All that was written, without a copy. */
  written(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }
}
