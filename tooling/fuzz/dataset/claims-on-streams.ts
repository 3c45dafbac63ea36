/** What has to hold of reading in pieces. */
import {
  type DataSet,
  type DataSetError,
  DataSetStreamParser,
  type DataSetStreamParserOptions,
} from '@dicomwire/dimse/dataset';
import { claim, claimSame } from '../claim.ts';
import type { Random } from '../random.ts';
import type { DecoderInput } from './input.ts';
import { attempt, isError, LIMITS, read, wordsOf } from './reading.ts';

/** However the bytes are cut, the stream parser says what the whole parser says. */
export function testStream(input: DecoderInput, whole: DataSet | DataSetError, random: Random): void {
  const pieces = () => 1 + random.below(random.once(4) ? input.bytes.length : 40);
  const everything = { maxValueBytes: Infinity, maxBytes: Infinity };
  const streamed = stream(input, everything, pieces);
  claimSame(wordsOf(streamed), wordsOf(whole), 'the stream parser says what the whole parser says');
  const kept = stream(input, { ...everything, keepTruncated: true }, pieces);
  const wholeKept = read(input, { keepTruncated: true });
  claimSame(wordsOf(kept), wordsOf(wholeKept), 'so it does when it keeps what is cut off');
  if (random.once(2)) return;
  const stopBefore = random.pick([0x00080020, 0x00280000, 0x7fe00010]);
  const head = read(input, { stopBefore });
  const cut = stream(input, { ...everything, stopBefore }, pieces);
  // Damage beyond the stop tag is not met by who inflates no further.
  const isPastDamage = isError(head) && head.code === 'inflate-failed' && !isError(cut);
  if (!isPastDamage) claimSame(wordsOf(cut), wordsOf(head), 'so it does up to a stop tag');
  const some = { maxValueBytes: 20, maxBytes: 2000, wanted: new Set([0x00100010, 0x00081115]) };
  const atOnce = stream(input, some, () => input.bytes.length);
  const inPieces = stream(input, some, pieces);
  claim(isError(atOnce) === isError(inPieces), 'whether a limit is exceeded does not depend on cuts');
  if (isError(atOnce)) return;
  claim(wordsOf(atOnce) === wordsOf(inPieces), 'what is left out does not depend on cuts');
}

/** What the stream parser makes of pieces of any length. */
export function stream(
  { bytes, transferSyntax }: DecoderInput,
  options: Omit<DataSetStreamParserOptions, 'transferSyntax'>,
  pieceLength: () => number,
): DataSet | DataSetError {
  const parser = new DataSetStreamParser({ transferSyntax, limits: LIMITS, ...options });
  return attempt(() => {
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + pieceLength());
      // A copy that is overwritten afterwards: what the parser keeps must be its own.
      const piece = bytes.slice(at, end);
      const isDone = parser.write(piece);
      piece.fill(0xee);
      if (isDone) break;
      at = end;
    }
    parser.end();
    return parser.dataSet;
  });
}
