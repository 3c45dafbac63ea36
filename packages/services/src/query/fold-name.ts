/**
 * Person names in the form in which they are compared where case and accents don't count. PS3.4 C.2.2.2.1.1, PS3.5 6.2.1.
 */

/**
 * Names that differ only in case, accents, full or half width, spaces around components and delimiters at the end have the same form:
 * `Müller ^Jörg^^` gives `MULLER^JORG`. For indexes of names: what a {@link ValueCriterion} or {@link WildcardCriterion} holds as `folded`
 * is to be compared with this.
 */
export function foldName(name: string): string {
  return tidyName(foldText(name));
}

/** A name without what means nothing in it: spaces around components, several in a row, delimiters at the end of a group. */
export function tidyName(name: string): string {
  if (!/ |\^(?:=|$)/.test(name)) return name.endsWith('=') ? name.replace(/=+$/, '') : name;
  const groups = name.split('=').map((group) => trimEnd(group.split('^').map(tidyComponent), '').join('^'));
  return trimEnd(groups, '').join('=');
}

/** Text without case, accents and differences of width; wildcards stay. */
export function foldText(text: string): string {
  if (isAscii(text)) return text.toUpperCase();
  return [...text.split(/([*?])/)].map((part) => (part === '*' || part === '?' ? part : foldLiteral(part))).join('');
}

/** Wildcards of another width would become such: they are not. */
function foldLiteral(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replace(undecomposed, (letter) => asciiLetters.get(letter) ?? letter)
    .replace(/[*?]/g, '\ufffd')
    .toUpperCase();
}

/** Letters whose accent Unicode does not take apart. */
const asciiLetters: ReadonlyMap<string, string> = new Map([
  ...['øo', 'ØO', 'łl', 'ŁL', 'đd', 'ĐD', 'ðd', 'ÐD', 'ħh', 'ĦH', 'ŧt', 'ŦT', 'ıi'].map((pair) => [pair[0], pair[1]]),
  ...[
    ['æ', 'ae'],
    ['Æ', 'AE'],
    ['œ', 'oe'],
    ['Œ', 'OE'],
    ['þ', 'th'],
    ['Þ', 'TH'],
  ],
] as [string, string][]);
const undecomposed = /[øØłŁđĐðÐħĦŧŦıæÆœŒþÞ]/g;

function tidyComponent(component: string): string {
  return component.trim().replace(/ {2,}/g, ' ');
}

function trimEnd(parts: readonly string[], empty: string): readonly string[] {
  let end = parts.length;
  while (end > 0 && parts[end - 1] === empty) end -= 1;
  return parts.slice(0, end);
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
