/** What went wrong, and what the person at the terminal can do about it. */
import { DimseError, ServiceError } from '@dicomwire/services';
import {
  AssociationAbortedError,
  AssociationError,
  AssociationRejectedError,
  AssociationTimeoutError,
} from '@dicomwire/ul';
import { statusInHex } from './quantities.js';
import { adviceOnStatus } from './status-advice.js';

/** An error in words. */
export interface Explanation {
  /** Stable name of what went wrong. */
  readonly code: string;
  readonly message: string;
  /** What to do about it; `undefined` where nothing sensible can be said. */
  readonly advice: string | undefined;
}

/** Explains whatever the library threw. The innermost cause that has advice speaks. */
export function explain(error: unknown): Explanation {
  const chain = causesOf(error);
  const outermost = chain[0];
  const advised = chain.find((cause) => adviceOn(cause) !== undefined);
  return {
    code: codeOf(advised ?? outermost) ?? 'error',
    message: outermost === undefined ? String(error) : messageOf(outermost),
    advice: advised === undefined ? undefined : adviceOn(advised),
  };
}

/** With the status as a code, for whoever looks it up. */
function messageOf(error: Error): string {
  const status = error instanceof ServiceError && error.status !== undefined ? statusInHex(error.status) : undefined;
  const isSaid = status === undefined || error.message.toUpperCase().includes(status);
  return isSaid ? error.message : `${error.message} (status ${status})`;
}

/** The error and its causes, outermost first; a circle ends the list. */
function causesOf(error: unknown): Error[] {
  const chain: Error[] = [];
  let current = error;
  while (current instanceof Error && !chain.includes(current)) {
    chain.push(current);
    current = current.cause;
  }
  return chain;
}

