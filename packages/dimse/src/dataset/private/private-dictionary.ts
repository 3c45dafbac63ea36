/** Dictionaries of private elements: values that are passed where they are wanted, none of them known to the whole program. PS3.5 7.8. */
import { DataSetError } from '../errors.js';
import { isVr } from '../vr.js';
import { parseDefinitions } from './parse-private-dictionary.js';
import type { PrivateElementDefinition } from './private-element-definition.js';

/**
 * What is known of private elements, by creator. Immutable: {@link PrivateDictionary.with} makes another. It is an option of what parses and
 * builds data sets, and says there which VR a private element has that comes without (implicit VR) or as UN.
 *
 * @example
 * ```ts
 * import { DataSet, PrivateDictionary } from '@dicomwire/dimse/dataset';
 *
 * const privateDictionary = PrivateDictionary.of([
 *   { creator: 'ACME 1.1', group: 0x0019, element: 0x02, vr: 'DS', keyword: 'CoilTemperature' },
 * ]);
 * const dataSet = DataSet.from({ Modality: 'MR' }, { privateDictionary });
 * dataSet.privateBlock('ACME 1.1', 0x0019).set('CoilTemperature', 36.5);
 * console.log(dataSet.text(0x00191002)); // 36.5
 * ```
 */
export class PrivateDictionary {
  readonly #byCreator: ReadonlyMap<string, readonly Entry[]>;

  private constructor(byCreator: ReadonlyMap<string, readonly Entry[]>) {
    this.#byCreator = byCreator;
  }

  /**
   * A dictionary of these elements. Where two say different things of the same element the later one counts.
   *
   * @throws DataSetError `invalid-dictionary` for a group that isn't odd, an element that isn't 0 to 255, a VR that is none.
   */
  static of(definitions: Iterable<PrivateElementDefinition>): PrivateDictionary {
    const byCreator = new Map<string, Entry[]>();
    for (const definition of definitions) {
      const creator = normalCreator(definition.creator);
      const entries = byCreator.get(creator) ?? [];
      // What comes later stands in front.
      entries.unshift(entryOf(definition));
      byCreator.set(creator, entries);
    }
    return new PrivateDictionary(byCreator);
  }

  /**
   * Reads the text of a dictionary file as DCMTK has it (`private.dic`): lines of tag, VR, name and VM, divided by tabs, the tag as
   * `(0029,"SIEMENS CSA HEADER",10)` with hexadecimal numbers. Elements that aren't private are left out.
   *
   * @throws DataSetError `invalid-dictionary` with the number of the line.
   */
  static parse(text: string): PrivateDictionary {
    return PrivateDictionary.of(parseDefinitions(text));
  }

  /** This dictionary and another; where both know an element the other one counts. */
  with(other: PrivateDictionary | Iterable<PrivateElementDefinition>): PrivateDictionary {
    const added = other instanceof PrivateDictionary ? other : PrivateDictionary.of(other);
    const byCreator = new Map(this.#byCreator);
    for (const [creator, entries] of added.#byCreator) {
      byCreator.set(creator, [...entries, ...(byCreator.get(creator) ?? [])]);
    }
    return new PrivateDictionary(byCreator);
  }

  /** What is known of an element: by creator, group, and element within the block or keyword. */
  find(creator: string, group: number, element: number | string): PrivateElementDefinition | undefined {
    const entries = this.#byCreator.get(normalCreator(creator));
    return entries?.find(
      (entry) =>
        isWithin(group, entry.groups) &&
        (typeof element === 'string' ? entry.definition.keyword === element : isWithin(element, entry.elements)),
    )?.definition;
  }

  /** The element with a keyword, whatever its group. */
  findKeyword(creator: string, keyword: string): PrivateElementDefinition | undefined {
    const entries = this.#byCreator.get(normalCreator(creator));
    return entries?.find(({ definition }) => definition.keyword === keyword)?.definition;
  }
}

type Range = readonly [first: number, last: number];

interface Entry {
  readonly groups: Range;
  readonly elements: Range;
  readonly definition: PrivateElementDefinition;
}

/** Spaces around a creator mean nothing. PS3.5 6.2, LO. */
export function normalCreator(creator: string): string {
  return creator.trim();
}

function entryOf(definition: PrivateElementDefinition): Entry {
  const groups = rangeOf(definition.group);
  const elements = rangeOf(definition.element);
  const isOdd = groups[0] % 2 === 1 && groups[1] % 2 === 1 && groups[0] > 0 && groups[1] <= 0xffff;
  const problem = !isOdd
    ? 'private groups are odd numbers'
    : elements[0] < 0 || elements[1] > 0xff
      ? 'elements are numbers from 0 to 255'
      : isVr(definition.vr)
        ? undefined
        : `${JSON.stringify(definition.vr)} is no VR`;
  if (problem === undefined) return { groups, elements, definition };
  const { creator, keyword = '' } = definition;
  throw new DataSetError('invalid-dictionary', `Private element ${keyword} of ${JSON.stringify(creator)}: ${problem}`);
}

function rangeOf(numbers: number | Range): Range {
  return typeof numbers === 'number' ? [numbers, numbers] : numbers;
}

function isWithin(number: number, [first, last]: Range): boolean {
  return number >= first && number <= last;
}
