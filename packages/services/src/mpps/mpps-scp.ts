/**
 * Modality Performed Procedure Steps, as provider: keeps them and minds their states. PS3.4 Annex F.
 */
import { type DataSet, StatusError } from '@dicomwire/dimse';
import { isValidUid, newUid } from '@dicomwire/dimse/dataset';
import { InstanceLock } from '../n-services/instance-lock.js';
import type { InstanceStore } from '../n-services/instance-store.js';
import { memoryInstanceStore } from '../n-services/memory-instance-store.js';
import { type NServiceAnswer, type NServiceRequest, nService } from '../n-services/n-service-scp.js';
import type { AssociationFacts, Service } from '../service.js';
import { isMppsStatus, type MppsEvent, type MppsStatus, mppsRetrieveSopClass, mppsSopClass } from './mpps-sop-class.js';

/** A change of a step, after it was stored. */
export interface MppsChange {
  /** What happened, as the Notification SOP Class names it. PS3.4 F.9.2. */
  readonly event: Exclude<MppsEvent, 'deleted'>;
  /** The step's SOP Instance UID. */
  readonly sopInstanceUid: string;
  /** Its status now. */
  readonly status: MppsStatus;
  /** All of its attributes now. */
  readonly attributes: DataSet;
  /** What this request brought. */
  readonly received: DataSet;
  /** Who sent it. */
  readonly association: AssociationFacts;
}

/** Options of {@link mpps}. */
export interface MppsOptions {
  /** Where steps are kept. Default: in memory, up to 100000 of them. */
  readonly store?: InstanceStore | undefined;
  /**
   * Hears of each change once it is stored: the place to forward it, to notify others, to mark a worklist item. The peer is answered without
   * waiting for it; what it throws is told to `onError` of the provider.
   */
  readonly onChange?: ((change: MppsChange) => void | Promise<void>) | undefined;
  /** Hears of an `onChange` that failed. Default: nobody. */
  readonly onError?: ((error: unknown, change: MppsChange) => void) | undefined;
  /**
   * Looks at a request before it is stored; throws a `StatusError` to refuse it. `current` is the step before the change; `undefined` for
   * a new one.
   */
  readonly validate?: ((received: DataSet, current: DataSet | undefined) => void | Promise<void>) | undefined;
}

/**
 * Keeps performed procedure steps: N-CREATE begins one IN PROGRESS, N-SET changes it until it is COMPLETED or DISCONTINUED (then 0110),
 * N-GET of the Retrieve SOP Class gives it. Answers 0111 to a UID that is there already, 0112 to one that is not, 0106 to a status that
 * is none and to one that a new step can't have.
 *
 * @example
 * ```ts
 * import { connect, createScp, mpps } from '@dicomwire/services';
 *
 * const scp = createScp({
 *   aeTitle: 'RIS',
 *   services: [mpps({ onChange: ({ status, sopInstanceUid }) => console.log(sopInstanceUid, status) })],
 * });
 * const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
 *
 * const ris = await connect({ host: '127.0.0.1', port, calledAeTitle: 'RIS', callingAeTitle: 'CT1', services: [] });
 * const { sopInstanceUid } = await ris.mpps.create({ PatientID: '4711', Modality: 'CT' }); // 2.25.… IN PROGRESS
 * await ris.mpps.complete(sopInstanceUid, { PerformedProcedureStepEndDate: '20260131' }); // 2.25.… COMPLETED
 * await ris.release();
 * await scp.close();
 * ```
 */
export function mpps(options: MppsOptions = {}): Service {
  const steps = new PerformedSteps(options);
  return nService({
    name: 'mpps',
    sopClasses: [mppsSopClass, mppsRetrieveSopClass],
    create: (request) => steps.create(request),
    set: (request) => steps.set(request),
    get: (request) => steps.get(request),
  });
}

class PerformedSteps {
  readonly #options: MppsOptions;
  readonly #store: InstanceStore;
  readonly #lock = new InstanceLock();

  constructor(options: MppsOptions) {
    this.#options = options;
    this.#store = options.store ?? memoryInstanceStore();
  }

