/** Command sets byte by byte, by hand: implicit VR little endian, group 0000. PS3.7 6.3.1, Annex E. */

/** An element as it stands; the value is one character a byte, or a number of 16 bits. */
export function element(tag: number, value: string | number | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : bytesOf(value);
  const header = Buffer.alloc(8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  header.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** A command set of these elements, with its group length. */
export function commandSet(elements: Readonly<Record<number, string | number>>): Buffer {
  const bytes = withoutGroupLength(elements);
  return Buffer.concat([groupLength(bytes.length), bytes]);
}

/** The same without. */
export function withoutGroupLength(elements: Readonly<Record<number, string | number>>): Buffer {
  return Buffer.concat(Object.entries(elements).map(([tag, value]) => element(Number(tag), value)));
}

/** A group length that says so. */
export function groupLength(length: number): Buffer {
  const value = Buffer.alloc(4);
  value.writeUInt32LE(length);
  return element(0x0000, value);
}

/** One value of a command set that was sent, `undefined` when it is not there. */
export function fieldOf(command: Uint8Array, tag: number): Buffer | undefined {
  return elementsOf(command).find((one) => one.tag === tag)?.value;
}

/** The elements of a command set that was sent, in order; nothing may be left over. */
export function elementsOf(command: Uint8Array): { readonly tag: number; readonly value: Buffer }[] {
  const bytes = Buffer.from(command);
  const elements = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 8 + bytes.readUInt32LE(at + 4);
    if (end > bytes.length) throw new Error(`an element passes the end: ${bytes.toString('hex')}`);
    elements.push({
      tag: bytes.readUInt16LE(at) * 0x10000 + bytes.readUInt16LE(at + 2),
      value: bytes.subarray(at + 8, end),
    });
    at = end;
  }
  return elements;
}

function bytesOf(value: number | Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
