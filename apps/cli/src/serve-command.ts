/** `dicomwire serve`: a storage provider that keeps what it is sent in a folder. PS3.4 Annex B. */

import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createScp, type ReceivedInstance, storage, verification } from '@dicomwire/services';
import { EXIT_OK } from './exit-code.js';
import { watchForInterruption } from './interruption.js';
import { complain, say, sayJson } from './output.js';
import { bytesInWords, printable } from './quantities.js';

/** Options of the command. */
export interface ServeOptions {
  readonly port: number;
  readonly host?: string | undefined;
  readonly aeTitle: string;
  readonly checkCalled?: true | undefined;
  readonly overwrite?: true | undefined;
  readonly maxPdu: number;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly tlsCa?: readonly string[] | undefined;
  readonly json?: true | undefined;
}

/** Runs until Ctrl-C, which is how it is meant to end. Resolves to the exit code. */
export async function serve(directory: string, options: ServeOptions): Promise<number> {
  const interruption = watchForInterruption();
  const isJson = options.json === true;
  const { aeTitle, host, tlsCert, tlsKey, tlsCa, overwrite } = options;
  try {
    await mkdir(directory, { recursive: true });
    const scp = createScp({
      aeTitle,
      services: [verification(), storage({ store: (instance) => keep(instance, directory, overwrite, isJson) })],
      checkCalledAeTitle: options.checkCalled,
      maximumLength: options.maxPdu,
      tls: tlsCert === undefined ? undefined : { certificate: tlsCert, privateKey: tlsKey, trustedCertificates: tlsCa },
      onError: (error) => complain(error, isJson),
      onRejected: (error) => complain(error, isJson),
    });
    const { port } = await scp.listen({ port: options.port, host });
    if (isJson) sayJson({ type: 'listening', aeTitle, port, directory });
    else say(`${aeTitle} listens on port ${port} and keeps objects in ${printable(directory)}; Ctrl-C ends it`);
    if (!interruption.signal.aborted) await once(interruption.signal, 'abort');
    await scp.close({ graceMs: 5000 });
    return EXIT_OK;
  } catch (error) {
    complain(error, isJson);
    return 1;
  } finally {
    interruption.ignore();
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
