/** Peers that the server may call: where a title is reached. */

import { InvalidArgumentError } from 'commander';
import type { KnownPeer } from './serve-config.js';
import { parseAeTitle, parsePort } from './values.js';

/** `AET=HOST:PORT` or `AET=HOST:PORT;tls`; an IPv6 address in brackets. */
export function parsePeer(word: string): KnownPeer {
  const [, title, bracketed, plain, port, options] =
    /^([^=]+)=(?:\[([^\]]+)\]|([^:;[\]]+)):(\d+)((?:;[^;]*)*)$/.exec(word) ?? [];
  const host = bracketed ?? plain;
  if (title === undefined || host === undefined || port === undefined) {
    throw new InvalidArgumentError('Expected AET=HOST:PORT, or AET=HOST:PORT;tls.');
  }
  const wanted = (options ?? '').split(';').filter((option) => option !== '');
  const unknown = wanted.find((option) => option !== 'tls');
  if (unknown !== undefined) throw new InvalidArgumentError(`Expected ;tls, not ;${unknown}.`);
  const number = parsePort(port);
  if (number === 0) throw new InvalidArgumentError('Expected a port from 1 to 65535.');
  return { aeTitle: parseAeTitle(title), host, port: number, tls: wanted.includes('tls') ? {} : undefined };
}

/** One of many peers; the last of a title counts. */
export function collectPeer(word: string, previous: readonly KnownPeer[] | undefined): readonly KnownPeer[] {
  const peer = parsePeer(word);
  return [...(previous ?? []).filter(({ aeTitle }) => aeTitle !== peer.aeTitle), peer];
}
