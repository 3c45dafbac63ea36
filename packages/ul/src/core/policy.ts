/**
 * What an acceptor takes: data that a configuration file can hold, and functions where data is not enough.
 */
import type {
  AsynchronousOperationsWindow,
  RoleSelection,
  SopClassCommonExtendedNegotiation,
  SopClassExtendedNegotiation,
} from '@dicomwire/pdu';
import type { PeerRule } from './peer-rules.js';

/**
 * The transfer syntaxes that are accepted for an abstract syntax: UIDs in order of our preference; `'any'` for the first that is
 * proposed, whichever it is; or a function that chooses one of those proposed, or none (result 4).
 */
export type TransferSyntaxChoice = readonly string[] | 'any' | ((proposed: readonly string[]) => string | undefined);

/** An abstract syntax and the transfer syntaxes that are accepted for it. */
export interface SupportedContext {
  /** Abstract syntax UID. */
  readonly abstractSyntax: string;
  /** Which of the proposed transfer syntaxes is taken. */
  readonly transferSyntaxes: TransferSyntaxChoice;
}

/** How an acceptor answers extended negotiation of one SOP class, as data. PS3.7 D.3.3.5. */
export interface ExtendedNegotiationAnswer {
  /** SOP class UID. */
  readonly sopClassUid: string;
  /** Service-class-application-information of ours: hexadecimal digits. */
  readonly information: string;
  /**
   * `'minimum'` answers byte by byte with the smaller of both, as query/retrieve means it (PS3.4 C.5); `'own'` states ours, as storage
   * does (PS3.4 B.3.1). Default `'minimum'`.
   */
  readonly answer?: 'minimum' | 'own' | undefined;
}

/** What to accept, and as whom. Every part that is absent is lenient, but for the contexts: none is accepted unless named. */
export interface AcceptancePolicy {
  /** Called AE titles that are ours; others get RJ(1,1,7). Default: any, a blank one included. */
  readonly calledAeTitles?: readonly string[] | undefined;
  /** Calling AE titles that may associate; others get RJ(1,1,3). Default: any, a blank one included. */
  readonly callingAeTitles?: readonly string[] | undefined;
  /** Who may associate: one of the rules must fit; others get RJ(1,1,3), or RJ(1,1,7) for what they called. Default: anybody. */
  readonly peers?: readonly PeerRule[] | undefined;
  /** Abstract syntaxes supported, with their transfer syntaxes. */
  readonly presentationContexts: readonly SupportedContext[];
  /**
   * Asked about each abstract syntax that is not listed: its transfer syntaxes, or `undefined` to refuse it (result 3). Where the requestor said
   * by common extended negotiation (PS3.7 D.3.3.6) what the SOP class is related to, that is passed on.
   */
  readonly otherAbstractSyntax?:
    | ((
        abstractSyntax: string,
        related: SopClassCommonExtendedNegotiation | undefined,
      ) => TransferSyntaxChoice | undefined)
    | undefined;
  /** Whose order decides when several transfer syntaxes would do. Default: `'acceptor'`. */
  readonly transferSyntaxPreference?: 'acceptor' | 'requestor' | undefined;
  /**
   * Answers a proposed role selection: the roles granted to the requestor (never more than it proposed), or `undefined` for no
   * answer, which leaves the default roles in force. Data answers the listed SOP classes. Default: no answer. PS3.7 D.3.3.4.
   */
  readonly roleSelection?:
    | readonly RoleSelection[]
    | ((proposed: RoleSelection) => { readonly scuRole: boolean; readonly scpRole: boolean } | undefined)
    | undefined;
  /**
   * The largest window granted, from the requestor's point of view as on the wire: `maximumOperationsInvoked` is what the
   * requestor may invoke at once; 0 is unlimited. Default: one of each. Answered only when proposed. PS3.7 D.3.3.3.
   */
  readonly asynchronousOperationsWindow?:
    | AsynchronousOperationsWindow
    | ((proposed: AsynchronousOperationsWindow) => AsynchronousOperationsWindow)
    | undefined;
  /** Answers a SOP class extended negotiation, or `undefined` for no answer; as data, for the listed SOP classes. Default: no answer. PS3.7 D.3.3.5. */
  readonly sopClassExtendedNegotiation?:
    | readonly ExtendedNegotiationAnswer[]
    | ((proposed: SopClassExtendedNegotiation) => SopClassExtendedNegotiation | undefined)
    | undefined;
  /** Largest P-DATA-TF that we take, bytes; 0 is unlimited. Default 131072. */
  readonly maximumLength?: number | undefined;
  /** Default: that of this package. */
  readonly implementationClassUid?: string | undefined;
  /** Up to 16 characters. Default: that of this package. */
  readonly implementationVersionName?: string | undefined;
}
