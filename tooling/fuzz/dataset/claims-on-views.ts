/** What has to hold of other ways to look at what was read. */
import { DataSet, dumpDataSet, fromDicomJson, stringifyDicomJson, toDicomJson } from '@dicomwire/dimse/dataset';
import { claim, claimSame } from '../claim.ts';
import { diffInWords } from './claims-on-writing.ts';
import type { Dump } from './dump.ts';
import { attempt, isError } from './reading.ts';

/** What there is can be shown, gone through, copied and made anew. */
export function testViews(dataSet: DataSet, { isDamaged }: Dump): void {
  testLines(dumpDataSet(dataSet));
  const walked = attempt(() => [...dataSet.walk()].length);
  claim(isDamaged || !isError(walked), 'what is not damaged can be gone through');
  if (isDamaged) return;
  claim(dataSet.clone().equals(dataSet), 'a copy is the same');
  const made = attempt(() => DataSet.from(dataSet.toObject()));
  if (!isError(made)) claimSame(diffInWords(dataSet, made), '', 'what is made of a plain object is the same');
}

/** Lines of a dump. */
export function testLines(lines: Iterable<string>): void {
  for (const line of lines) claim(!/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u.test(line), 'lines mislead nobody');
}

/** What could be read can be told in JSON, which a data set can be made from again that says the same in JSON. */
export function testJson(dataSet: DataSet, { isDamaged }: Dump): void {
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
