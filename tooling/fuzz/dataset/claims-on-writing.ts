/** What has to hold of writing what was read. */
import {
  DataSet,
  type DataSetError,
  diffDataSets,
  encodeDataSet,
  parseDataSet,
  TransferSyntax,
} from '@dicomwire/dimse/dataset';
import { claim, claimSame, isSame } from '../claim.ts';
import { type Dump, dump } from './dump.ts';
import { attempt, isError, MARK, read, wordsOf } from './reading.ts';

/** A change that is taken back makes the writer go through every element. */
export function testRewriting(dataSet: DataSet, transferSyntax: string): void {
  if (dataSet.has(MARK) || dataSet.has(0xfff10000) || dataSet.warnings.length > 0) return;
  const { words } = dump(dataSet);
  dataSet.set(MARK, 'LO', 'X').delete(MARK);
  const rewritten = attempt(() => encodeDataSet(dataSet, transferSyntax));
  if (isError(rewritten)) return;
  const again = wordsOf(read({ kind: 'explicit', transferSyntax, bytes: rewritten }, {}));
  claimSame(again, words, 'what is rewritten says the same');
}

/** From one encoding into another and back the second time is as the first. */
export function testConversions(dataSet: DataSet): void {
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
export function testMeaning(dataSet: DataSet, { words }: Dump): void {
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

/** Fragments that are set anew come back as they were, but for the byte that makes an odd length even. PS3.5 A.4. */
export function testFragments(dataSet: DataSet): void {
  const { ExplicitVRLittleEndian: syntax } = TransferSyntax;
  for (const tag of dataSet.tags()) {
    const fragments = dataSet.fragments(tag);
    // Without a basic offset table there is nothing that could be set.
    if (fragments === undefined || fragments.length === 0 || (tag & 0xffff) === 0) continue;
    const bytes = encodeDataSet(new DataSet().setFragments(tag, 'OB', fragments), syntax);
    const again = parseDataSet(bytes, syntax).fragments(tag) ?? [];
    const lengths = fragments.map(({ length }) => length + (length % 2));
    claimSame(again.map(({ length }) => length).join(), lengths.join(), 'all fragments are written');
    claim(
      fragments.every((fragment, index) => again[index] && isSame(fragment, again[index].subarray(0, fragment.length))),
      'fragments are written as they were',
    );
  }
}

/** What was cut off can be read when it is written anew. */
export function testMending(dataSet: DataSet, { isDamaged }: Dump, transferSyntax: string): void {
  const { isTruncated } = dataSet;
  const written = attempt(() => encodeDataSet(dataSet.set(MARK, 'LO', 'X'), transferSyntax));
  if (isError(written) || isDamaged || !isTruncated) return;
  const again = read({ kind: 'explicit', transferSyntax, bytes: written }, {});
  claim(again instanceof DataSet, `what was cut off and is written anew is whole: ${wordsOf(again)}`);
  if (again instanceof DataSet) claimSame(outlineOf(again), outlineOf(dataSet), 'nothing of it is lost');
}

/** Tags with the number of items and fragments; group lengths, which are not true any longer, apart. */
function outlineOf(dataSet: DataSet): string {
  const tags = [...new Set(dataSet.tags())].filter((tag) => (tag & 0xffff) !== 0);
  return tags.map((tag) => `${tag} ${dataSet.items(tag).length} ${dataSet.fragments(tag)?.length}`).join('\n');
}

/** Empty when nothing differs. */
export function diffInWords(one: DataSet, other: DataSet): string {
  return diffDataSets(one, other)
    .map(({ path, kind, left, right }) => `${path} ${kind} ${left?.vr} ${left?.values} ${right?.vr} ${right?.values}`)
    .join('\n');
}
