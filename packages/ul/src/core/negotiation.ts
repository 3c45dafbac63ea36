/**
 * Association negotiation as pure functions: PS3.8 7.1 and Annex D, PS3.7 Annex D.3.
 *
 * {@link acceptProposal} is the acceptor's side, {@link readAcceptance} the requestor's.
 */
import type {
  AssociateAcPdu,
  AssociateRqPdu,
  AsynchronousOperationsWindow,
  PresentationContextResult,
  ProposedPresentationContext,
  RoleSelection,
  UserInformation,
} from '@dicomwire/pdu';
import {
  applicationContextName,
  defaultMaximumLength,
  implementationClassUid,
  implementationVersionName,
} from '../identity.js';
import type { Negotiated, NegotiatedContext } from '../types.js';
import { answerExtended, extendedInForce } from './extended-negotiation.js';
import { findMisfit, type ProposingPeer } from './peer-rules.js';
import type { AcceptancePolicy, TransferSyntaxChoice } from './policy.js';
import { type RejectionValues, rejections } from './reasons.js';
import { choicesOf, chooseTransferSyntax } from './transfer-syntax-choice.js';
import { withoutCredentials } from './user-identity.js';

/** The answer to a proposal. */
export type Acceptance =
  | {
      readonly kind: 'accept';
      /** The A-ASSOCIATE-AC to send. */
      readonly response: AssociateAcPdu;
      /** What both sides agreed on. */
      readonly negotiated: Negotiated;
    }
  | ({ readonly kind: 'reject' } & RejectionValues);

/**
 * Answers an A-ASSOCIATE-RQ by a policy. Every proposed context is answered; no context accepted is still an acceptance.
 *
 * @param request - a valid request of protocol version 1
 * @param peer - what the policy's rules about peers look at
 */
export function acceptProposal(request: AssociateRqPdu, policy: AcceptancePolicy, peer?: ProposingPeer): Acceptance {
  const rejection = findRejection(request, policy, peer);
  if (rejection !== undefined) return { kind: 'reject', ...rejection };
  const supported = choicesOf(policy.presentationContexts);
  const related = request.userInformation.sopClassCommonExtendedNegotiations ?? [];
  const results = request.presentationContexts.map((context): PresentationContextResult => {
    const { abstractSyntax } = context;
    const accepted =
      supported.get(abstractSyntax) ??
      policy.otherAbstractSyntax?.(
        abstractSyntax,
        related.find(({ sopClassUid }) => sopClassUid === abstractSyntax),
      );
    return answerContext(context, accepted, policy.transferSyntaxPreference ?? 'acceptor');
  });
  const userInformation = answerUserInformation(request.userInformation, policy);
  const response: AssociateAcPdu = {
    type: 'A-ASSOCIATE-AC',
    protocolVersion: 1,
    calledAeTitle: request.calledAeTitle,
    callingAeTitle: request.callingAeTitle,
    titleBytes: request.titleBytes,
    applicationContextName,
    presentationContexts: results,
    userInformation,
  };
  const window = agreedWindow(
    request.userInformation.asynchronousOperationsWindow,
    userInformation.asynchronousOperationsWindow,
  );
  return {
    kind: 'accept',
    response,
    negotiated: {
      ...negotiatedContexts(request.presentationContexts, results),
      peerMaximumLength: request.userInformation.maximumLength ?? 0,
      localMaximumLength: userInformation.maximumLength ?? 0,
      maximumOperationsInvoked: window.maximumOperationsPerformed,
      maximumOperationsPerformed: window.maximumOperationsInvoked,
      roleSelections: rolesInForce(request.userInformation.roleSelections, userInformation.roleSelections),
      sopClassExtendedNegotiations: extendedInForce(request.userInformation, userInformation),
      peerUserInformation: withoutCredentials(request.userInformation),
    },
  };
}

/** What an A-ASSOCIATE-AC amounts to, or why it is no answer to the request. */
export type ReadAcceptance =
  | { readonly kind: 'accepted'; readonly negotiated: Negotiated }
  | {
      readonly kind: 'invalid';
      /** What is wrong with it, in words. */
      readonly problem: string;
    };

/**
 * Reads an A-ASSOCIATE-AC against the request that it answers. Contexts that were not answered count as refused for no reason
 * (result 2); an answer that nobody asked for, or a maximum length in which nothing can be sent, is invalid.
 */
