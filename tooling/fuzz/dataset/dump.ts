/** Everything that a data set says, in words. */
import { DataSet, DataSetError, type ElementMap, formatTag } from '@dicomwire/dimse/dataset';
import { seedOf } from '../random.ts';

/** What a data set says. */
export interface Dump {
  readonly words: string;
  /** A sequence or fragments in it are damaged; elsewhere there are none. */
  readonly isDamaged: boolean;
  /** What is written anew says the same: nothing has to be padded, dropped or left out. */
  readonly isNormal: boolean;
}

/** Looks at every element in every way. Damaged sequences are named by the code of their error; anything else thrown escapes. */
export function dump(map: ElementMap): Dump {
  const dumper = new Dumper();
  dumper.addElements(map, '');
  return {
    words: dumper.lines.join('\n'),
    isDamaged: dumper.isDamaged,
    isNormal: dumper.isNormal && !dumper.isDamaged,
  };
}

class Dumper {
  readonly lines: string[] = [];
  isDamaged = false;
  isNormal = true;

  addElements(map: ElementMap, above: string): void {
    let previousTag = -1;
    for (const tag of map.tags()) {
      const path = above + formatTag(tag);
      // Odd lengths are padded, group lengths are left out, and of an element that stands twice the first one counts.
      const isOdd = (map.bytes(tag)?.length ?? 0) % 2 === 1;
      if (isOdd || (tag & 0xffff) === 0 || tag <= previousTag) this.isNormal = false;
      previousTag = tag;
      const words = this.attempt(() => wordsOf(map, tag));
      this.lines.push(`${path} ${map.vr(tag)} ${words}`);
      const items = this.attempt(() => map.items(tag));
      if (typeof items === 'string') this.lines.push(`${path} ${items}`);
      else for (const [index, item] of items.entries()) this.addItem(item, `${path}[${index}]/`);
    }
    if (map.isTruncated || map.warnings.length > 0) this.isNormal = false;
    if (map.isTruncated) this.lines.push(`${above} is truncated`);
  }

  /** Items are looked into when they are asked for something. */
  private addItem(item: ElementMap, path: string): void {
    const code = this.attempt(() => {
      this.addElements(item, path);
      return '';
    });
    this.lines.push(`${path} ${code}`);
  }

  private attempt<T>(look: () => T): T | string {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof DataSetError)) throw error;
      this.isDamaged = true;
      return error.code;
    }
  }
}

function wordsOf(map: ElementMap, tag: number): string {
  const values = map.values(tag).map((value) => (value instanceof Uint8Array ? `#${seedOf(value)}` : String(value)));
  const fragments = map.fragments(tag)?.map((fragment) => fragment.length);
  if (map instanceof DataSet) map.get(tag);
  return `${values.join('\\')} ${map.texts(tag).length} ${fragments?.join(' ') ?? ''}`;
}
