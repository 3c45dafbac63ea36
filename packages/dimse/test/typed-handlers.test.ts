/** Handlers by kind of request, and what the compiler knows of requests and responses. */
import type {
  CFindRq,
  CGetRsp,
  IncomingRequest,
  OutgoingResponse,
  RequestHandler,
  RequestHandlers,
  ResponseStatus,
} from '@dicomwire/dimse';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { ECHO, FIND, named, STORE } from './messages.js';
import { pair, STUDY_ROOT_FIND } from './scene.js';

const handlers: RequestHandlers = {
  'C-ECHO-RQ': async () => ({ status: 0 }),
  'C-FIND-RQ': async function* ({ command, dataSet }) {
    expectTypeOf(command).toEqualTypeOf<CFindRq>();
    const query = await dataSet?.parse();
    yield { status: 0xff00, dataSet: named(query?.text('PatientName') ?? '') };
    yield { status: 0 };
  },
};

describe('handlers by kind of request', () => {
  it('each get the requests of theirs', async () => {
    const { client } = await pair({ server: { handler: handlers } });
    expect((await client.request(ECHO)).command.status).toBe(0);
    const { value: first } = await client.requestMany(FIND, { dataSet: named('DOE*') }).next();
    expect(first?.dataSet?.text('PatientName')).toBe('DOE*');
  });

  it('leave the others to 0211, unrecognized operation', async () => {
    const { client } = await pair({ server: { handler: handlers } });
    const { command } = await client.request(STORE, { dataSet: new Uint8Array(10) });
    expect(command).toMatchObject({ type: 'C-STORE-RSP', status: 0x0211, affectedSopInstanceUid: '1.2.3' });
    expect((await client.request(ECHO)).command.status).toBe(0);
  });
});

describe('the compiler', () => {
  it('knows the fields that a response has', () => {
    const completed: OutgoingResponse<'C-GET-RSP'> = { status: 0, fields: { numberOfCompletedSuboperations: 5 } };
    expectTypeOf(completed).toExtend<OutgoingResponse>();
    const misspelt: OutgoingResponse = {
      status: 0,
      // @ts-expect-error no response has it
      fields: { numberOfCompletedSubOperations: 5 },
    };
    const misplaced: OutgoingResponse<'C-STORE-RSP'> = {
      status: 0,
      // @ts-expect-error counters are of C-GET and C-MOVE
      fields: { numberOfCompletedSuboperations: 5 },
    };
    // @ts-expect-error a number is wanted
    const mistyped: OutgoingResponse = { status: 0, fields: { eventTypeId: '1' } };
    // @ts-expect-error C-STORE responses have no data set
    const unexpected: OutgoingResponse<'C-STORE-RSP'> = { status: 0, dataSet: new Uint8Array(2) };
    // @ts-expect-error a misspelt field in what a handler returns
    const handler: RequestHandler = async () => ({ status: 0, fields: { numberOfCompletedSubOperations: 5 } });
    const byKind: RequestHandlers = {
      // @ts-expect-error counters are of C-GET and C-MOVE
      'C-STORE-RQ': async () => ({ status: 0, fields: { numberOfCompletedSuboperations: 5 } }),
    };
    expect([misspelt, misplaced, mistyped, unexpected, handler, byKind]).toHaveLength(6);
  });

  it('knows what answers a request', async () => {
    const { client } = await pair({
      server: {
        handler: async ({ command }: IncomingRequest) => {
          expectTypeOf(command.messageId).toEqualTypeOf<number>();
          return { status: 0xa701, errorComment: 'too many' };
        },
      },
    });
    const request = { type: 'C-GET-RQ', affectedSopClassUid: STUDY_ROOT_FIND } as const;
    const { command, status } = await client.request(request, { dataSet: named('*') });
    expectTypeOf(command).toEqualTypeOf<CGetRsp>();
    expectTypeOf(command.numberOfFailedSuboperations).toEqualTypeOf<number | undefined>();
    expectTypeOf(status).toEqualTypeOf<ResponseStatus>();
    expect(status).toMatchObject({ code: 0xa701, service: 'queryRetrieveGet', errorComment: 'too many' });
  });
});
