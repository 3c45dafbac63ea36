/** Turns what the state machine says about an end into errors that a person can act on. */
import type { Cause, Conclusion, TimedWait } from './core/conclusion.js';
import { abortInWords } from './core/reasons.js';
import {
  AssociationAbortedError,
  AssociationError,
  AssociationRejectedError,
  AssociationTimeoutError,
} from './errors.js';
import type { AssociationEnd, Endpoint } from './types.js';

/** Who is at the other end, for messages. */
export interface PeerName {
  /** AE title of the peer; blank when not known. */
  readonly aeTitle: string;
  readonly endpoint: Endpoint;
  /** Whether the transport is TLS. */
  readonly isTls?: boolean | undefined;
}

/** `PACS at 10.0.0.7:104`, as far as it is known. */
export function nameOf({ aeTitle, endpoint }: PeerName): string {
  const address = endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address;
  const place = address === '' ? '' : `${address}:${endpoint.port}`;
  const title = printable(aeTitle);
  if (title === '') return place === '' ? 'the peer' : place;
  return place === '' ? title : `${title} at ${place}`;
}

/** The error that stands for an end. */
export function errorOf(conclusion: Conclusion, peer: PeerName): AssociationError {
  const name = nameOf(peer);
  const at = { peer: peer.endpoint };
  switch (conclusion.kind) {
    case 'released':
      return new AssociationError('released', `the association with ${name} was released`, at);
    case 'rejected': {
      const who = conclusion.by === 'peer' ? `from ${name}` : `to ${name}`;
      return new AssociationRejectedError(who, conclusion.result, conclusion.source, conclusion.reason, at);
    }
    case 'aborted':
      return abortError(conclusion, name, peer.endpoint);
    case 'connection-lost': {
      const { cause } = conclusion;
      if (cause?.type === 'timeout') return timeoutError(cause.wait, cause.timeoutMs, name, peer.endpoint);
      if (cause?.type === 'error' && cause.error instanceof AssociationError) return cause.error;
      const hint = conclusion.isUnanswered && cause?.type !== 'violation' ? unansweredHint(peer) : '';
      const why = `${cause === undefined ? 'closed by the peer' : causeInWords(cause)}${hint}`;
      return new AssociationError('connection-lost', `connection with ${name} lost: ${why}`, {
        ...at,
        ...causeOf(cause),
      });
    }
  }
}

/** The end as the public interface has it; only associations that were established have one. */
export function endOf(conclusion: Conclusion, error: () => AssociationError): AssociationEnd {
  switch (conclusion.kind) {
    case 'released':
      return conclusion;
    case 'aborted': {
      const { by, source, reason, cause } = conclusion;
      if (cause === undefined) return { kind: 'aborted', by, source, reason };
      // An error that the user gave with its abort is reported as it is; everything else is worded here.
      return { kind: 'aborted', by, source, reason, error: cause.type === 'error' ? cause.error : error() };
    }
    case 'rejected':
    case 'connection-lost':
      return { kind: 'connection-lost', error: error() };
  }
}

function abortError(
  { by, source, reason, cause }: Extract<Conclusion, { kind: 'aborted' }>,
  name: string,
  peer: Endpoint,
): AssociationError {
  if (cause?.type === 'timeout') return timeoutError(cause.wait, cause.timeoutMs, name, peer);
  const options = { peer, ...causeOf(cause) };
  if (cause?.type === 'violation') {
    if (cause.isTls)
      return new AssociationError('tls-expected', `no association with ${name}: ${cause.problem}`, options);
    return new AssociationError('protocol-violation', `${name} broke the protocol: ${cause.problem}`, options);
  }
  if (cause?.type === 'error' && cause.error instanceof AssociationError) return cause.error;
  const who = by === 'peer' ? `A-ABORT from ${name}` : `association with ${name} aborted here`;
  const why = cause === undefined ? abortInWords(source, reason) : causeInWords(cause);
  return new AssociationAbortedError(
    `${who}: ${why} (source ${source}, reason ${reason})`,
    { by, source, reason },
    options,
  );
}

/** What a connection that is closed in place of an answer mostly means. */
function unansweredHint({ isTls }: PeerName): string {
  return isTls
    ? ' before any answer: does it refuse our certificate, or require one?'
    : ' before any answer: does it expect TLS, or refuse this host?';
}

function timeoutError(wait: TimedWait, timeoutMs: number, name: string, peer: Endpoint): AssociationTimeoutError {
  return new AssociationTimeoutError(wait, timeoutMs, `${waitInWords[wait](name)} within ${timeoutMs} ms`, { peer });
}

const waitInWords: Readonly<Record<TimedWait, (name: string) => string>> = {
  connect: (name) => `no connection to ${name}: is the address right, and does a firewall drop it? Nothing answered`,
  handshake: (name) => `the TLS handshake with ${name} was not finished`,
  association: (name) => `no answer from ${name} to open an association`,
  pdu: (name) => `${name} began a PDU and did not finish it`,
  write: (name) => `${name} took nothing of what was written`,
  idle: (name) => `${name} sent nothing`,
  release: (name) => `the release of the association with ${name} was not completed`,
  stall: (name) => `what ${name} sent was not taken by its receiver here`,
  close: (name) => `${name} did not close the connection`,
};

function causeOf(cause: Cause | undefined): { cause?: Error } {
  return cause !== undefined && cause.type !== 'timeout' && cause.error !== undefined ? { cause: cause.error } : {};
}

function causeInWords(cause: Cause): string {
  switch (cause.type) {
    case 'timeout':
      return `nothing within ${cause.timeoutMs} ms`;
    case 'violation':
      return cause.problem;
    case 'error':
      return cause.error.message;
  }
}

/** A peer's text goes into logs and terminals: no control characters. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
