/** Parses the command line and runs the command. */
import { CommanderError } from 'commander';
import { EXIT_FAILED, EXIT_USAGE } from './exit-code.js';
import { createProgram } from './program.js';

// Whoever reads our output may leave early (`| head`): then the work ends too, and not all of it was done.
process.stdout.on('error', () => process.exit(EXIT_FAILED));
// Troubles that nobody wants to read are no reason to stop.
process.stderr.on('error', () => undefined);

try {
  await createProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
}
