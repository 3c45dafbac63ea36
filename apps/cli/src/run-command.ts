/** What every command has around its work: Ctrl-C, errors in words, the exit code. */
import { type Client, type ConnectOptions, connect, ServiceError } from '@dicomwire/services';
import type { ConnectionOptions } from './connection-options.js';
import { EXIT_FAILED, EXIT_USAGE } from './exit-code.js';
import { watchForInterruption } from './interruption.js';
import { complain } from './output.js';
import { peerOptions } from './peer-options.js';
import { UsageError } from './usage-error.js';

/**
 * Runs the work of a command.
 *
 * @param work gets a signal that fires on Ctrl-C, and resolves to the exit code
 */
export async function runCommand(
  options: { readonly json?: true | undefined },
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interruption = watchForInterruption();
  try {
    const exitCode = await work(interruption.signal);
    return interruption.exitCode ?? exitCode;
  } catch (error) {
    if (interruption.exitCode !== undefined) {
      process.stderr.write('dicomwire: interrupted\n');
      return interruption.exitCode;
    }
    complain(error, options.json === true);
    return isUsage(error) ? EXIT_USAGE : EXIT_FAILED;
  } finally {
    interruption.ignore();
  }
}

/** The same with a peer to talk to; the association is made by the first call, and released at the end. */
export function runWithClient(
  host: string,
  port: number,
  options: ConnectionOptions,
  work: (client: Client, signal: AbortSignal) => Promise<number>,
  connectOptions: Pick<ConnectOptions, 'performs'> = {},
): Promise<number> {
  return runCommand(options, async (signal) => {
    const client = await connect({ ...peerOptions(host, port, options), ...connectOptions, services: [] });
    try {
      return await work(client, signal);
    } finally {
      if (signal.aborted) client.abort();
      else await client.release();
    }
  });
}

function isUsage(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof ServiceError && error.code === 'invalid-option');
}
