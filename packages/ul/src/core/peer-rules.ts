/** Who may associate, as data: titles, hosts and certificates that belong together. */
import { BlockList, isIP } from 'node:net';
import { AssociationError } from '../errors.js';
import { normalizeFingerprint } from '../fingerprint.js';

/** One kind of peer. Every part that is there must fit. */
export interface PeerRule {
  /** AE titles that it calls itself. Default: any. */
  readonly callingAeTitles?: readonly string[] | undefined;
  /** AE titles that it may call. Default: any. */
  readonly calledAeTitles?: readonly string[] | undefined;
  /** Where it comes from: IP addresses and networks (`10.0.0.7`, `10.1.0.0/16`, `fd00::/8`). Default: anywhere. */
  readonly hosts?: readonly string[] | undefined;
  /** SHA-256 fingerprints of the certificates that it may show (TLS). Default: any, or none. */
  readonly certificateFingerprints?: readonly string[] | undefined;
}

/** What is known of the peer beside its request. */
export interface ProposingPeer {
  /** Its IP address. */
  readonly address: string;
  /** SHA-256 fingerprint of its certificate, where it showed one. */
  readonly certificateFingerprint?: string | undefined;
}

/** The titles of a request. */
export interface Titles {
  readonly callingAeTitle: string;
  readonly calledAeTitle: string;
}

/** What is wrong with a request by these rules, if anything: one of them must fit. */
export function findMisfit(
  rules: readonly PeerRule[],
  titles: Titles,
  peer: ProposingPeer | undefined,
): 'calling' | 'called' | undefined {
  const candidates = rules.filter((rule) => fitsPeer(rule, titles, peer));
  if (candidates.length === 0) return 'calling';
  return candidates.some(({ calledAeTitles }) => calledAeTitles?.includes(titles.calledAeTitle) ?? true)
    ? undefined
    : 'called';
}

/**
 * Makes ready what a rule says.
 *
 * @throws {@link AssociationError} with code `invalid-option` when it is no rule
 */
export function checkPeerRule(rule: PeerRule): void {
  prepare(rule);
}

/** An address or a network in CIDR notation, as its parts; `undefined` where it is neither. */
export function parseHost(
  host: string,
): { readonly address: string; readonly prefix: number | undefined; readonly family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', length, ...rest] = host.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (length === undefined) return { address, prefix: undefined, family };
  const prefix = Number(length);
  const isPrefix = /^\d{1,3}$/.test(length) && prefix <= (version === 4 ? 32 : 128);
  return isPrefix ? { address, prefix, family } : undefined;
}

interface PreparedRule {
  readonly hosts: BlockList | undefined;
  readonly fingerprints: ReadonlySet<string> | undefined;
}

function fitsPeer(rule: PeerRule, titles: Titles, peer: ProposingPeer | undefined): boolean {
  if (rule.callingAeTitles?.includes(titles.callingAeTitle) === false) return false;
  const { hosts, fingerprints } = prepare(rule);
  if (hosts !== undefined && !isListed(hosts, peer?.address ?? '')) return false;
  const shown = peer?.certificateFingerprint;
  return fingerprints === undefined || (shown !== undefined && fingerprints.has(normalizeFingerprint(shown)));
}

function isListed(hosts: BlockList, address: string): boolean {
  // An IPv4 peer of a socket that listens on both has an address of its own kind.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const version = isIP(plain);
  return version !== 0 && hosts.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}

function prepare(rule: PeerRule): PreparedRule {
  let prepared = preparedRules.get(rule);
  if (prepared === undefined) {
    prepared = {
      hosts: rule.hosts && listOf(rule.hosts),
      fingerprints: rule.certificateFingerprints && new Set(rule.certificateFingerprints.map(normalizeFingerprint)),
    };
    preparedRules.set(rule, prepared);
  }
  return prepared;
}

function listOf(hosts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const host of hosts) {
    const parsed = parseHost(host);
    if (parsed === undefined) {
      throw new AssociationError('invalid-option', `${JSON.stringify(host)} is no IP address and no network`);
    }
    const { address, prefix, family } = parsed;
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, prefix, family);
  }
  return list;
}

/** Rules are data that doesn't change; what is made of them is made once. */
const preparedRules = new WeakMap<PeerRule, PreparedRule>();
