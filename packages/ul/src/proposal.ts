/** Builds the A-ASSOCIATE-RQ from what the caller wants. */
import {
  type AssociateRqPdu,
  type AsynchronousOperationsWindow,
  encode,
  PduError,
  type ProposedPresentationContext,
  type RoleSelection,
  type SopClassCommonExtendedNegotiation,
  type SopClassExtendedNegotiation,
  type UserInformation,
} from '@dicomwire/pdu';
import { isUsableMaximumLength } from './core/negotiation.js';
import { encodeIdentity, type ProposedIdentity } from './core/user-identity.js';
import { AssociationError } from './errors.js';
import {
  applicationContextName,
  defaultMaximumLength,
  implementationClassUid,
  implementationVersionName,
} from './identity.js';

/** A presentation context to propose. */
export interface PresentationContextProposal {
  /** Odd, 1 to 255. Default: the lowest that is free, in order. */
  readonly id?: number | undefined;
  /** Abstract syntax UID. */
  readonly abstractSyntax: string;
  /** Transfer syntax UIDs, at least one. The acceptor chooses one of them. */
  readonly transferSyntaxes: readonly string[];
}

/** What a requestor proposes. */
export interface ProposalOptions {
  /** AE title of the peer, 1 to 16 characters. */
  readonly calledAeTitle: string;
  /** Our own AE title, 1 to 16 characters. */
  readonly callingAeTitle: string;
  /** 1 to 128 presentation contexts. */
  readonly presentationContexts: readonly PresentationContextProposal[];
  /** Roles asked for, by SOP class. Default: none, we are SCU of everything. PS3.7 D.3.3.4. */
  readonly roleSelections?: readonly RoleSelection[] | undefined;
  /** Operations at once; 0 is unlimited. Default: not proposed, which means one of each. PS3.7 D.3.3.3. */
  readonly asynchronousOperationsWindow?: AsynchronousOperationsWindow | undefined;
  /** Largest P-DATA-TF that we take, bytes; 0 is unlimited. Default 131072. PS3.8 D.1. */
  readonly maximumLength?: number | undefined;
  /** Default: that of this package. */
  readonly implementationClassUid?: string | undefined;
  /** Up to 16 characters. Default: that of this package. */
  readonly implementationVersionName?: string | undefined;
  /** Bytes of which the service class knows the meaning, by SOP class. Default: none. PS3.7 D.3.3.5. */
  readonly sopClassExtendedNegotiations?: readonly SopClassExtendedNegotiation[] | undefined;
  /** What SOP classes are related to, for acceptors that know the general ones only. Default: none. PS3.7 D.3.3.6. */
  readonly sopClassCommonExtendedNegotiations?: readonly SopClassCommonExtendedNegotiation[] | undefined;
  /** Who the user is. Default: nobody says. PS3.7 D.3.3.7. */
  readonly userIdentity?: ProposedIdentity | undefined;
  /** Further user information; what is set by the options above wins. */
  readonly userInformation?: UserInformation | undefined;
}

/**
 * The A-ASSOCIATE-RQ for these options.
 *
 * @throws {@link AssociationError} with code `invalid-option`
 */
export function buildProposal(options: ProposalOptions): AssociateRqPdu {
  const { sopClassExtendedNegotiations, sopClassCommonExtendedNegotiations, userIdentity } = options;
  const { roleSelections, asynchronousOperationsWindow, maximumLength = defaultMaximumLength } = options;
  checkMaximumLength(maximumLength);
  return {
    type: 'A-ASSOCIATE-RQ',
    protocolVersion: 1,
    calledAeTitle: checkAeTitle('calledAeTitle', options.calledAeTitle),
    callingAeTitle: checkAeTitle('callingAeTitle', options.callingAeTitle),
    applicationContextName,
    presentationContexts: numberContexts(options.presentationContexts),
    userInformation: {
      ...options.userInformation,
      maximumLength,
      implementationClassUid: options.implementationClassUid ?? implementationClassUid,
      implementationVersionName: checkVersionName(options.implementationVersionName ?? implementationVersionName),
      ...(roleSelections !== undefined && { roleSelections }),
      ...(asynchronousOperationsWindow !== undefined && { asynchronousOperationsWindow }),
      ...(sopClassExtendedNegotiations !== undefined && { sopClassExtendedNegotiations }),
      ...(sopClassCommonExtendedNegotiations !== undefined && { sopClassCommonExtendedNegotiations }),
      ...(userIdentity !== undefined && { userIdentity: encodeIdentity(userIdentity) }),
    },
  };
}

/**
 * The bytes of the request.
 *
 * @throws {@link AssociationError} with code `invalid-option` when something in it can't be written
 */
export function encodeProposal(request: AssociateRqPdu): Uint8Array {
  try {
    return encode(request);
  } catch (error) {
    if (!(error instanceof PduError)) throw error;
    throw new AssociationError('invalid-option', `the proposal cannot be encoded: ${error.message}`, { cause: error });
  }
}

function numberContexts(proposals: readonly PresentationContextProposal[]): ProposedPresentationContext[] {
  if (proposals.length === 0) throw invalid('presentationContexts is empty: propose at least one');
  if (proposals.length > 128) {
    throw invalid(`${proposals.length} presentation contexts: an association has 128 at most, use several`);
  }
  const taken = new Set<number>();
  for (const { id } of proposals) {
    if (id === undefined) continue;
    if (!Number.isInteger(id) || id < 1 || id > 255 || id % 2 === 0)
      throw invalid(`context ID ${id} is not odd from 1 to 255`);
    if (taken.has(id)) throw invalid(`context ID ${id} is given twice`);
    taken.add(id);
  }
  let next = 1;
  return proposals.map(({ id, abstractSyntax, transferSyntaxes }) => {
    if (transferSyntaxes.length === 0)
      throw invalid(`no transfer syntax is proposed for abstract syntax ${abstractSyntax}`);
    if (id !== undefined) return { id, abstractSyntax, transferSyntaxes };
    while (taken.has(next)) next += 2;
    taken.add(next);
    return { id: next, abstractSyntax, transferSyntaxes };
  });
}

/** @throws {@link AssociationError} when nothing could be announced as this */
export function checkMaximumLength(maximumLength: number): void {
  if (Number.isInteger(maximumLength) && maximumLength >= 0 && maximumLength <= 0xffffffff) {
    if (isUsableMaximumLength(maximumLength)) return;
  }
  throw invalid(`maximumLength ${maximumLength} is neither 0 (unlimited) nor a number of bytes from 8`);
}

/** Value representation AE, PS3.5 6.2: up to 16 characters of the default repertoire, no backslash, not only spaces. */
function checkAeTitle(option: string, title: string): string {
  if (/^[\x20-\x5b\x5d-\x7e]{1,16}$/.test(title) && title.trim() !== '') return title;
  throw invalid(`${option} ${JSON.stringify(title)} is no AE title: 1 to 16 ASCII characters, no backslash, not blank`);
}

/** @throws {@link AssociationError} when it is no implementation version name */
export function checkVersionName(name: string): string {
  if (/^[\x20-\x7e]{1,16}$/.test(name)) return name;
  throw invalid(`implementationVersionName ${JSON.stringify(name)} is not 1 to 16 ASCII characters`);
}

function invalid(message: string): AssociationError {
  return new AssociationError('invalid-option', message);
}
