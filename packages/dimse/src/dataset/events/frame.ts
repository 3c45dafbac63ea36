/** What is open while a data set is read: the data set itself, sequences and items within. */
import { textCodec } from '../charset/specific-character-set.js';
import type { TextCodec } from '../charset/text-codec.js';
import { decodeTexts } from '../decode-value.js';
import { elementDefinition } from '../dictionary.js';
import { formatTag, specificCharacterSetTag } from '../tag.js';
import type { Vr } from '../vr.js';
import { vrOfCode } from '../vr-code.js';

/** What is expected in a frame. */
export type FrameKind = 'elements' | 'items' | 'fragments';

/** Beyond every offset. */
export const noEnd = Number.POSITIVE_INFINITY;

const pixelRepresentationTag = 0x00280103;

/** Something that is open. */
export class Frame {
  readonly kind: FrameKind;
  /** Tag of the sequence or pixel data; 0 at the top. */
  readonly tag: number;
  /** VR of the pixel data. */
  readonly vr: Vr;
  /** Offset in the stream at which it ends; {@link noEnd} where a delimiter tells. */
  end: number;
  /** Its content is implicit VR little endian, whatever the data set is. */
  isImplicit: boolean;
  /** The first element tells whether it really is implicit. */
  isDoubtful: boolean;
  /** Number of the item; in a sequence that of the next one. */
  index = 0;
  /** Character set of the text in it. */
  codec: TextCodec;
  /** The pixel representation says signed. */
  isSigned: boolean;

  constructor(kind: FrameKind, tag: number, vr: Vr, end: number, outer?: Frame) {
    this.kind = kind;
    this.tag = tag;
    this.vr = vr;
    this.end = end;
    this.isImplicit = outer?.isImplicit ?? false;
    this.isDoubtful = false;
    this.codec = outer?.codec ?? textCodec([]);
    this.isSigned = outer?.isSigned ?? false;
  }

  /** Takes notice of elements that decide how others are read. */
  notice(tag: number, bytes: Uint8Array, isBigEndian: boolean): void {
    if (tag === specificCharacterSetTag) this.codec = textCodec(decodeTexts('CS', bytes, textCodec([])));
    if (tag === pixelRepresentationTag && bytes.length >= 2) this.isSigned = bytes[isBigEndian ? 1 : 0] === 1;
  }

  /** VR of an element: what its header says, else what the dictionary knows. */
  vrOf(tag: number, code: number): Vr {
    const stated = vrOfCode(code);
    if (stated !== undefined && stated !== 'UN') return stated;
    const vrs = elementDefinition(tag)?.vrs ?? [];
    if (vrs.length < 2) return vrs[0] ?? 'UN';
    if (vrs.includes('OW')) return 'OW';
    return this.isSigned ? 'SS' : 'US';
  }
}

/** Tags from the outside in, items by number; empty at the top. */
export function pathOf(frames: readonly Frame[]): string {
  const parts: string[] = [];
  for (let at = 0; at < frames.length; at++) {
    const { kind, tag } = frames[at]!;
    if (kind === 'elements') continue;
    const inside = frames[at + 1];
    parts.push(inside === undefined ? formatTag(tag) : `${formatTag(tag)}[${inside.index}]`);
  }
  return parts.join('/');
}
