/**
 * The books of a C-GET or C-MOVE: its C-STORE sub-operations, and the responses that tell of them. PS3.4 C.4.2.1.5 to C.4.2.1.8, C.4.3.1.4.
 */
import { DataSet, type OutgoingResponse, Status, suboperationFields } from '@dicomwire/dimse';
import { TransferSyntax } from '@dicomwire/dimse/dataset';
import type { StoreResult } from '../storage/store-result.js';

/** Counts what becomes of instances. */
export class Suboperations {
  #remaining: number;
  #completed = 0;
  #failed = 0;
  #warning = 0;
  readonly #failedUids: string[] = [];

  /** @param total - Instances that are to be sent. */
  constructor(total: number) {
    this.#remaining = total;
  }

  /** Those that were neither sent nor failed. */
  get remaining(): number {
    return this.#remaining;
  }

  /** One of them is done with. */
  record({ outcome, sopInstanceUid }: Pick<StoreResult, 'outcome' | 'sopInstanceUid'>): void {
    this.#remaining -= 1;
    if (outcome === 'stored') this.#completed += 1;
    else if (outcome === 'warning') this.#warning += 1;
    else {
      this.#failed += 1;
      if (sopInstanceUid !== undefined) this.#failedUids.push(sopInstanceUid);
    }
  }

  /** FF00, with all four counters. */
  pending(): OutgoingResponse {
    return { status: Status.pending, fields: this.#fields(true) };
  }

  /** FE00: what remains was not sent. */
  cancelled(transferSyntaxUid: string | undefined): OutgoingResponse {
    return { status: Status.cancel, fields: this.#fields(true), dataSet: this.#failures(transferSyntaxUid) };
  }

  /** The end: 0000 when everything was sent, A702 when everything failed, B000 for anything between. */
  final(transferSyntaxUid: string | undefined): OutgoingResponse {
    const status = this.#finalStatus();
    return {
      status,
      errorComment: this.#failed === 0 ? undefined : `${this.#failed} of ${this.#total} instances failed`,
      fields: this.#fields(false),
      dataSet: status === Status.success ? undefined : this.#failures(transferSyntaxUid),
    };
  }

  get #total(): number {
    return this.#completed + this.#failed + this.#warning;
  }

  #finalStatus(): number {
    if (this.#failed + this.#warning === 0) return Status.success;
    return this.#failed === this.#total ? unableToPerform : failuresOrWarnings;
  }

  /** The number of remaining ones belongs into pending and cancelled responses only. PS3.7 9.1.3.1.7, 9.1.4.1.8. */
  #fields(isUnfinished: boolean): OutgoingResponse['fields'] {
    return suboperationFields({
      remaining: isUnfinished ? counter(this.#remaining) : undefined,
      completed: counter(this.#completed),
      failed: counter(this.#failed),
      warning: counter(this.#warning),
    });
  }

  /** Failed SOP Instance UID List (0008,0058): in explicit VR as many as its length field of 16 bits allows. PS3.4 C.4.2.1.4.2. */
  #failures(transferSyntaxUid: string | undefined): DataSet | undefined {
    if (this.#failedUids.length === 0) return undefined;
    const hasLongLengths = transferSyntaxUid === TransferSyntax.ImplicitVRLittleEndian;
    return DataSet.from({
      FailedSOPInstanceUIDList: hasLongLengths ? this.#failedUids : withinBytes(this.#failedUids, maximumShortLength),
    });
  }
}

/** The counters have 16 bits. PS3.7 E.1. */
function counter(count: number): number {
  return Math.min(count, 0xffff);
}

const maximumShortLength = 0xfffe;

/** As many UIDs as fit, backslashes between them counted. */
function withinBytes(uids: readonly string[], maximumBytes: number): readonly string[] {
  let bytes = -1;
  const end = uids.findIndex((uid) => {
    bytes += uid.length + 1;
    return bytes > maximumBytes;
  });
  return end === -1 ? uids : uids.slice(0, end);
}

/** PS3.4 C.4.2.1.5: "Sub-operations Complete - One or more Failures or Warnings". */
const failuresOrWarnings = 0xb000;
/** PS3.4 C.4.2.1.5: "Refused: Out of Resources - Unable to perform sub-operations". */
const unableToPerform = 0xa702;
