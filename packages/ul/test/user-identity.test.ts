/** User identity negotiation in both roles. PS3.7 D.3.3.7. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { encode, type UserIdentity } from '@dicomwire/pdu';
import { buildProposal, type IdentityClaim, type IdentityVerdict, type ProposedIdentity } from '@dicomwire/ul';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { AcceptorScene, abort, RequestorScene, reject, request, response } from './scene.js';

const secret = 'swordfish';
const bytes = (text: string) => new TextEncoder().encode(text);

function asking(userIdentity: UserIdentity) {
  return { ...request, userInformation: { ...request.userInformation, userIdentity } };
}

function identity(userIdentityType: number, primary: string, secondary = '', positiveResponseRequested = false) {
  return {
    userIdentityType,
    positiveResponseRequested,
    primaryField: bytes(primary),
    secondaryField: bytes(secondary),
  };
}

describe('a requestor', () => {
  it.each<[ProposedIdentity, UserIdentity]>([
    [{ type: 'username', username: 'müller' }, identity(1, 'müller')],
    [
      { type: 'username-and-passcode', username: 'kim', passcode: secret, positiveResponse: 'request' },
      identity(2, 'kim', secret, true),
    ],
    [{ type: 'kerberos', serviceTicket: bytes('ticket') }, identity(3, 'ticket')],
    [{ type: 'saml', assertion: '<saml/>', positiveResponse: 'require' }, identity(4, '<saml/>', '', true)],
    [{ type: 'jwt', token: 'a.b.c', positiveResponse: 'none' }, identity(5, 'a.b.c')],
  ])('says who its user is: %o', (userIdentity, expected) => {
    const { userInformation } = buildProposal({
      calledAeTitle: 'A',
      callingAeTitle: 'B',
      presentationContexts: request.presentationContexts,
      userIdentity,
    });
    expect(userInformation.userIdentity).toEqual(expected);
  });

  const demanding = { userIdentity: { type: 'jwt', token: secret, positiveResponse: 'require' } } as const;

  it('goes on with an acceptor that confirms', async () => {
    const scene = new RequestorScene(demanding);
    const userInformation = { ...response.userInformation, userIdentityResponse: bytes('ok') };
    const association = await scene.associate({ ...response, userInformation });
    expect(association.negotiated.peerUserInformation.userIdentityResponse).toEqual(bytes('ok'));
  });

  it('aborts where it requires a confirmation and gets none', async () => {
    const scene = new RequestorScene(demanding);
    await settle();
    scene.peer.takePdus();
    scene.peer.send(response);
    await expect(scene.connecting).rejects.toMatchObject({ code: 'identity-unconfirmed' });
    await settle();
    expect(scene.peer.takePdus()).toEqual([abort(0, 0)]);
    expect(inspect(scene.error, { depth: 9 })).not.toContain(secret);
    await scene.clock.advance(5_000);
    expect(scene.clock.pendingTimers).toBe(0);
  });
});

describe('an acceptor', () => {
  function verifying(verdict: IdentityVerdict | Promise<IdentityVerdict>, isRequired = false) {
    const claims: IdentityClaim[] = [];
    const scene = new AcceptorScene({
      userIdentity: {
        isRequired,
        verify: (claim) => {
          claims.push(claim);
          return verdict;
        },
      },
    });
    return { scene, claims };
  }

  async function ask(scene: AcceptorScene, pdu: Parameters<typeof encode>[0]) {
    const { peer } = scene.open();
    peer.send(encode(pdu));
    await settle();
    return peer.takePdus()[0];
  }

  it.each([
    [identity(1, 'kim'), { type: 'username', username: 'kim' }],
    [identity(2, 'kim', secret), { type: 'username-and-passcode', username: 'kim', passcode: secret }],
    [identity(3, 'ticket'), { type: 'kerberos', serviceTicket: bytes('ticket') }],
    [identity(4, '<saml/>'), { type: 'saml', assertion: '<saml/>' }],
    [identity(5, 'a.b.c'), { type: 'jwt', token: 'a.b.c' }],
  ])('verifies %o', async (userIdentity, credentials) => {
    const { scene, claims } = verifying({ isAccepted: true, user: { role: 'reader' } });
    expect(await ask(scene, asking(userIdentity))).toMatchObject({ type: 'A-ASSOCIATE-AC' });
    expect(claims).toMatchObject([{ credentials, callingAeTitle: 'REQUESTOR', calledAeTitle: 'ACCEPTOR' }]);
    const username = 'username' in credentials ? credentials.username : undefined;
    expect(scene.associations[0]?.userIdentity).toEqual({ type: credentials.type, username, user: { role: 'reader' } });
  });

  it.each<[string, boolean, Uint8Array | string | undefined, Uint8Array | undefined]>([
    ['not at all unless asked', false, 'token', undefined],
    ['with nothing in it, when by name', true, undefined, new Uint8Array(0)],
    ['with a text', true, 'token', bytes('token')],
    ['with bytes', true, Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3)],
  ])('answers %s', async (_, isRequested, answer, expected) => {
    const { scene } = verifying({ isAccepted: true, response: answer });
    const pdu = await ask(scene, asking(identity(2, 'kim', secret, isRequested)));
    if (pdu?.type !== 'A-ASSOCIATE-AC') throw new Error('not accepted');
    const sent = pdu.userInformation.userIdentityResponse;
    expect(sent && Uint8Array.from(sent)).toEqual(expected);
  });

  it('rejects who is not who it says, and who does not say where that is required', async () => {
    const { scene } = verifying({ isAccepted: false }, true);
    expect(await ask(scene, asking(identity(1, 'kim')))).toEqual(reject(1, 1, 1));
    expect(await ask(scene, request)).toEqual(reject(1, 1, 1));
    const another = verifying({ isAccepted: false, reject: { result: 2, source: 1, reason: 1 } });
    expect(await ask(another.scene, asking(identity(1, 'kim')))).toEqual(reject(2, 1, 1));
    expect(await ask(another.scene, request)).toMatchObject({ type: 'A-ASSOCIATE-AC' });
  });

  it('that does not verify accepts without a word', async () => {
    const scene = new AcceptorScene();
    const pdu = await ask(scene, asking(identity(2, 'kim', secret, true)));
    if (pdu?.type !== 'A-ASSOCIATE-AC') throw new Error('not accepted');
    expect(pdu.userInformation.userIdentityResponse).toBe(undefined);
    expect(scene.associations[0]?.userIdentity).toBe(undefined);
  });

  it('answers RJ(2,1,1) when its verifier does not come back, and tells it', async () => {
    const { scene, claims } = verifying(new Promise<IdentityVerdict>(() => {}));
    const { peer } = scene.open();
    peer.send(asking(identity(1, 'kim')));
    await scene.clock.advance(30_000);
    expect(peer.takePdus()).toEqual([reject(2, 1, 1)]);
    expect(claims[0]?.signal.aborted).toBe(true);
  });

  it('answers RJ(2,1,1) when its verifier fails', async () => {
    const { scene } = verifying(Promise.reject(new Error('directory out of reach')));
    expect(await ask(scene, asking(identity(1, 'kim')))).toEqual(reject(2, 1, 1));
    expect(scene.errors[0]?.message).toContain('directory out of reach');
  });

  it('tells the acceptance hook who it is, and not by what', async () => {
    const proposals: unknown[] = [];
    const scene = new AcceptorScene({
      userIdentity: { verify: async () => ({ isAccepted: true, user: 'kim' }) },
      accept: (proposal) => {
        proposals.push(proposal);
        return undefined;
      },
    });
    await ask(scene, asking(identity(2, 'kim', secret)));
    expect(proposals).toMatchObject([{ userIdentity: { username: 'kim', user: 'kim' } }]);
    expect(inspect(proposals, { depth: 9 })).not.toContain(inspect(bytes(secret)).slice(16, 40));
  });

  it.each([2, 3, 4, 5])('keeps credentials of type %d out of associations, errors and events', async (type) => {
    const seen: unknown[] = [];
    const channels = [
      'dicomwire:association',
      'dicomwire:pdu',
      'dicomwire:state',
      'dicomwire:error',
      'dicomwire:pdu-bytes',
    ];
    const listener = (message: unknown) => seen.push(message);
    for (const name of channels) subscribe(name, listener);
    const claim = type === 2 ? identity(2, 'kim', secret, true) : identity(type, secret, '', true);
    for (const verdict of [
      { isAccepted: true, response: secret },
      { isAccepted: false },
    ] as const satisfies IdentityVerdict[]) {
      const { scene } = verifying(verdict);
      await ask(scene, asking(claim));
      seen.push(scene.associations, scene.errors);
    }
    for (const name of channels) unsubscribe(name, listener);
    expect(seen.length).toBeGreaterThan(4);
    expect(spellings(seen)).not.toMatch(/swordfish/);
  });
});

/** Everything that can be reached, with bytes as text. */
function spellings(root: unknown): string {
  const visited = new Set<unknown>();
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    if (typeof value !== 'object' || value === null || visited.has(value)) return;
    visited.add(value);
    if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('latin1'));
    else if (value instanceof Map || value instanceof Set) for (const one of value) visit(one);
    else for (const key of Reflect.ownKeys(value)) visit(Reflect.get(value, key));
  };
  visit(root);
  return texts.join('\n');
}
