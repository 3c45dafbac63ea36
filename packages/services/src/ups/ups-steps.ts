/**
 * Unified Procedure Steps of a provider: creation, attributes, states. PS3.4 CC.2.1, CC.2.2, CC.2.5 to CC.2.7.
 */
import { StatusError } from '@dicomwire/dimse';
import { DataSet, isValidUid, newUid } from '@dicomwire/dimse/dataset';
import { InstanceLock } from '../n-services/instance-lock.js';
import type { InstanceStore } from '../n-services/instance-store.js';
import type { UpsReport } from './ups-reporter.js';
import { type UpsState, UpsStatus } from './ups-sop-class.js';
import { checkUpdate, decideStateChange, missingForFinalState, stateOf } from './ups-states.js';

/** What steps tell those around them. */
export interface UpsStepsEvents {
  /** A step is there now; resolves when those who want all are subscribed to it. */
  created(sopInstanceUid: string, step: DataSet): Promise<void>;
  /** Something happened that subscribers are to hear. */
  happened(report: UpsReport): void;
  /** The state or the attributes of a step changed. */
  changed(sopInstanceUid: string, step: DataSet): void;
}

/** How strict steps are. */
export interface UpsStepsOptions {
  readonly store: InstanceStore;
  readonly events: UpsStepsEvents;
  readonly checksFinalState: boolean;
  readonly worklistLabel: string;
}

/** The state machine over a store. */
export class UpsSteps {
  readonly #options: UpsStepsOptions;
  readonly #lock = new InstanceLock();

  constructor(options: UpsStepsOptions) {
    this.#options = options;
  }