export function readAcceptance(request: AssociateRqPdu, response: AssociateAcPdu): ReadAcceptance {
  const problem = findProblem(request, response);
  if (problem !== undefined) return { kind: 'invalid', problem };
  const theirs = response.userInformation;
  const window = agreedWindow(
    request.userInformation.asynchronousOperationsWindow,
    theirs.asynchronousOperationsWindow,
  );
  return {
    kind: 'accepted',
    negotiated: {
      ...negotiatedContexts(request.presentationContexts, response.presentationContexts),
      peerMaximumLength: theirs.maximumLength ?? 0,
      localMaximumLength: request.userInformation.maximumLength ?? 0,
      maximumOperationsInvoked: window.maximumOperationsInvoked,
      maximumOperationsPerformed: window.maximumOperationsPerformed,
      roleSelections: rolesInForce(request.userInformation.roleSelections, theirs.roleSelections),
      sopClassExtendedNegotiations: extendedInForce(request.userInformation, theirs),
      peerUserInformation: theirs,
    },
  };
}

/** Whether anything at all can be sent in PDUs of this maximum length: one PDV of two bytes takes 8 bytes. 0 is unlimited. */
export function isUsableMaximumLength(maximumLength: number | undefined): boolean {
  return maximumLength === undefined || maximumLength === 0 || maximumLength >= pdvHeaderBytes + 2;
}

/** The largest even number of data bytes that one PDV may carry to a peer of that maximum length. PS3.8 D.1. */
export function maximumFragmentLength(peerMaximumLength: number): number {
  const usable = peerMaximumLength === 0 ? largestPduToSend : Math.min(peerMaximumLength, largestPduToSend);
  return (usable - pdvHeaderBytes) & ~1;
}

/** PDV length, context ID and message control header. PS3.8 9.3.5.1. */
const pdvHeaderBytes = 6;

/** We send no longer P-DATA-TF, even where the peer would take it: longer ones gain nothing and hold up an abort. */
const largestPduToSend = 0x40000;

function findRejection(
  request: AssociateRqPdu,
  policy: AcceptancePolicy,
  peer: ProposingPeer | undefined,
): RejectionValues | undefined {
  if (request.applicationContextName !== applicationContextName) return rejections.applicationContextNotSupported;
  if (policy.calledAeTitles !== undefined && !policy.calledAeTitles.includes(request.calledAeTitle)) {
    return rejections.calledAeTitleNotRecognized;
  }
  if (policy.callingAeTitles !== undefined && !policy.callingAeTitles.includes(request.callingAeTitle)) {
    return rejections.callingAeTitleNotRecognized;
  }
  if (policy.peers !== undefined) {
    const misfit = findMisfit(policy.peers, request, peer);
    if (misfit === 'calling') return rejections.callingAeTitleNotRecognized;
    if (misfit === 'called') return rejections.calledAeTitleNotRecognized;
  }
  if (!isUsableMaximumLength(request.userInformation.maximumLength)) return rejections.noReason;
  return undefined;
}

function answerContext(
  context: ProposedPresentationContext,
  accepted: TransferSyntaxChoice | undefined,
  preference: 'acceptor' | 'requestor',
): PresentationContextResult {
  const proposed = context.transferSyntaxes;
  // A transfer syntax stands in refused answers too: its value is not significant, but some peers can't do without.
  if (accepted === undefined) return { id: context.id, result: 3, transferSyntax: proposed[0] };
  const chosen = chooseTransferSyntax(proposed, accepted, preference);
  if (chosen === undefined || !proposed.includes(chosen))
    return { id: context.id, result: 4, transferSyntax: proposed[0] };
  return { id: context.id, result: 0, transferSyntax: chosen };
}

function answerUserInformation(proposed: UserInformation, policy: AcceptancePolicy): UserInformation {
  const roleSelections = answerRoles(proposed.roleSelections ?? [], policy.roleSelection);
  const extended = (proposed.sopClassExtendedNegotiations ?? []).flatMap(
    (one) => answerExtended(one, policy.sopClassExtendedNegotiation) ?? [],
  );
  return {
    maximumLength: policy.maximumLength ?? defaultMaximumLength,
    implementationClassUid: policy.implementationClassUid ?? implementationClassUid,
    implementationVersionName: policy.implementationVersionName ?? implementationVersionName,
    asynchronousOperationsWindow: answerWindow(
      proposed.asynchronousOperationsWindow,
      policy.asynchronousOperationsWindow,
    ),
    roleSelections: roleSelections.length > 0 ? roleSelections : undefined,
    sopClassExtendedNegotiations: extended.length > 0 ? extended : undefined,
  };
}

