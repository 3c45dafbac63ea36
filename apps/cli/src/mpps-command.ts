/** `dicomwire mpps`: Modality Performed Procedure Steps. PS3.4 Annex F. */
import { type GivenElement, readAttributes } from './attributes.js';
import type { ConnectionOptions } from './connection-options.js';
import { tellAnswer, tellAttributes } from './n-service-output.js';
import { runWithClient } from './run-command.js';

/** Options of the commands beneath it. */
export interface MppsOptions extends ConnectionOptions {
  /** Attributes on the command line. */
  readonly attribute?: readonly GivenElement[] | undefined;
  /** File of attributes, DICOM JSON. */
  readonly file?: string | undefined;
}

/** Begins a step; the UID is a new one unless it is given. Resolves to the exit code. */
export function createMpps(
  host: string,
  port: number,
  sopInstanceUid: string | undefined,
  options: MppsOptions,
): Promise<number> {
  return runWithClient(host, port, options, async (client, signal) => {
    const attributes = await readAttributes(options.file, options.attribute ?? []);
    const answer = await client.mpps.create(attributes, { sopInstanceUid, signal });
    return tellAnswer(answer, { type: 'mpps', action: 'create', json: options.json });
  });
}

/** Changes a step, or ends it. Resolves to the exit code. */
export function changeMpps(
  action: 'set' | 'complete' | 'discontinue',
  host: string,
  port: number,
  sopInstanceUid: string,
  options: MppsOptions,
): Promise<number> {
  return runWithClient(host, port, options, async (client, signal) => {
    const attributes = await readAttributes(options.file, options.attribute ?? []);
    const answer = await client.mpps[action](sopInstanceUid, attributes, { signal });
    return tellAnswer(answer, { type: 'mpps', action, json: options.json });
  });
}

/** Asks for a step. Resolves to the exit code. */
export function getMpps(
  host: string,
  port: number,
  sopInstanceUid: string,
  options: ConnectionOptions,
): Promise<number> {
  return runWithClient(host, port, options, async (client, signal) =>
    tellAttributes(await client.mpps.get(sopInstanceUid, { signal }), options),
  );
}
