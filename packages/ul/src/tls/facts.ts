/** What TLS made of a connection, as its user may see it. */
import { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';

/** The TLS session that an association runs in. */
export interface TlsFacts {
  /** `'TLSv1.2'` or `'TLSv1.3'`. */
  readonly protocol: string;
  /** The cipher suite's standard (IANA) name. */
  readonly cipherSuite: string;
  /** Host name that was asked for (SNI), where one was. */
  readonly serverName: string | undefined;
  /** The certificate that the peer showed; `undefined` where it showed none. */
  readonly peerCertificate: X509Certificate | undefined;
}

/** The facts of a transport whose handshake is done; `undefined` where it isn't a TLS socket. */
export function tlsFactsOf(transport: unknown): TlsFacts | undefined {
  if (!(transport instanceof TLSSocket)) return undefined;
  const { servername } = transport;
  return {
    protocol: transport.getProtocol() ?? '',
    cipherSuite: transport.getCipher()?.standardName ?? '',
    serverName: typeof servername === 'string' && servername !== '' ? servername : undefined,
    peerCertificate: peerCertificateOf(transport),
  };
}

/** The certificate that the peer showed. Not by `getPeerX509Certificate`, which a client can ask once only (Node.js 22 and 24). */
export function peerCertificateOf(socket: TLSSocket): X509Certificate | undefined {
  const { raw } = socket.getPeerCertificate();
  return raw instanceof Uint8Array ? new X509Certificate(raw) : undefined;
}
