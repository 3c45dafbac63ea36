/** The private elements of one creator, wherever its block lies. PS3.5 7.8. */
import { DataSetError } from '../errors.js';
import type { AnyInput, AnyValue } from '../path/path-types.js';
import { isPrivateTag } from '../tag.js';
import type { Vr } from '../vr.js';
import { blocksOf, type CreatorReader, firstOfBlock, freeCreatorTag } from './creator.js';
import { normalCreator, type PrivateDictionary } from './private-dictionary.js';
import type { PrivateElementDefinition } from './private-element-definition.js';

/** What a block asks of the data set that it is in. */
export interface PrivateBlockHost<Map, Element, Input> extends CreatorReader {
  /** True when the element is there. */
  has(tag: number): boolean;
  /** The element. */
  element(tag: number): Element | undefined;
  /** Its value. */
  get(tag: number): AnyValue<Map>;
  /** Its values as text. */
  texts(tag: number): readonly string[];
  /** Its value field. */
  bytes(tag: number): Uint8Array | undefined;
  /** Items of a sequence. */
  items(tag: number): readonly Map[];
  /** Sets it. */
  set(tag: number, vr: Vr, value: AnyInput<Map | Input>): unknown;
  /** Removes it. */
  delete(tag: number): boolean;
}

/**
 * Private elements of one creator in a data set. Elements are named by their number within the block, `0x10` for (0029,xx10), or by keyword
 * where the data set has a private dictionary that knows it.
 */
export class PrivateBlock<Map, Element, Input> {
  /** The private creator. */
  readonly creator: string;
  readonly #host: PrivateBlockHost<Map, Element, Input>;
  readonly #group: number | undefined;
  readonly #dictionary: PrivateDictionary | undefined;

  /**
   * Made by `privateBlock()` of a data set.
   *
   * @throws DataSetError `invalid-value` for a creator without text, or a group that isn't private.
   */
  constructor(
    host: PrivateBlockHost<Map, Element, Input>,
    creator: string,
    group: number | undefined,
    dictionary: PrivateDictionary | undefined,
  ) {
    this.creator = normalCreator(creator);
    if (this.creator === '') throw new DataSetError('invalid-value', 'A private creator needs a name');
    if (group !== undefined && (!isPrivateTag(group * 0x10000) || group < 9 || group > 0xffff))
      throw new DataSetError('invalid-value', `Private groups are odd numbers from 0x0009 on, not ${group}`);
    this.#host = host;
    this.#group = group;
    this.#dictionary = dictionary;
  }

  /** True when the creator has reserved a block here. */
  get isPresent(): boolean {
    return this.#blocks().length > 0;
  }

