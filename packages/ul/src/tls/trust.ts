/** Whether the certificate that the peer showed is good enough, once the handshake is done. */
import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { AssociationError } from '../errors.js';
import { normalizeFingerprint } from '../fingerprint.js';
import { peerCertificateOf } from './facts.js';
import { certificateFailure, failure, type TlsPeer } from './failure.js';

/** What is asked of a certificate. */
export interface Demands {
  /** Whether the peer must show one. */
  readonly isRequired: boolean;
  /** Whether it must be vouched for (chain, validity, revocation); `node:tls` has verified that already. */
  readonly isVerified: boolean;
  /** Takes the place of verification. */
  readonly pinnedFingerprints: ReadonlySet<string> | undefined;
}

/** What is wrong with the peer's certificate, if anything. */
export function findDistrust(socket: TLSSocket, demands: Demands, peer: TlsPeer): AssociationError | undefined {
  const certificate = peerCertificateOf(socket);
  if (certificate === undefined) {
    if (!demands.isRequired) return undefined;
    return failure('tls-client-certificate-required', `${peer.name} showed no certificate, and one is required`, peer);
  }
  if (demands.pinnedFingerprints !== undefined) return findPinProblem(certificate, demands.pinnedFingerprints, peer);
  if (!demands.isVerified || socket.authorized) return undefined;
  return certificateFailure(socket.authorizationError, peer);
}

function findPinProblem(
  certificate: X509Certificate,
  pinned: ReadonlySet<string>,
  peer: TlsPeer,
): AssociationError | undefined {
  const { fingerprint256 } = certificate;
  if (!pinned.has(normalizeFingerprint(fingerprint256))) {
    const words = `the certificate of ${peer.name} is none of those that are pinned: its fingerprint is ${fingerprint256}`;
    return failure('tls-fingerprint-mismatch', words, peer);
  }
  const now = Date.now();
  if (now < Date.parse(certificate.validFrom)) return certificateFailure('CERT_NOT_YET_VALID', peer);
  if (now > Date.parse(certificate.validTo)) return certificateFailure('CERT_HAS_EXPIRED', peer);
  return undefined;
}
