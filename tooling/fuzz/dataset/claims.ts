/** What has to hold of reading and writing data sets, for any bytes. */
import {
  DataSet,
  DataSetError,
  DataSetStreamParser,
  type DataSetStreamParserOptions,
  diffDataSets,
  directoryRecords,
  dumpDataSet,
  dumpPart10,
  encodeDataSet,
  fromDicomJson,
  type ParseOptions,
  parseDataSet,
  parseDicomdir,
  parseElements,
  parsePart10,
  readFileMeta,
  stringifyDicomJson,
  TransferSyntax,
  toDicomJson,
} from '@dicomwire/dimse/dataset';
import { claim, claimSame, isSame } from '../claim.ts';
import { Random, seedOf } from '../random.ts';
import { type Dump, dump } from './dump.ts';
import { type DecoderInput, decoderInput } from './input.ts';

/** Caps that an input of this size may reach. */
const LIMITS = { maxInflatedBytes: 0x40_0000 } as const;

/** A private element that inputs hardly have. */
const MARK = 0xfff10010;

/** Tests every claim on an input. @throws whatever should not have been thrown, or an error that names the claim. */
export function testClaims(input: Uint8Array): void {
  const random = new Random(seedOf(input));
  const decoded = decoderInput(input);
  if (decoded.kind === 'part10') testFile(decoded.bytes, random);
  else testDataSet(decoded, random);
}

function testFile(bytes: Uint8Array, random: Random): void {
  const read = attempt(() => readFileMeta(bytes, { isComplete: true }));
  const file = attempt(() => parsePart10(bytes, { limits: LIMITS, keepTruncated: true }));
  claim(isError(read) ? isError(file) : true, 'a file without meta information that can be read is no file');
  const directory = attempt(() => parseDicomdir(bytes, { limits: LIMITS }));
  if (!isError(directory)) for (const { file: named } of directoryRecords(directory)) void named?.path;
  if (isError(read) || read === undefined) return;
  claim(read.dataSetOffset <= bytes.length, 'the data set begins within the file');
  dump(read.elements);
  testPrefix(bytes, read, random);
  if (!isError(file)) {
    testLines(dumpPart10(file));
    claim(file.dataSetOffset === read.dataSetOffset, 'both ways to read a file agree where the data set begins');
  }
  const { transferSyntaxUid } = read.meta;
  testDataSet({ kind: 'part10', transferSyntax: transferSyntaxUid, bytes: bytes.subarray(read.dataSetOffset) }, random);
}

/** What is said of the beginning of a file holds for the whole. */
function testPrefix(bytes: Uint8Array, whole: { readonly dataSetOffset: number }, random: Random): void {
  const prefix = attempt(() => readFileMeta(bytes.subarray(0, random.below(bytes.length + 1))));
  if (prefix === undefined || isError(prefix)) return;
  claim(prefix.dataSetOffset === whole.dataSetOffset, 'a prefix that suffices gives what the whole file gives');
}

function testDataSet(input: DecoderInput, random: Random): void {
  const { bytes, transferSyntax } = input;
  const strict = read(input, {});
  testErrorPlace(strict);
  const lenient = read(input, { keepTruncated: true });
  if (strict instanceof DataSet) {
    const said = dump(strict);
    const { words, isDamaged } = said;
    claim(
      isDamaged || words === wordsOf(lenient),
      'what is whole is read alike whether or not what is cut off is kept',
    );
    claim(isSame(encodeDataSet(strict, transferSyntax), bytes), 'what was not changed is written byte for byte');
    testRewriting(strict, transferSyntax);
    if (!isDamaged) testConversions(strict);
    if (said.isNormal) testMeaning(strict, said);
    testJson(strict, said);
    testViews(strict, said);
  }
  if (lenient instanceof DataSet) {
    testMending(lenient, dump(lenient), transferSyntax);
  }
  const elements = attempt(() => parseElements(bytes, transferSyntax, { limits: LIMITS }));
  claim(isError(elements) === isError(strict), 'with and without a dictionary the same bytes can be read');
  if (!isError(elements)) dump(elements);
  testStream(input, strict, random);
  if (random.once(8) && transferSyntax !== TransferSyntax.DeflatedExplicitVRLittleEndian) testWork(input);
}

