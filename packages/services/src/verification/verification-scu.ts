/**
 * The Verification service class, as user. PS3.4 Annex A.
 */
import { AssociationKeeper } from '../association-keeper.js';
import type { ContextProposal } from '../context-proposal.js';
import type { PeerOptions } from '../peer.js';
import { type CallOptions, type RequestSpecification, requestOver } from '../request-over.js';
import type { SessionLender } from '../session-lender.js';
import { verificationSopClass } from './verification-sop-class.js';

/** Options of a C-ECHO. */
export interface VerifyOptions extends CallOptions {}

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
  await requestOver(lender, echo, options);
}

/** PS3.5 10.1: the default transfer syntax; a C-ECHO has no data set. */
export const verificationContext: ContextProposal = {
  abstractSyntax: verificationSopClass,
  transferSyntaxes: ['1.2.840.10008.1.2'],
};

/** The same each time. */
const echo = {
  command: { type: 'C-ECHO-RQ', affectedSopClassUid: verificationSopClass },
  contexts: [verificationContext],
  service: 'verification',
} satisfies RequestSpecification<{ type: 'C-ECHO-RQ'; affectedSopClassUid: string }>;
