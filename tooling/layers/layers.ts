import { fileURLToPath } from 'node:url';
import { findViolations } from './violations.ts';

const violations = await findViolations(fileURLToPath(new URL('../..', import.meta.url)));

for (const { rule, message } of violations) console.error(`${rule}: ${message}`);
if (violations.length > 0) process.exitCode = 1;
