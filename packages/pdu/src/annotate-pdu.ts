import type { Annotation } from './annotation.js';
import { Cursor } from './cursor.js';
import { readPduHeader, readPduValue } from './decode.js';
import { PduError } from './errors.js';
import { type Frame, frameSegment } from './frame.js';
import type { Limits } from './limits.js';
import { meaningOf, type NameUid } from './meaning.js';
import { PDU_HEADER_BYTES, PDU_TYPES } from './pdu-header.js';

type Growing = { -readonly [K in keyof Annotation]: Annotation[K] } & { fields: Annotation[] };

/** Thrown where the bytes of a PDU end before the PDU does. */
const INCOMPLETE = new Error('incomplete');

/** Annotates the PDU at the start of `bytes`, which may end anywhere. `offset`: how many bytes were annotated before. */
export function annotatePdu(bytes: Uint8Array, offset: number, limits: Limits, nameUid?: NameUid): Annotation {
  const cursor = new Cursor(bytes, limits);
  const pduFrame = cursor.frame;
  const there = bytes.length;
  const pdu = begin(PDU_TYPES[bytes[0] ?? 0] ?? PDU_TYPES[0], 0);
  /** The annotation of each frame that something was read in. */
  const groups = new Map([[pduFrame, pdu]]);

  cursor.onTake = (field, start, kind) => {
    const { at, frame } = cursor;
    if (at <= there) {
      add(field, start, at, meaningOf(bytes, start, at, kind, frame.name || pdu.name, field, nameUid));
    } else if (there > start) {
      add(field, start, there, `${there - start} of ${at - start} bytes`);
    }
    // At once, so that nobody looks for the type of an item that is not there.
    if (at >= there && there < pduFrame.end) throw INCOMPLETE;
  };

  let failure: PduError | undefined;
  try {
    readPduValue(cursor, readPduHeader(cursor));
  } catch (error) {
    if (error instanceof PduError) failure = error;
    else if (error !== INCOMPLETE) throw error;
  }

  cursor.frame = pduFrame;
  const { end } = pduFrame;
  const isEndKnown = end > PDU_HEADER_BYTES;
  if (failure) {
    pdu.error = failure;
    // When nothing tells where the PDU ends, all that follows goes with it.
    add('undecoded', cursor.at, isEndKnown ? Math.min(end, there) : there, failure.message).error = failure;
  }
  if (there < end) add('missing', there, there, `${there} of ${isEndKnown ? '' : 'at least '}${end} bytes are there`);
  return pdu;

  /** Adds a field to the annotation of the current frame. */
  function add(name: string, start: number, to: number, meaning: string): Growing {
    const field = begin(name, start, meaning);
    extend(field, to);
    group(cursor.frame, start).fields.push(field);
    for (let frame: Frame | undefined = cursor.frame; frame; frame = frame.outer) extend(group(frame, start), to);
    return field;
  }

  /** The annotation of `frame`; begun at `start` when there is none yet. */
  function group(frame: Frame, start: number): Growing {
    let annotation = groups.get(frame);
    if (!annotation) {
      annotation = begin(frameSegment(frame), start);
      groups.set(frame, annotation);
      if (frame.outer) group(frame.outer, start).fields.push(annotation);
    }
    return annotation;
  }

  function begin(name: string, start: number, meaning = ''): Growing {
    return { name, offset: offset + start, byteLength: 0, bytes, meaning, clause: cursor.frame.clause, fields: [] };
  }

  function extend(annotation: Growing, to: number): void {
    const start = annotation.offset - offset;
    annotation.byteLength = to - start;
    annotation.bytes = bytes.subarray(start, to);
  }
}
