/** From the words of the command line to the options of the library. */
import type { PeerOptions, TlsConnectOptions } from '@dicomwire/services';
import type { ConnectionOptions } from './connection-options.js';

/** Whom to call, as whom, and how long to wait. */
export function peerOptions(host: string, port: number, options: ConnectionOptions): PeerOptions {
  const timeoutMs = options.timeout === undefined ? undefined : options.timeout * 1000;
  return {
    host,
    port,
    calledAeTitle: options.called,
    callingAeTitle: options.calling,
    tls: tlsOptions(options),
    userIdentity: identity(options),
    maximumLength: options.maxPdu,
    connectTimeoutMs: timeoutMs,
    associationTimeoutMs: timeoutMs,
    responseTimeoutMs: timeoutMs,
    writeTimeoutMs: timeoutMs,
    releaseTimeoutMs: timeoutMs,
  };
}

/** TLS when any of its options is given; a file that is named as a path is read by the library. */
function tlsOptions(options: ConnectionOptions): TlsConnectOptions | undefined {
  const { tls, tlsCa, tlsCert, tlsKey, tlsInsecure } = options;
  if (!tls && tlsCa === undefined && tlsCert === undefined && tlsKey === undefined && !tlsInsecure) return undefined;
  return {
    trustedCertificates: tlsCa,
    certificate: tlsCert,
    privateKey: tlsKey,
    passphrase: process.env.DICOMWIRE_TLS_PASSPHRASE,
    verification: tlsInsecure ? 'none' : 'full',
  };
}

/** The password comes from the environment: a command line is seen by everybody on the machine. */
function identity({ user: username }: ConnectionOptions): PeerOptions['userIdentity'] {
  if (username === undefined) return undefined;
  const passcode = process.env.DICOMWIRE_PASSWORD;
  return passcode === undefined
    ? { type: 'username', username }
    : { type: 'username-and-passcode', username, passcode };
}