function read({ bytes, transferSyntax }: DecoderInput, options: ParseOptions): DataSet | DataSetError {
  return attempt(() => parseDataSet(bytes, transferSyntax, { limits: LIMITS, ...options }));
}

function testErrorPlace(result: DataSet | DataSetError): void {
  if (result instanceof DataSet) return;
  const { offset, message } = result;
  claim(offset === undefined || (Number.isInteger(offset) && offset >= 0), `offset ${offset} is one`);
  claim(message.length < 300, 'messages are short');
}

/** A change that is taken back makes the writer go through every element. */
function testRewriting(dataSet: DataSet, transferSyntax: string): void {
  if (dataSet.has(MARK) || dataSet.has(0xfff10000) || dataSet.warnings.length > 0) return;
  const { words } = dump(dataSet);
  dataSet.set(MARK, 'LO', 'X').delete(MARK);
  const rewritten = attempt(() => encodeDataSet(dataSet, transferSyntax));
  if (isError(rewritten)) return;
  const again = wordsOf(read({ kind: 'explicit', transferSyntax, bytes: rewritten }, {}));
  claimSame(again, words, 'what is rewritten says the same');
}

/** From one encoding into another and back the second time is as the first. */
function testConversions(dataSet: DataSet): void {
  const { ExplicitVRLittleEndian: little, ExplicitVRBigEndian: big, ImplicitVRLittleEndian: implicit } = TransferSyntax;
  for (const [one, other] of [
    [little, big],
    [little, implicit],
    [implicit, big],
  ] as const) {
    // A VR that isn't the dictionary's is lost in implicit VR, and what is said to be a sequence then may be none.
    const back = converted(dataSet, [one, other, one]);
    const forth = isError(back) ? back : converted(parseDataSet(back, one), [other, one]);
    if (isError(back) || isError(forth)) continue;
    claim(isSame(forth, back), `conversion between ${one} and ${other} is stable`);
  }
}

/** Written and read again in one transfer syntax after the other. */
function converted(dataSet: DataSet, transferSyntaxes: readonly string[]): Uint8Array | DataSetError {
  return attempt(() => {
    let written: Uint8Array = new Uint8Array(0);
    let current = dataSet;
    for (const transferSyntax of transferSyntaxes) {
      written = encodeDataSet(current, transferSyntax);
      current = parseDataSet(written, transferSyntax);
    }
    return written;
  });
}

/** In the other byte order all is the same. */
function testMeaning(dataSet: DataSet, { words }: Dump): void {
  const { ExplicitVRLittleEndian: little, ExplicitVRBigEndian: big } = TransferSyntax;
  const explicit = attempt(() => encodeDataSet(dataSet, little));
  if (isError(explicit)) return;
  const there = attempt(() => encodeDataSet(parseDataSet(explicit, little), big));
  if (isError(there)) return;
  const [before, after] = [dump(parseDataSet(explicit, little)).words, dump(parseDataSet(there, big)).words];
  claimSame(after, before, 'big endian says the same');
  claimSame(diffInWords(parseDataSet(explicit, little), parseDataSet(there, big)), '', 'and nothing differs');
  const source = encodeDataSet(parseDataSet(there, big), little);
  claim(dump(parseDataSet(source, little)).words === before, `and so it does when it is turned again:\n${words}`);
}

/** What there is can be shown, gone through, copied and made anew. */
function testViews(dataSet: DataSet, { isDamaged }: Dump): void {
  testLines(dumpDataSet(dataSet));
  const walked = attempt(() => [...dataSet.walk()].length);
  claim(isDamaged || !isError(walked), 'what is not damaged can be gone through');
  if (isDamaged) return;
  claim(dataSet.clone().equals(dataSet), 'a copy is the same');
  const made = attempt(() => DataSet.from(dataSet.toObject()));
  if (!isError(made)) claimSame(diffInWords(dataSet, made), '', 'what is made of a plain object is the same');
}

