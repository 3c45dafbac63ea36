/**
 * Storage commitment, as provider: acknowledges first, looks and reports afterwards, until it was heard. PS3.4 Annex J.
 */
import { StatusError } from '@dicomwire/dimse';
import { isValidUid } from '@dicomwire/dimse/dataset';
import { checkFunction } from '../check-options.js';
import { type NActionRequest, type NServiceAnswer, nService } from '../n-services/n-service-scp.js';
import type { AssociationFacts, Service } from '../service.js';
import { commitmentSopClass, commitmentSopInstance, readReferences, requestCommitment } from './commitment-data.js';
import type { StorageCommitmentOptions } from './commitment-options.js';
import { CommitmentReporter } from './commitment-reporter.js';
import { type CommitmentStore, memoryCommitmentStore, type PendingCommitment } from './commitment-store.js';

/**
 * Answers N-ACTION at once, then reports by N-EVENT-REPORT on the same association; a report that is not taken there is repeated on
 * associations of its own (on which it is SCP), with growing delays, after a restart too if the store outlives it.
 *
 * @example
 * ```ts
 * import { CommitmentFailure, connect, createScp, storageCommitment } from '@dicomwire/services';
 *
 * const kept = new Set(['1.2.3']);
 * const scp = createScp({
 *   aeTitle: 'ARCHIVE',
 *   services: [
 *     storageCommitment({
 *       check: async (instances) =>
 *         instances.map(({ sopInstanceUid }) =>
 *           kept.has(sopInstanceUid) ? undefined : CommitmentFailure.noSuchObjectInstance,
 *         ),
 *     }),
 *   ],
 * });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 *
 * const pacs = await connect({ host: '127.0.0.1', port, calledAeTitle: 'ARCHIVE', callingAeTitle: 'CT1', services: [] });
 * const { committed, failed } = await pacs.storageCommitment.commit([
 *   { sopClassUid: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUid: '1.2.3' },
 *   { sopClassUid: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUid: '1.2.4' },
 * ]);
 * console.log(committed.length, failed[0]?.meaning); // 1 no such object instance
 * await pacs.release();
 * await scp.close();
 * ```
 */
export function storageCommitment(options: StorageCommitmentOptions): Service {
  checkFunction('storage-commitment', 'check', options.check);
  const { store = memoryCommitmentStore(), maximumInstances = 100_000 } = options;
  const reporter = new CommitmentReporter(options, store);
  const service = nService({
    name: 'storage-commitment',
    sopClasses: [commitmentSopClass],
    action: (request) => accept(request, store, reporter, maximumInstances),
  });
  return { ...service, started: () => reporter.start(), closed: () => reporter.close() };
}

async function accept(
  request: NActionRequest,
  store: CommitmentStore,
  reporter: CommitmentReporter,
  maximumInstances: number,
): Promise<NServiceAnswer> {
  const { association, message } = request;
  if (request.sopInstanceUid !== commitmentSopInstance) throw new StatusError(noSuchInstance);
  if (request.actionTypeId !== requestCommitment) throw new StatusError(noSuchAction);
  const commitment = readCommitment(request, association, maximumInstances);
  if (!(await store.add(commitment))) throw new StatusError(duplicateTransaction, 'The transaction is under way');
  reporter.reportOver(commitment, message.session);
  return undefined;
}

function readCommitment(
  { dataSet }: NActionRequest,
  { callingAeTitle, calledAeTitle }: AssociationFacts,
  maximumInstances: number,
): PendingCommitment {
  const { transactionUid, instances } = readReferences(dataSet);
  if (transactionUid === undefined) throw missing(0x00081195);
  if (!isValidUid(transactionUid)) throw invalid(0x00081195);
  if (instances.length === 0) throw missing(0x00081199);
  if (instances.some((each) => each.sopClassUid === '' || each.sopInstanceUid === '')) throw invalid(0x00081199);
  if (instances.length > maximumInstances) throw new StatusError(resourceLimitation, 'Too many instances at once');
  return {
    id: `${callingAeTitle}\\${transactionUid}`,
    transactionUid,
    callingAeTitle,
    calledAeTitle,
    instances,
    requestedAt: Date.now(),
  };
}

function missing(tag: number): StatusError {
  return new StatusError(missingAttribute, undefined, { offendingElements: [tag] });
}

function invalid(tag: number): StatusError {
  return new StatusError(invalidAttributeValue, undefined, { offendingElements: [tag] });
}

/** PS3.7 C.5; 0131 as PS3.3 C.14.1.1 names it. */
const invalidAttributeValue = 0x0106;
const noSuchInstance = 0x0112;
const missingAttribute = 0x0120;
const noSuchAction = 0x0123;
const duplicateTransaction = 0x0131;
const resourceLimitation = 0x0213;
