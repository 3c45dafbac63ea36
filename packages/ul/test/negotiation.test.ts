/** Negotiation beyond contexts, on the wire: what is proposed, answered and in force. */
import { type AcceptancePolicy, acceptProposal, buildProposal, readAcceptance } from '@dicomwire/ul';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { AcceptorScene, explicitLittleEndian, implicitLittleEndian, policy, reject, request } from './scene.js';

const find = '1.2.840.10008.5.1.4.1.2.2.1';
const store = '1.2.840.10008.5.1.4.1.1.2';

function negotiate(proposal: Partial<Parameters<typeof buildProposal>[0]>, answering: Partial<AcceptancePolicy>) {
  const asked = buildProposal({
    calledAeTitle: 'A',
    callingAeTitle: 'B',
    presentationContexts: [{ abstractSyntax: store, transferSyntaxes: [implicitLittleEndian, explicitLittleEndian] }],
    ...proposal,
  });
  const acceptance = acceptProposal(asked, { ...policy, ...answering });
  if (acceptance.kind === 'reject') throw new Error('rejected');
  const reading = readAcceptance(asked, acceptance.response);
  if (reading.kind === 'invalid') throw new Error(reading.problem);
  return { response: acceptance.response, acceptor: acceptance.negotiated, requestor: reading.negotiated };
}

describe('SOP class extended negotiation', () => {
  const proposal = {
    sopClassExtendedNegotiations: [
      { sopClassUid: find, serviceClassApplicationInformation: Uint8Array.of(1, 0, 1) },
      { sopClassUid: store, serviceClassApplicationInformation: Uint8Array.of(2) },
      { sopClassUid: '1.2.3', serviceClassApplicationInformation: Uint8Array.of(9) },
    ],
  };

  it('is answered by data: the smaller of both, or our own', () => {
    const { acceptor, requestor } = negotiate(proposal, {
      sopClassExtendedNegotiation: [
        { sopClassUid: find, information: '01010001' },
        { sopClassUid: store, information: '0303', answer: 'own' },
      ],
    });
    const expected = new Map([
      [find, Uint8Array.of(1, 0, 0)],
      [store, Uint8Array.of(3, 3)],
    ]);
    expect(acceptor.sopClassExtendedNegotiations).toEqual(expected);
    expect(requestor.sopClassExtendedNegotiations).toEqual(expected);
  });

  it('is answered by a function, and not without one; what nobody asked for is not in force', () => {
    expect(negotiate(proposal, {}).requestor.sopClassExtendedNegotiations.size).toBe(0);
    const { requestor } = negotiate(proposal, {
      sopClassExtendedNegotiation: (asked) =>
        asked.sopClassUid === find ? { ...asked, sopClassUid: '1.2.99' } : undefined,
    });
    expect(requestor.sopClassExtendedNegotiations.size).toBe(0);
  });
});

it('common extended negotiation says what an unknown SOP class is related to', () => {
  const special = '1.2.3.4';
  const { requestor } = negotiate(
    {
      presentationContexts: [{ abstractSyntax: special, transferSyntaxes: [implicitLittleEndian] }],
      sopClassCommonExtendedNegotiations: [
        { sopClassUid: special, serviceClassUid: '1.2.840.10008.4.2', relatedGeneralSopClassUids: [store] },
      ],
    },
    {
      otherAbstractSyntax: (_, related) =>
        related?.relatedGeneralSopClassUids.includes(store) ? [implicitLittleEndian] : undefined,
    },
  );
  expect(requestor.acceptedContexts).toMatchObject([{ abstractSyntax: special }]);
});

describe('the transfer syntax', () => {
  it.each<[string, Partial<AcceptancePolicy>, string | undefined]>([
    ['ours first', {}, explicitLittleEndian],
    ['theirs first', { transferSyntaxPreference: 'requestor' }, implicitLittleEndian],
    ['any', { presentationContexts: [{ abstractSyntax: store, transferSyntaxes: 'any' }] }, implicitLittleEndian],
    [
      'as a function chooses',
      { presentationContexts: [{ abstractSyntax: store, transferSyntaxes: (proposed) => proposed.at(-1) }] },
      explicitLittleEndian,
    ],
    [
      'none, when a function chooses none',
      { presentationContexts: [{ abstractSyntax: store, transferSyntaxes: () => undefined }] },
      undefined,
    ],
    [
      'none, when a function chooses what was not proposed',
      { presentationContexts: [{ abstractSyntax: store, transferSyntaxes: () => '1.2.840.10008.1.2.2' }] },
      undefined,
    ],
    [
      'the first of equals',
      {
        presentationContexts: [
          {
            abstractSyntax: store,
            transferSyntaxes: [implicitLittleEndian, explicitLittleEndian, implicitLittleEndian],
          },
        ],
      },
      implicitLittleEndian,
    ],
  ])('is chosen: %s', (_, answering, expected) => {
    expect(negotiate({}, answering).requestor.contexts.get(1)).toMatchObject({
      transferSyntax: expected,
      result: expected === undefined ? 4 : 0,
    });
  });
});

describe('rules about peers', () => {
  it.each([
    [{ callingAeTitles: ['SOMEBODY'] }, reject(1, 1, 3)],
    [{ callingAeTitles: ['REQUESTOR'], calledAeTitles: ['OTHER'] }, reject(1, 1, 7)],
    [{ hosts: ['127.0.0.1'] }, reject(1, 1, 3)],
    [{ certificateFingerprints: ['ab'.repeat(32)] }, reject(1, 1, 3)],
  ])('reject %o', async (rule, answer) => {
    const scene = new AcceptorScene({ policy: { ...policy, peers: [rule] } });
    const { peer } = scene.open();
    peer.send(request);
    await settle();
    expect(peer.takePdus()).toEqual([answer]);
  });

  it('that are none are told of when the server is made', () => {
    expect(() => new AcceptorScene({ policy: { ...policy, peers: [{ hosts: ['pacs'] }] } })).toThrow(/"pacs" is no IP/);
  });
});
