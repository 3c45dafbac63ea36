// The vocabulary of negotiation, for the layers above.
export {
  type AssociateAcPdu,
  type AssociatePduFields,
  type AssociateRqPdu,
  type AsynchronousOperationsWindow,
  type LimitOptions,
  type Limits,
  type Pdu,
  PduError,
  type PduErrorCode,
  type PduErrorDetails,
  type PresentationContextResult,
  type ProposedPresentationContext,
  type RoleSelection,
  type SopClassCommonExtendedNegotiation,
  type SopClassExtendedNegotiation,
  type UnknownItem,
  type UserIdentity,
  type UserInformation,
} from '@dicomwire/pdu';
export type { AdmissionLimits } from './admission.js';
export { systemClock } from './clock.js';
export { type ConnectOptions, connect } from './connect.js';
export type { TimedWait } from './core/conclusion.js';
export {
  type Acceptance,
  acceptProposal,
  maximumFragmentLength,
  type ReadAcceptance,
  readAcceptance,
} from './core/negotiation.js';
export type { PeerRule, ProposingPeer } from './core/peer-rules.js';
export type {
  AcceptancePolicy,
  ExtendedNegotiationAnswer,
  SupportedContext,
  TransferSyntaxChoice,
} from './core/policy.js';
export { abortInWords, type RejectionValues, rejectionInWords, rejections } from './core/reasons.js';
export {
  type Action,
  type ActionDefinition,
  actionFor,
  actions,
  type Event,
  events,
  nextState,
  type State,
  states,
  stateTable,
} from './core/state-table.js';
export type { ProposedIdentity, UserCredentials, VerifiedIdentity } from './core/user-identity.js';
export { InvalidPolicyError, type PolicyProblem, validatePolicy } from './core/validate-policy.js';
export type {
  AssociationMessage,
  ErrorMessage,
  PduBytesMessage,
  PduMessage,
  StateMessage,
} from './diagnostics.js';
export {
  AssociationAbortedError,
  AssociationError,
  type AssociationErrorCode,
  type AssociationErrorOptions,
  AssociationRejectedError,
  AssociationTimeoutError,
} from './errors.js';
export { applicationContextName, implementationClassUid, implementationVersionName } from './identity.js';
export { buildProposal, type PresentationContextProposal, type ProposalOptions } from './proposal.js';
export { type CloseOptions, createServer, type ListenOptions, type Server } from './server.js';
export type {
  AcceptanceDecision,
  AssociationProposal,
  IdentityClaim,
  IdentityVerdict,
  ServerOptions,
  UserIdentityOptions,
} from './server-options.js';
export { splitPresentationContexts } from './split-proposal.js';
export type { TransportOptions } from './tcp-transport.js';
export type { TimeoutOptions } from './timeouts.js';
export type { TlsFacts } from './tls/facts.js';
export {
  defaultCipherSuites,
  type PemSource,
  type TlsConnectOptions,
  type TlsIdentity,
  type TlsOptions,
  type TlsServerOptions,
} from './tls/options.js';
export type {
  Association,
  AssociationEnd,
  AssociationStatistics,
  Clock,
  Endpoint,
  FragmentReceiver,
  Negotiated,
  NegotiatedContext,
  ReleaseOptions,
  Timer,
} from './types.js';