  /** Tag of an element of the block; `undefined` when the creator has none here, or the dictionary doesn't know the keyword. */
  tag(element: number | string): number | undefined {
    const tags = this.#candidates(element);
    return tags.find((tag) => this.#host.has(tag)) ?? tags[0];
  }

  /** True when the element is there, empty or not. */
  has(element: number | string): boolean {
    const tag = this.tag(element);
    return tag !== undefined && this.#host.has(tag);
  }

  /** The element, with its VR and bytes. */
  element(element: number | string): Element | undefined {
    const tag = this.tag(element);
    return tag === undefined ? undefined : this.#host.element(tag);
  }

  /** One value as it is, several as a list, items of a sequence; `undefined` when absent or empty. */
  get(element: number | string): AnyValue<Map> {
    const tag = this.tag(element);
    return tag === undefined ? undefined : this.#host.get(tag);
  }

  /** The values as text. */
  texts(element: number | string): readonly string[] {
    const tag = this.tag(element);
    return tag === undefined ? [] : this.#host.texts(tag);
  }

  /** The first value as text; `undefined` when absent or empty. */
  text(element: number | string): string | undefined {
    return this.texts(element)[0] || undefined;
  }

  /** The value field. */
  bytes(element: number | string): Uint8Array | undefined {
    const tag = this.tag(element);
    return tag === undefined ? undefined : this.#host.bytes(tag);
  }

  /** Items of a sequence. */
  items(element: number | string): readonly Map[] {
    const tag = this.tag(element);
    return tag === undefined ? [] : this.#host.items(tag);
  }

  /** Elements of the creator that are here, in order, its own reservation not among them. */
  *[Symbol.iterator](): IterableIterator<Element> {
    const blocks = new Set(this.#blocks());
    for (const tag of this.#host.tags()) {
      if (!blocks.has((tag & 0xffffff00) >>> 0)) continue;
      const element = this.#host.element(tag);
      if (element !== undefined) yield element;
    }
  }

  /**
   * Sets an element whose VR the private dictionary knows; a block is reserved if the creator has none. Null leaves it empty.
   *
   * @throws DataSetError `unknown-keyword` when the dictionary doesn't know the element; `invalid-value`.
   */
  set(element: number | string, value: AnyInput<Map | Input>): this;
  /** Sets an element by number and VR; a block is reserved if the creator has none. @throws DataSetError `invalid-value`. */
  set(element: number, vr: Vr, value: AnyInput<Map | Input>): this;
  set(
    element: number | string,
    ...rest: readonly [value: AnyInput<Map | Input>] | readonly [vr: Vr, value: AnyInput<Map | Input>]
  ): this {
    const known = rest.length === 2 ? undefined : this.#definition(element);
    const vr = rest.length === 2 ? rest[0] : known?.vr;
    if (vr === undefined) {
      const message = `No private dictionary knows the element ${nameOf(element)} of ${this.creator}`;
      throw new DataSetError('unknown-keyword', message);
    }
    const tag = this.tag(element) ?? this.#reserve(known) + numberOf(element, known);
    this.#host.set(tag, vr, rest.length === 2 ? rest[1] : rest[0]);
    return this;
  }

  /** Removes an element; false when it wasn't there. The reservation stays. */
  delete(element: number | string): boolean {
    const tag = this.tag(element);
    return tag !== undefined && this.#host.delete(tag);
  }

  /** Removes all elements of the creator and its reservation. */
  clear(): void {
    for (const block of this.#blocks()) {
      const creatorTag = ((block & 0xffff0000) | ((block >>> 8) & 0xff)) >>> 0;
      const isOurs = (tag: number) => (tag & 0xffffff00) >>> 0 === block;
      for (const tag of this.#host.tags().filter(isOurs)) this.#host.delete(tag);
      this.#host.delete(creatorTag);
    }
  }

  #blocks(): number[] {
    return blocksOf(this.#host, this.creator, this.#group);
  }

  /** Tags that the element may have: one for each block, since a creator may have several. */
  #candidates(element: number | string): number[] {
    if (typeof element === 'number') {
      checkNumber(element);
      return this.#blocks().map((block) => block + element);
    }
    return this.#blocks().flatMap((block) => {
      const definition = this.#dictionary?.find(this.creator, block >>> 16, element);
      return definition === undefined ? [] : [block + numberOf(element, definition)];
    });
  }

  /** What the dictionary knows of an element, in the group of the block or the one that was asked for. */
  #definition(element: number | string): PrivateElementDefinition | undefined {
    const groups = [this.#group, ...this.#blocks().map((block) => block >>> 16)];
    for (const group of groups) {
      const definition = group === undefined ? undefined : this.#dictionary?.find(this.creator, group, element);
      if (definition !== undefined) return definition;
    }
    return this.#group === undefined && typeof element === 'string'
      ? this.#dictionary?.findKeyword(this.creator, element)
      : undefined;
  }

  /** Reserves a block. @returns its first element. */
  #reserve(known: PrivateElementDefinition | undefined): number {
    const group = this.#group ?? firstOf(known?.group);
    if (group === undefined)
      throw new DataSetError('invalid-value', `${this.creator} has no block yet: say in which group it is to be`);
    const creatorTag = freeCreatorTag(this.#host, group);
    if (creatorTag === undefined)
      throw new DataSetError('invalid-value', `All blocks of group ${group.toString(16)} are taken`);
    this.#host.set(creatorTag, 'LO', this.creator);
    return firstOfBlock(creatorTag);
  }
}

function checkNumber(element: number): void {
  if (Number.isInteger(element) && element >= 0 && element <= 0xff) return;
  throw new DataSetError('invalid-value', `Elements of a private block are numbers from 0 to 255, not ${element}`);
}

function numberOf(element: number | string, known: PrivateElementDefinition | undefined): number {
  const number = typeof element === 'number' ? element : (firstOf(known?.element) ?? 0);
  checkNumber(number);
  return number;
}

function firstOf(numbers: number | readonly [number, number] | undefined): number | undefined {
  return typeof numbers === 'number' || numbers === undefined ? numbers : numbers[0];
}

function nameOf(element: number | string): string {
  return typeof element === 'string' ? element : `xx${element.toString(16).padStart(2, '0')}`;
}
