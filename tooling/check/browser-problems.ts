import { build } from 'esbuild';

const NODE_GLOBALS = [
  'Buffer',
  'process',
  'global',
  '__dirname',
  '__filename',
  'setImmediate',
  'clearImmediate',
  'require',
];

/**
 * Bundles an entry for browsers and says what would not work there: modules of Node that it reaches, globals of Node that
 * it names. `entry` is a package or a file, `folder` where it is resolved from.
 */
export async function findBrowserProblems(entry: string, folder: string): Promise<readonly string[]> {
  try {
    const { outputFiles } = await build({
      entryPoints: [entry],
      absWorkingDir: folder,
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      // Replaces free names only: neither words in strings nor locals and properties of that name.
      define: Object.fromEntries(NODE_GLOBALS.map((name) => [name, marker(name)])),
      logLevel: 'silent',
    });
    const bundle = outputFiles[0]?.text ?? '';
    return NODE_GLOBALS.filter((name) => bundle.includes(marker(name))).map(
      (name) => `uses \`${name}\`, which browsers lack`,
    );
  } catch (error) {
    if (error instanceof Error && 'errors' in error && Array.isArray(error.errors))
      return error.errors.map(({ text }) => text);
    throw error;
  }
}

function marker(name: string): string {
  return `$global_of_node_${name}`;
}
