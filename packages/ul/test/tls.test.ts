/** TLS in both roles, over real sockets, with certificates made for the test. */
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectTcp, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { encode } from '@dicomwire/pdu';
import {
  type Association,
  AssociationError,
  type ConnectOptions,
  connect,
  createServer,
  type Server,
  type ServerOptions,
  type TlsConnectOptions,
  type TlsServerOptions,
} from '@dicomwire/ul';
import { VirtualClock } from '@dicomwire/ul/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type Holder, makeCertificate, makeRevocationList } from './certificates.js';
import { policy, Recorder, request } from './scene.js';

const authority = makeCertificate('Authority', { isAuthority: true });
const otherAuthority = makeCertificate('Other authority', { isAuthority: true });
const here = ['localhost', '127.0.0.1'];
const archive = makeCertificate('Archive', { issuer: authority, hosts: here });
const modality = makeCertificate('Modality', { issuer: authority });
const stranger = makeCertificate('Stranger', { issuer: otherAuthority, hosts: here });
const expired = makeCertificate('Expired', { issuer: authority, hosts: here, validDays: [-20, -10] });
const early = makeCertificate('Early', { issuer: authority, hosts: here, validDays: [10, 20] });
const elsewhere = makeCertificate('Elsewhere', { issuer: authority, hosts: ['pacs.example.org'] });
const revoked = makeCertificate('Revoked', { issuer: authority, hosts: here });
const revocationList = makeRevocationList(authority, [revoked]);

const trusting = { trustedCertificates: authority.certificate };

function identity({ certificate, privateKey }: Holder) {
  return { certificate, privateKey };
}

function fingerprint({ certificate }: Holder): string {
  return new X509Certificate(certificate).fingerprint256;
}

const servers: (Server | TcpServer)[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

interface Listening {
  readonly server: Server;
  readonly port: number;
  readonly associations: Association[];
  readonly errors: AssociationError[];
}

async function listen(tls: TlsServerOptions | undefined, options: Partial<ServerOptions> = {}): Promise<Listening> {
  const associations: Association[] = [];
  const errors: AssociationError[] = [];
  const server = createServer({
    policy,
    tls,
    onAssociation: (association) => {
      association.setReceiver(new Recorder());
      associations.push(association);
    },
    onError: (error) => errors.push(error),
    ...options,
  });
  servers.push(server);
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  return { server, port, associations, errors };
}

function open(port: number, tls: TlsConnectOptions | undefined, options: Partial<ConnectOptions> = {}) {
  const { calledAeTitle, callingAeTitle, presentationContexts } = request;
  return connect({ host: '127.0.0.1', port, tls, calledAeTitle, callingAeTitle, presentationContexts, ...options });
}

/** The error of an attempt that fails. */
async function failureOf(attempt: Promise<Association>): Promise<AssociationError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AssociationError)) throw new Error('it did not fail as it should', { cause: error });
  return error;
}

/** Once the other side has told, too. */
async function told(errors: readonly AssociationError[], count = 1): Promise<readonly string[]> {
  await expect.poll(() => errors.length).toBeGreaterThanOrEqual(count);
  return errors.map(({ code }) => code);
}

