/** User identity negotiation with real peers: who says so is let in, who says it wrong gets the right A-ASSOCIATE-RJ. PS3.7 D.3.3.7. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProposedIdentity, UserCredentials, UserIdentityOptions } from '@dicomwire/ul';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { generateObject } from './corpus/generated.ts';
import { startOurAcceptor } from './line/our-acceptor.ts';
import { echo, failureOf, openSession } from './line/our-requestor.ts';
import { startStorescp } from './peers/dcmtk.ts';
import { run } from './peers/process.ts';
import { type LineScuOptions, runLineScu, startLineScp } from './peers/pynetdicom-line.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';
import { describeWith } from './with-peers.ts';

let directory: TemporaryDirectory;
let path: string;
let ticket: string;

beforeAll(async () => {
  directory = await temporaryDirectory('identity');
  path = join(directory.path, 'object.dcm');
  ticket = join(directory.path, 'ticket');
  await writeFile(path, generateObject().file);
  await writeFile(ticket, 'ticket of kim');
});

afterAll(() => directory.remove());

/** Takes kim by name, kim with the right passcode, and tokens of kim. */
function verifier(claims: UserCredentials[] = []): UserIdentityOptions {
  return {
    isRequired: true,
    verify: async ({ credentials }) => {
      claims.push(credentials);
      switch (credentials.type) {
        case 'username':
          return credentials.username === 'kim' ? { isAccepted: true, user: 'Kim' } : { isAccepted: false };
        case 'username-and-passcode':
          return credentials.username === 'kim' && credentials.passcode === 'swordfish'
            ? { isAccepted: true, user: 'Kim' }
            : { isAccepted: false };
        case 'kerberos':
          return answerTo(Buffer.from(credentials.serviceTicket).toString());
        case 'saml':
          return answerTo(credentials.assertion);
        case 'jwt':
          return answerTo(credentials.token);
      }
    },
  };
}

function answerTo(token: string) {
  return token.endsWith('of kim')
    ? { isAccepted: true as const, user: 'Kim', response: `answer to ${token}` }
    : { isAccepted: false as const };
}

describeWith(['DCMTK'], 'DCMTK storescu to us', () => {
  const storescu = (port: number, args: readonly string[]) =>
    run('storescu', ['-v', ...args, '127.0.0.1', String(port), path]);

  test.each<[string, () => readonly string[], UserCredentials]>([
    ['a username', () => ['--user', 'kim'], { type: 'username', username: 'kim' }],
    [
      'a username and passcode',
      () => ['--user', 'kim', '--password', 'swordfish'],
      { type: 'username-and-passcode', username: 'kim', passcode: 'swordfish' },
    ],
    [
      'a Kerberos ticket',
      () => ['--kerberos', ticket],
      { type: 'kerberos', serviceTicket: Buffer.from('ticket of kim') },
    ],
    ['a SAML assertion', () => ['--saml', ticket], { type: 'saml', assertion: 'ticket of kim' }],
    ['a JSON web token', () => ['--jwt', ticket], { type: 'jwt', token: 'ticket of kim' }],
  ])('is let in by %s, and confirmed where it asks for that', async (_, args, credentials) => {
    const claims: UserCredentials[] = [];
    const ours = await startOurAcceptor({ userIdentity: verifier(claims) });
    for (const wish of [[], ['--pos-response']]) {
      const end = await storescu(ours.port, [...args(), ...wish]);
      expect(end).toMatchObject({ exitCode: 0 });
    }
    expect(claims.map(asText)).toEqual([credentials, credentials].map(asText));
    expect(ours.associations.map(({ userIdentity }) => userIdentity)).toMatchObject([
      { type: credentials.type, user: 'Kim' },
      { type: credentials.type, user: 'Kim' },
    ]);
    expect(ours.stored).toHaveLength(2);
  });

  test.each<[string, readonly string[]]>([
    ['an unknown name', ['--user', 'mallory']],
    ['a wrong passcode', ['--user', 'kim', '--password', 'trout']],
    ['an empty passcode', ['--user', 'kim', '--empty-password']],
    ['no identity', []],
  ])('is rejected with %s', async (_, args) => {
    const ours = await startOurAcceptor({ userIdentity: verifier() });
    const end = await storescu(ours.port, args);
    expect(end.exitCode).not.toBe(0);
    expect(end.stderr + end.stdout).toMatch(/Rejected Permanent, Source: Service User[\s\S]*No Reason/);
    expect(ours.associations).toEqual([]);
    await expect.poll(() => ours.errors).toMatchObject([{ code: 'rejected', result: 1, source: 1, reason: 1 }]);
    expect(JSON.stringify(ours.errors) + String(ours.errors[0])).not.toMatch(/trout|mallory/);
  });

  test('misses the confirmation where we look at no identities', async () => {
    const ours = await startOurAcceptor();
    const end = await storescu(ours.port, ['--user', 'kim', '--pos-response']);
    expect(end.exitCode).not.toBe(0);
    expect(ours.stored).toEqual([]);
  });
});

describeWith(['DCMTK'], 'us to DCMTK storescp, which looks at no identities', () => {
  const identity = { type: 'username', username: 'kim' } as const;

  test('are let in without confirmation', async () => {
    const peer = await startStorescp();
    onTestFinished(() => peer.stop());
    const session = await openSession({ port: peer.port, userIdentity: { ...identity, positiveResponse: 'request' } });
    expect(session.negotiated.peerUserInformation.userIdentityResponse).toBeUndefined();
    expect(await echo(session)).toBe(0);
  });

  test('do not go on where we require one', async () => {
    const peer = await startStorescp();
    onTestFinished(() => peer.stop());
    const attempt = openSession({ port: peer.port, userIdentity: { ...identity, positiveResponse: 'require' } });
    expect(await failureOf(attempt)).toMatchObject({ code: 'identity-unconfirmed' });
  });
});

