import { defineConfig } from 'vitest/config';
import type { InlineConfig } from 'vitest/node';

/** Workspace packages are read from their sources, so that tests need no build. */
const conditions = ['@dicomwire/source', 'module', 'node', 'development|production'];

/** The one vitest preset; a package passes only what differs. */
export function tests(options: InlineConfig = {}) {
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      // Only there to end what hangs: no test depends on the speed of the machine.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      passWithNoTests: true,
      reporters: ['default', ['json', { outputFile: 'reports/vitest.json' }]],
      coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['**/*.test.ts', '**/*.generated.ts'] },
      ...options,
    },
  });
}
