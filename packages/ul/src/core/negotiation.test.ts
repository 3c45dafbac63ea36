import type { AsynchronousOperationsWindow, RoleSelection, UserInformation } from '@dicomwire/pdu';
import { describe, expect, it } from 'vitest';
import { buildProposal } from '../proposal.js';
import type { Negotiated } from '../types.js';
import { acceptProposal, maximumFragmentLength, readAcceptance } from './negotiation.js';
import type { AcceptancePolicy } from './policy.js';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const mr = '1.2.840.10008.5.1.4.1.1.4';
const implicit = '1.2.840.10008.1.2';
const explicit = '1.2.840.10008.1.2.1';
const jpeg = '1.2.840.10008.1.2.4.50';

function proposal(transferSyntaxes: readonly string[] = [implicit, explicit], userInformation: UserInformation = {}) {
  return buildProposal({
    calledAeTitle: 'A',
    callingAeTitle: 'B',
    presentationContexts: [{ abstractSyntax: ct, transferSyntaxes }],
    userInformation,
  });
}

/** Both sides of one negotiation. */
function negotiate(
  request: ReturnType<typeof proposal>,
  policy: AcceptancePolicy,
): { acceptor: Negotiated; requestor: Negotiated } {
  const acceptance = acceptProposal(request, policy);
  if (acceptance.kind === 'reject') throw new Error('rejected');
  const reading = readAcceptance(request, acceptance.response);
  if (reading.kind === 'invalid') throw new Error(reading.problem);
  return { acceptor: acceptance.negotiated, requestor: reading.negotiated };
}

describe('transfer syntaxes', () => {
  it.each<
    [
      string,
      readonly string[],
      Omit<AcceptancePolicy, 'presentationContexts'>,
      readonly string[] | 'any' | undefined,
      [number, string | undefined],
    ]
  >([
    ['the acceptor prefers', [implicit, explicit], {}, [explicit, implicit], [0, explicit]],
    [
      'the requestor prefers',
      [implicit, explicit],
      { transferSyntaxPreference: 'requestor' },
      [explicit, implicit],
      [0, implicit],
    ],
    ['any is taken: the first', [jpeg, implicit], {}, 'any', [0, jpeg]],
    ['none is in common', [jpeg], {}, [explicit], [4, undefined]],
    ['the abstract syntax is not known', [implicit], {}, undefined, [3, undefined]],
    [
      'a predicate takes the unknown abstract syntax',
      [implicit],
      { otherAbstractSyntax: (uid) => (uid === ct ? 'any' : undefined) },
      undefined,
      [0, implicit],
    ],
    [
      'a predicate refuses the unknown abstract syntax',
      [implicit],
      { otherAbstractSyntax: () => undefined },
      undefined,
      [3, undefined],
    ],
  ])('%s', (_, proposed, policy, accepted, expected) => {
    const presentationContexts = accepted === undefined ? [] : [{ abstractSyntax: ct, transferSyntaxes: accepted }];
    const { acceptor, requestor } = negotiate(proposal(proposed), { ...policy, presentationContexts });
    for (const { contexts } of [acceptor, requestor]) {
      const context = contexts.get(1);
      expect([context?.result, context?.transferSyntax]).toEqual(expected);
      expect(context?.proposedTransferSyntaxes).toEqual(proposed);
    }
    expect(requestor.acceptedContexts).toHaveLength(expected[0] === 0 ? 1 : 0);
  });
});

