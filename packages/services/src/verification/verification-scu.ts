/**
 * The Verification service class, as user. PS3.4 Annex A.
 */
import { describeStatus, statusCategory } from '@dicomwire/dimse';
import { abortOnSignal } from '../abort-on-signal.js';
import { AssociationKeeper } from '../association-keeper.js';
import type { ContextProposal } from '../context-proposal.js';
import { errorFrom } from '../error-from.js';
import type { PeerOptions } from '../peer.js';
import { ServiceError } from '../service-error.js';
import type { SessionLender } from '../session-lender.js';
import { verificationSopClass } from './verification-sop-class.js';

/** Options of a C-ECHO. */
export interface VerifyOptions {
  /** Ends the wait, and the association with it. */
  readonly signal?: AbortSignal | undefined;
  /** For the response, milliseconds; 0 is no limit. Default: the peer's `responseTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/**
 * One C-ECHO on an association of its own. PS3.7 9.1.5.
 *
 * @throws as {@link Client.verify} and {@link connect}.
 *
 * @example
 * ```ts
 * import { createScp, verification, verify } from '@dicomwire/services';
 *
 * const scp = createScp({ aeTitle: 'PACS', services: [verification()] });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 * await verify({ host: '127.0.0.1', port, calledAeTitle: 'PACS', callingAeTitle: 'CT1' });
 * await scp.close();
 * ```
 */
export async function verify(peer: PeerOptions, options: VerifyOptions = {}): Promise<void> {
  const keeper = new AssociationKeeper(peer, [verificationContext]);
  try {
    await verifyOver(keeper, options);
  } finally {
    await keeper.release();
  }
}

/** C-ECHO over a session that is lent. */
export async function verifyOver(lender: SessionLender, options: VerifyOptions): Promise<void> {
  const { signal, timeoutMs = lender.responseTimeoutMs } = options;
  const loan = await lender.borrow([verificationContext], signal);
  const takeOff = abortOnSignal(loan.session, signal);
  try {
    const { acceptedContexts } = loan.session.association.negotiated;
    const context = acceptedContexts.find(({ abstractSyntax }) => abstractSyntax === verificationSopClass);
    if (context === undefined) throw new ServiceError('no-accepted-context', 'The peer does not accept Verification');
    const { command } = await loan.session.request(
      { type: 'C-ECHO-RQ', affectedSopClassUid: verificationSopClass },
      { contextId: context.id, timeoutMs },
    );
    if (statusCategory(command.status) === 'Success') return;
    const meaning = describeStatus(command.status, 'verification');
    throw new ServiceError('refused', `The peer answered C-ECHO with ${meaning}`, command.status);
  } catch (error) {
    throw signal?.aborted === true ? errorFrom(signal.reason) : error;
  } finally {
    takeOff();
    await loan.giveBack();
  }
}

/** PS3.5 10.1: the default transfer syntax; a C-ECHO has no data set. */
export const verificationContext: ContextProposal = {
  abstractSyntax: verificationSopClass,
  transferSyntaxes: ['1.2.840.10008.1.2'],
};
