/** Paths into sequences: as text, as lists of keywords, tags and numbers, and as what both come to. */
import { elementDefinition, type Keyword, tagOfKeyword } from '../dictionary.js';
import { DataSetError } from '../errors.js';
import { formatTag } from '../tag.js';

/** A path as text: `RequestAttributesSequence[0].ScheduledProcedureStepID`, `(0040,0275)[0].(0040,0009)`. */
export type PathText = `${string}[${number}]${string}`;

/** A tag as text: `(0010,0010)`. */
export type TagText = `(${string},${string})`;

/** A path as a list: elements by keyword or tag, between them the numbers of items, from 0. */
export type ElementPath = readonly (number | Keyword)[];

/** What names an element: a tag, a keyword, or a path into sequences. */
export type ElementKey = number | Keyword | PathText | TagText | ElementPath;

/** A path taken apart: tags, between them the numbers of items. It names an element when it ends with a tag, an item otherwise. */
export type TagPath = readonly number[];

/**
 * Takes a key apart.
 *
 * @throws DataSetError `invalid-path`, `unknown-keyword`.
 */
export function tagPathOf(key: ElementKey): TagPath {
  if (typeof key === 'number') return [key];
  return typeof key === 'string' ? tagPathOfText(key) : tagPathOfList(key);
}

/** Takes a keyword, a tag or a path apart. @throws DataSetError `invalid-path`, `unknown-keyword`. */
export function tagPathOfText(text: string): TagPath {
  const tag = tagOfKeyword(text);
  return tag === undefined ? parsePath(text) : [tag];
}

/**
 * Writes a path as text that is read again.
 *
 * @param nameOf - name of an element; default: its tag, `(0040,0275)`.
 */
export function formatPath(path: TagPath, nameOf: (tag: number) => string = formatTag): string {
  return path.reduce<string>((text, part, at) => {
    if (at % 2 === 1) return `${text}[${part}]`;
    return text === '' ? nameOf(part) : `${text}.${nameOf(part)}`;
  }, '');
}

/** Name of an element in a path: its keyword, the tag where it has none of its own. */
export function nameInPath(tag: number): string {
  const keyword = elementDefinition(tag)?.keyword ?? '';
  return tagOfKeyword(keyword) === tag ? keyword : formatTag(tag);
}

/** Items beyond this number are none: a path is no reason to make millions of them. */
const maxItemNumber = 99_999;

function tagPathOfList(path: ElementPath): TagPath {
  if (path.length === 0) throw new DataSetError('invalid-path', 'An empty path leads nowhere');
  return path.map((part, at) => {
    if (typeof part === 'string') return at % 2 === 0 ? tagOf(part) : refuse(path.join(', '), 'a number of an item');
    const isRight = at % 2 === 0 ? isTag(part) : part <= maxItemNumber && isTag(part);
    return isRight ? part : refuse(path.join(', '), at % 2 === 0 ? 'a tag' : 'a number of an item');
  });
}

/** Segments divided by full stops, or by slashes as in errors; all but the last have the number of an item. */
function parsePath(text: string): TagPath {
  const path: number[] = [];
  const segment = /([^.[\]/]+)(?:\[(\d{1,5})\])?([./]|$)/y;
  while (segment.lastIndex < text.length) {
    const [, name = '', index, divider = ''] = segment.exec(text) ?? refuse(text, 'a path');
    path.push(tagOf(name));
    if (index !== undefined) path.push(Number(index));
    else if (divider !== '') refuse(text, `a number of an item after ${name}, such as [0],`);
    if (divider !== '' && segment.lastIndex === text.length) refuse(text, 'an element after the last divider');
  }
  if (path.length === 0) refuse(text, 'a path');
  return path;
}

/** Tag of a keyword, of `(0010,0010)`, or of `00100010`. */
function tagOf(name: string): number {
  const digits = /^\(([0-9a-f]{4}),([0-9a-f]{4})\)$/i.exec(name) ?? /^([0-9a-f]{4})([0-9a-f]{4})$/i.exec(name);
  const tag = digits === null ? tagOfKeyword(name) : Number.parseInt(`${digits[1]}${digits[2]}`, 16);
  if (tag === undefined)
    throw new DataSetError('unknown-keyword', `No element has the keyword ${JSON.stringify(name)}`);
  return tag;
}

function isTag(part: number): boolean {
  return Number.isInteger(part) && part >= 0 && part <= 0xffffffff;
}

function refuse(found: string, expected: string): never {
  const shown = JSON.stringify(found.length > 80 ? `${found.slice(0, 80)}…` : found);
  throw new DataSetError('invalid-path', `${shown} leads nowhere: ${expected} was expected`);
}
