/**
 * Random scenarios in virtual time: whatever peer, user and handler do, every promise settles, what fails fails with an error of its own, and
 * neither operation nor timer is left. `FUZZ_SEED` replays a run.
 */
import {
  AssociationError,
  type CommandSet,
  DimseError,
  encodeCommandSet,
  type IncomingRequest,
  type OutgoingResponse,
  type SessionOptions,
  StatusError,
} from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ECHO, echoRq, echoRsp, FIND, findRq, message, pdv, STORE, storeRq } from './messages.js';
import { acceptor, requestor } from './scene.js';

const cancel = (messageIdBeingRespondedTo: number): CommandSet => ({
  type: 'C-CANCEL-RQ',
  hasDataSet: false,
  messageIdBeingRespondedTo,
});
const storeRsp: CommandSet = { type: 'C-STORE-RSP', hasDataSet: false, messageIdBeingRespondedTo: 1, status: 0 };
const findRsp: CommandSet = { type: 'C-FIND-RSP', hasDataSet: true, messageIdBeingRespondedTo: 1, status: 0xff00 };
const unknown: CommandSet = { type: 'unknown', commandField: 0x1234, messageId: 9, hasDataSet: false };

const small = new Uint8Array(10);
/** From the ordinary to the absurd; some of it only goes together. */
const sendable: readonly Uint8Array[] = [
  message(1, echoRq(1)),
  message(1, echoRq(2)),
  message(3, storeRq(3), new Uint8Array(40)),
  message(3, storeRq(4), new Uint8Array(15_000)),
  message(3, storeRq(5)),
  pdv(3, 'data', false, new Uint8Array(15_000)),
  pdv(3, 'data', true, small),
  pdv(3, 'data', true, new Uint8Array(0)),
  message(5, findRq(6), small),
  message(5, cancel(6)),
  message(1, echoRsp(1)),
  message(3, storeRsp),
  message(5, findRsp, small),
  message(5, { ...findRsp, status: 0, hasDataSet: false, type: 'C-FIND-RSP', messageIdBeingRespondedTo: 1 }),
  message(1, unknown),
  pdv(1, 'command', false, encodeCommandSet(echoRq(7)).subarray(0, 20)),
  pdv(1, 'command', true, encodeCommandSet(echoRq(7)).subarray(20)),
  pdv(1, 'command', true, small),
];

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), what: fc.nat(sendable.length - 1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 20_000, 61_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('peer' as const), what: fc.constantFrom('release', 'close') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('user' as const),
      what: fc.constantFrom('echo', 'echo', 'store', 'stream', 'broken', 'find', 'raw', 'signal', 'release', 'abort'),
    }),
  },
);

const numRuns = Number(process.env.FUZZ_RUNS ?? 300);

