/** Events, and data sets, as lines that can be compared. */
import type { DataSet } from '../data-set.js';
import { type DataSetEventOptions, DataSetEventReader } from '../events/data-set-event-reader.js';
import { concat, toHex } from './bytes.js';

/** What a reader tells. */
export interface Told {
  readonly lines: string[];
  readonly warnings: number;
}

/** All events as lines; each chunk is overwritten once the reader has asked for the next. */
export function told(bytes: Uint8Array, pieces: readonly number[], options: Partial<DataSetEventOptions> = {}): Told {
  const reader = new DataSetEventReader({ transferSyntax: '1.2.840.10008.1.2.1', ...options });
  const lines: string[] = [];
  let long: Uint8Array[] | undefined;
  const drain = () => {
    for (let event = reader.next(); event !== undefined; event = reader.next()) {
      if (event.type === 'value-begin') long = [];
      if (event.type === 'value-chunk') long?.push(event.bytes.slice());
      else if (event.type === 'value-end') lines.push(`long ${toHex(concat(...(long ?? [])))}`);
      else if (event.type === 'element') lines.push(`${event.path} ${event.vr} ${toHex(event.bytes)} ${event.texts}`);
      else if (event.type === 'fragment') lines.push(`${event.path} fragment ${event.index} ${toHex(event.bytes)}`);
      else lines.push(`${event.path} ${event.type} ${event.depth}`);
    }
  };
  let at = 0;
  for (const piece of pieces) {
    const chunk = bytes.slice(at, at + piece);
    at += piece;
    reader.push(chunk);
    drain();
    chunk.fill(0xee);
  }
  reader.push(bytes.slice(at));
  drain();
  reader.end();
  drain();
  if (!reader.isFinished) throw new Error('The reader has not come to its end');
  return { lines, warnings: reader.warnings.length };
}

/** What the data set itself says, in the same lines. */
export function walked(dataSet: DataSet, above = '', depth = 0): string[] {
  return dataSet.tags().flatMap((tag) => {
    const path = `${above}(${tag.toString(16).toUpperCase().padStart(8, '0').replace(/^..../, '$&,')})`;
    const vr = dataSet.vr(tag);
    const fragments = dataSet.fragments(tag);
    if (fragments !== undefined) {
      const inside = fragments.map((fragment, index) => `${path} fragment ${index} ${toHex(fragment)}`);
      return [`${path} fragments-begin ${depth}`, ...inside, `${path} fragments-end ${depth}`];
    }
    if (vr !== 'SQ') return [`${path} ${vr} ${toHex(dataSet.bytes(tag) ?? new Uint8Array())} ${dataSet.texts(tag)}`];
    const items = dataSet
      .items(tag)
      .flatMap((item, index) => [
        `${path}[${index}] item-begin ${depth + 1}`,
        ...walked(item, `${path}[${index}]/`, depth + 1),
        `${path}[${index}] item-end ${depth + 1}`,
      ]);
    return [`${path} sequence-begin ${depth}`, ...items, `${path} sequence-end ${depth}`];
  });
}
