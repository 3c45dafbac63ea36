/** The conformance statements say what the code says now. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conformanceStatement } from './conformance.ts';
import { demoConformanceStatement } from './demo-conformance.ts';
import { demoScpValues } from './demo-scp-values.ts';
import { serviceValues } from './service-values.ts';

const document = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

test('that of the packages is what `pnpm generate` writes', async () => {
  expect(document('conformance-statement.md')).toBe(conformanceStatement(await serviceValues()));
});

test('that of the demo SCP is what `pnpm generate` writes', async () => {
  expect(document('demo-scp-conformance-statement.md')).toBe(demoConformanceStatement(await demoScpValues()));
});