it('leaves nothing behind and throws nothing strange, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.boolean(),
      fc.constantFrom(undefined, 0, 3),
      fc.boolean(),
      async (steps, isAcceptor, window, isMeddledWith) => {
        const options = { ...(window === undefined ? {} : { window }), ...(isMeddledWith ? meddlers : {}) };
        const scene = isAcceptor ? await acceptor(handler, options) : await requestor({ ...options, handler });
        const { clock, session, peer, peerTransport } = scene;
        const outcomes: Promise<unknown>[] = [];
        let controller = new AbortController();
        const ask = (promise: Promise<unknown>) => outcomes.push(promise.catch(expectTyped));
        for (const { do: kind, ...rest } of steps) {
          if ('ms' in rest) await clock.advance(rest.ms);
          else if (kind === 'send' && typeof rest.what === 'number') peer.send(sendable[rest.what] ?? small);
          else if (kind === 'peer' && rest.what === 'close') peer.close();
          else if (kind === 'peer') peer.send({ type: 'A-RELEASE-RQ' });
          else if (rest.what === 'echo') ask(session.request(ECHO, { signal: controller.signal }));
          else if (rest.what === 'store') ask(session.request(STORE, { dataSet: new Uint8Array(50_001) }));
          else if (rest.what === 'stream')
            ask(session.request(STORE, { dataSet: { chunks }, signal: controller.signal }));
          else if (rest.what === 'broken') ask(session.request(STORE, { dataSet: { byteLength: 9000, chunks } }));
          else if (rest.what === 'find') ask(findOne());
          else if (rest.what === 'raw') ask(session.sendMessage({ contextId: 1, command: unknown, dataSet: small }));
          else if (rest.what === 'release') ask(session.release());
          else if (rest.what === 'abort') session.abort();
          else if (rest.what === 'signal') {
            controller.abort(new DimseError('handler-failed', 'the user has had enough'));
            controller = new AbortController();
          }
          if (kind !== 'send') await settle();
        }
        ask(session.release());
        await clock.advance(10 * 60_000);
        peerTransport.destroy();
        await clock.advance(10 * 60_000);
        await Promise.all(outcomes);
        // Interceptors that are at work when the association ends come to their end by themselves.
        for (let turn = 0; turn < 8; turn++) await settle();
        const end = await session.closed;
        if (end.kind !== 'released' && end.error !== undefined) expectTyped(end.error);
        expect(session.operationCount).toBe(0);
        expect(clock.pendingTimers).toBe(0);

        async function findOne() {
          for await (const _response of session.requestMany(FIND, { dataSet: small })) break;
        }
      },
    ),
    {
      numRuns,
      timeout: 10_000,
      ...(process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) }),
    },
  );
}, 300_000);

/** Slow or quick, reading or not, well or badly behaved, as the message ID has it; done when the association is. */
async function handler({ command, dataSet, signal, session }: IncomingRequest): Promise<OutgoingResponse> {
  switch (command.messageId) {
    case 1: {
      const echoed = await session.request(ECHO, { timeoutMs: 30_000 });
      return { status: echoed.command.status };
    }
    case 2:
      throw new Error('broken handler');
    case 4:
      await settle();
      await dataSet?.bytes();
      return { status: 0 };
    case 5:
      for await (const _fragment of dataSet ?? []) await settle();
      return { status: 0 };
    case 6:
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { status: 0xfe00 };
    default:
      return { status: 0 };
  }
}

/** Those who watch and those who change, now and then failing, now and then slow. */
const meddlers: SessionOptions = {
  observers: [
    {
      received: ({ command }) => {
        if (command.type === 'C-CANCEL-RQ') throw new Error('broken observer');
      },
      sent: async ({ command }) => {
        if (command.type === 'C-ECHO-RQ') throw new Error('broken observer');
      },
    },
  ],
  interceptors: [
    {
      outgoingRequest: async ({ command }) => {
        if (command.messageId % 4 === 0) throw new DimseError('invalid-command', 'broken interceptor');
        if (command.messageId % 3 === 0) await settle();
        return command.messageId % 2 === 0 ? undefined : { command: { ...command } };
      },
      incomingResponse: ({ command }) => {
        if (command.type === 'C-FIND-RSP') throw new DimseError('invalid-command', 'broken interceptor');
        return { command: { ...command, errorComment: 'changed' } };
      },
      incomingRequest: async ({ command }) => {
        if (command.messageId === 4) throw new StatusError(0xa700);
        if (command.messageId === 3) for (let turn = 0; turn < 3; turn++) await settle();
        return { command: { ...command } };
      },
      outgoingResponse: async ({ command }) => {
        if (command.messageIdBeingRespondedTo === 5) throw new Error('broken interceptor');
        await settle();
        return { command: { ...command, errorComment: 'changed' } };
      },
    },
  ],
  rawMessages: {
    handle: async ({ dataSet }) => {
      await settle();
      if (dataSet === undefined) throw new Error('broken handler');
    },
  },
};

async function* chunks() {
  yield new Uint8Array(5000);
  await settle();
  yield new Uint8Array(5001);
}

function expectTyped(error: unknown): void {
  if (!(error instanceof DimseError || error instanceof AssociationError)) throw error;
}
