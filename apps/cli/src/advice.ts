/** What went wrong, and what the person at the terminal can do about it. */
import { DimseError, ServiceError } from '@dicomwire/services';
import {
  AssociationAbortedError,
  AssociationError,
  AssociationRejectedError,
  AssociationTimeoutError,
} from '@dicomwire/ul';

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
    message: outermost?.message ?? String(error),
    advice: advised === undefined ? undefined : adviceOn(advised),
  };
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
  if (source === 1 && reason === 7) return "Give the peer's own AE title with --called.";
  if (source === 1 && reason === 3) {
    return 'The peer must know us: register our AE title there, or give one that it knows with --calling.';
  }
  if (source === 1 && reason === 2) return 'The peer wants another application context: is it a DICOM archive?';
  if (result === 2 || source === 3)
    return 'The peer is busy or at a limit: try again later, or raise its limit of associations.';
  return 'Often AE titles are the reason: check --called and --calling against the configuration of the peer.';
}

/** Statuses that mean the same, or nearly, in all services. PS3.7 Annex C, PS3.4 C.4. */
function adviceOnStatus(status: number | undefined): string | undefined {
  if (status === undefined) return undefined;
  return adviceOnStatusCode.get(status) ?? (status >> 8 === 0xa9 ? adviceOnIdentifier : undefined);
}

const adviceOnIdentifier =
  'The peer does not like the keys: check --level and --model, and the keys that the level needs.';

const adviceOnStatusCode: ReadonlyMap<number, string> = new Map([
  [0xa700, 'The peer is out of resources: ask for less at once, or look at its log.'],
  [0xa702, 'The peer could not send the instances: its log says why; does the destination run?'],
  [0xa801, 'The peer does not know the destination: register its AE title, host and port there.'],
  [0x0112, 'The peer knows no such instance: check the UID.'],
  [0x0122, 'The peer does not support this SOP class after all: check its configuration.'],
  [0x0124, 'The peer does not allow this: check its configuration, --calling and --user.'],
]);

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
  EADDRINUSE: 'Another program listens on that port: give another one with --port or --listen.',
  'connection-lost':
    'The peer or the network closed the connection: is it a DICOM port, and one without TLS? Its log may say more.',
  'protocol-violation': 'What answers there does not speak DICOM as it should: check the port.',
  'no-context': 'The peer does not offer this service to us: check its configuration, and --calling.',
  'no-accepted-context': 'The peer does not offer this service to us: check its configuration, and --calling.',
  'unexpected-response': 'The peer answered as the standard does not allow: its log or its maker may know why.',
  'response-timeout': 'The peer took the request and did not answer: look at its log. --timeout gives more time.',
};
