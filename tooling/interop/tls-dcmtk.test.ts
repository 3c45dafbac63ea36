/** TLS with DCMTK, both ways: which version and cipher suite come out, who showed a certificate, who is refused and knows why. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type GeneratedObject, generateObject } from './corpus/generated.ts';
import { type CredentialFiles, type Credentials, makeCredentials } from './line/credentials.ts';
import { startOurAcceptor } from './line/our-acceptor.ts';
import { echo, failureOf, openSession } from './line/our-requestor.ts';
import { ctImageStorage } from './line/proposal.ts';
import { ourClient, ourServer, refusedForLackOfCertificate, refusedForOurCertificate } from './line/tls-options.ts';
import { startDcmrecv, startStorescp } from './peers/dcmtk.ts';
import { run } from './peers/process.ts';
import type { StoragePeer } from './peers/storage-peer.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

const VERSIONS = [
  ['TLSv1.2', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
  ['TLSv1.3', 'TLS_AES_256_GCM_SHA384'],
] as const;

let directory: TemporaryDirectory;
let credentials: Credentials;
let object: GeneratedObject;
let path: string;

beforeAll(async () => {
  directory = await temporaryDirectory('tls');
  credentials = await makeCredentials(directory.path, 'rsa');
  object = generateObject({ pixelBytes: 300_000 });
  path = join(directory.path, 'object.dcm');
  await writeFile(path, object.file);
});

afterAll(() => directory.remove());

const DCMTK_CLIENTS = [
  ['echoscu', () => []],
  ['storescu', () => [path]],
  ['findscu', () => ['-S', '-k', 'QueryRetrieveLevel=STUDY', '-k', 'StudyInstanceUID']],
] as const;

/** DCMTK wants the files of a query after the port, and its keys before. */
function runDcmtk(program: string, port: number, tls: readonly string[]) {
  const args = DCMTK_CLIENTS.find(([name]) => name === program)?.[1]() ?? [];
  const [before, after] = program === 'storescu' ? [[], args] : [args, []];
  return run(program, [...tls, ...before, '127.0.0.1', String(port), ...after]);
}

function withCertificate({ certificate, privateKey }: CredentialFiles, authority = credentials.authority): string[] {
  return ['+tls', privateKey, certificate, '+cf', authority];
}

function anonymous(authority = credentials.authority): string[] {
  return ['+tla', '+cf', authority];
}

describeWith(['DCMTK'], 'DCMTK to us', () => {
  describe.each(DCMTK_CLIENTS.map(([program]) => program))('%s', (program) => {
    test.each(VERSIONS)('shows its certificate: %s, %s', async (version, cipherSuite) => {
      const ours = await startOurAcceptor({ tls: ourServer(credentials, version, 'require') });
      const end = await runDcmtk(program, ours.port, withCertificate(credentials.modality));
      expect(end).toMatchObject({ exitCode: 0 });
      expect(ours.associations.map(({ tls }) => tls)).toMatchObject([
        { protocol: version, cipherSuite, peerCertificate: { subject: 'CN=modality' } },
      ]);
      expect(ours.stored).toEqual(program === 'storescu' ? [object.sopInstanceUid] : []);
      expect(ours.errors).toEqual([]);
    });

    test.each(VERSIONS)('needs none where none is asked for: %s, %s', async (version, cipherSuite) => {
      const ours = await startOurAcceptor({ tls: ourServer(credentials, version, 'none') });
      expect(await runDcmtk(program, ours.port, anonymous())).toMatchObject({ exitCode: 0 });
      expect(ours.associations[0]?.tls).toMatchObject({ protocol: version, cipherSuite, peerCertificate: undefined });
    });

    test.each(VERSIONS)('is refused without one where one is required: %s', async (version) => {
      const ours = await startOurAcceptor({ tls: ourServer(credentials, version, 'require') });
      const end = await runDcmtk(program, ours.port, anonymous());
      expect(end.exitCode).not.toBe(0);
      await expect.poll(() => ours.errors).toMatchObject([{ code: 'tls-client-certificate-required' }]);
      expect(ours.associations).toEqual([]);
    });

    test.each(VERSIONS)('is refused with one of an unknown authority: %s', async (version) => {
      const ours = await startOurAcceptor({ tls: ourServer(credentials, version, 'require') });
      const end = await runDcmtk(program, ours.port, withCertificate(credentials.stranger));
      expect(end.exitCode).not.toBe(0);
      await expect.poll(() => ours.errors).toMatchObject([{ code: 'tls-certificate-untrusted' }]);
      expect(ours.associations).toEqual([]);
    });

    test.each(VERSIONS)('does not trust our authority, and we are told: %s', async (version) => {
      const ours = await startOurAcceptor({ tls: ourServer(credentials, version, 'none') });
      const end = await runDcmtk(program, ours.port, anonymous(credentials.otherAuthority));
      expect(end.exitCode).not.toBe(0);
      await expect.poll(() => ours.errors).toMatchObject([{ code: 'tls-certificate-refused' }]);
    });

    test('gets the newest version when nothing narrows it down', async () => {
      const { archive, authority } = credentials;
      const ours = await startOurAcceptor({ tls: { ...archive, trustedCertificates: authority } });
      expect(await runDcmtk(program, ours.port, withCertificate(credentials.modality))).toMatchObject({ exitCode: 0 });
      expect(ours.associations[0]?.tls).toMatchObject({
        protocol: 'TLSv1.3',
        peerCertificate: { subject: 'CN=modality' },
      });
    });

    test('without TLS fails at our TLS port, and we say why', async () => {
      const ours = await startOurAcceptor({ tls: ourServer(credentials, 'TLSv1.3', 'none') });
      expect((await runDcmtk(program, ours.port, [])).exitCode).not.toBe(0);
      await expect.poll(() => ours.errors).toMatchObject([{ code: 'tls-peer-is-plain' }]);
    });

    test('with TLS fails at our plain port, and we say why', async () => {
      const ours = await startOurAcceptor();
      expect((await runDcmtk(program, ours.port, anonymous())).exitCode).not.toBe(0);
      await expect.poll(() => ours.errors).toMatchObject([{ code: 'tls-expected' }]);
    });
  });
});

