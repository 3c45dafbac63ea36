/** Our options for TLS in the tests of the line, one version at a time. */
import type { TlsConnectOptions, TlsServerOptions } from '@dicomwire/ul';
import type { CredentialFiles, Credentials } from './credentials.ts';

/** A version of TLS. */
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

/** The code of the error when an acceptor refuses us because we show no certificate. */
export const refusedForLackOfCertificate: Readonly<Record<TlsVersion, RegExp>> = {
  'TLSv1.2': /^tls-client-certificate-required$/,
  // A client has finished its handshake before it is refused, and the alert may be overtaken by the close.
  'TLSv1.3': /^(tls-client-certificate-required|connection-lost)$/,
};

/** The same when it doesn't trust ours. */
export const refusedForOurCertificate: Readonly<Record<TlsVersion, RegExp>> = {
  'TLSv1.2': /^tls-certificate-refused$/,
  'TLSv1.3': /^(tls-certificate-refused|connection-lost)$/,
};

/** Our acceptor is the archive. */
export function ourServer(
  credentials: Credentials,
  version: TlsVersion,
  clientCertificate: 'require' | 'none',
): TlsServerOptions {
  return {
    ...credentials.archive,
    trustedCertificates: credentials.authority,
    clientCertificate,
    minimumVersion: version,
    maximumVersion: version,
  };
}

/** Our requestor, with a certificate or without. */
export function ourClient(
  credentials: Credentials,
  version: TlsVersion,
  identity: CredentialFiles | undefined = undefined,
): TlsConnectOptions {
  return {
    trustedCertificates: credentials.authority,
    minimumVersion: version,
    maximumVersion: version,
    ...identity,
  };
}
