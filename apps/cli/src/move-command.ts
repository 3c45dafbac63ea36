/** `dicomwire move`: C-MOVE to an AE title that the peer knows. PS3.4 C.4.2. */
import { progressTeller, type RetrieveOptions, retrieveKeys, tellRefusal, tellSummary } from './retrieve-options.js';
import { runWithClient } from './run-command.js';

/** Options of the command. */
export interface MoveOptions extends RetrieveOptions {
  /** Where the peer sends the instances. */
  readonly destination: string;
}

/** Runs the command. Resolves to its exit code. */
export function move(host: string, port: number, options: MoveOptions): Promise<number> {
  return runWithClient(host, port, options, async (client, signal) => {
    const { level, model, timeout } = options;
    const timeoutMs = timeout === undefined ? undefined : timeout * 1000;
    const keys = retrieveKeys(options);
    try {
      const onProgress = progressTeller(options);
      const summary = await client.move(options.destination, keys, { level, model, signal, timeoutMs, onProgress });
      return tellSummary(summary, options);
    } catch (error) {
      return tellRefusal(error, options);
    }
  });
}
