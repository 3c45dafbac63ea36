import { describe, expect, it } from 'vitest';
import { checkPeerRule, findMisfit, type PeerRule, parseHost } from './peer-rules.js';

const titles = { callingAeTitle: 'CT1', calledAeTitle: 'ARCHIVE' };
const print = 'ab'.repeat(32);

describe('a peer', () => {
  it.each<[string, PeerRule, string, string | undefined]>([
    ['any', {}, '', undefined],
    ['by title', { callingAeTitles: ['CT1'] }, '10.0.0.7', undefined],
    ['by address', { hosts: ['10.0.0.7'] }, '10.0.0.7', undefined],
    ['by network', { hosts: ['192.168.0.0/16', '10.0.0.0/8'] }, '10.0.0.7', undefined],
    ['by an IPv4 network, on a socket for both', { hosts: ['10.0.0.0/8'] }, '::ffff:10.0.0.7', undefined],
    ['by an IPv6 network', { hosts: ['fd00::/8'] }, 'fd12::7', undefined],
    [
      'by certificate',
      { certificateFingerprints: [print.toUpperCase()] },
      '10.0.0.7',
      print.replace(/(..)(?=.)/g, '$1:'),
    ],
  ])('is let in: %s', (_, rule, address, certificateFingerprint) => {
    expect(findMisfit([{ callingAeTitles: ['NOBODY'] }, rule], titles, { address, certificateFingerprint })).toBe(
      undefined,
    );
  });

  it.each<[string, PeerRule, string, string | undefined, string]>([
    ['by title', { callingAeTitles: ['CT2'] }, '10.0.0.7', undefined, 'calling'],
    ['by address', { hosts: ['10.0.0.8'] }, '10.0.0.7', undefined, 'calling'],
    ['by address, where there is none', { hosts: ['0.0.0.0/0', '::/0'] }, '', undefined, 'calling'],
    ['by network', { hosts: ['10.0.0.0/30'] }, '10.0.0.7', undefined, 'calling'],
    ['for want of a certificate', { certificateFingerprints: [print] }, '10.0.0.7', undefined, 'calling'],
    ['by certificate', { certificateFingerprints: [print] }, '10.0.0.7', 'cd'.repeat(32), 'calling'],
    [
      'since only half of a rule fits',
      { callingAeTitles: ['CT1'], hosts: ['10.9.9.9'] },
      '10.0.0.7',
      undefined,
      'calling',
    ],
    ['by what it calls', { callingAeTitles: ['CT1'], calledAeTitles: ['OTHER'] }, '10.0.0.7', undefined, 'called'],
  ])('is kept out: %s', (_, rule, address, certificateFingerprint, misfit) => {
    expect(findMisfit([rule], titles, { address, certificateFingerprint })).toBe(misfit);
  });

  it('is kept out where there is no rule at all, or nothing is known of it', () => {
    expect(findMisfit([], titles, { address: '10.0.0.7' })).toBe('calling');
    expect(findMisfit([{ hosts: ['10.0.0.7'] }], titles, undefined)).toBe('calling');
  });

  it.each(['pacs', '10.0.0', '10.0.0.0/', '10.0.0.0/x', '10.0.0.0/8/8', 'fd00::/129', ''])('%s is no host', (host) => {
    expect(parseHost(host)).toBe(undefined);
    expect(() => checkPeerRule({ hosts: [host] })).toThrow(/no IP address and no network/);
  });
});
