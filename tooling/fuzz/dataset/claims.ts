/** What has to hold of reading and writing data sets, for any bytes. */
import {
  DataSet,
  type DataSetError,
  directoryRecords,
  dumpPart10,
  encodeDataSet,
  parseDicomdir,
  parseElements,
  parsePart10,
  readFileMeta,
  TransferSyntax,
} from '@dicomwire/dimse/dataset';
import { claim, isSame } from '../claim.ts';
import { Random, seedOf } from '../random.ts';
import { testEvents } from './claims-on-events.ts';
import { stream, testStream } from './claims-on-streams.ts';
import { testJson, testLines, testViews } from './claims-on-views.ts';
import { testConversions, testFragments, testMeaning, testMending, testRewriting } from './claims-on-writing.ts';
import { type Dump, dump } from './dump.ts';
import { type DecoderInput, decoderInput } from './input.ts';
import { attempt, isError, LIMITS, read, wordsOf } from './reading.ts';

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
    testWhole(strict, said, transferSyntax, random);
  }
  if (lenient instanceof DataSet) {
    testMending(lenient, dump(lenient), transferSyntax);
  }
  const elements = attempt(() => parseElements(bytes, transferSyntax, { limits: LIMITS }));
  claim(isError(elements) === isError(strict), 'with and without a dictionary the same bytes can be read');
  if (!isError(elements)) dump(elements);
  testStream(input, strict, random);
  testEvents(input, strict, strict instanceof DataSet ? dump(strict) : undefined, random);
  if (random.once(8) && transferSyntax !== TransferSyntax.DeflatedExplicitVRLittleEndian) testWork(input);
}

/** One thing at a time: more inputs tell more than more about each. */
function testWhole(dataSet: DataSet, said: Dump, transferSyntax: string, random: Random): void {
  const tests = [
    () => testRewriting(dataSet, transferSyntax),
    () => testFragments(dataSet),
    () => !said.isDamaged && testConversions(dataSet),
    () => said.isNormal && testMeaning(dataSet, said),
    () => testJson(dataSet, said),
    () => testViews(dataSet, said),
  ];
  random.pick(tests)();
}

function testErrorPlace(result: DataSet | DataSetError): void {
  if (result instanceof DataSet) return;
  const { offset, message } = result;
  claim(offset === undefined || (Number.isInteger(offset) && offset >= 0), `offset ${offset} is one`);
  claim(message.length < 300, 'messages are short');
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