function testLines(lines: Iterable<string>): void {
  for (const line of lines) claim(!/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u.test(line), 'lines mislead nobody');
}

function diffInWords(one: DataSet, other: DataSet): string {
  return diffDataSets(one, other)
    .map(({ path, kind, left, right }) => `${path} ${kind} ${left?.vr} ${left?.values} ${right?.vr} ${right?.values}`)
    .join('\n');
}

/** What could be read can be told in JSON, which a data set can be made from again that says the same in JSON. */
function testJson(dataSet: DataSet, { isDamaged }: Dump): void {
  const json = attempt(() => stringifyDicomJson(toDicomJson(dataSet)));
  if (isError(json)) {
    claim(isDamaged, `what was read can be told in JSON: ${json.message}`);
    return;
  }
  const made = attempt(() => fromDicomJson(JSON.parse(json)));
  if (isError(made)) return;
  const again = attempt(() => stringifyDicomJson(toDicomJson(made)));
  claim(!isError(again), 'what was made of JSON can be told in JSON');
  if (isError(again)) return;
  claimSame(comparable(again), comparable(json), 'JSON stays the same');
}

/** File meta information doesn't belong there and is left out; text that needs a character set and has none gets one. */
function comparable(json: string): string {
  return JSON.stringify(JSON.parse(json, (key, value) => (/^0002....$|^00080005$/.test(key) ? undefined : value)));
}

/** What was cut off can be read when it is written anew. */
function testMending(dataSet: DataSet, { isDamaged }: Dump, transferSyntax: string): void {
  const { isTruncated } = dataSet;
  const written = attempt(() => encodeDataSet(dataSet.set(MARK, 'LO', 'X'), transferSyntax));
  if (isError(written) || isDamaged || !isTruncated) return;
  const again = read({ kind: 'explicit', transferSyntax, bytes: written }, {});
  claim(
    again instanceof DataSet && again.has(MARK),
    `what was cut off and is written anew is whole: ${wordsOf(again)}`,
  );
}

/** However the bytes are cut, the stream parser says what the whole parser says. */
function testStream(input: DecoderInput, whole: DataSet | DataSetError, random: Random): void {
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
  claimSame(wordsOf(cut), wordsOf(head), 'so it does up to a stop tag');
  const some = { maxValueBytes: 20, maxBytes: 2000, wanted: new Set([0x00100010, 0x00081115]) };
  const atOnce = stream(input, some, () => input.bytes.length);
  const inPieces = stream(input, some, pieces);
  claim(isError(atOnce) === isError(inPieces), 'whether a limit is exceeded does not depend on cuts');
  if (isError(atOnce)) return;
  claim(wordsOf(atOnce) === wordsOf(inPieces), 'what is left out does not depend on cuts');
}

function stream(
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

/** Headers that are read are counted, since time would depend on the machine: their number is linear in that of the bytes. */
function testWork(input: DecoderInput): void {
  const counted = countReads(() => {
    const dataSet = read(input, { keepTruncated: true });
    if (dataSet instanceof DataSet) dump(dataSet);
    stream(input, { maxValueBytes: Infinity, maxBytes: Infinity }, () => 1);
  });
  claim(counted < 60 * input.bytes.length + 1000, `${counted} numbers are read of ${input.bytes.length} bytes`);
}

function countReads(work: () => void): number {
  let reads = 0;
  const original = DataView.prototype.getUint32;
  DataView.prototype.getUint32 = function (this: DataView, ...parameters) {
    reads++;
    return original.apply(this, parameters);
  };
  try {
    work();
  } finally {
    DataView.prototype.getUint32 = original;
  }
  return reads;
}

/** What it says, or the code of the error. */
function wordsOf(result: DataSet | DataSetError): string {
  return result instanceof DataSet ? dump(result).words : result.code;
}

/** The value of `work`, or the `DataSetError` that it throws; anything else escapes. */
function attempt<T>(work: () => T): T | DataSetError {
  try {
    return work();
  } catch (error) {
    if (error instanceof DataSetError) return error;
    throw error;
  }
}

function isError(result: unknown): result is DataSetError {
  return result instanceof DataSetError;
}
