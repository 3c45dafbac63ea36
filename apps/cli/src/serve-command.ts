/** `dicomwire serve`: a storage provider that keeps what it is sent in a folder. PS3.4 Annex B. */

import { once } from 'node:events';
import { access, constants, mkdir } from 'node:fs/promises';
import { createScp, type ReceivedInstance, storage, verification } from '@dicomwire/services';
import { EXIT_OK } from './exit-code.js';
import { watchForInterruption } from './interruption.js';
import { say, sayJson } from './output.js';
import { bytesInWords, printable } from './quantities.js';
import { type ServerOptions, serverTls, tellStartFailure, tellTrouble } from './server-options.js';
import { UsageError } from './usage-error.js';

/** Options of the command. */
export interface ServeOptions extends ServerOptions {
  readonly checkCalled?: true | undefined;
  readonly overwrite?: true | undefined;
  readonly maxPdu: number;
}

/** Runs until Ctrl-C, which is how it is meant to end. Resolves to the exit code. */
export async function serve(directory: string, options: ServeOptions): Promise<number> {
  const interruption = watchForInterruption();
  const isJson = options.json === true;
  const { aeTitle, host, overwrite } = options;
  try {
    const tls = serverTls(options);
    await makeWritable(directory);
    const scp = createScp({
      aeTitle,
      services: [verification(), storage({ store: (instance) => keep(instance, directory, overwrite, isJson) })],
      checkCalledAeTitle: options.checkCalled,
      maximumLength: options.maxPdu,
      tls,
      onError: (error) => tellTrouble(error, isJson),
      onRejected: (error) => tellTrouble(error, isJson),
    });
    const { port } = await scp.listen({ port: options.port, host });
    if (isJson) sayJson({ type: 'listening', aeTitle, port, directory });
    else say(`${aeTitle} listens on port ${port} and keeps objects in ${printable(directory)}; Ctrl-C ends it`);
    if (!interruption.signal.aborted) await once(interruption.signal, 'abort');
    await scp.close({ graceMs: 5000 });
    return EXIT_OK;
  } catch (error) {
    return tellStartFailure(error, isJson);
  } finally {
    interruption.ignore();
  }
}

/** Better now than with the first object. @throws UsageError */
async function makeWritable(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`Objects can't be kept in ${directory}: ${why}`, { cause });
  }
}

async function keep(
  instance: ReceivedInstance,
  directory: string,
  overwrite: true | undefined,
  isJson: boolean,
): Promise<void> {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid, association } = instance;
  const { path, byteLength, wasThere } = await instance.saveTo(directory, { overwrite });
  const { callingAeTitle } = association;
  if (isJson)
    sayJson({
      type: 'object',
      path,
      callingAeTitle,
      sopClassUid,
      sopInstanceUid,
      transferSyntaxUid,
      byteLength,
      wasThere,
    });
  else
    say(
      `${printable(path)}  ${bytesInWords(byteLength)} from ${printable(callingAeTitle)}${wasThere ? '  was there' : ''}`,
    );
}
