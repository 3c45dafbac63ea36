import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Example } from './examples.ts';

/** An example that went through the compiler. */
export interface CompiledExample extends Example {
  /** What the compiler has to say against it, with lines of the document. */
  readonly errors: readonly string[];
  /** The JavaScript that came out. */
  readonly program: string;
}

/** As a careful user of Node 22 sets it; `await using`, which Node 22 does not parse, is compiled down. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.esnext.disposable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
};

/** Compiles all examples at once, in `folder`, against the packages that are reached from there. */
export function compileExamples(examples: readonly Example[], folder: string): readonly CompiledExample[] {
  const sources = join(folder, 'src');
  const outDir = join(folder, 'out');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(sources, { recursive: true });
  const files = examples.map((example, index) => {
    const file = join(sources, `${String(index).padStart(3, '0')}.ts`);
    // A file without imports would be a script that shares its names with the others.
    writeFileSync(file, `${example.code}\nexport {};\n`);
    return file;
  });
  const program = ts.createProgram(files, { ...OPTIONS, rootDir: sources, outDir });
  const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  return examples.map((example, index) => ({
    ...example,
    errors: diagnostics
      .filter(({ file }) => file === undefined || file.fileName === files[index]?.replaceAll('\\', '/'))
      .map((diagnostic) => inDocument(example, diagnostic)),
    program: join(outDir, `${String(index).padStart(3, '0')}.js`),
  }));
}

function inDocument(example: Example, { file, start = 0, messageText }: ts.Diagnostic): string {
  const line = example.line + (file?.getLineAndCharacterOfPosition(start).line ?? 0);
  return `${example.document}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}
