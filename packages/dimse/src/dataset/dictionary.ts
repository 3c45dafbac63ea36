/** The data dictionary of PS3.6: keyword to tag, tag to VR. Importing this brings the whole table along (about 40 kB compressed). */
import { elementKinds, elementLines, repeatingElementLines } from './dictionary.generated.js';
import type { ElementTypes } from './element-types.generated.js';
import { isGroupLengthTag, isPrivateTag } from './tag.js';
import { isVr, type Vr } from './vr.js';

/** A keyword of PS3.6: `PatientName`, `Rows`, `ReferencedSeriesSequence`. */
export type Keyword = keyof ElementTypes;

/** What the dictionary says of an element. */
export interface ElementDefinition {
  /** Tag as a number; for repeating groups the one that was asked for. */
  readonly tag: number;
  /** Keyword; empty for a few retired elements. */
  readonly keyword: string;
  /** Value representations, in the standard's order; more than one where the context decides (`US` or `SS`). */
  readonly vrs: readonly Vr[];
  /** Value multiplicity: `1`, `3`, `1-n`, `2-2n`, … */
  readonly vm: string;
  /** True when the standard has retired it. */
  readonly isRetired: boolean;
}

interface Kind {
  readonly vrs: readonly Vr[];
  readonly vm: string;
  readonly isRetired: boolean;
}

interface Tables {
  readonly byKeyword: ReadonlyMap<string, ElementDefinition>;
  readonly byTag: ReadonlyMap<number, ElementDefinition>;
  readonly repeating: readonly { mask: number; bits: number; keyword: string; kind: Kind }[];
}

let unpacked: Tables | undefined;

/** True for a keyword of the dictionary. */
export function isKeyword(text: string): text is Keyword {
  return tables().byKeyword.has(text);
}

/** Tag of a keyword; `undefined` when there is none. Elements of repeating groups have no tag of their own. */
export function tagOfKeyword(keyword: string): number | undefined {
  return tables().byKeyword.get(keyword)?.tag;
}

/** What the dictionary says of a tag. Group lengths and private creators are known by rule. */
export function elementDefinition(tag: number): ElementDefinition | undefined {
  const { byTag, repeating } = tables();
  const fixed = byTag.get(tag);
  if (fixed !== undefined) return fixed;
  if (isGroupLengthTag(tag)) return { tag, keyword: '', vrs: ['UL'], vm: '1', isRetired: true };
  if (isPrivateTag(tag)) {
    const isCreator = (tag & 0xffff) >= 0x10 && (tag & 0xffff) <= 0xff;
    return isCreator ? { tag, keyword: '', vrs: ['LO'], vm: '1', isRetired: false } : undefined;
  }
  const group = repeating.find(({ mask, bits }) => (tag & mask) >>> 0 === bits);
  return group === undefined ? undefined : { tag, keyword: group.keyword, ...group.kind };
}

function tables(): Tables {
  unpacked ??= unpack();
  return unpacked;
}

function unpack(): Tables {
  const kinds = elementKinds.map(unpackKind);
  const byKeyword = new Map<string, ElementDefinition>();
  const byTag = new Map<number, ElementDefinition>();
  let tag = 0;
  for (const line of elementLines.split('\n')) {
    const [step = '', kind = '', keyword = ''] = line.split(' ');
    tag += Number.parseInt(step, 36);
    const { vrs, vm, isRetired } = kinds[Number.parseInt(kind, 36)]!;
    const definition = { tag, keyword, vrs, vm, isRetired };
    byTag.set(tag, definition);
    if (keyword !== '') byKeyword.set(keyword, definition);
  }
  const repeating = repeatingElementLines.split('\n').map((line) => {
    const [pattern = '', kind = '', keyword = ''] = line.split(' ');
    const mask = Number.parseInt(pattern.replace(/[^x]/g, 'f').replaceAll('x', '0'), 16);
    const bits = Number.parseInt(pattern.replaceAll('x', '0'), 16);
    return { mask, bits, keyword, kind: kinds[Number.parseInt(kind, 36)]! };
  });
  return { byKeyword, byTag, repeating };
}

function unpackKind(text: string): Kind {
  const [vrs = '', vm = '', retired] = text.split(' ');
  return { vrs: vrs.split('|').filter(isVr), vm, isRetired: retired === 'R' };
}
