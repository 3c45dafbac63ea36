/**
 * The layer beneath, for what no service here has: an association of a client's, for the time of a function.
 */
import type { MessageSender } from '@dicomwire/dimse';
import { abortOnSignal } from './abort-on-signal.js';
import { factsOf } from './association-facts.js';
import type { ContextProposal } from './context-proposal.js';
import { errorFrom } from './error-from.js';
import type { AssociationFacts } from './service.js';
import type { SessionLender } from './session-lender.js';

/** Options of {@link Client.withSession}. */
export interface WithSessionOptions {
  /** Ends the association, whatever it is doing, and the call with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Whether no other call of the client may use the association meanwhile. Default: true. */
  readonly isExclusive?: boolean | undefined;
}

/** The same over a session that is lent. */
export async function withSessionOver<T>(
  lender: SessionLender,
  contexts: readonly ContextProposal[],
  use: (session: MessageSender, association: AssociationFacts) => T | Promise<T>,
  { signal, isExclusive = true }: WithSessionOptions,
): Promise<T> {
  const loan = await lender.borrow(contexts, signal, { isExclusive });
  const { session } = loan;
  const takeOff = abortOnSignal(session, signal);
  try {
    return await use(session, factsOf(session.association));
  } catch (error) {
    throw signal?.aborted === true ? errorFrom(signal.reason) : error;
  } finally {
    takeOff();
    await loan.giveBack();
  }
}
