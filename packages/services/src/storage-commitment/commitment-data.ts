/** What storage commitment is about, and the data sets that say it. PS3.4 Annex J. */
import { DataSet, type DataSetInput } from '@dicomwire/dimse';
import { SopClass, WellKnownUid } from '@dicomwire/dimse/dataset';

/** Storage Commitment Push Model. PS3.4 J.3. */
export const commitmentSopClass = SopClass.StorageCommitmentPushModel;
/** The one instance of it. PS3.4 J.3.5. */
export const commitmentSopInstance = WellKnownUid.StorageCommitmentPushModelInstance;

/** Action Type ID: Request Storage Commitment. PS3.4 J.3.2. */
export const requestCommitment = 1;
/** Event Type IDs: all is committed; failures exist. PS3.4 J.3.3. */
export const commitmentEvents = { successful: 1, failuresExist: 2 } as const;

/** An instance whose safe keeping is asked for. */
export interface ReferencedInstance {
  /** Referenced SOP Class UID (0008,1150). */
  readonly sopClassUid: string;
  /** Referenced SOP Instance UID (0008,1155). */
  readonly sopInstanceUid: string;
}

/** An instance that is not committed. */
export interface FailedInstance extends ReferencedInstance {
  /** Failure Reason (0008,1197). PS3.3 C.14.1.1. */
  readonly failureReason: number;
  /** The reason in words. */
  readonly meaning: string;
}

/** What a provider reports. */
export interface CommitmentResult {
  /** Transaction UID (0008,1195) of the request. */
  readonly transactionUid: string;
  /** Kept safely: these may be deleted here. */
  readonly committed: readonly ReferencedInstance[];
  /** Not kept, and why. */
  readonly failed: readonly FailedInstance[];
  /** AE title from which the instances can be retrieved, if the provider says. */
  readonly retrieveAeTitle: string | undefined;
}

/** Values of Failure Reason (0008,1197). PS3.3 C.14.1.1. */
export const CommitmentFailure = {
  /** 0110: a failure while the commitment was worked on. */
  processingFailure: 0x0110,
  /** 0112: there is no such instance. */
  noSuchObjectInstance: 0x0112,
  /** 0119: the instance is of another SOP class. */
  classInstanceConflict: 0x0119,
  /** 0122: instances of this SOP class are not kept. */
  sopClassNotSupported: 0x0122,
  /** 0131: the transaction UID is in use already. */
  duplicateTransactionUid: 0x0131,
  /** 0213: there is no room for it. */
  resourceLimitation: 0x0213,
} as const;

/** Action information of a request. PS3.4 Table J.3-1. */
export function commitmentRequest(transactionUid: string, instances: readonly ReferencedInstance[]): DataSet {
  return DataSet.from({
    TransactionUID: transactionUid,
    ReferencedSOPSequence: instances.map(reference),
  });
}

/** Event information of a report. PS3.4 Table J.3-2. */
export function commitmentReport(result: CommitmentResult): DataSet {
  const { transactionUid, committed, failed, retrieveAeTitle } = result;
  return DataSet.from({
    TransactionUID: transactionUid,
    RetrieveAETitle: retrieveAeTitle,
    ReferencedSOPSequence: committed.length === 0 ? undefined : committed.map(reference),
    FailedSOPSequence:
      failed.length === 0
        ? undefined
        : failed.map((instance) => ({ ...reference(instance), FailureReason: instance.failureReason })),
  });
}

/** The transaction and what it asks for; `undefined` for the UID when there is none. Items without UIDs count with empty ones. */
export function readReferences(dataSet: DataSet): {
  readonly transactionUid: string | undefined;
  readonly instances: readonly ReferencedInstance[];
} {
  return {
    transactionUid: dataSet.get('TransactionUID'),
    instances: dataSet.get('ReferencedSOPSequence').map(readReference),
  };
}

/** A report as it came. */
export function readReport(dataSet: DataSet): CommitmentResult {
  const { transactionUid = '', instances } = readReferences(dataSet);
  return {
    transactionUid,
    committed: instances,
    failed: dataSet.get('FailedSOPSequence').map((item) => {
      const failureReason = item.get('FailureReason') ?? CommitmentFailure.processingFailure;
      return { ...readReference(item), failureReason, meaning: describeFailure(failureReason) };
    }),
    retrieveAeTitle: dataSet.get('RetrieveAETitle')[0],
  };
}

/** A failure reason in words. PS3.3 C.14.1.1. */
export function describeFailure(failureReason: number): string {
  return meanings.get(failureReason) ?? `failure ${failureReason.toString(16).toUpperCase().padStart(4, '0')}H`;
}

const meanings: ReadonlyMap<number, string> = new Map([
  [CommitmentFailure.processingFailure, 'processing failure'],
  [CommitmentFailure.noSuchObjectInstance, 'no such object instance'],
  [CommitmentFailure.classInstanceConflict, 'class / instance conflict'],
  [CommitmentFailure.sopClassNotSupported, 'referenced SOP class not supported'],
  [CommitmentFailure.duplicateTransactionUid, 'duplicate transaction UID'],
  [CommitmentFailure.resourceLimitation, 'resource limitation'],
]);

function reference({ sopClassUid, sopInstanceUid }: ReferencedInstance) {
  return { ReferencedSOPClassUID: sopClassUid, ReferencedSOPInstanceUID: sopInstanceUid } satisfies DataSetInput;
}

function readReference(item: DataSet): ReferencedInstance {
  return {
    sopClassUid: item.get('ReferencedSOPClassUID') ?? '',
    sopInstanceUid: item.get('ReferencedSOPInstanceUID') ?? '',
  };
}