function codeOf(error: Error | undefined): string | undefined {
  return error !== undefined && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function adviceOn(error: Error): string | undefined {
  if (error instanceof AssociationRejectedError) return adviceOnRejection(error);
  if (error instanceof AssociationTimeoutError) return adviceOnWait[error.wait];
  if (error instanceof AssociationAbortedError) return error.by === 'peer' ? adviceOnAbort : undefined;
  if (error instanceof DimseError && error.code === 'association-ended') return adviceOnEnd(error);
  if (error instanceof ServiceError && error.code === 'refused') return adviceOnStatus(error.status);
  const code = codeOf(error);
  if (error instanceof AssociationError && error.code === 'connect-failed') {
    const systemCode = causesOf(error.cause)
      .map(codeOf)
      .find((name) => name !== undefined && name in adviceOnCode);
    return adviceOnCode[systemCode ?? 'connect-failed'];
  }
  if ((code === 'EACCES' || code === 'EPERM') && 'syscall' in error && error.syscall === 'listen')
    return 'This user may not listen on that port: give one above 1023 with --port or --listen.';
  if (code === 'EACCES')
    return 'This user may not do that: check the rights of the file or directory, or give another one.';
  return code === undefined ? undefined : adviceOnCode[code];
}

/** The peer spoke DICOM up to then; causes other than a lost connection have advice of their own. */
function adviceOnEnd({ end }: DimseError): string | undefined {
  if (end?.kind === 'aborted' && end.by === 'peer') return adviceOnAbort;
  const isLost =
    end?.kind === 'connection-lost' && (end.error === undefined || codeOf(end.error) === 'connection-lost');
  return isLost ? 'The peer or the network broke the connection off: the log of the peer may say why.' : undefined;
}

const adviceOnAbort = 'The peer broke off: its log says why; look there for this moment.';

/** PS3.8 Table 9-21. */
function adviceOnRejection({ result, source, reason }: AssociationRejectedError): string {
  if (source === 1 && reason === 7) return "Give the peer's own AE title with --called: the peer goes by another one.";
  if (source === 1 && reason === 3) {
    return 'The peer must know us: register our AE title there, or give one that it knows with --calling.';
  }
  if (source === 1 && reason === 2) return 'The peer wants another application context: is it a DICOM archive?';
  if (result === 2 || source === 3)
    return 'The peer is busy or at a limit: try again later, or raise its limit of associations.';
  return 'Often AE titles are the reason: check --called and --calling against the configuration of the peer.';
}

const adviceOnWait: Readonly<Record<string, string>> = {
  connect: 'Check the address, and whether a firewall drops the connection. --timeout gives more time.',
  handshake: 'Something listens there, but it does not speak TLS, or is overloaded. --timeout gives more time.',
  association:
    'Something listens there, but it does not speak DICOM, wants TLS, or is overloaded. --timeout gives more time.',
  pdu: 'The network or the peer stalled in the middle of a message. --timeout gives more time.',
  write: 'The peer reads nothing: it may be out of disk, or stuck; look at its log. --timeout gives more time.',
  idle: 'Nothing was said for too long; call again.',
  release: 'The peer did not confirm the end; what it answered before still holds.',
  stall: 'This machine could not keep up with what arrived.',
  close: 'The peer kept the connection open after its end; what it answered before still holds.',
};

const adviceOnCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Start the peer, or give the port that it listens on.',
  ENOTFOUND: 'Check the spelling, or give an IP address.',
  EAI_AGAIN: 'Names are not resolved at the moment: check the network, or give an IP address.',
  EHOSTUNREACH: 'There is no way to that host: check the address, the network and the VPN.',
  ENETUNREACH: 'There is no way to that network: check the address, the network and the VPN.',
  EACCES: 'The system forbids the connection: check the firewall rules of this machine.',
  'connect-failed': 'Check host and port, and that the peer runs.',
  'no-result':
    'The peer may report later, on an association of its own: --listen PORT hears it; --wait gives more time.',
  'invalid-meta': 'This is no DICOM file (Part 10).',
  ENOENT: 'Check the path.',
  EISDIR: 'This is a directory: name the files in it.',
  EADDRNOTAVAIL: 'This machine has no such address: give another one with --host.',
  EADDRINUSE: 'Another program listens on that port: give another one with --port or --listen.',
  'connection-lost':
    'The peer or the network closed the connection: is it a DICOM port, and one without TLS? Its log may say more.',
  'protocol-violation': 'What answers there does not speak DICOM as it should: check the port.',
  'no-context': 'The peer does not offer this service to us: check its configuration, and --calling.',
  'no-accepted-context': 'The peer does not offer this service to us: check its configuration, and --calling.',
  'identity-unconfirmed': 'The peer did not confirm the user: check --user and DICOMWIRE_PASSWORD.',
  'tls-expected': 'The peer wants TLS: add --tls, and --tls-ca FILE with the authority that vouches for it.',
  'tls-peer-is-plain': 'The peer speaks plain DICOM on this port: leave the --tls options out, or give its TLS port.',
  'tls-certificate-untrusted':
    'Give the authority that signed the certificate of the peer, or the certificate itself, with --tls-ca FILE.',
  'tls-certificate-expired': 'The peer needs a new certificate; are the clocks of both machines right?',
  'tls-certificate-revoked': 'The peer needs a new certificate: this one is not to be trusted any more.',
  'tls-host-mismatch': 'Call the peer by a name that is in its certificate, or have one made with this name.',
  'tls-client-certificate-required': 'The peer wants to know us: give --tls-cert FILE and --tls-key FILE.',
  'tls-certificate-refused':
    'The peer does not trust our certificate: have its authority registered there, or give another --tls-cert.',
  'tls-no-common-protocol': 'The peer speaks only versions of TLS that are too old or too new: bring it up to date.',
  'tls-no-common-cipher': 'Both sides know no cipher suite in common: check the TLS profile of the peer.',
  'tls-handshake-failed': 'Check the --tls options against the configuration of the peer; its log says more.',
  exists: 'Another object is there under this name: --overwrite replaces it, or give another directory.',
  'listen-failed': 'Give another port with --port or --listen, or an address of this machine with --host.',
  ENOSPC: 'The disk is full: make room, and ask again for what is missing.',
  EROFS: 'The disk is read-only: give another directory.',
  EPERM: 'This user may not do that: check the rights of the directory, or give another one.',
  ENOTDIR: 'A part of the path is a file: check the path.',
  EEXIST: 'Something else is there already: give another path.',
  'unexpected-response': 'The peer answered as the standard does not allow: its log or its maker may know why.',
  'response-timeout': 'The peer took the request and did not answer: look at its log. --timeout gives more time.',
};
