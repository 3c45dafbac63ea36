import { defineConfig, type Options } from 'tsup';

/** Entry name to source file; the name is that of the file in dist. */
type Entries = Record<string, string>;

/** A published package: ESM and CJS with their own declarations, chunks shared so that subpaths share classes. */
export function library(entry: Entries) {
  return defineConfig({ ...shared, entry, format: ['esm', 'cjs'], dts: true });
}

/** A program: ESM only, no declarations. */
export function application(entry: Entries) {
  return defineConfig({ ...shared, entry, format: ['esm'], dts: false });
}

const shared: Options = {
  target: 'node22.13',
  platform: 'neutral',
  external: [/^node:/],
  splitting: true,
  sourcemap: true,
  clean: true,
  treeshake: false,
  shims: false,
  // `node:sqlite` exists under that name only.
  removeNodeProtocol: false,
  silent: true,
};
