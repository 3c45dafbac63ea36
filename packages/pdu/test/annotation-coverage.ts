import type { Annotation } from '../src/index.js';

/** Where annotations fail to cover `bytes` once and in order, each level in itself; `undefined` when they do. */
export function coverageProblem(annotations: readonly Annotation[], bytes: Uint8Array): string | undefined {
  return levelProblem(annotations, bytes, 0, bytes.length, '');
}

function levelProblem(
  level: readonly Annotation[],
  all: Uint8Array,
  from: number,
  to: number,
  outer: string,
): string | undefined {
  let at = from;
  for (const { name, offset, byteLength, bytes, fields } of level) {
    const path = `${outer}/${name}`;
    if (offset !== at) return `${path} begins at ${offset}, not ${at}`;
    if (bytes.length !== byteLength || bytes.buffer !== all.buffer || bytes.byteOffset !== all.byteOffset + offset) {
      return `${path} has other bytes`;
    }
    at += byteLength;
    const problem = fields.length > 0 ? levelProblem(fields, all, offset, at, path) : undefined;
    if (problem !== undefined) return problem;
  }
  return at === to ? undefined : `${outer || 'all'} ends at ${at}, not ${to}`;
}
