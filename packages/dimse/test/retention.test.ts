/** What is left in memory of messages that have passed. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DataSet, type OutgoingResponse } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { FIND, STORE, SUCCESS } from './messages.js';
import { pair } from './scene.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** How many of them are still there after a collection. */
async function remaining(references: readonly WeakRef<object>[]): Promise<number> {
  for (let turn = 0; turn < 5; turn++) {
    await settle();
    await nextTurn();
    collectGarbage();
  }
  return references.filter((reference) => reference.deref() !== undefined).length;
}

describe('while an association goes on, nothing is kept', () => {
  it('of data sets that were sent and received', async () => {
    const sent: WeakRef<object>[] = [];
    const received: WeakRef<object>[] = [];
    const { client } = await pair({
      server: {
        async handler({ dataSet }) {
          const bytes = await dataSet?.bytes();
          if (bytes !== undefined) received.push(new WeakRef(bytes.buffer));
          return SUCCESS;
        },
      },
    });
    for (let round = 0; round < 20; round++) {
      const dataSet = new Uint8Array(100_000);
      sent.push(new WeakRef(dataSet));
      await client.request(STORE, { dataSet });
    }
    // The last ones may still stand on the stack of a turn that has just ended.
    expect(await remaining(sent)).toBeLessThanOrEqual(1);
    expect(received).toHaveLength(20);
    expect(await remaining(received)).toBeLessThanOrEqual(1);
    await client.release();
  });

  it('of responses', async () => {
    const responses: WeakRef<object>[] = [];
    const { client } = await pair({
      server: {
        async *handler(): AsyncGenerator<OutgoingResponse> {
          for (let index = 0; index < 20; index++) {
            const dataSet = DataSet.from({ PatientName: `DOE^${index}` });
            responses.push(new WeakRef(dataSet));
            yield { status: 0xff00, dataSet };
          }
          yield SUCCESS;
        },
      },
    });
    await client.request(FIND, { dataSet: DataSet.from({ PatientName: '*' }) });
    expect(responses).toHaveLength(20);
    expect(await remaining(responses)).toBeLessThanOrEqual(1);
    await client.release();
  });
});
