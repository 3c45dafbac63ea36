/** What has to hold of reading event by event. */
import {
  type DataSet,
  DataSetError,
  type DataSetEvent,
  DataSetEventReader,
  type ElementMap,
  formatTag,
  type PlainValue,
} from '@dicomwire/dimse/dataset';
import { claim, claimSame } from '../claim.ts';
import { type Random, seedOf } from '../random.ts';
import type { Dump } from './dump.ts';
import type { DecoderInput } from './input.ts';
import { isError, LIMITS } from './reading.ts';

/** The same events however the bytes are cut; of what is as it should be, those of the elements that the parser finds. */
export function testEvents(
  input: DecoderInput,
  whole: DataSet | DataSetError,
  said: Dump | undefined,
  random: Random,
): void {
  const pieces = () => 1 + random.below(random.once(4) ? input.bytes.length : 40);
  const atOnce = eventsOf(input, () => input.bytes.length, 50);
  const inPieces = eventsOf(input, pieces, 50);
  claim(
    atOnce.code === inPieces.code,
    `whether events end in an error does not depend on cuts: ${atOnce.code}, ${inPieces.code}`,
  );
  if (atOnce.code === undefined) claimSame(atOnce.words, inPieces.words, 'events do not depend on cuts');
  if (isError(whole) || said?.isNormal !== true) return;
  const complete = eventsOf(input, pieces, Infinity);
  claim(complete.code === undefined, `what is as it should be is told event by event: ${complete.code}`);
  claimSame(complete.words, elementsOf(whole, '').join('\n'), 'events tell the elements that the parser finds');
}

interface Events {
  readonly words: string;
  /** Of the error that ended them. */
  readonly code: string | undefined;
}

function eventsOf(input: DecoderInput, pieceLength: () => number, maxValueBytes: number): Events {
  const { bytes, transferSyntax } = input;
  const reader = new DataSetEventReader({ transferSyntax, maxValueBytes, limits: LIMITS });
  const words: string[] = [];
  const tell = () => {
    for (let event = reader.next(); event !== undefined; event = reader.next()) addWords(event, words);
  };
  try {
    for (let at = 0; at < bytes.length && !reader.isFinished; ) {
      const end = Math.min(bytes.length, at + pieceLength());
      // A copy that is overwritten afterwards: what the reader holds on to must be its own.
      const piece = bytes.slice(at, end);
      reader.push(piece);
      tell();
      piece.fill(0xee);
      at = end;
    }
    reader.end();
    tell();
    return { words: words.join('\n'), code: undefined };
  } catch (error) {
    if (error instanceof DataSetError) return { words: words.join('\n'), code: error.code };
    throw error;
  }
}

/** Beginnings and ends are told by paths; chunks of a value, which cuts decide about, are added up. */
function addWords(event: DataSetEvent, words: string[]): void {
  switch (event.type) {
    case 'element':
      words.push(`${event.path} ${event.vr} ${shown(event.values)}`);
      break;
    case 'fragment':
      words.push(`fragment ${event.index} ${seedOf(event.bytes)}`);
      break;
    case 'value-begin':
      words.push(`${event.path} ${event.vr} ${event.byteLength} ${event.fragmentIndex}`, '0');
      break;
    case 'value-chunk':
      words.push(`${event.bytes.reduce((sum, byte) => sum + byte, Number(words.pop()))}`);
      break;
    case 'sequence-begin':
    case 'item-begin':
    case 'fragments-begin':
      words.push(`${event.type} ${formatTag(event.tag)}`);
      break;
    default:
      words.push(event.type);
  }
}

function elementsOf(map: ElementMap, above: string): string[] {
  return map.tags().flatMap((tag) => {
    const path = above + formatTag(tag);
    const fragments = map.fragments(tag);
    if (fragments !== undefined) {
      const told = fragments.map((fragment, index) => `fragment ${index} ${seedOf(fragment)}`);
      return [`fragments-begin ${formatTag(tag)}`, ...told, 'fragments-end'];
    }
    if (map.vr(tag) !== 'SQ') return [`${path} ${map.vr(tag)} ${shown(map.values(tag))}`];
    const items = map.items(tag).flatMap((item, index) => {
      return [`item-begin ${formatTag(tag)}`, ...elementsOf(item, `${path}[${index}]/`), 'item-end'];
    });
    return [`sequence-begin ${formatTag(tag)}`, ...items, 'sequence-end'];
  });
}

function shown(values: readonly PlainValue[]): string {
  return values.map((value) => (value instanceof Uint8Array ? `#${seedOf(value)}` : String(value))).join('\\');
}
