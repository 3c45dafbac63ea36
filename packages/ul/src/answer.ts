/** What a server answers to a request: first who asks, then what its user says, then the policy. */
import { type Acceptance, acceptProposal } from './core/negotiation.js';
import { type RejectionValues, rejections } from './core/reasons.js';
import {
  decodeIdentity,
  type UserCredentials,
  type VerifiedIdentity,
  withoutCredentials,
} from './core/user-identity.js';
import type { AcceptanceDecision, AssociationProposal, IdentityVerdict, ServerOptions } from './server-options.js';

/** A request, and where it came from. */
export type Question = Omit<AssociationProposal, 'userIdentity'>;

/** An acceptance, with who it is for, or a rejection. */
export type Answer = Acceptance & { readonly userIdentity?: VerifiedIdentity | undefined };

/** Answers at once unless a verifier or a hook takes its time; fails as they do. */
export function answerQuestion(question: Question, options: ServerOptions): Answer | Promise<Answer> {
  const claim = question.request.userInformation.userIdentity;
  const { userIdentity } = options;
  if (userIdentity === undefined) return askHook(question, options, undefined, undefined);
  const credentials = claim && decodeIdentity(claim);
  if (credentials === undefined) {
    if (userIdentity.isRequired) return refused(rejections.noReason);
    return askHook(question, options, undefined, undefined);
  }
  const { request, ...rest } = question;
  const { calledAeTitle, callingAeTitle } = request;
  const verdict = userIdentity.verify({ credentials, calledAeTitle, callingAeTitle, ...rest });
  const proceed = (decided: IdentityVerdict) => {
    if (!decided.isAccepted) return refused(decided.reject ?? rejections.noReason);
    const response = claim?.positiveResponseRequested ? bytesOf(decided.response) : undefined;
    return askHook(question, options, identityOf(credentials, decided.user), response);
  };
  return verdict instanceof Promise ? verdict.then(proceed) : proceed(verdict);
}

function askHook(
  question: Question,
  options: ServerOptions,
  userIdentity: VerifiedIdentity | undefined,
  identityResponse: Uint8Array | undefined,
): Answer | Promise<Answer> {
  const conclude = (decision: AcceptanceDecision) =>
    conclusionOf(question, options, decision, userIdentity, identityResponse);
  if (options.accept === undefined) return conclude(undefined);
  const { request } = question;
  const shown = { ...request, userInformation: withoutCredentials(request.userInformation) };
  // Without a verifier, the hook is the only one who can look at credentials.
  const decision = options.accept({
    ...question,
    request: options.userIdentity === undefined ? request : shown,
    userIdentity,
  });
  return decision instanceof Promise ? decision.then(conclude) : conclude(decision);
}

function conclusionOf(
  { request, peer, tls }: Question,
  options: ServerOptions,
  decision: AcceptanceDecision,
  userIdentity: VerifiedIdentity | undefined,
  userIdentityResponse: Uint8Array | undefined,
): Answer {
  if (decision !== undefined && 'reject' in decision) return refused(decision.reject);
  const acceptance = acceptProposal(request, decision ?? options.policy, {
    address: peer.address,
    certificateFingerprint: tls?.peerCertificate?.fingerprint256,
  });
  if (acceptance.kind === 'reject') return acceptance;
  if (userIdentityResponse === undefined) return { ...acceptance, userIdentity };
  const { response } = acceptance;
  const userInformation = { ...response.userInformation, userIdentityResponse };
  return { ...acceptance, response: { ...response, userInformation }, userIdentity };
}

function refused(values: RejectionValues): Answer {
  return { kind: 'reject', ...values };
}

function identityOf(credentials: UserCredentials, user: unknown): VerifiedIdentity {
  return {
    type: credentials.type,
    username: 'username' in credentials ? credentials.username : undefined,
    user,
  };
}

/** The server response is empty where identities are by name. PS3.7 D.3.3.7.2. */
function bytesOf(response: Uint8Array | string | undefined): Uint8Array {
  return typeof response === 'string' ? new TextEncoder().encode(response) : (response ?? new Uint8Array(0));
}
