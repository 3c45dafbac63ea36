/** Bytes as a tree that can be changed and put together again. */

/** A field when it has bytes, something made of fields when it has parts. */
export type Part = { readonly name: string; bytes: Uint8Array } | Group;

/** Something made of fields. */
export interface Group {
  readonly name: string;
  readonly parts: Part[];
}

/** How bytes become a tree and the other way around. */
export interface Structure {
  /** The structure of bytes, malformed ones too. Names of length fields end in `Length`, or are `length`. */
  structureOf(bytes: Uint8Array): Group;
  /** The bytes of a structure. `repairsLengths`: length fields are made to say what they should. */
  bytesOf(part: Part, repairsLengths: boolean): Uint8Array;
  /** True when the first byte of a length is the least one. */
  isLittleEndian(bytes: Uint8Array): boolean;
}

/** All parts that have parts. */
export function groupsOf(part: Part): Group[] {
  const groups: Group[] = 'parts' in part ? [part] : [];
  // The list grows while it is gone through.
  for (const { parts } of groups) for (const inner of parts) if ('parts' in inner) groups.push(inner);
  return groups;
}

/** A copy that shares nothing. */
export function copyOf(part: Part): Part {
  return 'parts' in part
    ? { name: part.name, parts: part.parts.map(copyOf) }
    : { name: part.name, bytes: part.bytes.slice() };
}

/** Where the fields are whose name says that they hold a length. */
export function lengthFieldsOf(root: Part): { readonly offset: number; readonly byteLength: number }[] {
  const found: { offset: number; byteLength: number }[] = [];
  let offset = 0;
  const visit = (part: Part): void => {
    if ('parts' in part) {
      part.parts.forEach(visit);
      return;
    }
    const byteLength = part.bytes.length;
    if (/(?:^l|L)ength$/.test(part.name) && byteLength > 0) found.push({ offset, byteLength });
    offset += byteLength;
  };
  visit(root);
  return found;
}