describe('an association over TLS', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is opened, used and released: %s', async (version) => {
    const { port, associations } = await listen({ ...identity(archive), maximumVersion: version });
    const association = await open(port, trusting);
    expect(association.tls).toMatchObject({ protocol: version, serverName: undefined });
    expect(association.tls?.cipherSuite).toMatch(/^TLS_(ECDHE_ECDSA_WITH_)?AES_256_GCM_SHA384$/);
    expect(association.tls?.peerCertificate?.subject).toBe('CN=Archive');
    expect(associations[0]?.tls).toMatchObject({ protocol: version, peerCertificate: undefined });
    await association.send(1, true, true, new Uint8Array(100));
    expect(await association.release()).toEqual({ kind: 'released', by: 'local' });
  });

  it('carries many bytes whole and in order', async () => {
    const { port } = await listen(identity(archive), {
      onAssociation: (association) => {
        association.setReceiver({
          fragment: (id, isCommand, isLast, data) => association.send(id, isCommand, isLast, Uint8Array.from(data)),
          ended: () => {},
        });
      },
    });
    const association = await open(port, trusting);
    const piece = new Uint8Array(60_000).map((_, index) => index * 7);
    const pieces = 100;
    let received = 0;
    let isWrong = false;
    const done = new Promise<void>((resolve) => {
      association.setReceiver({
        fragment(_id, _isCommand, _isLast, data) {
          for (const byte of data) isWrong ||= byte !== piece[received++ % piece.length];
          if (received === pieces * piece.length) resolve();
          return undefined;
        },
        ended: () => {},
      });
    });
    for (let count = 0; count < pieces; count++) await association.send(3, false, false, piece);
    await done;
    expect(isWrong).toBe(false);
    await association.release();
  });

  it('shows the client certificate to the acceptance hook and on the association', async () => {
    const seen: (string | undefined)[] = [];
    const { port, associations } = await listen(
      { ...identity(archive), ...trusting },
      {
        accept: ({ tls }) => {
          seen.push(tls?.peerCertificate?.subject);
          return undefined;
        },
      },
    );
    const association = await open(port, { ...trusting, ...identity(modality) });
    expect(seen).toEqual(['CN=Modality']);
    expect(associations[0]?.tls?.peerCertificate?.subject).toBe('CN=Modality');
    await association.release();
  });

  it('goes on over a transport that is given', async () => {
    const { port } = await listen(identity(archive));
    const transport = connectTcp({ host: '127.0.0.1', port });
    const association = await open(port, { ...trusting, serverName: 'localhost' }, { transport });
    expect(association.tls?.protocol).toBe('TLSv1.3');
    await association.release();
  });

  it('shows the certificate of the host name that is asked for', async () => {
    const { port } = await listen({
      ...identity(archive),
      serverNames: { 'pacs.example.org': identity(elsewhere), '*.hospital.example': identity(modality) },
    });
    const cases = [
      ['pacs.example.org', 'CN=Elsewhere'],
      ['ct.hospital.example', 'CN=Modality'],
      ['localhost', 'CN=Archive'],
    ] as const;
    for (const [serverName, subject] of cases) {
      const association = await open(port, { ...trusting, serverName, verification: 'chain' });
      expect(association.tls).toMatchObject({ serverName, peerCertificate: { subject } });
      await association.release();
    }
  });
});

describe('the requestor says why it does not trust the acceptor', () => {
  it.each<[string, TlsServerOptions, TlsConnectOptions, string]>([
    ['an unknown authority', identity(stranger), trusting, 'tls-certificate-untrusted'],
    ['an authority that Node.js does not know', identity(archive), {}, 'tls-certificate-untrusted'],
    ['an expired certificate', identity(expired), trusting, 'tls-certificate-expired'],
    ['a certificate that is not valid yet', identity(early), trusting, 'tls-certificate-expired'],
    ['another host', identity(elsewhere), trusting, 'tls-host-mismatch'],
    ['a revoked one', identity(revoked), { ...trusting, revocationLists: revocationList }, 'tls-certificate-revoked'],
    [
      'no list of its authority',
      identity(stranger),
      { trustedCertificates: otherAuthority.certificate, revocationLists: revocationList },
      'tls-certificate-untrusted',
    ],
    [
      'another than the pinned one',
      identity(archive),
      { pinnedFingerprints: [fingerprint(stranger)] },
      'tls-fingerprint-mismatch',
    ],
    [
      'the pinned one, expired',
      identity(expired),
      { pinnedFingerprints: [fingerprint(expired)] },
      'tls-certificate-expired',
    ],
    [
      'no protocol in common',
      { ...identity(archive), minimumVersion: 'TLSv1.3' },
      { ...trusting, maximumVersion: 'TLSv1.2' },
      'tls-no-common-protocol',
    ],
    [
      'no cipher suite in common',
      { ...identity(archive), maximumVersion: 'TLSv1.2', cipherSuites: ['ECDHE-ECDSA-AES256-GCM-SHA384'] },
      { ...trusting, cipherSuites: ['ECDHE-ECDSA-AES128-GCM-SHA256'], maximumVersion: 'TLSv1.2' },
      'tls-no-common-cipher',
    ],
  ])('%s', async (_, serverTls, clientTls, code) => {
    const { port, errors, server } = await listen(serverTls);
    const error = await failureOf(open(port, clientTls));
    expect(error).toMatchObject({ code, peer: { address: '127.0.0.1', port } });
    expect(error.message).toContain('ACCEPTOR at 127.0.0.1');
    await expect.poll(() => server.connectionCount).toBe(0);
    expect(errors.length).toBeLessThanOrEqual(1);
  });

  it.each<[string, TlsServerOptions, TlsConnectOptions]>([
    ['a pinned certificate, whoever signed it', identity(stranger), { pinnedFingerprints: [fingerprint(stranger)] }],
    ['any host', identity(elsewhere), { ...trusting, verification: 'chain' }],
    ['another name for the host', identity(elsewhere), { ...trusting, serverName: 'pacs.example.org' }],
    ['anything, where that is asked for', identity(expired), { verification: 'none' }],
    ['one that is not on the list', identity(archive), { ...trusting, revocationLists: revocationList }],
  ])('and trusts %s', async (_, serverTls, clientTls) => {
    const { port } = await listen(serverTls);
    const association = await open(port, clientTls);
    await association.release();
  });
});

