import { expect, test } from 'vitest';
import { type IdentityClaim, verification, verify } from '../src/index.js';
import { startScp } from './objects.js';

const services = [verification()];

/** Lets one user in. */
function known({ credentials }: IdentityClaim) {
  return {
    isAccepted:
      credentials.type === 'username-and-passcode' &&
      credentials.username === 'reader' &&
      credentials.passcode === 'secret',
  } as const;
}

test('a user whom the provider knows is let in, others are rejected', async () => {
  const { peer } = await startScp({ services, userIdentity: { isRequired: true, verify: known } });
  const reader = { type: 'username-and-passcode', username: 'reader', passcode: 'secret' } as const;
  await expect(verify({ ...peer, userIdentity: reader })).resolves.toBeUndefined();
  const rejected = { name: 'AssociationRejectedError', code: 'rejected' };
  await expect(verify({ ...peer, userIdentity: { ...reader, passcode: 'guess' } })).rejects.toMatchObject(rejected);
  await expect(verify(peer)).rejects.toMatchObject(rejected);
});

test('a provider without TLS is told from one whose certificate is wrong', async () => {
  const { peer } = await startScp({ services });
  await expect(verify({ ...peer, tls: {} })).rejects.toMatchObject({ code: expect.stringMatching(/^tls-/) });
});

test('a provider whose certificate can not be read does not begin to listen', async () => {
  const tls = { certificate: 'no-such-file.pem', privateKey: 'no-such-file.pem' };
  await expect(startScp({ services, tls })).rejects.toMatchObject({ name: 'AssociationError' });
});
