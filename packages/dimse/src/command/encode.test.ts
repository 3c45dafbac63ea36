import { describe, expect, it } from 'vitest';
import { decodeCommandSet } from './decode.js';
import { encodeCommandSet } from './encode.js';
import type { CommandSet } from './types.js';

describe('writing', () => {
  it('cuts an error comment to 64 characters', () => {
    const command = decodeCommandSet(
      encodeCommandSet({
        type: 'C-ECHO-RSP',
        hasDataSet: false,
        messageIdBeingRespondedTo: 1,
        status: 0x0110,
        errorComment: 'é€'.repeat(50),
      }),
    );
    expect(command).toMatchObject({ errorComment: 'é?'.repeat(32) });
  });

  it('writes priority medium when none is given', () => {
    const command = encodeCommandSet({
      type: 'C-FIND-RQ',
      hasDataSet: true,
      messageId: 1,
      affectedSopClassUid: '1.2',
    });
    expect(decodeCommandSet(command)).toMatchObject({ priority: 0 });
  });

  const refused: readonly (readonly [string, CommandSet])[] = [
    ['a message ID over 65535', { type: 'C-ECHO-RQ', hasDataSet: false, messageId: 65536, affectedSopClassUid: '1.2' }],
    ['a fraction', { type: 'C-ECHO-RQ', hasDataSet: false, messageId: 0.5, affectedSopClassUid: '1.2' }],
    [
      'an AE title over 16 characters',
      {
        type: 'C-MOVE-RQ',
        hasDataSet: true,
        messageId: 1,
        affectedSopClassUid: '1.2',
        moveDestination: 'A'.repeat(17),
      },
    ],
    [
      'a tag of more than 32 bits',
      {
        type: 'N-GET-RQ',
        hasDataSet: false,
        messageId: 1,
        requestedSopClassUid: '1.2',
        requestedSopInstanceUid: '1.3',
        attributeIdentifierList: [2 ** 32],
      },
    ],
  ];

  it.each(refused)('refuses %s', (_name, command) => {
    expect(() => encodeCommandSet(command)).toThrow(expect.objectContaining({ code: 'invalid-command' }));
  });
});
