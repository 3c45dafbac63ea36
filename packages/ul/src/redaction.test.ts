import { encode } from '@dicomwire/pdu';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildProposal } from './proposal.js';
import { redacted } from './redaction.js';

const secret = 'swordfish';

function requestOf(userIdentityType: number, primary: string, secondary = ''): Uint8Array {
  const base = buildProposal({
    calledAeTitle: 'A',
    callingAeTitle: 'B',
    presentationContexts: [{ abstractSyntax: '1.2', transferSyntaxes: ['1.2.840.10008.1.2'] }],
  });
  const userIdentity = {
    userIdentityType,
    positiveResponseRequested: true,
    primaryField: Buffer.from(primary),
    secondaryField: Buffer.from(secondary),
  };
  return encode({ ...base, userInformation: { ...base.userInformation, userIdentity } });
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('bytes for observers', () => {
  it.each([
    ['a passcode', requestOf(2, 'kim', secret), true],
    ['a ticket', requestOf(3, secret), false],
    ['an assertion', requestOf(4, secret), false],
    ['a token', requestOf(5, secret), false],
  ])('do not have %s, and are of the same length', (_, bytes, hasName) => {
    const shown = redacted(bytes);
    expect(shown).toHaveLength(bytes.length);
    expect(text(bytes)).toContain(secret);
    expect(text(shown)).not.toContain(secret);
    expect(text(shown).includes('kim')).toBe(hasName);
  });

  it('do not have the answer of the acceptor', () => {
    const bytes = encode({
      type: 'A-ASSOCIATE-AC',
      protocolVersion: 1,
      calledAeTitle: 'A',
      callingAeTitle: 'B',
      applicationContextName: '1.2',
      presentationContexts: [],
      userInformation: { maximumLength: 0, userIdentityResponse: Buffer.from(secret) },
    });
    expect(text(redacted(bytes))).not.toContain(secret);
  });

  it('have everything else as it was, and other PDUs untouched', () => {
    const plain = requestOf(1, 'kim');
    expect(redacted(plain)).toEqual(plain);
    const data = Uint8Array.of(4, 0, 0, 0, 0, 0);
    expect(redacted(data)).toBe(data);
  });

  it('have no secret when the request is cut, or its lengths are wrong', () => {
    const bytes = requestOf(2, 'kim', secret);
    for (let end = 0; end < bytes.length; end++)
      expect(text(redacted(bytes.subarray(0, end)))).not.toContain(secret.slice(0, 3));
    // Wherever a length from the user information item on is wrong, within the PDU as it is.
    const from = text(bytes).indexOf('\x50\x00', 74) + 2;
    fc.assert(
      fc.property(fc.integer({ min: 74, max: from }), fc.nat(255), (at, value) => {
        const broken = bytes.slice();
        broken[at] = value;
        expect(redacted(broken)).toHaveLength(bytes.length);
      }),
    );
  });
});
