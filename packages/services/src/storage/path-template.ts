/**
 * File names made of what objects say of themselves, by a template, and safe whatever that is.
 */
import { type DataSet, StatusError } from '@dicomwire/dimse';
import { elementDefinition, isKeyword, tagOfKeyword } from '@dicomwire/dimse/dataset';
import type { AssociationFacts } from '../service.js';
import { isUsableUid, withoutPadding } from './storage-path.js';

/** A template, read: text and places for values in turn. */
export interface PathTemplate {
  readonly parts: readonly TemplatePart[];
  /** The first tag that is not needed any more. */
  readonly stopBefore: number;
}

type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'element'; readonly tag: number; readonly isUid: boolean; readonly keyword: string }
  | { readonly kind: 'association'; readonly title: 'callingAeTitle' | 'calledAeTitle' };

/** Whether a path is a template. */
export function isPathTemplate(path: string): boolean {
  return path.includes('{');
}

/**
 * Reads a template: keywords of elements in braces, `{CallingAETitle}` and `{CalledAETitle}`.
 *
 * @throws TypeError for a keyword that is none, a brace that is not closed, or a path that leads out of its directory
 */
export function parsePathTemplate(template: string): PathTemplate {
  const known = templates.get(template);
  if (known !== undefined) return known;
  const parts = template
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== '')
    .map(parsePart);
  const literal = parts.map((part) => (part.kind === 'text' ? part.text : 'x')).join('');
  if (/[{}\0]/.test(literal)) throw new TypeError(`"${template}" has a brace too many, or too few`);
  if (/^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)/.test(literal))
    throw new TypeError(`"${template}" leads out of its directory`);
  const tags = parts.map((part) => (part.kind === 'element' ? part.tag : 0));
  const parsed = { parts, stopBefore: Math.max(...tags) + 1 };
  templates.set(template, parsed);
  return parsed;
}

/**
 * The path of an object, relative, with `/` between its parts.
 *
 * UIDs have to be UIDs. Of other values letters, digits and `-_.` stay, in any script; everything else, separators and dots at the ends included,
 * becomes `_`, so that no value makes a directory or leads elsewhere. What is absent or empty is `unknown`.
 *
 * @throws StatusError C000 for a UID that is missing or none
 */
export function fillPathTemplate({ parts }: PathTemplate, object: NamedObject): string {
  return parts.map((part) => fillPart(part, object)).join('');
}

function fillPart(part: TemplatePart, { header, sopInstanceUid, association }: NamedObject): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'association':
      return safeName(association[part.title]);
    case 'element': {
      const value = part.tag === sopInstanceUidTag ? sopInstanceUid : header?.text(part.tag);
      return part.isUid ? safeUid(part.keyword, value) : safeName(value);
    }
  }
}

/** An object that wants a name. */
export interface NamedObject {
  /** What its data set begins with; `undefined` when that can't be read. */
  readonly header: DataSet | undefined;
  readonly sopInstanceUid: string;
  readonly association: AssociationFacts;
}

const sopInstanceUidTag = 0x00080018;

const templates = /* @__PURE__ */ new Map<string, PathTemplate>();

function parsePart(part: string): TemplatePart {
  if (!part.startsWith('{')) return { kind: 'text', text: part };
  const keyword = part.slice(1, -1);
  if (keyword === 'CallingAETitle') return { kind: 'association', title: 'callingAeTitle' };
  if (keyword === 'CalledAETitle') return { kind: 'association', title: 'calledAeTitle' };
  if (!isKeyword(keyword)) throw new TypeError(`{${keyword}} is no keyword of an element`);
  const tag = tagOfKeyword(keyword) ?? 0;
  return { kind: 'element', tag, keyword, isUid: elementDefinition(tag)?.vrs[0] === 'UI' };
}

function safeUid(keyword: string, value: string | undefined): string {
  if (value !== undefined && isUsableUid(value)) return withoutPadding(value);
  throw new StatusError(cannotUnderstand, `${keyword} is ${value === undefined ? 'missing' : 'not a valid UID'}`);
}

/** Names that mean a device on some systems are none of ours either. */
const deviceNames = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const maximumNameLength = 64;

function safeName(value: string | undefined): string {
  const safe = (value ?? '')
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_')
    .slice(0, maximumNameLength)
    .replace(/^[._]+|[._]+$/g, '');
  if (safe === '') return 'unknown';
  return deviceNames.test(safe) ? `_${safe}` : safe;
}

/** PS3.4 B.2.3: "Error: Cannot understand". */
const cannotUnderstand = 0xc000;
