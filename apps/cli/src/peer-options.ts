/** From the words of the command line to the options of the library. */
import type { PeerOptions } from '@dicomwire/services';
import type { ConnectionOptions } from './connection-options.js';

/** Whom to call, as whom, and how long to wait. */
export function peerOptions(host: string, port: number, options: ConnectionOptions): PeerOptions {
  const timeoutMs = options.timeout === undefined ? undefined : options.timeout * 1000;
  return {
    host,
    port,
    calledAeTitle: options.called,
    callingAeTitle: options.calling,
    maximumLength: options.maxPdu,
    connectTimeoutMs: timeoutMs,
    associationTimeoutMs: timeoutMs,
    responseTimeoutMs: timeoutMs,
    writeTimeoutMs: timeoutMs,
    releaseTimeoutMs: timeoutMs,
  };
}