  /** N-CREATE. PS3.4 CC.2.5. */
  async create(
    given: string | undefined,
    attributes: DataSet,
  ): Promise<{ readonly sopInstanceUid: string; readonly status: number }> {
    const sopInstanceUid = given ?? newUid();
    if (!isValidUid(sopInstanceUid)) throw new StatusError(invalidObjectInstance);
    if (attributes.get('ProcedureStepState') !== 'SCHEDULED') {
      throw new StatusError(UpsStatus.notCreatedScheduled, undefined, { offendingElements: [0x00741000] });
    }
    if (attributes.get('TransactionUID') !== undefined) {
      throw new StatusError(invalidAttributeValue, 'A new step has no Transaction UID', {
        offendingElements: [0x00081195],
      });
    }
    return this.#lock.run(sopInstanceUid, async () => {
      const isModified = complete(attributes, sopInstanceUid, this.#options.worklistLabel);
      if (!(await this.#options.store.insert(sopInstanceUid, attributes))) throw new StatusError(duplicateInstance);
      await this.#options.events.created(sopInstanceUid, attributes);
      this.#stateChanged(sopInstanceUid, attributes);
      this.#reportAssignment(sopInstanceUid, attributes, attributes);
      return { sopInstanceUid, status: isModified ? UpsStatus.createdWithModifications : 0x0000 };
    });
  }

  /** N-GET. The Transaction UID, which is the key to the step, is left out. PS3.4 CC.2.7. */
  async get(sopInstanceUid: string): Promise<DataSet> {
    const step = await this.read(sopInstanceUid);
    step.delete('TransactionUID');
    return step;
  }

  /** N-SET. PS3.4 CC.2.6. */
  set(sopInstanceUid: string, modifications: DataSet): Promise<void> {
    return this.#lock.run(sopInstanceUid, async () => {
      const step = await this.read(sopInstanceUid);
      checkUpdate(step, modifications.get('TransactionUID'));
      if (modifications.has('ProcedureStepState')) {
        throw new StatusError(invalidAttributeValue, 'The state is changed by N-ACTION', {
          offendingElements: [0x00741000],
        });
      }
      const readiness = step.get('InputReadinessState');
      for (const { tag, vr, values, items } of modifications) step.set(tag, vr, vr === 'SQ' ? items : values);
      await this.#update(sopInstanceUid, step);
      if (step.get('InputReadinessState') !== readiness)
        this.#report(sopInstanceUid, 'stateReport', stateInformation(step));
      const progress = modifications.get('ProcedureStepProgressInformationSequence');
      if (progress.length > 0) {
        const information = DataSet.from({ ProcedureStepProgressInformationSequence: progress });
        this.#report(sopInstanceUid, 'progressReport', information);
      }
      this.#reportAssignment(sopInstanceUid, step, modifications);
    });
  }

  /** N-ACTION, Change UPS State. @returns the status to answer. PS3.4 CC.2.1. */
  changeState(
    sopInstanceUid: string,
    requested: string | undefined,
    transactionUid: string | undefined,
  ): Promise<number> {
    return this.#lock.run(sopInstanceUid, async () => {
      const step = await this.read(sopInstanceUid);
      const change = decideStateChange(step, requested, transactionUid);
      if ('warning' in change) return change.warning;
      if (change.to === 'IN PROGRESS') {
        if (!isValidUid(transactionUid ?? '')) throw new StatusError(UpsStatus.wrongTransactionUid);
        step.set('TransactionUID', transactionUid ?? '');
      } else if (this.#options.checksFinalState) {
        const offendingElements = missingForFinalState(step, change.to);
        if (offendingElements.length > 0) {
          throw new StatusError(UpsStatus.finalStateRequirementsNotMet, undefined, { offendingElements });
        }
      }
      await this.#move(sopInstanceUid, step, change.to);
      return 0x0000;
    });
  }

  /**
   * N-ACTION, Request UPS Cancel: a step that nobody claimed is cancelled; who claimed it is asked. PS3.4 CC.2.2.
   *
   * @param hasSubscribers - whether anybody will hear of it.
   * @returns the status to answer
   */
  requestCancel(
    sopInstanceUid: string,
    request: DataSet,
    requestingAeTitle: string,
    hasSubscribers: () => boolean,
  ): Promise<number> {
    return this.#lock.run(sopInstanceUid, async () => {
      const step = await this.read(sopInstanceUid);
      switch (stateOf(step)) {
        case 'COMPLETED':
          throw new StatusError(UpsStatus.alreadyCompletedCannotCancel);
        case 'CANCELED':
          return UpsStatus.alreadyCanceled;
        case 'IN PROGRESS':
          if (!hasSubscribers()) throw new StatusError(UpsStatus.performerCannotBeContacted);
          this.#report(sopInstanceUid, 'cancelRequested', cancelInformation(request, requestingAeTitle));
          return 0x0000;
        case 'SCHEDULED':
          step.set('TransactionUID', newUid());
          await this.#move(sopInstanceUid, step, 'IN PROGRESS');
          step.set('ProcedureStepProgressInformationSequence', [cancellation(request)]);
          await this.#move(sopInstanceUid, step, 'CANCELED');
          return 0x0000;
      }
    });
  }

  /** The step with its Transaction UID. @throws StatusError C307 */
  async read(sopInstanceUid: string): Promise<DataSet> {
    const step = await this.#options.store.read(sopInstanceUid);
    if (step === undefined) throw new StatusError(UpsStatus.noSuchStep);
    return step;
  }

  /** Runs work while nothing else changes the step. */
  exclusively<T>(sopInstanceUid: string, work: () => Promise<T>): Promise<T> {
    return this.#lock.run(sopInstanceUid, work);
  }

  async #move(sopInstanceUid: string, step: DataSet, state: UpsState): Promise<void> {
    step.set('ProcedureStepState', state);
    await this.#update(sopInstanceUid, step);
    this.#report(sopInstanceUid, 'stateReport', stateInformation(step));
  }

  async #update(sopInstanceUid: string, step: DataSet): Promise<void> {
    step.set('ScheduledProcedureStepModificationDateTime', utcNow());
    await this.#options.store.update(sopInstanceUid, step);
    this.#options.events.changed(sopInstanceUid, step);
  }

  #stateChanged(sopInstanceUid: string, step: DataSet): void {
    this.#options.events.changed(sopInstanceUid, step);
    this.#report(sopInstanceUid, 'stateReport', stateInformation(step));
  }

  /** Told when who or what is to perform the step was set. PS3.4 Table CC.2.4-1. */
  #reportAssignment(sopInstanceUid: string, step: DataSet, set: DataSet): void {
    const isAssigned = assignmentTags.some((tag) => set.items(tag).length > 0);
    if (!isAssigned) return;
    const information = DataSet.from({
      ScheduledStationNameCodeSequence: step.get('ScheduledStationNameCodeSequence'),
      HumanPerformerCodeSequence: step
        .get('ScheduledHumanPerformersSequence')
        .flatMap((performer) => performer.get('HumanPerformerCodeSequence')),
      HumanPerformerOrganization: step.get('ScheduledHumanPerformersSequence')[0]?.get('HumanPerformerOrganization'),
    });
    this.#report(sopInstanceUid, 'assigned', information);
  }

  #report(sopInstanceUid: string, event: UpsReport['event'], information: DataSet): void {
    this.#options.events.happened({ event, sopInstanceUid, information });
  }
}

