import { describe, expect, it } from 'vitest';
import { AssociationError } from '../errors.js';
import { InvalidPolicyError, validatePolicy } from './validate-policy.js';

const whole = {
  calledAeTitles: ['ARCHIVE'],
  callingAeTitles: ['CT1', ''],
  peers: [
    { callingAeTitles: ['CT1'], calledAeTitles: ['ARCHIVE'], hosts: ['10.0.0.7', '10.1.0.0/16', 'fd00::/8', '::1'] },
    { certificateFingerprints: [`${'AB:'.repeat(31)}AB`, 'ab'.repeat(32)] },
  ],
  presentationContexts: [
    { abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] },
    { abstractSyntax: '1.2.840.10008.5.1.4.1.1.2', transferSyntaxes: 'any' },
  ],
  transferSyntaxPreference: 'requestor',
  roleSelection: [{ sopClassUid: '1.2.840.10008.5.1.4.1.1.2', scuRole: true, scpRole: false }],
  asynchronousOperationsWindow: { maximumOperationsInvoked: 0, maximumOperationsPerformed: 8 },
  sopClassExtendedNegotiation: [{ sopClassUid: '1.2.840.10008.5.1.4.1.2.2.1', information: '0101', answer: 'minimum' }],
  maximumLength: 65536,
  implementationClassUid: '1.2.3',
  implementationVersionName: 'ARCHIVE_1',
};

describe('a policy', () => {
  it('survives a way through JSON', () => {
    expect(validatePolicy(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  });

  it('may have functions where they are of use', () => {
    const policy = {
      presentationContexts: [{ abstractSyntax: '1.2', transferSyntaxes: () => undefined }],
      otherAbstractSyntax: () => 'any',
      roleSelection: () => undefined,
      asynchronousOperationsWindow: () => ({}),
      sopClassExtendedNegotiation: () => undefined,
      calledAeTitles: undefined,
    };
    expect(validatePolicy(policy)).toBe(policy);
  });

  it.each<[string, unknown, string, RegExp, string]>([
    ['no object', 5, '', /^an object with calledAeTitles, /, '5'],
    ['nothing', undefined, '', /^an object/, 'nothing'],
    ['no contexts', {}, 'presentationContexts', /^a list$/, 'nothing'],
    ['a misspelt member', { ...whole, calledAETitles: [] }, 'calledAETitles', /^no such member/, '[]'],
    [
      'one title in place of a list',
      { ...whole, calledAeTitles: 'ARCHIVE' },
      'calledAeTitles',
      /^a list$/,
      '"ARCHIVE"',
    ],
    [
      'a long title',
      { ...whole, callingAeTitles: ['A', 'B'.repeat(17)] },
      'callingAeTitles[1]',
      /^an AE title/,
      `"${'B'.repeat(17)}"`,
    ],
    [
      'no UID',
      {
        presentationContexts: [
          whole.presentationContexts[0],
          { abstractSyntax: '1.2', transferSyntaxes: ['1.2', 'implicit'] },
        ],
      },
      'presentationContexts[1].transferSyntaxes[1]',
      /^a UID/,
      '"implicit"',
    ],
    [
      'a UID of 65 characters',
      { ...whole, implementationClassUid: `1.${'2'.repeat(63)}` },
      'implementationClassUid',
      /^a UID/,
      `"1.${'2'.repeat(54)}...`,
    ],
    [
      'a host name',
      { ...whole, peers: [{ hosts: ['pacs.example.org'] }] },
      'peers[0].hosts[0]',
      /^an IP address/,
      '"pacs.example.org"',
    ],
    [
      'a network that is none',
      { ...whole, peers: [{ hosts: ['10.0.0.0/33'] }] },
      'peers[0].hosts[0]',
      /^an IP address/,
      '"10.0.0.0/33"',
    ],
    [
      'half a fingerprint',
      { ...whole, peers: [{ certificateFingerprints: ['abcd'] }] },
      'peers[0].certificateFingerprints[0]',
      /^a SHA-256/,
      '"abcd"',
    ],
    [
      'a preference of nobody',
      { ...whole, transferSyntaxPreference: 'mine' },
      'transferSyntaxPreference',
      /^'acceptor' or/,
      '"mine"',
    ],
    [
      'half an octet',
      { ...whole, sopClassExtendedNegotiation: [{ sopClassUid: '1.2', information: '010' }] },
      'sopClassExtendedNegotiation[0].information',
      /^bytes/,
      '"010"',
    ],
    [
      'a window below nothing',
      { ...whole, asynchronousOperationsWindow: { maximumOperationsInvoked: -1, maximumOperationsPerformed: 1 } },
      'asynchronousOperationsWindow.maximumOperationsInvoked',
      /^a whole number/,
      '-1',
    ],
    ['no room for data', { ...whole, maximumLength: 7 }, 'maximumLength', /^0 \(unlimited\)/, '7'],
    [
      'a long version name',
      { ...whole, implementationVersionName: 'A'.repeat(17) },
      'implementationVersionName',
      /^1 to 16/,
      `"${'A'.repeat(17)}"`,
    ],
  ])('is refused with path and expectation: %s', (_, value, path, expected, received) => {
    let error: unknown;
    try {
      validatePolicy(value);
    } catch (caught) {
      error = caught;
    }
    if (!(error instanceof InvalidPolicyError)) throw new Error('it was not refused', { cause: error });
    expect(error).toBeInstanceOf(AssociationError);
    expect(error.problems).toEqual([
      {
        path,
        expected: expect.stringMatching(expected),
        received: expect.stringContaining(received.replace(/\.\.\.$/, '').slice(0, 40)),
      },
    ]);
    expect(error.message).toContain(path);
  });

  it('is told of every problem at once', () => {
    const attempt = () => validatePolicy({ calledAeTitles: 1, presentationContexts: [{}] });
    expect(attempt).toThrow(
      /calledAeTitles: expected a list, got 1\n.*abstractSyntax: expected a UID.*\n.*transferSyntaxes/,
    );
  });
});
