// Adds up what the packages' tests left in reports/vitest.json. Run alone it prints one plain line, and fails when a test
// failed or none passed. Results that turbo restored from its cache count: they are of this very input.

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Forgets the results of earlier runs. */
export function clearTestReports() {
  for (const report of testReports()) rmSync(report);
}

/** Prints `N passed, N failed, N skipped`, and returns these. */
export function printTestCounts() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const report of testReports()) {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    // A file that could not even be loaded has no tests to count, but it has failed.
    const broken = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    total.passed += numPassedTests;
    total.failed += numFailedTests + broken.length;
    total.skipped += numPendingTests + numTodoTests;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total;
}

function testReports() {
  return ['packages', 'apps', 'tooling']
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name, 'reports', 'vitest.json')),
    )
    .filter((path) => existsSync(path));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed } = printTestCounts();
  if (failed > 0 || passed === 0) process.exitCode = 1;
}