/** Event information of a State Report. */
export function stateInformation(step: DataSet): DataSet {
  const progress = step.get('ProcedureStepProgressInformationSequence')[0];
  return DataSet.from({
    ProcedureStepState: stateOf(step),
    InputReadinessState: step.get('InputReadinessState') ?? null,
    ReasonForCancellation: progress?.get('ReasonForCancellation'),
    ProcedureStepDiscontinuationReasonCodeSequence: notEmpty(
      progress?.get('ProcedureStepDiscontinuationReasonCodeSequence'),
    ),
  });
}

function cancelInformation(request: DataSet, requestingAeTitle: string): DataSet {
  return DataSet.from({
    RequestingAE: requestingAeTitle,
    ReasonForCancellation: request.get('ReasonForCancellation'),
    ProcedureStepDiscontinuationReasonCodeSequence: notEmpty(
      request.get('ProcedureStepDiscontinuationReasonCodeSequence'),
    ),
    ContactURI: request.get('ContactURI'),
    ContactDisplayName: request.get('ContactDisplayName'),
  });
}

/** What PS3.4 Table CC.2.5-3 asks of a step that is CANCELED, from the request to cancel it. */
function cancellation(request: DataSet): DataSet {
  const reasons = request.get('ProcedureStepDiscontinuationReasonCodeSequence');
  return DataSet.from({
    ProcedureStepCancellationDateTime: utcNow(),
    ReasonForCancellation: request.get('ReasonForCancellation'),
    ProcedureStepDiscontinuationReasonCodeSequence: reasons.length > 0 ? reasons : [unspecifiedReason],
  });
}

/** PS3.16 CID 9301. */
const unspecifiedReason = {
  CodeValue: '110513',
  CodingSchemeDesignator: 'DCM',
  CodeMeaning: 'Discontinued for unspecified reason',
};

function notEmpty(items: readonly DataSet[] | undefined): readonly DataSet[] | undefined {
  return items === undefined || items.length === 0 ? undefined : items;
}

/** Fills in what a step must have and the creator left out. @returns true when that is a change that the creator is to hear of. */
function complete(attributes: DataSet, sopInstanceUid: string, worklistLabel: string): boolean {
  attributes.set('SOPClassUID', '1.2.840.10008.5.1.4.34.6.1').set('SOPInstanceUID', sopInstanceUid);
  attributes.set('ScheduledProcedureStepModificationDateTime', utcNow());
  if (attributes.get('WorklistLabel') === undefined) attributes.set('WorklistLabel', worklistLabel);
  let isModified = false;
  const fillIn = (
    keyword: 'ScheduledProcedureStepPriority' | 'InputReadinessState' | 'ProcedureStepLabel',
    value: string,
  ) => {
    if (attributes.get(keyword) !== undefined) return;
    attributes.set(keyword, value);
    isModified = true;
  };
  fillIn('ScheduledProcedureStepPriority', 'MEDIUM');
  fillIn('InputReadinessState', 'READY');
  fillIn('ProcedureStepLabel', 'UNLABELED');
  if (attributes.text('ScheduledProcedureStepStartDateTime') === undefined) {
    attributes.set('ScheduledProcedureStepStartDateTime', utcNow());
    isModified = true;
  }
  return isModified;
}

/** Now, as a DT with its offset. PS3.5 6.2. */
export function utcNow(): string {
  return `${new Date().toISOString().replace(/[-:T]|\.\d+Z/g, '')}+0000`;
}

/** Scheduled Station Name Code Sequence, Scheduled Human Performers Sequence. */
const assignmentTags = [0x00404025, 0x00404034];

/** PS3.7 C.5. */
const invalidAttributeValue = 0x0106;
const duplicateInstance = 0x0111;
const invalidObjectInstance = 0x0117;
