import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { APPS, forbidden, LAYERS, options } from './rules.ts';

/** One broken rule, ready to print. */
export interface Violation {
  readonly rule: string;
  readonly message: string;
}

/** Every breach of the layer rule in the workspace at `root`: imports, package.json files, and `export *` across packages. */
export async function findViolations(root: string): Promise<readonly Violation[]> {
  return [...(await findImports(root)), ...findDependencies(root), ...findWholesaleExports(root)];
}

async function findImports(root: string): Promise<readonly Violation[]> {
  const folders = ['packages', 'apps'].filter((folder) => existsSync(join(root, folder)));
  const { output } = await cruise(
    folders,
    { ...options, ruleSet: { forbidden }, validate: true, baseDir: root },
    { ...options.enhancedResolveOptions, bustTheCache: true },
  );
  return (output as ICruiseResult).summary.violations.map(({ rule, from, to, cycle, comment }) => ({
    rule: rule.name,
    message: `${from} → ${cycle?.map(({ name }) => name).join(' → ') ?? to}${comment === undefined ? '' : ` (${comment})`}`,
  }));
}

/** A package.json lists only the one package beneath it (apps: what APPS says), for users and for development alike. */
function findDependencies(root: string): readonly Violation[] {
  const expected = [
    ...LAYERS.map((name, depth) => ({ path: `packages/${name}`, below: LAYERS.slice(Math.max(0, depth - 1), depth) })),
    ...Object.entries(APPS).map(([name, below]) => ({ path: `apps/${name}`, below })),
  ];
  return expected.flatMap(({ path, below }) => {
    const file = join(root, path, 'package.json');
    if (!existsSync(file)) return [];
    const manifest: Record<string, Record<string, string> | undefined> = JSON.parse(readFileSync(file, 'utf8'));
    const listed = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap((field) =>
      Object.keys(manifest[field] ?? {}),
    );
    return listed
      .filter((name) => path === 'packages/pdu' || name.startsWith('@dicomwire/'))
      .filter((name) => !below.includes(name.replace('@dicomwire/', '')))
      .map((name) => ({ rule: 'listed-dependencies', message: `${path}/package.json lists ${name}` }));
  });
}

/** What a package passes on from the one beneath, it names. */
function findWholesaleExports(root: string): readonly Violation[] {
  return sourceFiles(root)
    .filter((file) => /^export\s+\*[^;]*from\s+['"]@dicomwire\//m.test(readFileSync(join(root, file), 'utf8')))
    .map((file) => ({ rule: 'exports-by-name', message: `${file} has an \`export *\` from another package` }));
}

function sourceFiles(root: string): readonly string[] {
  return ['packages', 'apps']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name, 'src')))
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((f) => join(folder, f)),
    )
    .filter((file) => file.endsWith('.ts'));
}