describe('the asynchronous operations window', () => {
  const one = { maximumOperationsInvoked: 1, maximumOperationsPerformed: 1 };
  it.each<
    [
      string,
      AsynchronousOperationsWindow | undefined,
      AcceptancePolicy['asynchronousOperationsWindow'],
      [number, number],
    ]
  >([
    [
      'is one of each when not proposed',
      undefined,
      { maximumOperationsInvoked: 9, maximumOperationsPerformed: 9 },
      [1, 1],
    ],
    [
      'is one of each when the acceptor has no policy',
      { maximumOperationsInvoked: 8, maximumOperationsPerformed: 8 },
      undefined,
      [1, 1],
    ],
    [
      'is the smaller of both',
      { maximumOperationsInvoked: 8, maximumOperationsPerformed: 2 },
      { maximumOperationsInvoked: 4, maximumOperationsPerformed: 4 },
      [4, 2],
    ],
    [
      'has 0 as unlimited when proposed',
      { maximumOperationsInvoked: 0, maximumOperationsPerformed: 0 },
      { maximumOperationsInvoked: 4, maximumOperationsPerformed: 1 },
      [4, 1],
    ],
    [
      'has 0 as unlimited when granted',
      { maximumOperationsInvoked: 16, maximumOperationsPerformed: 1 },
      () => ({ maximumOperationsInvoked: 0, maximumOperationsPerformed: 0 }),
      [16, 1],
    ],
    [
      'is unlimited when both say so',
      { maximumOperationsInvoked: 0, maximumOperationsPerformed: 1 },
      { ...one, maximumOperationsInvoked: 0 },
      [0, 1],
    ],
  ])('%s', (_, proposed, policy, [invoked, performed]) => {
    const request = proposal([implicit], { asynchronousOperationsWindow: proposed });
    const { acceptor, requestor } = negotiate(request, {
      presentationContexts: [],
      asynchronousOperationsWindow: policy,
    });
    expect(requestor).toMatchObject({ maximumOperationsInvoked: invoked, maximumOperationsPerformed: performed });
    expect(acceptor).toMatchObject({ maximumOperationsInvoked: performed, maximumOperationsPerformed: invoked });
  });
});

describe('role selection', () => {
  const both: RoleSelection = { sopClassUid: ct, scuRole: true, scpRole: true };
  it.each<[string, RoleSelection, AcceptancePolicy['roleSelection'], RoleSelection | undefined]>([
    ['is not answered by default', both, undefined, undefined],
    ['is answered by data', both, [{ ...both, scuRole: false }], { ...both, scuRole: false }],
    ['is answered by a function', both, () => ({ scuRole: true, scpRole: true }), both],
    ['is not answered for a SOP class that is not listed', both, [{ ...both, sopClassUid: mr }], undefined],
    ['never grants what was not proposed', { ...both, scpRole: false }, [both], { ...both, scpRole: false }],
  ])('%s', (_, proposed, policy, expected) => {
    const request = proposal([implicit], { roleSelections: [proposed] });
    const { acceptor, requestor } = negotiate(request, { presentationContexts: [], roleSelection: policy });
    for (const { roleSelections } of [acceptor, requestor]) expect(roleSelections.get(ct)).toEqual(expected);
  });

  it('that was never asked for is ignored in an answer', () => {
    const request = proposal();
    const acceptance = acceptProposal(request, { presentationContexts: [] });
    if (acceptance.kind === 'reject') throw new Error('rejected');
    const reading = readAcceptance(request, { ...acceptance.response, userInformation: { roleSelections: [both] } });
    expect(reading.kind === 'accepted' && reading.negotiated.roleSelections.size).toBe(0);
  });
});

describe('extended negotiation', () => {
  it('is answered where the policy does', () => {
    const one = { sopClassUid: ct, serviceClassApplicationInformation: Uint8Array.of(1, 2) };
    const request = proposal([implicit], { sopClassExtendedNegotiations: [one] });
    const answer = { ...one, serviceClassApplicationInformation: Uint8Array.of(1) };
    const { requestor } = negotiate(request, { presentationContexts: [], sopClassExtendedNegotiation: () => answer });
    expect(requestor.peerUserInformation.sopClassExtendedNegotiations).toEqual([answer]);
  });
});

describe('the maximum fragment length', () => {
  it.each([
    [0, 262138],
    [0xffffffff, 262138],
    [131072, 131066],
    [16384, 16378],
    [16383, 16376],
    [12, 6],
    [8, 2],
  ])('for a peer that announces %i is %i bytes', (announced, expected) => {
    expect(maximumFragmentLength(announced)).toBe(expected);
  });
});
