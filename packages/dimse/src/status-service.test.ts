import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { MessageType } from './command/types.js';
import type { StatusService } from './status.js';
import { statusServiceOf } from './status-service.js';

type Expectation = readonly [type: MessageType, service: StatusService | undefined];

const QUERY_RETRIEVE: readonly Expectation[] = [
  ['C-FIND-RSP', 'queryRetrieveFind'],
  ['C-MOVE-RSP', 'queryRetrieveMove'],
  ['C-GET-RSP', 'queryRetrieveGet'],
];

/** By the name of the service class in the table of SOP classes. */
const EXPECTED: Readonly<Record<string, readonly Expectation[]>> = {
  verification: [['C-ECHO-RSP', 'verification']],
  storage: [['C-STORE-RSP', 'storage']],
  nonPatientObjectStorage: [['C-STORE-RSP', 'nonPatientObjectStorage']],
  queryRetrieve: QUERY_RETRIEVE,
  hangingProtocolQueryRetrieve: QUERY_RETRIEVE,
  colorPaletteQueryRetrieve: QUERY_RETRIEVE,
  implantTemplateQueryRetrieve: QUERY_RETRIEVE,
  definedProcedureProtocolQueryRetrieve: QUERY_RETRIEVE,
  protocolApprovalQueryRetrieve: QUERY_RETRIEVE,
  inventoryQueryRetrieve: QUERY_RETRIEVE,
  basicWorklistManagement: [['C-FIND-RSP', 'modalityWorklist']],
  relevantPatientInformationQuery: [['C-FIND-RSP', 'relevantPatientInformationQuery']],
  substanceAdministrationQuery: [['C-FIND-RSP', 'substanceAdministrationQuery']],
  storageManagement: [['N-ACTION-RSP', 'storageManagement']],
  storageCommitment: [
    ['N-ACTION-RSP', 'storageCommitment'],
    ['N-EVENT-REPORT-RSP', 'storageCommitment'],
  ],
  procedureStep: [
    ['N-CREATE-RSP', 'procedureStep'],
    ['N-SET-RSP', 'procedureStep'],
  ],
  printManagement: [['N-CREATE-RSP', 'printManagement']],
  mediaCreationManagement: [['N-ACTION-RSP', 'mediaCreationManagement']],
  applicationEventLogging: [['N-ACTION-RSP', 'applicationEventLogging']],
  unifiedProcedureStep: [
    ['C-FIND-RSP', 'unifiedProcedureStep'],
    ['N-SET-RSP', 'unifiedProcedureStep'],
  ],
  rtMachineVerification: [['N-SET-RSP', 'rtMachineVerification']],
  instanceAvailabilityNotification: [['N-CREATE-RSP', undefined]],
  displaySystemManagement: [['N-GET-RSP', undefined]],
  mediaStorageDirectory: [],
};

const file: { readonly services: Readonly<Record<string, { readonly sopClasses: readonly string[] }>> } = JSON.parse(
  readFileSync(new URL('../../../tooling/generate/input/sop-classes.json', import.meta.url), 'utf8'),
);

it.each(Object.entries(file.services))('the SOP classes of %s find the statuses of their service', (name, service) => {
  const expected = EXPECTED[name];
  if (expected === undefined) throw new Error(`${name} is no service class that this test knows`);
  for (const uid of service.sopClasses) {
    expect(expected.map(([type]) => [type, statusServiceOf(type, uid)])).toEqual(expected);
  }
});

it('a SOP class that nobody knows has the statuses of the operation', () => {
  expect(statusServiceOf('C-STORE-RSP', '1.2.3')).toBe('storage');
  expect(statusServiceOf('C-FIND-RSP', undefined)).toBe('queryRetrieveFind');
  expect(statusServiceOf('N-SET-RSP', '1.2.840.10008.5.1.4.311')).toBeUndefined();
});