  create(request: NServiceRequest): Promise<NServiceAnswer> {
    forbid(request, mppsRetrieveSopClass);
    const { sopInstanceUid = newUid(), dataSet } = request;
    if (!isValidUid(sopInstanceUid)) throw new StatusError(invalidObjectInstance);
    return this.#lock.run(sopInstanceUid, async () => {
      const status = statusOf(dataSet);
      if (status === undefined) throw new StatusError(missingAttribute, undefined, { offendingElements: [statusTag] });
      if (status !== 'IN PROGRESS') throw invalidStatus('A new step is IN PROGRESS');
      await this.#options.validate?.(dataSet, undefined);
      if (!(await this.#store.insert(sopInstanceUid, dataSet))) throw new StatusError(duplicateInstance);
      this.#changed({ event: 'inProgress', status, sopInstanceUid, attributes: dataSet, received: dataSet }, request);
      return { sopInstanceUid };
    });
  }

  set(request: NServiceRequest): Promise<NServiceAnswer> {
    forbid(request, mppsRetrieveSopClass);
    const { sopInstanceUid = '', dataSet } = request;
    return this.#lock.run(sopInstanceUid, async () => {
      const attributes = await this.#read(sopInstanceUid);
      const before = statusOf(attributes);
      if (before !== 'IN PROGRESS') {
        throw new StatusError(processingFailure, 'The step has ended and may no longer be updated', {
          errorId: 0xa710,
        });
      }
      const status = statusOf(dataSet) ?? before;
      await this.#options.validate?.(dataSet, attributes);
      merge(attributes, dataSet);
      await this.#store.update(sopInstanceUid, attributes);
      this.#changed({ event: events[status], status, sopInstanceUid, attributes, received: dataSet }, request);
    });
  }

  /** Both SOP classes have the same instances; a user that has not heard of Retrieve asks under the other. */
  async get({ sopInstanceUid = '' }: NServiceRequest): Promise<NServiceAnswer> {
    return this.#read(sopInstanceUid);
  }

  async #read(sopInstanceUid: string): Promise<DataSet> {
    const attributes = await this.#store.read(sopInstanceUid);
    if (attributes === undefined) throw new StatusError(noSuchInstance);
    return attributes;
  }

  #changed(change: Omit<MppsChange, 'association'>, { association }: NServiceRequest): void {
    const { onChange, onError } = this.#options;
    if (onChange === undefined) return;
    const whole = { ...change, association };
    void Promise.resolve()
      .then(() => onChange(whole))
      .catch((error: unknown) => onError?.(error, whole));
  }
}

const events = { 'IN PROGRESS': 'updated', COMPLETED: 'completed', DISCONTINUED: 'discontinued' } as const;

/** Elements that are set replace those of the step, sequences as a whole. PS3.7 10.1.3.1.4. */
function merge(attributes: DataSet, modifications: DataSet): void {
  for (const { tag, vr, values, items } of modifications) attributes.set(tag, vr, vr === 'SQ' ? items : values);
}

function forbid({ sopClassUid }: NServiceRequest, other: string): void {
  if (sopClassUid === other) throw new StatusError(unrecognizedOperation, 'The Retrieve SOP Class has N-GET alone');
}

/** @throws StatusError 0106 for a value that the standard does not define. */
function statusOf(dataSet: DataSet): MppsStatus | undefined {
  const value = dataSet.get('PerformedProcedureStepStatus');
  if (value === undefined || value === '') return undefined;
  if (isMppsStatus(value)) return value;
  throw invalidStatus('IN PROGRESS, COMPLETED or DISCONTINUED');
}

function invalidStatus(comment: string): StatusError {
  return new StatusError(invalidAttributeValue, comment, { offendingElements: [statusTag] });
}

/** Performed Procedure Step Status. */
const statusTag = 0x00400252;

/** PS3.7 C.5. */
const invalidAttributeValue = 0x0106;
const processingFailure = 0x0110;
const duplicateInstance = 0x0111;
const noSuchInstance = 0x0112;
const invalidObjectInstance = 0x0117;
const missingAttribute = 0x0120;
const unrecognizedOperation = 0x0211;
