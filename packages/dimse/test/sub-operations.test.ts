/** Requests that a handler makes on the association on which its own request came. */
import type { IncomingRequest, OutgoingResponse } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import { ECHO, echoRq, message, named, received, receivedCommands, STORE, SUCCESS, storeRq } from './messages.js';
import { acceptor, CT_IMAGE_STORAGE, gate, MPPS, pair, requestor, STUDY_ROOT_FIND } from './scene.js';

const GET = { type: 'C-GET-RQ', affectedSopClassUid: STUDY_ROOT_FIND } as const;

/** Performs a C-GET of so many instances, a pending response after each. */
function getter(count: number) {
  return async function* ({ session }: IncomingRequest): AsyncGenerator<OutgoingResponse> {
    for (let completed = 0; completed < count; ) {
      const { command } = await session.request(STORE, { dataSet: new Uint8Array(1000) });
      if (command.status === 0) completed++;
      const fields = {
        numberOfRemainingSuboperations: count - completed,
        numberOfCompletedSuboperations: completed,
      };
      yield { status: 0xff00, fields };
    }
    yield { status: 0, fields: { numberOfCompletedSuboperations: count } };
  };
}

describe('a handler', () => {
  it('of C-GET sends C-STORE sub-operations on the same association, while the call is pending', async () => {
    const stored: string[] = [];
    const { client } = await pair({
      server: { handler: getter(3) },
      client: {
        handler: async ({ command, dataSet }) => {
          stored.push(`${command.type} ${(await dataSet?.bytes())?.length}`);
          return SUCCESS;
        },
      },
    });
    const pending: unknown[] = [];
    for await (const { command } of client.requestMany(GET, { dataSet: named('*') })) {
      pending.push([command.status, command.numberOfCompletedSuboperations]);
    }
    expect(stored).toEqual(['C-STORE-RQ 1000', 'C-STORE-RQ 1000', 'C-STORE-RQ 1000']);
    expect(pending).toEqual([
      [0xff00, 1],
      [0xff00, 2],
      [0xff00, 3],
      [0, 3],
    ]);
  });

  it('finds the context for what it sends', async () => {
    const found: unknown[] = [];
    const { client } = await pair({
      server: {
        handler: async ({ session }) => {
          found.push(session.findContext(CT_IMAGE_STORAGE)?.id, session.findContext('1.2.3'));
          return SUCCESS;
        },
      },
    });
    await client.request(ECHO);
    expect(found).toEqual([3, undefined]);
  });

  it('reports an event on the association of the N-ACTION, after it was answered', async () => {
    const { opened, open } = gate();
    const events: unknown[] = [];
    const { client } = await pair({
      server: {
        handler: async ({ command, session }) => {
          if (command.type !== 'N-ACTION-RQ') return SUCCESS;
          const affectedSopInstanceUid = command.requestedSopInstanceUid;
          const report = { type: 'N-EVENT-REPORT-RQ', affectedSopClassUid: MPPS, eventTypeId: 1 } as const;
          void opened.then(() => session.request({ ...report, affectedSopInstanceUid }));
          return SUCCESS;
        },
      },
      client: {
        handler: async ({ command }) => {
          events.push(command);
          return SUCCESS;
        },
      },
    });
    const action = { type: 'N-ACTION-RQ', actionTypeId: 1, requestedSopClassUid: MPPS } as const;
    const { command } = await client.request({ ...action, requestedSopInstanceUid: '1.2.3' });
    expect(command).toMatchObject({ type: 'N-ACTION-RSP', status: 0 });
    open();
    await settle();
    await settle();
    expect(events).toMatchObject([{ type: 'N-EVENT-REPORT-RQ', eventTypeId: 1, affectedSopInstanceUid: '1.2.3' }]);
  });

  it('ends what it has begun when its own side asks for release meanwhile', async () => {
    const { client, server } = await pair({
      server: { handler: getter(5) },
      client: { handler: async () => SUCCESS },
    });
    const got = client.request(GET, { dataSet: named('*') });
    await settle();
    const released = server.release();
    await expect(server.request(ECHO)).rejects.toMatchObject({ code: 'association-ended' });
    expect((await got).command).toMatchObject({ status: 0, numberOfCompletedSuboperations: 5 });
    expect(await released).toEqual({ kind: 'released', by: 'local' });
  });

  it('can make no request any more when it is done and release was asked for', async () => {
    let kept: IncomingRequest | undefined;
    const { client, server } = await pair({
      server: {
        handler: async (request) => {
          kept = request;
          return SUCCESS;
        },
      },
    });
    await client.request(ECHO);
    await server.release();
    await expect(kept?.session.request(ECHO)).rejects.toMatchObject({ code: 'association-ended' });
  });

  it('leaves its sub-operation when the requestor aborts', async () => {
    const { peer } = await acceptor(async ({ session }) => {
      const { command } = await session.request(STORE, { dataSet: new Uint8Array(10) });
      return { status: command.status };
    });
    peer.send(message(5, { ...GET, messageId: 1, hasDataSet: true }, new Uint8Array(2)));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([{ type: 'C-STORE-RQ', messageId: 1 }]);
    peer.send({ type: 'A-ABORT', source: 0, reason: 0 });
    await settle();
    expect(received(peer)).toEqual([]);
  });
});

describe('the deadline of a C-GET', () => {
  it('does not run while its sub-operation is performed here, and begins anew when that is done', async () => {
    const { opened, open } = gate();
    const { session, peer, clock } = await requestor({
      responseTimeoutMs: 30_000,
      handler: () => opened.then(() => SUCCESS),
    });
    const got = session.request(GET, { dataSet: named('*') });
    const failed = expect(got).rejects.toMatchObject({ code: 'response-timeout' });
    await settle();
    received(peer);
    peer.send(message(3, storeRq(9), new Uint8Array(10)));
    await clock.advance(70_000);
    open();
    await settle();
    expect(received(peer)).toMatchObject([{ type: 'C-STORE-RSP', messageIdBeingRespondedTo: 9 }]);
    await clock.advance(29_999);
    expect(received(peer)).toEqual([]);
    await clock.advance(1);
    await failed;
    expect(received(peer)).toEqual(['A-ABORT(0,0)']);
  });

  it('is not moved by requests that are none of its sub-operations', async () => {
    const { session, peer, clock } = await requestor({ responseTimeoutMs: 30_000, handler: async () => SUCCESS });
    const echoed = session.request(ECHO);
    const failed = expect(echoed).rejects.toMatchObject({ code: 'response-timeout' });
    await clock.advance(20_000);
    peer.send(message(1, echoRq(9)));
    await clock.advance(10_000);
    await failed;
  });
});
