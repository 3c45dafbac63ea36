import { describe, expect, it } from 'vitest';
import { decodeCommandSet } from './command/decode.js';
import { encodeCommandSet } from './command/encode.js';
import type { CommandSet, ResponseCommand } from './command/types.js';
import { statusOfResponse, suboperationFields, suboperationsOf } from './response-status.js';

const base = { messageIdBeingRespondedTo: 1, hasDataSet: false };

function overTheWire(command: CommandSet): CommandSet {
  return decodeCommandSet(encodeCommandSet(command));
}

describe('the status of a response', () => {
  const details = { errorComment: 'why', offendingElements: [0x00080018, 0x00100010], errorId: 0xa710 };
  const responses: readonly ResponseCommand[] = [
    { ...base, ...details, type: 'C-STORE-RSP', status: 0xa900 },
    { ...base, ...details, type: 'C-GET-RSP', status: 0xa900 },
    { ...base, ...details, type: 'C-FIND-RSP', status: 0xa900 },
    { ...base, ...details, type: 'C-MOVE-RSP', status: 0xa900 },
    { ...base, ...details, type: 'C-ECHO-RSP', status: 0x0122 },
    { ...base, ...details, type: 'N-EVENT-REPORT-RSP', status: 0x0113 },
    { ...base, ...details, type: 'N-GET-RSP', status: 0x0112 },
    { ...base, ...details, type: 'N-SET-RSP', status: 0x0110 },
    { ...base, ...details, type: 'N-ACTION-RSP', status: 0x0123 },
    { ...base, ...details, type: 'N-CREATE-RSP', status: 0x0111 },
    { ...base, ...details, type: 'N-DELETE-RSP', status: 0x0112 },
  ];

  it.each(responses)('has the details of a $type', (response) => {
    const received = overTheWire(response);
    if (received.type !== response.type) throw new Error(`${received.type} in place of ${response.type}`);
    expect(statusOfResponse(received)).toMatchObject({
      ...details,
      code: response.status,
      category: 'Failure',
      attributeIdentifierList: [],
    });
  });

  it('has the attributes that were not accepted', () => {
    const response = { ...base, type: 'N-SET-RSP', status: 0x0107, attributeIdentifierList: [0x00400252] } as const;
    expect(statusOfResponse(response)).toMatchObject({
      category: 'Warning',
      attributeIdentifierList: [0x00400252],
      offendingElements: [],
      errorComment: undefined,
      errorId: undefined,
    });
  });

  it('means what the affected SOP class makes of it, unless the service is given', () => {
    const affectedSopClassUid = '1.2.840.10008.3.1.2.3.3';
    const response = { ...base, type: 'N-SET-RSP', status: 0x0110, affectedSopClassUid } as const;
    expect(statusOfResponse(response)).toMatchObject({
      service: 'procedureStep',
      meaning: expect.stringContaining('may no longer be updated'),
    });
    expect(statusOfResponse(response, 'storageCommitment')).toMatchObject({ meaning: 'Processing Failure' });
  });
});

describe('counters of sub-operations', () => {
  it('are read from a response as they are given to one', () => {
    const counts = { remaining: 3, completed: 2, failed: 1, warning: 0 };
    const response = { ...base, type: 'C-MOVE-RSP', status: 0xff00, ...suboperationFields(counts) } as const;
    const received = overTheWire(response);
    expect(received.type === 'C-MOVE-RSP' && suboperationsOf(received)).toEqual(counts);
  });

  it('are absent where they are not said', () => {
    expect(suboperationFields({ completed: 2 })).toEqual({ numberOfCompletedSuboperations: 2 });
    expect(suboperationsOf({ ...base, type: 'C-GET-RSP', status: 0 })).toEqual({
      remaining: undefined,
      completed: undefined,
      failed: undefined,
      warning: undefined,
    });
  });
});