function answerRoles(proposed: readonly RoleSelection[], policy: AcceptancePolicy['roleSelection']): RoleSelection[] {
  if (policy === undefined) return [];
  return proposed.flatMap((one): RoleSelection[] => {
    const granted =
      typeof policy === 'function' ? policy(one) : policy.find((other) => other.sopClassUid === one.sopClassUid);
    if (granted === undefined) return [];
    return [
      {
        sopClassUid: one.sopClassUid,
        scuRole: one.scuRole && granted.scuRole,
        scpRole: one.scpRole && granted.scpRole,
      },
    ];
  });
}

function answerWindow(
  proposed: AsynchronousOperationsWindow | undefined,
  policy: AcceptancePolicy['asynchronousOperationsWindow'],
): AsynchronousOperationsWindow | undefined {
  if (proposed === undefined) return undefined;
  const granted = typeof policy === 'function' ? policy(proposed) : (policy ?? synchronous);
  return smallerWindow(proposed, granted);
}

/** Without an answer, or without a proposal, operations are synchronous. PS3.7 D.3.3.3. */
function agreedWindow(
  proposed: AsynchronousOperationsWindow | undefined,
  answered: AsynchronousOperationsWindow | undefined,
): AsynchronousOperationsWindow {
  return proposed === undefined || answered === undefined ? synchronous : smallerWindow(proposed, answered);
}

const synchronous: AsynchronousOperationsWindow = { maximumOperationsInvoked: 1, maximumOperationsPerformed: 1 };

function smallerWindow(a: AsynchronousOperationsWindow, b: AsynchronousOperationsWindow): AsynchronousOperationsWindow {
  return {
    maximumOperationsInvoked: smallerLimit(a.maximumOperationsInvoked, b.maximumOperationsInvoked),
    maximumOperationsPerformed: smallerLimit(a.maximumOperationsPerformed, b.maximumOperationsPerformed),
  };
}

/** The smaller of two limits of which 0 is unlimited. */
function smallerLimit(a: number, b: number): number {
  if (a === 0) return b;
  return b === 0 ? a : Math.min(a, b);
}

/** An acceptor can't grant a role that was not proposed, nor answer for a SOP class that was not asked about. */
function rolesInForce(
  proposed: readonly RoleSelection[] = [],
  answered: readonly RoleSelection[] = [],
): ReadonlyMap<string, RoleSelection> {
  const roles = new Map<string, RoleSelection>();
  if (answered.length === 0) return roles;
  const asked = new Map(proposed.map((one) => [one.sopClassUid, one]));
  for (const { sopClassUid, scuRole, scpRole } of answered) {
    const one = asked.get(sopClassUid);
    if (one === undefined) continue;
    roles.set(sopClassUid, { sopClassUid, scuRole: scuRole && one.scuRole, scpRole: scpRole && one.scpRole });
  }
  return roles;
}

function negotiatedContexts(
  proposed: readonly ProposedPresentationContext[],
  results: readonly PresentationContextResult[],
): Pick<Negotiated, 'contexts' | 'acceptedContexts'> {
  const answers = new Map(results.map((result) => [result.id, result]));
  const contexts = new Map<number, NegotiatedContext>();
  for (const { id, abstractSyntax, transferSyntaxes } of proposed) {
    const answer = answers.get(id);
    const result = answer?.result ?? 2;
    contexts.set(id, {
      id,
      abstractSyntax,
      result,
      transferSyntax: result === 0 ? answer?.transferSyntax : undefined,
      proposedTransferSyntaxes: transferSyntaxes,
    });
  }
  const acceptedContexts = [...contexts.values()].filter((context) => context.result === 0).sort((a, b) => a.id - b.id);
  return { contexts, acceptedContexts };
}

function findProblem(request: AssociateRqPdu, response: AssociateAcPdu): string | undefined {
  const proposed = new Map(request.presentationContexts.map((context) => [context.id, context]));
  const answered = new Set<number>();
  for (const { id, result, transferSyntax } of response.presentationContexts) {
    const context = proposed.get(id);
    if (context === undefined) return `presentation context ${id} was never proposed`;
    if (answered.has(id)) return `presentation context ${id} is answered twice`;
    answered.add(id);
    if (result === 0 && (transferSyntax === undefined || !context.transferSyntaxes.includes(transferSyntax))) {
      return `presentation context ${id} is accepted with transfer syntax ${transferSyntax ?? '(none)'}, which was never proposed`;
    }
  }
  const { maximumLength } = response.userInformation;
  if (!isUsableMaximumLength(maximumLength)) {
    return `maximum length ${maximumLength} leaves no room for data`;
  }
  return undefined;
}