type WireIdentity = NonNullable<LineScuOptions['identity']>;

describeWith(['pynetdicom'], 'pynetdicom to us', () => {
  test.each<[string, WireIdentity, string]>([
    ['a username', { type: 1, primary: 'kim' }, ''],
    ['a username and passcode', { type: 2, primary: 'kim', secondary: 'swordfish' }, ''],
    ['a Kerberos ticket', { type: 3, primary: 'ticket of kim' }, 'answer to ticket of kim'],
    ['a SAML assertion', { type: 4, primary: 'assertion of kim' }, 'answer to assertion of kim'],
    ['a JSON web token', { type: 5, primary: 'token of kim' }, 'answer to token of kim'],
  ])('is let in by %s, and confirmed where it asks for that', async (_, identity, response) => {
    const ours = await startOurAcceptor({ userIdentity: verifier() });
    const silent = await runLineScu({ port: ours.port, identity });
    expect(silent).toMatchObject({ outcome: 'established', echo: 0, confirmation: null });
    const confirmed = await runLineScu({ port: ours.port, identity: { ...identity, positiveResponse: true } });
    expect(confirmed).toMatchObject({ outcome: 'established', echo: 0, confirmation: response });
    expect(ours.associations.map(({ userIdentity }) => userIdentity?.user)).toEqual(['Kim', 'Kim']);
  });

  test.each<[string, WireIdentity | undefined]>([
    ['an unknown name', { type: 1, primary: 'mallory' }],
    ['a wrong passcode', { type: 2, primary: 'kim', secondary: 'trout' }],
    ['a token of somebody else', { type: 5, primary: 'token of mallory' }],
    ['no identity', undefined],
  ])('is rejected with %s', async (_, identity) => {
    const ours = await startOurAcceptor({ userIdentity: verifier() });
    const told = await runLineScu({ port: ours.port, identity });
    expect(told).toMatchObject({ outcome: 'rejected', rejection: [1, 1, 1] });
    expect(ours.associations).toEqual([]);
  });
});

describeWith(['pynetdicom'], 'us to pynetdicom', () => {
  const startPeer = async () => {
    const peer = await startLineScp({
      users: { kim: null, lee: 'swordfish' },
      tokens: { 'ticket of kim': 'mutual', 'assertion of kim': 'assertion in return', 'token of kim': 'welcome' },
    });
    onTestFinished(() => peer.stop());
    return peer;
  };

  test.each<[string, UserCredentials, object]>([
    ['a username', { type: 'username', username: 'kim' }, { type: 1, primary: 'kim' }],
    [
      'a username and passcode',
      { type: 'username-and-passcode', username: 'lee', passcode: 'swordfish' },
      { type: 2, primary: 'lee', secondary: 'swordfish' },
    ],
  ])('are let in by %s, which it does not confirm', async (_, credentials, seen) => {
    const peer = await startPeer();
    const session = await openSession({
      port: peer.port,
      userIdentity: { ...credentials, positiveResponse: 'request' },
    });
    expect(await echo(session)).toBe(0);
    expect(peer.events()).toContainEqual(expect.objectContaining({ event: 'identity', ...seen }));
    const attempt = openSession({ port: peer.port, userIdentity: { ...credentials, positiveResponse: 'require' } });
    expect(await failureOf(attempt)).toMatchObject({ code: 'identity-unconfirmed' });
  });

  test.each<[string, ProposedIdentity, string]>([
    ['a Kerberos ticket', { type: 'kerberos', serviceTicket: Buffer.from('ticket of kim') }, 'mutual'],
    ['a SAML assertion', { type: 'saml', assertion: 'assertion of kim' }, 'assertion in return'],
    ['a JSON web token', { type: 'jwt', token: 'token of kim' }, 'welcome'],
  ])('are let in by %s, and confirmed', async (_, identity, response) => {
    const peer = await startPeer();
    const session = await openSession({ port: peer.port, userIdentity: { ...identity, positiveResponse: 'require' } });
    const confirmation = session.negotiated.peerUserInformation.userIdentityResponse;
    expect(Buffer.from(confirmation ?? []).toString()).toBe(response);
    expect(await echo(session)).toBe(0);
  });

  describe('are rejected', () => {
    test.each<[string, ProposedIdentity]>([
      ['an unknown name', { type: 'username', username: 'mallory' }],
      ['a wrong passcode', { type: 'username-and-passcode', username: 'lee', passcode: 'trout' }],
      ['a token of somebody else', { type: 'jwt', token: 'token of mallory' }],
    ])('with %s', async (_, userIdentity) => {
      const peer = await startPeer();
      const error = await failureOf(openSession({ port: peer.port, userIdentity }));
      expect(error).toMatchObject({ code: 'rejected', result: 2, source: 2, reason: 1 });
      expect(error.message).not.toMatch(/trout|mallory/);
    });
  });
});

/** For comparison, whatever class of bytes. */
function asText(credentials: UserCredentials): unknown {
  return credentials.type === 'kerberos' ? Buffer.from(credentials.serviceTicket).toString() : credentials;
}
