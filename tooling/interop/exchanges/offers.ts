/** What a peer does not offer, in the role opposite to ours, and why: those cells of the matrix are empty for a reason. */
import type { Peer, ServiceKey } from './services.ts';

/** Our role. */
export type Role = 'SCU' | 'SCP';

/** Why a peer can't be run against us in this role of ours; `undefined` where it can. */
export function whyNotOffered(service: ServiceKey, role: Role, peer: Peer): string | undefined {
  const offer = OFFERS[peer];
  if (offer === 'everything') return undefined;
  return offer[role].services.includes(service) ? undefined : (offer[role].except?.[service] ?? offer[role].otherwise);
}

/** Services that a peer offers against a role of ours, and what is said of the others. */
interface Offer {
  readonly services: readonly ServiceKey[];
  readonly otherwise: string;
  readonly except?: Readonly<Partial<Record<ServiceKey, string>>>;
}

const COMMON = ['verification', 'storage', 'find', 'get', 'move'] as const satisfies readonly ServiceKey[];

const OFFERS: Readonly<Record<Peer, 'everything' | Readonly<Record<Role, Offer>>>> = {
  DCMTK: {
    SCU: {
      services: [...COMMON, 'basicWorklistManagement', 'printManagement', 'nonPatientObjectStorage'],
      otherwise: 'no program of DCMTK is a provider of it',
    },
    SCP: {
      services: [...COMMON, 'basicWorklistManagement', 'printManagement', 'nonPatientObjectStorage'],
      otherwise: 'no program of DCMTK is a user of it',
    },
  },
  pynetdicom: 'everything',
  Orthanc: {
    SCU: {
      services: [...COMMON, 'storageCommitment', 'basicWorklistManagement'],
      otherwise: 'Orthanc is no provider of it',
      except: {
        nonPatientObjectStorage:
          'Orthanc 1.10 accepts none of the SOP classes of objects without a patient that its DCMTK knows',
      },
    },
    SCP: {
      services: ['verification', 'storage', 'find', 'move', 'storageCommitment', 'basicWorklistManagement'],
      otherwise: 'Orthanc is no user of it',
      except: { get: 'Orthanc 1.10 asks by C-MOVE only' },
    },
  },
  'dcmjs-dimse': 'everything',
};
