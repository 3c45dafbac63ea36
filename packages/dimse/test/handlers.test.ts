import {
  type DimseError,
  type IncomingRequest,
  type OutgoingResponse,
  type ResponseFields,
  StatusError,
} from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, FIND, named, STORE } from './messages.js';
import { pair } from './scene.js';

/** As JavaScript gives it. */
function untyped(fields: Readonly<Record<string, unknown>>): ResponseFields {
  return Object.fromEntries(Object.entries(fields));
}

describe('handlers', () => {
  it.each([
    [ECHO, 0x0110],
    [{ ...STORE, dataSet: new Uint8Array(10) }, 0xc000],
    [{ ...FIND, dataSet: new Uint8Array(10) }, 0xc000],
  ])('that throw answer $type with a failure, and are reported', async ({ ...given }, status) => {
    const errors: DimseError[] = [];
    const handler = async () => {
      throw new Error('secret');
    };
    const { client } = await pair({ server: { handler, onError: (error) => errors.push(error) } });
    const { dataSet, ...command } = { dataSet: undefined, ...given };
    const response = await client.request(command, { dataSet });
    expect(response.command).toMatchObject({ status });
    expect(JSON.stringify(response.command)).not.toContain('secret');
    expect(errors).toMatchObject([{ code: 'handler-failed', cause: { message: 'secret' } }]);
    expect((await client.request(ECHO)).command.status).toBe(0x0110);
  });

  it('answer the status that they throw', async () => {
    const handler = async () => {
      throw new StatusError(0xa900, 'x'.repeat(100), { offendingElements: [0x00080018], errorId: 3 });
    };
    const { client } = await pair({ server: { handler } });
    const { command } = await client.request(STORE, { dataSet: new Uint8Array(10) });
    expect(command).toMatchObject({
      status: 0xa900,
      errorComment: 'x'.repeat(64),
      offendingElements: [0x00080018],
      errorId: 3,
      affectedSopInstanceUid: '1.2.3',
    });
  });

  it.each([
    [
      'only pending responses',
      async function* () {
        yield { status: 0xff00, dataSet: named('A') };
      },
      'no-final-response',
    ],
    [
      'fields that the response has not',
      async () => ({ status: 0, fields: untyped({ moveDestination: 'X' }) }),
      'handler-failed',
    ],
    [
      'a field of the wrong kind',
      async () => ({ status: 0, fields: untyped({ affectedSopClassUid: 5 }) }),
      'handler-failed',
    ],
  ] as const)('that give %s answer a failure, and are reported', async (_name, handler, code) => {
    const errors: DimseError[] = [];
    const { client } = await pair({ server: { handler, onError: (error) => errors.push(error) } });
    const { command } = await client.request(FIND, { dataSet: named('*') });
    expect(command.status).toBe(0xc000);
    expect(errors).toMatchObject([{ code }]);
  });

  it('answer when all of the request is here, however soon they know', async () => {
    const handler = async () => {
      throw new StatusError(0xa700);
    };
    const { client } = await pair({ server: { handler } });
    let sent = 0;
    const { command } = await client.request(STORE, {
      dataSet: new Uint8Array(3_000_000),
      onProgress: (bytes) => {
        sent = bytes;
      },
    });
    expect(command.status).toBe(0xa700);
    expect(sent).toBe(3_000_000);
  });

  it('whose session has none refuse: 0122 to C-services, 0118 to N-services', async () => {
    const { client } = await pair();
    expect((await client.request(ECHO)).command.status).toBe(0x0122);
    const nGet = await client.request({
      type: 'N-GET-RQ',
      requestedSopClassUid: '1.2.840.10008.3.1.2.3.3',
      requestedSopInstanceUid: '1.2',
    });
    expect(nGet.command).toMatchObject({ type: 'N-GET-RSP', status: 0x0118 });
  });

  it('are told by their signal that the association is over', async () => {
    const reasons: unknown[] = [];
    const handler = ({ signal }: IncomingRequest) =>
      new Promise<OutgoingResponse>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          reject(signal.reason);
        });
      });
    const errors: DimseError[] = [];
    const { client } = await pair({ server: { handler, onError: (error) => errors.push(error) } });
    const echo = client.request(ECHO);
    await settle();
    client.abort();
    await expect(echo).rejects.toMatchObject({ code: 'association-ended' });
    await settle();
    await settle();
    expect(reasons).toMatchObject([{ code: 'association-ended', end: { kind: 'aborted', by: 'peer' } }]);
    expect(errors).toEqual([]);
  });
});
