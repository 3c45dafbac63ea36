/** Why TLS failed, as a code that a program can act on and words that a person can. */
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { AssociationErrorCode } from '../errors.js';
import { AssociationError } from '../errors.js';
import type { Endpoint } from '../types.js';

/** Who failed with whom. */
export interface TlsPeer {
  /** For the message. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Whether both sides had agreed on a cipher suite before it failed. */
  readonly hasCipherSuite: boolean;
}

/** The peer of a transport, as far as it has come. */
export function tlsPeerOf(transport: Duplex, name: string, endpoint: Endpoint): TlsPeer {
  const suite: unknown = transport instanceof TLSSocket ? transport.getCipher()?.name : undefined;
  return { name, endpoint, hasCipherSuite: typeof suite === 'string' };
}

/** The error that stands for a failure of `node:tls`; `undefined` where the failure is not one of TLS. */
export function tlsFailure(error: Error, peer: TlsPeer): AssociationError | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const alert = alertOf(error);
  if (alert !== undefined) return byAlert(alert, error, peer);
  const known = knownFailures[code];
  if (known !== undefined) return failure(known[0], known[1](peer.name), peer, error);
  if (verificationFailures.has(code)) {
    const words = `the certificate of ${peer.name} is not trusted: ${lowerFirst(error.message || code)}`;
    return failure('tls-certificate-untrusted', words, peer, error);
  }
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return failure('tls-handshake-failed', `TLS with ${peer.name} failed: ${wordsOf(error)}`, peer, error);
  }
  return undefined;
}

/** The failure that a verification result of `node:tls` (`authorizationError`) stands for. */
export function certificateFailure(result: unknown, peer: TlsPeer): AssociationError {
  const code = result instanceof Error ? result.message : String(result);
  const error = Object.assign(new Error(code.toLowerCase().replaceAll('_', ' ')), { code });
  return (
    tlsFailure(error, peer) ??
    failure(
      'tls-certificate-untrusted',
      `the certificate of ${peer.name} is not trusted: ${error.message}`,
      peer,
      error,
    )
  );
}

/** A failure in words of ours. */
export function failure(code: AssociationErrorCode, message: string, peer: TlsPeer, cause?: Error): AssociationError {
  return new AssociationError(code, message, { peer: peer.endpoint, ...(cause !== undefined && { cause }) });
}

type Words = (name: string) => string;

const plain: Words = (name) => `${name} does not speak TLS: it is a port without TLS, connect without it`;
const noVersion: Words = (name) => `no TLS version in common with ${name}`;
const noCipherSuite: Words = (name) => `no TLS cipher suite in common with ${name}`;
const closed: Words = (name) =>
  `${name} closed the connection during the TLS handshake: does it expect TLS on this port?`;
const noRevocationList: Words = (name) =>
  `the certificate of ${name} is not trusted: there is no revocation list in date for each of its authorities`;

const knownFailures: Readonly<Record<string, readonly [AssociationErrorCode, Words]>> = {
  CERT_HAS_EXPIRED: [
    'tls-certificate-expired',
    (name) => `the certificate of ${name}, or of an authority, has expired`,
  ],
  CERT_NOT_YET_VALID: ['tls-certificate-expired', (name) => `the certificate of ${name} is not valid yet`],
  CERT_REVOKED: ['tls-certificate-revoked', (name) => `the certificate of ${name} has been revoked`],
  UNABLE_TO_GET_CRL: ['tls-certificate-untrusted', noRevocationList],
  CRL_HAS_EXPIRED: ['tls-certificate-untrusted', noRevocationList],
  CRL_NOT_YET_VALID: ['tls-certificate-untrusted', noRevocationList],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'tls-host-mismatch',
    (name) =>
      `the certificate of ${name} is for another host: set serverName to one that it names, or verification to 'chain'`,
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: ['tls-peer-is-plain', plain],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['tls-peer-is-plain', plain],
  ERR_SSL_UNKNOWN_PROTOCOL: ['tls-peer-is-plain', plain],
  ERR_SSL_HTTP_REQUEST: ['tls-peer-is-plain', plain],
  ERR_SSL_UNSUPPORTED_PROTOCOL: ['tls-no-common-protocol', noVersion],
  ERR_SSL_VERSION_TOO_LOW: ['tls-no-common-protocol', noVersion],
  ERR_SSL_NO_SHARED_CIPHER: ['tls-no-common-cipher', noCipherSuite],
  ERR_SSL_NO_CIPHERS_AVAILABLE: ['tls-no-common-cipher', noCipherSuite],
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: [
    'tls-client-certificate-required',
    (name) => `${name} showed no certificate, and one is required`,
  ],
};

/** Results of OpenSSL's verification that are no better known. */
const verificationFailures: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CRL_SIGNATURE_FAILURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'UNSPECIFIED',
]);

/** RFC 8446 6.2. */
function byAlert(alert: number, cause: Error, peer: TlsPeer): AssociationError {
  const { name } = peer;
  // Until TLS 1.2 a server says handshake_failure for a missing certificate too, but by then a suite is agreed on.
  if (alert === 116 || (alert === 40 && peer.hasCipherSuite)) {
    const words = `${name} requires a client certificate: set certificate and privateKey to one that it trusts`;
    return failure('tls-client-certificate-required', words, peer, cause);
  }
  if (alert === 70) return failure('tls-no-common-protocol', noVersion(name), peer, cause);
  if (alert === 40 || alert === 71) return failure('tls-no-common-cipher', noCipherSuite(name), peer, cause);
  if ((alert >= 42 && alert <= 46) || alert === 48 || alert === 49) {
    const words = `${name} refuses our certificate: ${refusals[alert] ?? 'it is unacceptable'} (TLS alert ${alert})`;
    return failure('tls-certificate-refused', words, peer, cause);
  }
  return failure('tls-handshake-failed', `TLS with ${name} failed: ${wordsOf(cause)}`, peer, cause);
}

const refusals: Readonly<Record<number, string>> = {
  42: 'it is bad',
  43: 'it is of an unsupported type',
  44: 'it has been revoked',
  45: 'it has expired',
  46: 'it is not accepted',
  48: 'its authority is unknown there',
  49: 'access is denied',
};

/** OpenSSL names the alert only in the message. */
function alertOf(error: Error): number | undefined {
  const number = /SSL alert number (\d+)/.exec(error.message)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** OpenSSL's own words, without its file names and numbers. */
function wordsOf(error: Error): string {
  if ('reason' in error && typeof error.reason === 'string') return error.reason;
  return error.message.split(':')[5] ?? error.message.trim();
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** The peer closed or reset the connection before the handshake was done. */
export function closedDuringHandshake(peer: TlsPeer, cause?: Error): AssociationError {
  return failure('tls-handshake-failed', closed(peer.name), peer, cause);
}
