import type { Annotation } from './annotate.js';
import { Cursor, type FieldKind } from './cursor.js';
import type { PduError } from './errors.js';
import { type Frame, frameSegment } from './frame.js';
import type { Limits } from './limits.js';
import { meaningOf, type NameUid } from './meaning.js';
import { PDU_HEADER_BYTES, PDU_TYPES } from './pdu-header.js';

/** Thrown where the bytes of a PDU end before the PDU does, which no other cursor meets. */
export const INCOMPLETE = new Error('incomplete');

type Growing = { -readonly [K in keyof Annotation]: Annotation[K] } & { fields: Annotation[] };

/** A cursor that annotates what it passes over. Its bytes may end anywhere, within the header too. */
export class AnnotatingCursor extends Cursor {
  readonly pdu: Growing;
  readonly #bytes: Uint8Array;
  readonly #offset: number;
  readonly #nameUid: NameUid | undefined;
  readonly #pduFrame: Frame;
  /** The annotation of each frame that something was read in. */
  readonly #groups = new Map<Frame, Growing>();

  /** @param offset - Of the first of `bytes`, among all that are annotated. */
  constructor(bytes: Uint8Array, offset: number, limits: Limits, nameUid: NameUid | undefined) {
    super(bytes, limits);
    this.#bytes = bytes;
    this.#offset = offset;
    this.#nameUid = nameUid;
    this.#pduFrame = this.frame;
    this.pdu = this.#begin(PDU_TYPES[bytes[0] ?? 0] ?? PDU_TYPES[0], 0);
    this.#groups.set(this.frame, this.pdu);
  }

  override take(field: string, length: number, kind?: FieldKind): number {
    const start = super.take(field, length);
    const left = this.#bytes.length - start;
    if (length <= left) {
      const scope = this.frame.name || this.pdu.name;
      this.#add(field, start, this.at, meaningOf(this.#bytes, start, this.at, kind, scope, field, this.#nameUid));
    } else if (left > 0) {
      this.#add(field, start, start + left, `${left} of ${length} bytes`);
    }
    // At once, so that nobody looks for the type of an item that is not there.
    if (length >= left && this.#isIncomplete()) throw INCOMPLETE;
    return start;
  }

  /** Accounts for what was not read: after `error`, and when bytes are missing. */
  finish(error: PduError | undefined): void {
    this.frame = this.#pduFrame;
    const { end } = this.frame;
    const isEndKnown = end > PDU_HEADER_BYTES;
    const there = this.#bytes.length;
    if (error) {
      this.pdu.error = error;
      this.#add('undecoded', this.at, isEndKnown ? Math.min(end, there) : there, error.message).error = error;
    }
    if (this.#isIncomplete()) {
      this.#add('missing', there, there, `${there} of ${isEndKnown ? '' : 'at least '}${end} bytes are there`);
    }
  }

  #isIncomplete(): boolean {
    return this.#bytes.length < this.#pduFrame.end;
  }

  /** Adds a field to the annotation of the current frame. */
  #add(name: string, start: number, end: number, meaning: string): Growing {
    const field = this.#begin(name, start, meaning);
    this.#end(field, end);
    this.#group(this.frame, start).fields.push(field);
    for (let frame: Frame | undefined = this.frame; frame; frame = frame.outer)
      this.#end(this.#group(frame, start), end);
    return field;
  }

  /** The annotation of `frame`; begun at `start` when there is none yet. */
  #group(frame: Frame, start: number): Growing {
    let group = this.#groups.get(frame);
    if (!group) {
      group = this.#begin(frameSegment(frame), start);
      this.#groups.set(frame, group);
      if (frame.outer) this.#group(frame.outer, start).fields.push(group);
    }
    return group;
  }

  #begin(name: string, start: number, meaning = ''): Growing {
    const { clause } = this.frame;
    return { name, offset: this.#offset + start, byteLength: 0, bytes: this.#bytes, meaning, clause, fields: [] };
  }

  #end(annotation: Growing, end: number): void {
    const start = annotation.offset - this.#offset;
    annotation.byteLength = end - start;
    annotation.bytes = this.#bytes.subarray(start, end);
  }
}
