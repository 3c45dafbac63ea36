/** The text form of private dictionaries that DCMTK introduced and others took over. */
import { DataSetError } from '../errors.js';
import { isVr, type Vr } from '../vr.js';
import type { PrivateElementDefinition } from './private-element-definition.js';

/** `(0029,"CREATOR",10)`, `(0019-o-60ff,"CREATOR",00-ff)`, also with the whole element number, `1010`. */
const privateTag =
  /^\(([0-9a-f]{4})(?:-[ou]-([0-9a-f]{4}))?,"([^"]*)",([0-9a-f]{2,4})(?:-(?:[ou]-)?([0-9a-f]{2,4}))?\)$/i;

/** VRs that such files have beside the standard's: what the context decides. */
const contextVrs: Readonly<Record<string, Vr>> = { ox: 'OW', px: 'OW', xs: 'US', lt: 'OW', up: 'UL', na: 'UN' };

/** @throws DataSetError `invalid-dictionary`. */
export function* parseDefinitions(text: string): IterableIterator<PrivateElementDefinition> {
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [tag = '', vrName = '', keyword = '', vm = '1'] = line.split('\t').map((field) => field.trim());
    if (!tag.includes('"')) continue;
    const parts = privateTag.exec(tag);
    const vr = isVr(vrName) ? vrName : contextVrs[vrName];
    if (parts === null || vr === undefined) {
      const message = `Line ${index + 1} of the private dictionary is no element: ${JSON.stringify(line.slice(0, 80))}`;
      throw new DataSetError('invalid-dictionary', message);
    }
    const [, group = '', lastGroup = group, creator = '', element = '', lastElement = element] = parts;
    yield {
      creator,
      group: [hexadecimal(group), hexadecimal(lastGroup)],
      element: [hexadecimal(element) & 0xff, hexadecimal(lastElement) & 0xff],
      vr,
      vm,
      ...(keyword !== '' && { keyword }),
    };
  }
}

function hexadecimal(digits: string): number {
  return Number.parseInt(digits, 16);
}
