/** TLS with pynetdicom, both ways: which version and cipher suite come out, who showed a certificate, who is refused and knows why. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type CredentialFiles, type Credentials, makeCredentials } from './line/credentials.ts';
import { startOurAcceptor } from './line/our-acceptor.ts';
import { echo, failureOf, openSession } from './line/our-requestor.ts';
import {
  ourClient,
  ourServer,
  refusedForLackOfCertificate,
  refusedForOurCertificate,
  type TlsVersion,
} from './line/tls-options.ts';
import { runLineScu, startLineScp } from './peers/pynetdicom-line.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

const VERSIONS = [
  ['TLSv1.2', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
  ['TLSv1.3', 'TLS_AES_256_GCM_SHA384'],
] as const;

let directory: TemporaryDirectory;
let credentials: Credentials;

beforeAll(async () => {
  directory = await temporaryDirectory('tls');
  credentials = await makeCredentials(directory.path, 'ec');
});

afterAll(() => directory.remove());

describeWith(['pynetdicom'], 'pynetdicom to us', () => {
  const scu = (version: TlsVersion, identity?: CredentialFiles, authority = credentials.authority) => ({
    authority,
    hostname: 'localhost',
    maximum: version === 'TLSv1.2' ? ('1.2' as const) : undefined,
    ...identity,
  });

  test.each(VERSIONS)('shows its certificate: %s, %s', async (version, cipherSuite) => {
    const ours = await startOurAcceptor({
      tls: { ...ourServer(credentials, version, 'require'), minimumVersion: 'TLSv1.2' },
    });
    const told = await runLineScu({ port: ours.port, tls: scu(version, credentials.modality) });
    expect(told).toMatchObject({ outcome: 'established', echo: 0, protocol: version });
    expect(ours.associations[0]?.tls).toMatchObject({
      protocol: version,
      cipherSuite,
      serverName: 'localhost',
      peerCertificate: { subject: 'CN=modality' },
    });
  });

  test.each(VERSIONS)('needs none where none is asked for: %s, %s', async (version, cipherSuite) => {
    const ours = await startOurAcceptor({ tls: ourServer(credentials, version, 'none') });
    expect(await runLineScu({ port: ours.port, tls: scu(version) })).toMatchObject({ outcome: 'established', echo: 0 });
    expect(ours.associations[0]?.tls).toMatchObject({ protocol: version, cipherSuite, peerCertificate: undefined });
  });

  test.each(VERSIONS)('is refused without one where one is required: %s', async (version) => {
    const ours = await startOurAcceptor({ tls: ourServer(credentials, version, 'require') });
    expect(await runLineScu({ port: ours.port, tls: scu(version) })).toMatchObject({ outcome: 'no association' });
    await expect.poll(() => ours.errors).toMatchObject([{ code: 'tls-client-certificate-required' }]);
  });

  test.each(VERSIONS)('is refused with one of an unknown authority: %s', async (version) => {
    const ours = await startOurAcceptor({ tls: ourServer(credentials, version, 'require') });
    const told = await runLineScu({ port: ours.port, tls: scu(version, credentials.stranger) });
    expect(told).toMatchObject({ outcome: 'no association' });
    await expect.poll(() => ours.errors).toMatchObject([{ code: 'tls-certificate-untrusted' }]);
  });

  test.each(VERSIONS)('does not trust our authority, and we are told: %s', async (version) => {
    const ours = await startOurAcceptor({ tls: ourServer(credentials, version, 'none') });
    const told = await runLineScu({ port: ours.port, tls: scu(version, undefined, credentials.otherAuthority) });
    expect(told).toMatchObject({ outcome: 'no association' });
    await expect.poll(() => ours.errors).toMatchObject([{ code: 'tls-certificate-refused' }]);
  });

  test('has no version in common where it wants an older one, and we say so', async () => {
    const ours = await startOurAcceptor({ tls: ourServer(credentials, 'TLSv1.3', 'none') });
    expect(await runLineScu({ port: ours.port, tls: scu('TLSv1.2') })).toMatchObject({ outcome: 'no association' });
    await expect.poll(() => ours.errors).toMatchObject([{ code: 'tls-no-common-protocol' }]);
  });

  test('without TLS fails at our TLS port, and we say why', async () => {
    const ours = await startOurAcceptor({ tls: ourServer(credentials, 'TLSv1.3', 'none') });
    expect(await runLineScu({ port: ours.port })).toMatchObject({ outcome: 'no association' });
    await expect.poll(() => ours.errors).toMatchObject([{ code: 'tls-peer-is-plain' }]);
  });

  test('with TLS fails at our plain port, and we say why', async () => {
    const ours = await startOurAcceptor();
    expect(await runLineScu({ port: ours.port, tls: scu('TLSv1.3') })).toMatchObject({ outcome: 'no association' });
    await expect.poll(() => ours.errors).toMatchObject([{ code: 'tls-expected' }]);
  });
});

describeWith(['pynetdicom'], 'us to pynetdicom', () => {
  const startPeer = async (requiresCertificate: boolean, identity: CredentialFiles = credentials.archive) => {
    const peer = await startLineScp({ tls: { ...identity, authority: credentials.authority, requiresCertificate } });
    onTestFinished(() => peer.stop());
    return peer;
  };

  test.each(VERSIONS)('sees our certificate: %s, %s', async (version, cipherSuite) => {
    const peer = await startPeer(true);
    const session = await openSession({ port: peer.port, tls: ourClient(credentials, version, credentials.modality) });
    expect(session.association.tls).toMatchObject({
      protocol: version,
      cipherSuite,
      peerCertificate: { subject: 'CN=archive' },
    });
    expect(await echo(session)).toBe(0);
    expect(await session.release()).toEqual({ kind: 'released', by: 'local' });
    expect(peer.events()).toContainEqual(
      expect.objectContaining({ event: 'established', protocol: version, certificate: true }),
    );
  });

  test.each(VERSIONS)('needs none where it asks for none: %s, %s', async (version, cipherSuite) => {
    const peer = await startPeer(false);
    const session = await openSession({ port: peer.port, tls: ourClient(credentials, version) });
    expect(session.association.tls).toMatchObject({ protocol: version, cipherSuite });
    expect(await echo(session)).toBe(0);
    expect(peer.events()).toContainEqual(expect.objectContaining({ event: 'established', certificate: false }));
  });

  test.each(VERSIONS)('refuses us without one where it requires one: %s', async (version) => {
    const peer = await startPeer(true);
    const error = await failureOf(openSession({ port: peer.port, tls: ourClient(credentials, version) }));
    expect(error.code).toMatch(refusedForLackOfCertificate[version]);
  });

  test.each(VERSIONS)('refuses our certificate of an unknown authority: %s', async (version) => {
    const peer = await startPeer(true);
    const error = await failureOf(
      openSession({ port: peer.port, tls: ourClient(credentials, version, credentials.stranger) }),
    );
    expect(error.code).toMatch(refusedForOurCertificate[version]);
  });

  test.each(VERSIONS)('is not trusted with a certificate of an unknown authority: %s', async (version) => {
    const peer = await startPeer(false, credentials.stranger);
    const error = await failureOf(openSession({ port: peer.port, tls: ourClient(credentials, version) }));
    expect(error.code).toBe('tls-certificate-untrusted');
  });

  test('without TLS is not reached by TLS, and we say why', async () => {
    const peer = await startLineScp();
    onTestFinished(() => peer.stop());
    const error = await failureOf(openSession({ port: peer.port, tls: ourClient(credentials, 'TLSv1.3') }));
    expect(error.code).toBe('tls-peer-is-plain');
  });

  test('with TLS is not reached without, and we say why', async () => {
    const peer = await startPeer(false);
    const error = await failureOf(openSession({ port: peer.port }));
    expect(error).toMatchObject({ code: 'connection-lost', message: expect.stringMatching(/does it expect TLS/) });
  });
});
