/**
 * What an acceptor takes: data that a configuration file can hold, and functions where data is not enough.
 */
import type { AsynchronousOperationsWindow, RoleSelection, SopClassExtendedNegotiation } from '@dicomwire/pdu';

/** An abstract syntax and the transfer syntaxes that are accepted for it. */
export interface SupportedContext {
  /** Abstract syntax UID. */
  readonly abstractSyntax: string;
  /** Transfer syntax UIDs in order of our preference, or `'any'` for the first that is proposed, whichever it is. */
  readonly transferSyntaxes: readonly string[] | 'any';
}

/** What to accept, and as whom. Every part that is absent is lenient, but for the contexts: none is accepted unless named. */
export interface AcceptancePolicy {
  /** Called AE titles that are ours; others get RJ(1,1,7). Default: any, a blank one included. */
  readonly calledAeTitles?: readonly string[] | undefined;
  /** Calling AE titles that may associate; others get RJ(1,1,3). Default: any, a blank one included. */
  readonly callingAeTitles?: readonly string[] | undefined;
  /** Abstract syntaxes supported, with their transfer syntaxes. */
  readonly presentationContexts: readonly SupportedContext[];
  /** Asked about each abstract syntax that is not listed: its transfer syntaxes, or `undefined` to refuse it (result 3). */
  readonly otherAbstractSyntax?: ((abstractSyntax: string) => readonly string[] | 'any' | undefined) | undefined;
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
  /** Answers a SOP class extended negotiation, or `undefined` for no answer. Default: no answer. PS3.7 D.3.3.5. */
  readonly sopClassExtendedNegotiation?:
    | ((proposed: SopClassExtendedNegotiation) => SopClassExtendedNegotiation | undefined)
    | undefined;
  /** Largest P-DATA-TF that we take, bytes; 0 is unlimited. Default 131072. */
  readonly maximumLength?: number | undefined;
  /** Default: that of this package. */
  readonly implementationClassUid?: string | undefined;
  /** Up to 16 characters. Default: that of this package. */
  readonly implementationVersionName?: string | undefined;
}
