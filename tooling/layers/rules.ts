// The layer rule for dependency-cruiser. Each rule matches the path that an import resolves to and the specifier as it
// is written: `@dicomwire/pdu` imported where pnpm does not link it resolves to nothing, and would pass unseen otherwise.

import type { ICruiseOptions, IForbiddenRuleType, IRegularForbiddenRuleType } from 'dependency-cruiser';

/** From the bytes up; each package imports only the one beneath it. */
export const LAYERS: readonly string[] = ['pdu', 'ul', 'dimse', 'services'];

/** What stands on the layers, and on which of them. */
export const APPS: Readonly<Record<string, readonly string[]>> = { 'demo-scp': ['services'], cli: LAYERS };

const allowed: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(LAYERS.map((name, depth) => [`packages/${name}`, LAYERS.slice(Math.max(0, depth - 1), depth)])),
  ...Object.fromEntries(Object.entries(APPS).map(([name, below]) => [`apps/${name}`, below])),
};

const sources = '^(packages|apps)/[^/]+/src/';
const tests = '[.]test[.]ts$|^(packages|apps)/[^/]+/test/';
const runsInBrowsers = '^packages/(pdu/src|dimse/src/(dataset|codecs))/';

const rules: readonly Omit<IRegularForbiddenRuleType, 'severity'>[] = [
  ...Object.entries(allowed).map(([folder, below]) => ({
    name: `layer-of-${folder.split('/')[1]}`,
    comment: below.length ? `${folder} may import ${below.join(', ')} only` : `${folder} imports no other package`,
    from: { path: `^${folder}/` },
    to: {
      path: '^(@dicomwire/|packages/|apps/|tooling/)',
      pathNot: [`^${folder}/`, `^@dicomwire/${folder.split('/')[1]}(/|$)`, '^tooling/config/'].concat(
        below.flatMap((name) => [`^packages/${name}/`, `^@dicomwire/${name}(/|$)`]),
      ),
    },
  })),
  {
    name: 'packages-by-name',
    comment: 'another package is imported by its name, never by a path into it',
    from: { path: '^(packages|apps)/([^/]+)/' },
    to: { path: '^(packages|apps)/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
  },
  {
    name: 'no-circles',
    comment: 'imports run one way, types included',
    from: {},
    to: { circular: true },
  },
  {
    name: 'pdu-alone',
    comment: 'the codec depends on nothing',
    from: { path: '^packages/pdu/src/', pathNot: tests },
    to: { pathNot: '^packages/pdu/src/' },
  },
  {
    name: 'browser-safe',
    comment: 'what runs in browsers imports nothing of Node',
    from: { path: runsInBrowsers, pathNot: tests },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'no-tests-in-sources',
    comment: 'what is published imports no test and no development tool',
    from: { path: sources, pathNot: tests },
    to: { path: [tests, 'node_modules/(vitest|fast-check)/', '^(vitest|fast-check)$'] },
  },
  {
    name: 'resolvable',
    comment: 'every import leads somewhere',
    from: { path: '^(packages|apps)/' },
    to: { couldNotResolve: true, pathNot: '^@dicomwire/' },
  },
];

/** What must not be found. */
export const forbidden: IForbiddenRuleType[] = rules.map((rule) => ({ ...rule, severity: 'error' }));

/** How imports are read: types count, and workspace packages lead to their sources. */
export const options: ICruiseOptions = {
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '(^|/)dist/' },
  tsPreCompilationDeps: true,
  moduleSystems: ['es6', 'cjs', 'tsd'],
  detectProcessBuiltinModuleCalls: true,
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['@dicomwire/source', 'import', 'node', 'default', 'types'],
    extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'],
    mainFields: ['module', 'main', 'types'],
  },
};
