import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A `ts` fence of a document, or of a TSDoc comment. */
export interface Example {
  /** Path of the document from the root of the repository. */
  readonly document: string;
  /** Line of the document, from 1, on which the code begins. */
  readonly line: number;
  readonly code: string;
  /** Whether it is a whole program that ends by itself; `no-run` beside `ts`, or a place in a comment, says that it is not. */
  readonly runs: boolean;
}

const DOCUMENTS = ['*.md', 'packages/*/README.md', 'apps/*/README.md', 'docs/**/*.md', '.changeset/*.md'];
const COMMENTS = ['packages/*/src/**/*.ts'];
const FENCE = /^(?<margin>[ \t]*(?:\* ?)?)```ts(?<info>[^\n]*)\n(?<code>[\s\S]*?)^[ \t]*(?:\* ?)?```[ \t]*$/gm;

/** Every example of the repository at `root`, in the order of the documents. */
export function findExamples(root: string): readonly Example[] {
  return [...DOCUMENTS, ...COMMENTS]
    .flatMap((pattern) =>
      globSync(pattern, { cwd: root, exclude: (path) => /(^|\/)(node_modules|docs\/api)$/.test(path) }).sort(),
    )
    .flatMap((document) => examplesOf(document, readFileSync(join(root, document), 'utf8')));
}

/** The examples of one document. */
export function examplesOf(document: string, text: string): readonly Example[] {
  const inComment = document.endsWith('.ts');
  return [...text.matchAll(FENCE)].map((match) => {
    const { margin = '', info = '', code = '' } = match.groups ?? {};
    const lines = code
      .split('\n')
      .map((line) => (inComment ? line.replace(/^[ \t]*\* ?/, '') : withoutMargin(line, margin)));
    return {
      document,
      line: text.slice(0, match.index).split('\n').length + 1,
      code: lines.join('\n'),
      runs: !inComment && !info.split(/\s+/).includes('no-run'),
    };
  });
}

function withoutMargin(line: string, margin: string): string {
  return line.startsWith(margin) ? line.slice(margin.length) : line.trimStart();
}
