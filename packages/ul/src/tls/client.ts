/** The requestor's end of TLS. */
import { isIP, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import type { Credentials } from './credentials.js';
import type { TlsConnectOptions } from './options.js';
import type { Demands } from './trust.js';

/** Begins TLS to an address, or on a transport that is open. `secureConnect` follows, or `error`. */
export function openTls(
  to: TcpNetConnectOpts | Duplex,
  options: TlsConnectOptions,
  credentials: Credentials,
): TLSSocket {
  const target = 'pipe' in to ? { socket: to } : to;
  const name = options.serverName ?? ('host' in target ? target.host : undefined) ?? '';
  const { verification = 'full' } = options;
  return connect({
    ...target,
    secureContext: credentials.context,
    // An address is no host name: it can be found in a certificate, but not asked for. RFC 6066 3.
    ...(name !== '' && isIP(name) === 0 && { servername: name }),
    rejectUnauthorized: verification !== 'none' && credentials.pinnedFingerprints === undefined,
    checkServerIdentity: (_, certificate) =>
      verification === 'full' ? checkServerIdentity(name, certificate) : undefined,
  });
}

/** What a requestor asks of the acceptor's certificate; `node:tls` has refused by now what it doesn't trust. */
export function demandsOf(credentials: Credentials): Demands {
  const { pinnedFingerprints } = credentials;
  return { isRequired: pinnedFingerprints !== undefined, isVerified: false, pinnedFingerprints };
}
