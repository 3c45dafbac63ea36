/** Private creators: which block of a private group belongs to whom. PS3.5 7.8.1. */
import { isPrivateTag } from '../tag.js';

/** The data set as far as its private creators go. */
export interface CreatorReader {
  /** The first value as text. */
  text(tag: number): string | undefined;
  /** Tags in order. */
  tags(): number[];
}

/** Tag of the creator of a private element; `undefined` for creators themselves and what isn't private. */
export function creatorTagOf(tag: number): number | undefined {
  const block = (tag >>> 8) & 0xff;
  return isPrivateTag(tag) && block >= 0x10 ? ((tag & 0xffff0000) | block) >>> 0 : undefined;
}

/** True for (gggg,0010) to (gggg,00FF) of private groups. */
export function isCreatorTag(tag: number): boolean {
  const element = tag & 0xffff;
  return isPrivateTag(tag) && element >= 0x10 && element <= 0xff;
}

/** Blocks that a creator has reserved, as the tags of their first elements, in order. */
export function blocksOf(reader: CreatorReader, creator: string, group: number | undefined): number[] {
  return reader
    .tags()
    .filter((tag) => isCreatorTag(tag) && (group === undefined || tag >>> 16 === group))
    .filter((tag) => reader.text(tag)?.trim() === creator)
    .map((tag) => firstOfBlock(tag));
}

/** First element of the block that a creator tag stands for: (0029,1000) for (0029,0010). */
export function firstOfBlock(creatorTag: number): number {
  return ((creatorTag & 0xffff0000) | ((creatorTag & 0xff) << 8)) >>> 0;
}

/** Tag of the first creator element of a group that is free; `undefined` when none is. */
export function freeCreatorTag(reader: CreatorReader, group: number): number | undefined {
  const taken = new Set(
    reader
      .tags()
      .filter((tag) => tag >>> 16 === group)
      .map((tag) => creatorTagOf(tag) ?? tag),
  );
  for (let element = 0x10; element <= 0xff; element++) {
    const tag = group * 0x10000 + element;
    if (!taken.has(tag)) return tag;
  }
  return undefined;
}
