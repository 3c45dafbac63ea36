/** Runs the command line. Exit codes: 0 all went well, 1 something failed, 2 usage. */
import { CommanderError } from 'commander';
import { surviveClosedOutput } from './console/closed-output.js';
import { printable } from './console/printable.js';
import { hideSqliteWarning } from './console/sqlite-warning.js';
import { createProgram } from './program.js';
import { UsageError } from './usage-error.js';

surviveClosedOutput();
hideSqliteWarning();

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong and gives the exit code. */
function report(error: unknown): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const isUsage = error instanceof UsageError;
  const words = error instanceof Error ? (isUsage ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`demo-scp: ${isUsage ? printable(words) : words}\n`);
  return isUsage ? 2 : 1;
}