const DCMTK_SERVERS: readonly (readonly [string, (args: readonly string[]) => Promise<StoragePeer>])[] = [
  ['storescp', (args) => startStorescp({ args })],
  ['dcmrecv', (args) => startDcmrecv([ctImageStorage], args)],
];

describeWith(['DCMTK'], 'us to DCMTK', () => {
  describe.each(DCMTK_SERVERS)('%s', (_, start) => {
    const startPeer = async (args: readonly string[]) => {
      const peer = await start(args);
      onTestFinished(() => peer.stop());
      return peer;
    };

    test.each(VERSIONS)('sees our certificate, and keeps what we send: %s, %s', async (version, cipherSuite) => {
      const peer = await startPeer([...withCertificate(credentials.archive), '--require-peer-cert']);
      const session = await openSession({
        port: peer.port,
        tls: ourClient(credentials, version, credentials.modality),
      });
      expect(session.association.tls).toMatchObject({
        protocol: version,
        cipherSuite,
        peerCertificate: { subject: 'CN=archive' },
      });
      expect(await echo(session)).toBe(0);
      const { command } = await session.request(
        { type: 'C-STORE-RQ', affectedSopClassUid: object.sopClassUid, affectedSopInstanceUid: object.sopInstanceUid },
        { dataSet: object.dataSet },
      );
      expect(command.status).toBe(0);
      await session.release();
      expect((await peer.received()).get(object.sopInstanceUid)?.dataSet.equals(object.dataSet)).toBe(true);
    });

    test.each(VERSIONS)('needs none where it asks for none: %s, %s', async (version, cipherSuite) => {
      const peer = await startPeer([...withCertificate(credentials.archive), '--ignore-peer-cert']);
      const session = await openSession({ port: peer.port, tls: ourClient(credentials, version) });
      expect(session.association.tls).toMatchObject({ protocol: version, cipherSuite });
      expect(await echo(session)).toBe(0);
      expect(await session.release()).toEqual({ kind: 'released', by: 'local' });
    });

    test.each(VERSIONS)('refuses us without one where it requires one: %s', async (version) => {
      const peer = await startPeer([...withCertificate(credentials.archive), '--require-peer-cert']);
      const error = await failureOf(openSession({ port: peer.port, tls: ourClient(credentials, version) }));
      expect(error.code).toMatch(refusedForLackOfCertificate[version]);
    });

    test.each(VERSIONS)('refuses our certificate of an unknown authority: %s', async (version) => {
      const peer = await startPeer([...withCertificate(credentials.archive), '--require-peer-cert']);
      const error = await failureOf(
        openSession({ port: peer.port, tls: ourClient(credentials, version, credentials.stranger) }),
      );
      expect(error.code).toMatch(refusedForOurCertificate[version]);
    });

    test.each(VERSIONS)('is not trusted with a certificate of an unknown authority: %s', async (version) => {
      const peer = await startPeer([...withCertificate(credentials.stranger), '--ignore-peer-cert']);
      const error = await failureOf(openSession({ port: peer.port, tls: ourClient(credentials, version) }));
      expect(error.code).toBe('tls-certificate-untrusted');
    });

    test('without TLS is not reached by TLS, and we say why', async () => {
      const peer = await startPeer([]);
      const error = await failureOf(openSession({ port: peer.port, tls: ourClient(credentials, 'TLSv1.3') }));
      expect(error).toMatchObject({
        code: 'tls-handshake-failed',
        message: expect.stringMatching(/does it expect TLS/),
      });
    });

    test('with TLS is not reached without, and we say why', async () => {
      const peer = await startPeer(withCertificate(credentials.archive));
      const error = await failureOf(openSession({ port: peer.port }));
      expect(error).toMatchObject({ code: 'connection-lost', message: expect.stringMatching(/does it expect TLS/) });
    });
  });
});
