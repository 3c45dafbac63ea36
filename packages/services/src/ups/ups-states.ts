/**
 * What may happen to a Unified Procedure Step in which state. PS3.4 CC.1.1, Table CC.1.1-2.
 */
import { StatusError } from '@dicomwire/dimse';
import type { DataSet } from '@dicomwire/dimse/dataset';
import { isUpsState, type UpsState, UpsStatus } from './ups-sop-class.js';

/** A change that was allowed: the state to go to, or a warning with which nothing is done. */
export type StateChange = { readonly to: 'IN PROGRESS' | 'COMPLETED' | 'CANCELED' } | { readonly warning: number };

/** State of a step as it is kept. */
export function stateOf(step: DataSet): UpsState {
  const state = step.get('ProcedureStepState');
  return isUpsState(state) ? state : 'SCHEDULED';
}

/**
 * Decides on a request to change the state.
 *
 * @param step - as it is kept, with the Transaction UID of who claimed it.
 * @throws StatusError with the code of Table CC.1.1-2
 */
export function decideStateChange(
  step: DataSet,
  requested: string | undefined,
  transactionUid: string | undefined,
): StateChange {
  if (!isUpsState(requested))
    throw new StatusError(invalidAttributeValue, undefined, { offendingElements: [stateTag] });
  if (requested === 'SCHEDULED') throw new StatusError(UpsStatus.scheduledOnlyByCreation);
  const state = stateOf(step);
  const isRight =
    transactionUid !== undefined && (state === 'SCHEDULED' || transactionUid === step.get('TransactionUID'));
  if (!isRight) throw new StatusError(UpsStatus.wrongTransactionUid);
  switch (state) {
    case 'SCHEDULED':
      if (requested !== 'IN PROGRESS') throw new StatusError(UpsStatus.notInProgress);
      return { to: requested };
    case 'IN PROGRESS':
      if (requested === 'IN PROGRESS') throw new StatusError(UpsStatus.alreadyInProgress);
      return { to: requested };
    case 'COMPLETED':
      if (requested !== 'COMPLETED') throw new StatusError(UpsStatus.mayNoLongerBeUpdated);
      return { warning: UpsStatus.alreadyCompleted };
    case 'CANCELED':
      if (requested !== 'CANCELED') throw new StatusError(UpsStatus.mayNoLongerBeUpdated);
      return { warning: UpsStatus.alreadyCanceled };
  }
}

/** @throws StatusError unless the attributes of a step may be set now by who has this Transaction UID. PS3.4 CC.2.6.3. */
export function checkUpdate(step: DataSet, transactionUid: string | undefined): void {
  switch (stateOf(step)) {
    case 'SCHEDULED':
      if (transactionUid !== undefined) throw new StatusError(UpsStatus.notInProgress);
      return;
    case 'IN PROGRESS':
      if (transactionUid !== step.get('TransactionUID')) throw new StatusError(UpsStatus.wrongTransactionUid);
      return;
    default:
      throw new StatusError(UpsStatus.mayNoLongerBeUpdated);
  }
}

/**
 * What a step lacks to be COMPLETED or CANCELED: tags, from the outside in, of what Table CC.2.5-3 requires in that state.
 */
export function missingForFinalState(step: DataSet, state: 'COMPLETED' | 'CANCELED'): readonly number[] {
  if (state === 'CANCELED') {
    const progress = step.get('ProcedureStepProgressInformationSequence')[0];
    if (progress === undefined) return [0x00741002];
    return [0x00404052, 0x0074100e].filter((tag) => isEmpty(progress, tag));
  }
  const performed = step.get('UnifiedProcedureStepPerformedProcedureSequence')[0];
  if (performed === undefined) return [0x00741216];
  return [0x00404028, 0x00404050, 0x00404019, 0x00404051].filter((tag) => isEmpty(performed, tag));
}

function isEmpty(dataSet: DataSet, tag: number): boolean {
  return dataSet.vr(tag) === 'SQ' ? dataSet.items(tag).length === 0 : dataSet.text(tag) === undefined;
}

/** Procedure Step State. */
const stateTag = 0x00741000;

/** PS3.7 C.5.7. */
const invalidAttributeValue = 0x0106;