describe('the acceptor says why it does not trust a requestor', () => {
  const mutual = { ...identity(archive), ...trusting };

  it.each<[string, TlsServerOptions, Holder, string]>([
    ['an unknown authority', mutual, stranger, 'tls-certificate-untrusted'],
    ['an expired certificate', mutual, expired, 'tls-certificate-expired'],
    ['a revoked one', { ...mutual, revocationLists: revocationList }, revoked, 'tls-certificate-revoked'],
    [
      'another than the pinned one',
      { ...identity(archive), pinnedFingerprints: [fingerprint(modality)] },
      stranger,
      'tls-fingerprint-mismatch',
    ],
    [
      'a wrong one where none is needed',
      { ...mutual, clientCertificate: 'request' },
      stranger,
      'tls-certificate-untrusted',
    ],
  ])('%s', async (_, serverTls, holder, code) => {
    for (const maximumVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const { port, errors, associations } = await listen({ ...serverTls, maximumVersion });
      const error = await failureOf(open(port, { ...trusting, ...identity(holder) }));
      expect(error.code).toMatch(/^(connection-lost|tls-handshake-failed)$/);
      expect(await told(errors)).toEqual([code]);
      expect(errors[0]?.peer?.address).toBe('127.0.0.1');
      expect(associations).toEqual([]);
    }
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('a missing certificate, and the requestor knows: %s', async (version) => {
    const { port, errors } = await listen({ ...mutual, maximumVersion: version });
    const error = await failureOf(open(port, trusting));
    // With TLS 1.3 the alert comes after the handshake, and may be overtaken by the close.
    expect(error.code).toMatch(
      version === 'TLSv1.2'
        ? /^tls-client-certificate-required$/
        : /^(tls-client-certificate-required|connection-lost)$/,
    );
    expect(await told(errors)).toEqual(['tls-client-certificate-required']);
  });

  it.each<[string, TlsServerOptions, TlsConnectOptions]>([
    ['a trusted one', mutual, { ...trusting, ...identity(modality) }],
    ['none, where none is needed', { ...mutual, clientCertificate: 'request' }, trusting],
    [
      'the pinned one, whoever signed it',
      { ...identity(archive), pinnedFingerprints: [fingerprint(stranger)] },
      { ...trusting, ...identity(stranger) },
    ],
  ])('and takes %s', async (_, serverTls, clientTls) => {
    const { port } = await listen(serverTls);
    const association = await open(port, clientTls);
    await association.release();
  });
});

describe('TLS meets a port without it', () => {
  it('a TLS requestor at our plain acceptor fails at once, and both know', async () => {
    const { port, errors } = await listen(undefined);
    expect(await failureOf(open(port, trusting))).toMatchObject({ code: 'tls-peer-is-plain' });
    expect(await told(errors)).toEqual(['tls-expected']);
  });

  it('a plain requestor at our TLS acceptor fails at once, and both know', async () => {
    const { port, errors } = await listen(identity(archive));
    expect(await failureOf(open(port, undefined))).toMatchObject({ code: 'tls-expected' });
    expect(await told(errors)).toEqual(['tls-peer-is-plain']);
  });

  it('a plain requestor at another TLS server fails at once, with a hint', async () => {
    const server = createTlsServer({ cert: archive.certificate, key: archive.privateKey });
    servers.push(server.listen(0, '127.0.0.1'));
    await new Promise((resolve) => {
      server.once('listening', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const error = await failureOf(open(address.port, undefined));
    expect(error.message).toMatch(/does it expect TLS/);
  });

  it('a TLS requestor at a server that closes without a word', async () => {
    const server = createTcpServer((socket) => socket.destroy());
    servers.push(server.listen(0, '127.0.0.1'));
    await new Promise((resolve) => {
      server.once('listening', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    expect(await failureOf(open(address.port, trusting))).toMatchObject({ code: 'tls-handshake-failed' });
  });
});

describe('a handshake that does not come', () => {
  it('holds up nobody, counts as a connection, and ends at its deadline', async () => {
    const clock = new VirtualClock();
    const { server, port, errors } = await listen(identity(archive), { clock, handshakeTimeoutMs: 5_000 });
    const silent = connectTcp({ host: '127.0.0.1', port });
    const half = connectTcp({ host: '127.0.0.1', port });
    half.write(Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00));
    const closed = Promise.all(
      [silent, half].map(
        (socket) =>
          new Promise((resolve) => {
            socket.on('error', () => {}).on('close', resolve);
          }),
      ),
    );
    await expect.poll(() => server.connectionCount).toBe(2);
    const association = await open(port, trusting);
    expect(server.connectionCount).toBe(3);
    await association.release();
    await clock.advance(5_000);
    await closed;
    expect(errors.map((error) => ('wait' in error ? error.wait : error.code))).toEqual(['handshake', 'handshake']);
    await expect.poll(() => server.connectionCount).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is refused at the door when there are too many connections', async () => {
    const { server, port } = await listen(identity(archive), { maxConnections: 1 });
    const silent = connectTcp({ host: '127.0.0.1', port });
    await expect.poll(() => server.connectionCount).toBe(1);
    expect(await failureOf(open(port, trusting))).toMatchObject({ code: 'tls-handshake-failed' });
    expect(server.refusedConnectionCount).toBe(1);
    silent.destroy();
  });

  it('does not keep a server from closing', async () => {
    const { server, port } = await listen(identity(archive));
    const silent = connectTcp({ host: '127.0.0.1', port });
    silent.on('error', () => {});
    await expect.poll(() => server.connectionCount).toBe(1);
    await server.close();
    expect(server.connectionCount).toBe(0);
  });

  it('fails a requestor at its deadline', async () => {
    const clock = new VirtualClock();
    const silent = createTcpServer((socket) => void socket.on('error', () => {}));
    servers.push(silent.listen(0, '127.0.0.1'));
    const accepted = new Promise((resolve) => {
      silent.once('connection', (socket) => socket.once('data', resolve));
    });
    await new Promise((resolve) => {
      silent.once('listening', resolve);
    });
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const failing = failureOf(open(address.port, trusting, { clock, handshakeTimeoutMs: 5_000 }));
    await accepted;
    await clock.advance(5_000);
    expect(await failing).toMatchObject({ code: 'timeout', wait: 'handshake', timeoutMs: 5_000 });
  });

  it('ends when the caller gives up', async () => {
    const silent = createTcpServer((socket) => void socket.on('error', () => {}));
    servers.push(silent.listen(0, '127.0.0.1'));
    const controller = new AbortController();
    silent.once('connection', (socket) => socket.once('data', () => controller.abort()));
    await new Promise((resolve) => {
      silent.once('listening', resolve);
    });
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const error = await failureOf(open(address.port, trusting, { signal: controller.signal }));
    expect(error.code).toBe('cancelled');
  });

  it('and garbage behind a TLS record header harms nobody', async () => {
    const { server, port, errors } = await listen(identity(archive));
    const socket = connectTcp({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    socket.write(Buffer.concat([Uint8Array.of(0x16, 0x03, 0x01, 0x00, 0xcd), encode(request)]));
    expect(await told(errors)).toEqual([expect.stringMatching(/^tls-/)]);
    const association = await open(port, trusting);
    await association.release();
    await expect.poll(() => server.connectionCount).toBe(0);
  });

  it('a TLS 1.1 client is refused', async () => {
    const { port, errors } = await listen(identity(archive));
    const socket = connectTls({
      port,
      host: '127.0.0.1',
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
      rejectUnauthorized: false,
    });
    await new Promise<void>((resolve) => {
      socket.on('error', () => resolve());
    });
    expect(await told(errors)).toEqual(['tls-no-common-protocol']);
  });
});

describe('certificates and keys', () => {
  it('are read from files, an encrypted key with the passphrase that a function gives', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'dicomwire-tls-'));
    try {
      const certificate = join(directory, 'certificate.pem');
      const privateKey = join(directory, 'key.pem');
      const trustedCertificates = join(directory, 'authority.pem');
      const encrypted = archive.key.export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'open sesame',
      });
      await writeFile(certificate, archive.certificate);
      await writeFile(privateKey, encrypted);
      await writeFile(trustedCertificates, authority.certificate);
      const { port } = await listen({ certificate, privateKey, passphrase: async () => 'open sesame' });
      const association = await open(port, { trustedCertificates: [trustedCertificates] });
      await association.release();
      const failing = createServer({
        policy,
        tls: { certificate, privateKey, passphrase: 'open barley' },
        onAssociation: () => {},
      });
      const error = await failing.listen({ host: '127.0.0.1', port: 0 }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'invalid-option', message: expect.stringContaining('passphrase') });
      expect(String(error)).not.toContain('barley');
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it.each<[string, TlsServerOptions, RegExp]>([
    ['no certificate', {}, /needs a certificate/],
    ['no key', { certificate: archive.certificate }, /only one of them/],
    [
      'the key of another',
      { certificate: archive.certificate, privateKey: stranger.privateKey },
      /not that of the certificate/,
    ],
    ['no PEM', { certificate: '-----BEGIN NONSENSE-----', privateKey: archive.privateKey }, /not PEM/],
    [
      'a file that is not there',
      { certificate: '/nowhere/at-all.pem', privateKey: archive.privateKey },
      /no such file/,
    ],
    ['an unknown cipher suite', { ...identity(archive), cipherSuites: ['ROT13'] }, /cipher suites/],
    ['no fingerprint', { ...identity(archive), pinnedFingerprints: ['12:34'] }, /no SHA-256 fingerprint/],
    [
      'an encrypted key without passphrase',
      {
        certificate: archive.certificate,
        privateKey: archive.key
          .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
          .toString(),
      },
      /passphrase/,
    ],
  ])('that can not be used are told of: %s', async (_, tls, words) => {
    const server = createServer({ policy, tls, onAssociation: () => {} });
    const error = await server.listen({ host: '127.0.0.1', port: 0 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'invalid-option', message: expect.stringMatching(words) });
  });

  it('are waited for no longer than there is to connect', async () => {
    const clock = new VirtualClock();
    const never = { ...identity(modality), passphrase: () => new Promise<string>(() => {}) };
    const failing = failureOf(open(1, never, { clock, connectTimeoutMs: 1_000 }));
    await clock.advance(1_000);
    expect(await failing).toMatchObject({ code: 'timeout', wait: 'connect' });
    expect(clock.pendingTimers).toBe(0);
    const controller = new AbortController();
    const cancelled = failureOf(open(1, never, { signal: controller.signal }));
    controller.abort();
    expect(await cancelled).toMatchObject({ code: 'cancelled' });
  });

  it('are reloaded while serving, and associations go on', async () => {
    const { server, port } = await listen(identity(archive));
    const before = await open(port, trusting);
    await server.reloadTls(identity(stranger));
    expect(await failureOf(open(port, trusting))).toMatchObject({ code: 'tls-certificate-untrusted' });
    const after = await open(port, { trustedCertificates: otherAuthority.certificate });
    await expect(server.reloadTls({ certificate: archive.certificate })).rejects.toMatchObject({
      code: 'invalid-option',
    });
    const still = await open(port, { trustedCertificates: otherAuthority.certificate });
    for (const association of [before, after, still]) {
      expect(await association.release()).toMatchObject({ kind: 'released' });
    }
  });
});
