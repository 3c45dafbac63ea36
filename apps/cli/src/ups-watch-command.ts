/** `dicomwire ups watch`: hears what becomes of steps that somebody subscribed us to. PS3.4 CC.2.4. */
import { once } from 'node:events';
import { stringifyDicomJson, toDicomJson } from '@dicomwire/dimse/dataset';
import { createScp, type UpsNotification, upsListener, verification } from '@dicomwire/services';
import { EXIT_OK } from './exit-code.js';
import { watchForInterruption } from './interruption.js';
import { say, sayJson } from './output.js';
import { printable } from './quantities.js';
import { type ServerOptions, serverTls, tellStartFailure, tellTrouble } from './server-options.js';

/** Options of the command. */
export interface UpsWatchOptions extends ServerOptions {
  /** Ends after so many events. */
  readonly count?: number | undefined;
}

/** Prints events until Ctrl-C, which is how it is meant to end, or until there were enough. Resolves to the exit code. */
export async function watchUps(options: UpsWatchOptions): Promise<number> {
  const { aeTitle, host, count = Number.POSITIVE_INFINITY } = options;
  const isJson = options.json === true;
  const interruption = watchForInterruption();
  const enough = new AbortController();
  let heard = 0;
  try {
    const hear = (notification: UpsNotification) => {
      if (heard >= count) return;
      tellEvent(notification, isJson);
      if (++heard >= count) enough.abort();
    };
    const scp = createScp({
      aeTitle,
      services: [verification(), upsListener(hear)],
      tls: serverTls(options),
      onError: (error) => tellTrouble(error, isJson),
      onRejected: (error) => tellTrouble(error, isJson),
    });
    const { port } = await scp.listen({ port: options.port, host });
    if (isJson) sayJson({ type: 'listening', aeTitle, port });
    else say(`${aeTitle} listens for events on port ${port}; Ctrl-C ends it`);
    const end = AbortSignal.any([interruption.signal, enough.signal]);
    if (!end.aborted) await once(end, 'abort');
    await scp.close({ graceMs: 1000 });
    return EXIT_OK;
  } catch (error) {
    return tellStartFailure(error, isJson);
  } finally {
    interruption.ignore();
  }
}

function tellEvent({ event, sopInstanceUid, information, association }: UpsNotification, isJson: boolean): void {
  if (isJson) {
    const { callingAeTitle } = association;
    const inJson: unknown = JSON.parse(stringifyDicomJson(toDicomJson(information)));
    sayJson({ type: 'event', event, sopInstanceUid, callingAeTitle, information: inJson });
    return;
  }
  const words = [...information].filter(({ vr }) => vr !== 'SQ').map(({ texts }) => texts.join('\\'));
  say(printable([event, sopInstanceUid, ...words].filter((word) => word !== '').join('  ')));
}
