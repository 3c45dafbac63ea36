/**
 * Modality Performed Procedure Steps, as user: a modality tells what it does, others ask for it. PS3.4 Annex F.
 */
import { DataSet, type DataSetInput } from '@dicomwire/dimse';
import { type Keyword, newUid } from '@dicomwire/dimse/dataset';
import { type NServiceResult, nServicesOver, nServiceTransferSyntaxes } from '../n-services/n-service-scu.js';
import type { CallOptions } from '../request-over.js';
import { ServiceError } from '../service-error.js';
import type { SessionLender } from '../session-lender.js';
import { isMppsStatus, type MppsStatus, mppsRetrieveSopClass, mppsSopClass } from './mpps-sop-class.js';

/** Modality Performed Procedure Steps. Group of a client: `client.mpps`. */
export interface Mpps {
  /**
   * Begins a step: N-CREATE. The status is IN PROGRESS, and the UID a new one, unless they are given. PS3.4 F.7.2.1.
   *
   * @returns the step's SOP Instance UID, for {@link set} and the others, and what the peer answered.
   * @throws ServiceError `refused`, `no-accepted-context`, `invalid-option`, or what kept the answer away
   */
  create(
    attributes: DataSet | DataSetInput,
    options?: CallOptions & {
      /** Default: a new UID. */
      readonly sopInstanceUid?: string | undefined;
    },
  ): Promise<NServiceResult>;
  /** Changes a step: N-SET. The peer refuses it with 0110 once the step has ended. PS3.4 F.7.2.2. */
  set(sopInstanceUid: string, modifications: DataSet | DataSetInput, options?: CallOptions): Promise<NServiceResult>;
  /** Ends a step: {@link set} with the status COMPLETED. */
  complete(sopInstanceUid: string, attributes: DataSet | DataSetInput, options?: CallOptions): Promise<NServiceResult>;
  /** Ends a step before it was done: {@link set} with the status DISCONTINUED. */
  discontinue(
    sopInstanceUid: string,
    attributes: DataSet | DataSetInput,
    options?: CallOptions,
  ): Promise<NServiceResult>;
  /** Asks for a step: N-GET of the Retrieve SOP Class, for the attributes named or all. PS3.4 F.8. */
  get(
    sopInstanceUid: string,
    options?: CallOptions & {
      /** Keywords or tags. Default: all attributes. */
      readonly attributes?: readonly (Keyword | number)[] | undefined;
    },
  ): Promise<DataSet>;
}

/** The same over sessions that are lent. */
export function mppsOver(lender: SessionLender): Mpps {
  const nServices = nServicesOver(lender);
  const set: Mpps['set'] = (sopInstanceUid, modifications, options) =>
    nServices.set({ sopClassUid: mppsSopClass, sopInstanceUid, modifications }, { ...options, contexts });
  return {
    create: async (attributes, { sopInstanceUid = newUid(), ...options } = {}) => {
      const given = { sopClassUid: mppsSopClass, sopInstanceUid, attributes: withStatus(attributes, undefined) };
      return nServices.create(given, { ...options, contexts });
    },
    set,
    complete: async (uid, attributes, options) => set(uid, withStatus(attributes, 'COMPLETED'), options),
    discontinue: async (uid, attributes, options) => set(uid, withStatus(attributes, 'DISCONTINUED'), options),
    get: async (sopInstanceUid, { attributes, ...options } = {}) => {
      const target = { sopClassUid: mppsRetrieveSopClass, sopInstanceUid, attributes };
      const { dataSet } = await nServices.get(target, options);
      return dataSet ?? new DataSet();
    },
  };
}

const contexts = [{ abstractSyntax: mppsSopClass, transferSyntaxes: nServiceTransferSyntaxes }];

/** A copy with the status; without one, what is there holds, or IN PROGRESS. */
function withStatus(attributes: DataSet | DataSetInput, status: MppsStatus | undefined): DataSet {
  const dataSet = new DataSet();
  const given = attributes instanceof DataSet ? attributes : DataSet.from(attributes);
  for (const { tag, vr, values, items } of given) dataSet.set(tag, vr, vr === 'SQ' ? items : values);
  const own = dataSet.get('PerformedProcedureStepStatus');
  if (own !== undefined && !isMppsStatus(own)) {
    throw new ServiceError('invalid-option', `${JSON.stringify(own)} is no Performed Procedure Step Status`);
  }
  return dataSet.set('PerformedProcedureStepStatus', status ?? own ?? 'IN PROGRESS');
}
