/**
 * What a peer meets at the level of messages when it does something odd, hostile or merely old, row by row, with the tests that play each stimulus in
 * raw bytes; and what we send whatever the peer does, byte by byte.
 */
import { readFileSync } from 'node:fs';
import { decodeCommandSet, type OutgoingResponse, type RequestHandler } from '@dicomwire/dimse';
import { settle } from '@dicomwire/ul/testing';
import { describe, expect, it } from 'vitest';
import {
  ECHO,
  echoRq,
  echoRsp,
  FIND,
  findRq,
  message,
  named,
  pdv,
  received,
  receivedCommands,
  STORE,
  SUCCESS,
  storeRq,
} from './messages.js';
import { commandSet, element, elementsOf, fieldOf, groupLength, withoutGroupLength } from './raw-commands.js';
import {
  acceptor,
  CT_IMAGE_STORAGE,
  gate,
  MPPS,
  requestor,
  type ScriptedScene,
  STUDY_ROOT_FIND,
  VERIFICATION,
} from './scene.js';

const requests = 'wire-requests';
const responses = 'wire-responses';
const messages = 'wire-messages';
const decoding = '../src/command/decode';
const here = 'behaviour';

const rows: [stimulus: string, shownBy: [file: string, ...titles: string[]][]][] = [
  [
    'response with a wrong message ID, context or command; no status',
    [
      [
        responses,
        'a response is never taken for success',
        'with a wrong message ID',
        'on a wrong context',
        'of another kind',
        'without a status',
        'that comes before everything was sent',
      ],
      [messages, 'a response to nothing'],
      [here, 'a second response to the same request'],
    ],
  ],
  [
    'unknown command field',
    [
      [requests, 'with a command field that nobody knows get 0211, their data set is read'],
      [messages, 'an unknown command that can not be answered', 'an unknown response'],
      [here, 'of command field 0000H'],
    ],
  ],
  [
    'request that no service handles; SOP class in the command other than the abstract syntax',
    [
      ['handlers', 'whose session has none refuse: 0122 to C-services, 0118 to N-services'],
      [requests, 'about a SOP class that differs from the abstract syntax reach the handler'],
      [here, 'that nobody performs'],
    ],
  ],
  ['stray C-CANCEL', [[requests, 'that stops nothing is ignored']]],
  [
    'C-CANCEL is read while responses are being sent',
    [
      [requests, 'is read while responses go out', 'do not keep a C-CANCEL from being read'],
      [here, 'is read while nobody reads our responses'],
    ],
  ],
  [
    'command group length missing or wrong; unknown or private elements; odd lengths',
    [
      [
        decoding,
        'without a group length',
        'with a wrong group length',
        'with a group length of two bytes',
        'with private and unknown elements',
        'with elements out of order',
        'with a UID of odd length',
        'padded to even length as a whole',
      ],
      [here, 'that are written badly'],
    ],
  ],
  [
    'command data set type anything but 0101H',
    [
      [decoding, 'with data set type 0', 'with data set type 0102H', 'with data set type FFFFH'],
      [here, 'a data set follows when the data set type is'],
    ],
  ],
  [
    'data set announced where none should be',
    [
      [requests, 'for an echo with a data set are performed; the data set is read and reported'],
      [
        responses,
        'with a data set that %s should not have are taken, the data set is reported',
        'a final C-MOVE success',
        'that are pending and have a data set which a C-MOVE should not have do no harm',
      ],
    ],
  ],
  [
    'error comment over 64 characters',
    [
      ['handlers', "errorComment: 'x'.repeat(64)"],
      ['../src/command/encode', 'cuts an error comment to 64 characters'],
      [here, 'that has a long comment of any characters is sent, its comment cut'],
    ],
  ],
  [
    'statuses FF00 and FF01',
    [
      ['many-responses', 'with FF00 and FF01 both pending'],
      [here, 'are pending with FF00 and with FF01, and with no other status'],
    ],
  ],
  ['asynchronous operations window 0', [['session', 'the asynchronous operations window', '[0, 6]']]],
  [
    'more requests outstanding than the window allows',
    [
      [requests, 'are performed in order, never more at once', 'pause reading, so that memory stays bounded'],
      ['pipelining', 'holds for each direction by itself'],
      [here, 'whoever asks for more than he may invoke waits'],
    ],
  ],
  [
    'UID padded, too long, or none',
    [
      [decoding, 'with a UID padded by a space', 'with a UID padded by NULs', 'with a UID over 64 characters'],
      [requests, 'with a UID that is none are answered with what came'],
      [here, 'with UIDs padded by'],
    ],
  ],
  [
    'affected SOP instance in the command differs from the data set',
    [['../../services/test/storage-answers', 'compares identity however the handler takes the data set']],
  ],
  [
    'garbage or truncated data set',
    [
      [requests, 'with a data set that is garbage fail alone'],
      [responses, 'with a data set that can not be parsed fail their call alone'],
      [here, 'with a data set that is cut off'],
    ],
  ],
];

describe('there is a test for', () => {
  it.each(rows)('%s', (_, shownBy) => {
    for (const [file, ...titles] of shownBy) {
      const text = readFileSync(new URL(`./${file}.test.ts`, import.meta.url), 'utf8');
      for (const title of titles) expect(text).toContain(title);
    }
  });
});

const ECHO_RQ = { 2: `${VERIFICATION}\0`, 256: 0x0030, 272: 7, 2048: 0x0101 };
const STORE_RQ = {
  2: `${CT_IMAGE_STORAGE}\0`,
  256: 0x0001,
  272: 7,
  1792: 0,
  2048: 0x0000,
  4096: '1.2.3\0',
};

describe('requests', () => {
  const bad: readonly (readonly [string, Buffer])[] = [
    ['no group length', withoutGroupLength(ECHO_RQ)],
    ['a group length of 0', Buffer.concat([groupLength(0), withoutGroupLength(ECHO_RQ)])],
    ['a group length of FFFFFFFFH', Buffer.concat([groupLength(0xffffffff), withoutGroupLength(ECHO_RQ)])],
    ['elements of another group', Buffer.concat([commandSet(ECHO_RQ), element(0x00091010, 'private!')])],
    ['retired elements', commandSet({ ...ECHO_RQ, 16: 'ACR-NEMA 2.0', 2128: 1 })],
    ['elements of odd length', commandSet({ ...ECHO_RQ, 2: VERIFICATION, 21845: 'odd' })],
  ];
  it.each(bad)('that are written badly, with %s, are read', async (_name, bytes) => {
    const { peer, session } = await acceptor(async () => SUCCESS);
    peer.send(pdv(1, 'command', true, bytes));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([
      { type: 'C-ECHO-RSP', messageIdBeingRespondedTo: 7, status: 0, affectedSopClassUid: VERIFICATION },
    ]);
    expect(session.association.isEstablished).toBe(true);
  });

  it.each([0x0000, 0x0001, 0x0100, 0x0102, 0xfefe, 0xffff])(
    'a data set follows when the data set type is %i',
    async (dataSetType) => {
      const lengths: unknown[] = [];
      const { peer } = await acceptor(async ({ dataSet }) => {
        lengths.push((await dataSet?.bytes())?.length);
        return SUCCESS;
      });
      peer.send(
        pdv(3, 'command', true, commandSet({ ...STORE_RQ, 2048: dataSetType })),
        pdv(3, 'data', true, new Uint8Array(10)),
        message(1, echoRq(8)),
      );
      await settle();
      expect(lengths).toEqual([10, undefined]);
      expect(receivedCommands(peer)).toMatchObject([{ type: 'C-STORE-RSP' }, { type: 'C-ECHO-RSP' }]);
    },
  );

  it('of command field 0000H get 0211 as well', async () => {
    const { peer } = await acceptor(async () => SUCCESS);
    peer.send(pdv(1, 'command', true, commandSet({ ...ECHO_RQ, 256: 0x0000 })), message(1, echoRq(8)));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([
      { type: 'unknown', commandField: 0x8000, messageIdBeingRespondedTo: 7, status: 0x0211 },
      { type: 'C-ECHO-RSP', status: 0 },
    ]);
  });

  const uid = { 3: `${MPPS}\0`, 4097: '1.2.3\0' };
  const unperformed: readonly (readonly [string, number, Readonly<Record<number, string | number>>, number])[] = [
    ['C-STORE', 0x0001, { 2: '1.2.3.4\0', 4096: '1.2.3\0', 2048: 0 }, 0x0122],
    ['C-FIND', 0x0020, { 2: '1.2.3.4\0', 2048: 0 }, 0x0122],
    ['C-GET', 0x0010, { 2: '1.2.3.4\0', 2048: 0 }, 0x0122],
    ['C-MOVE', 0x0021, { 2: '1.2.3.4\0', 1536: 'X ', 2048: 0 }, 0x0122],
    ['C-ECHO', 0x0030, { 2: '1.2.3.4\0', 2048: 0x0101 }, 0x0122],
    ['N-EVENT-REPORT', 0x0100, { 2: `${MPPS}\0`, 4096: '1.2.3\0', 4098: 1, 2048: 0x0101 }, 0x0118],
    ['N-GET', 0x0110, { ...uid, 2048: 0x0101 }, 0x0118],
    ['N-SET', 0x0120, { ...uid, 2048: 0 }, 0x0118],
    ['N-ACTION', 0x0130, { ...uid, 4104: 1, 2048: 0x0101 }, 0x0118],
    ['N-CREATE', 0x0140, { 2: `${MPPS}\0`, 2048: 0 }, 0x0118],
    ['N-DELETE', 0x0150, { ...uid, 2048: 0x0101 }, 0x0118],
  ];
  it.each(unperformed)('that nobody performs, %s, are refused', async (name, field, elements, status) => {
    const { peer, session } = await acceptor(undefined);
    peer.send(pdv(7, 'command', true, commandSet({ 256: field, 272: 7, ...elements })));
    if (elements[0x0800] === 0) peer.send(pdv(7, 'data', true, new Uint8Array(100)));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([{ type: `${name}-RSP`, messageIdBeingRespondedTo: 7, status }]);
    expect(session.association.isEstablished).toBe(true);
  });

  it.each([
    ['a space', ' '],
    ['a NUL', '\0'],
    ['spaces', '   '],
    ['NULs', '\0\0\0'],
    ['nothing, of odd length', ''],
  ])('with UIDs padded by %s are read', async (_name, padding) => {
    const uids: unknown[] = [];
    const { peer } = await acceptor(async ({ command }) => {
      if (command.type === 'C-STORE-RQ') uids.push(command.affectedSopClassUid, command.affectedSopInstanceUid);
      return SUCCESS;
    });
    const padded = { 2: `${CT_IMAGE_STORAGE}${padding}`, 4096: `1.2.3${padding}` };
    peer.send(
      pdv(3, 'command', true, commandSet({ ...STORE_RQ, ...padded })),
      pdv(3, 'data', true, new Uint8Array(10)),
    );
    await settle();
    expect(uids).toEqual([CT_IMAGE_STORAGE, '1.2.3']);
    expect(receivedCommands(peer)).toMatchObject([{ status: 0, affectedSopInstanceUid: '1.2.3' }]);
  });

  it('with a data set that is cut off fail alone', async () => {
    const { peer, errors } = await acceptor(async ({ dataSet }) => {
      await dataSet?.parse();
      return SUCCESS;
    });
    const whole = element(0x00100010, 'DOE^JOHN');
    peer.send(message(5, findRq(1), whole.subarray(0, 12)), message(5, findRq(2), whole));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([
      { messageIdBeingRespondedTo: 1, status: 0xc000 },
      { messageIdBeingRespondedTo: 2, status: 0 },
    ]);
    expect(errors).toMatchObject([{ code: 'handler-failed' }]);
  });
});

describe('responses', () => {
  it('are pending with FF00 and with FF01, and with no other status', async () => {
    const { session, peer } = await requestor();
    const iteration = session.requestMany(FIND, { dataSet: named('*') });
    const first = iteration.next();
    await settle();
    const rsp = (status: number) =>
      pdv(5, 'command', true, commandSet({ 256: 0x8020, 288: 1, 2048: 0x0101, 2304: status }));
    peer.send(rsp(0xff00), rsp(0xff01), rsp(0xff02));
    expect((await first).value?.command.status).toBe(0xff00);
    expect((await iteration.next()).value?.command.status).toBe(0xff01);
    expect((await iteration.next()).value?.status).toMatchObject({ code: 0xff02, category: 'Failure' });
    expect((await iteration.next()).done).toBe(true);
    expect(session.operationCount).toBe(0);
  });

  it('end the association when they are a second response to the same request', async () => {
    const { session, peer, errors } = await requestor();
    const echo = session.request(ECHO);
    await settle();
    received(peer);
    peer.send(message(1, echoRsp(1)), message(1, echoRsp(1)));
    expect((await echo).command.status).toBe(0);
    await settle();
    expect(received(peer)).toEqual(['A-ABORT(0,0)']);
    expect(errors).toMatchObject([{ code: 'unexpected-response' }]);
  });
});

describe('a C-CANCEL', () => {
  it('is read while nobody reads our responses', async () => {
    let made = 0;
    let isCancelled = false;
    const { peer } = await acceptor(
      async function* ({ signal }) {
        signal.addEventListener('abort', () => {
          isCancelled = true;
        });
        for (; !signal.aborted; made++) yield { status: 0xff00, dataSet: new Uint8Array(1000) };
        yield { status: 0xfe00 };
      },
      { reads: false },
    );
    peer.send(message(5, findRq(1), new Uint8Array(2)));
    for (let i = 0; i < 100; i++) await settle();
    const madeBefore = made;
    peer.send(message(5, { type: 'C-CANCEL-RQ', messageIdBeingRespondedTo: 1, hasDataSet: false }));
    for (let i = 0; i < 5; i++) await settle();
    expect(isCancelled).toBe(true);
    expect(made).toBe(madeBefore);
    peer.startReading();
    for (let i = 0; i < 50; i++) await settle();
    expect(receivedCommands(peer).at(-1)).toMatchObject({ type: 'C-FIND-RSP', status: 0xfe00 });
    expect(made).toBeLessThanOrEqual(madeBefore + 1);
  });
});

describe('the window', () => {
  it('holds on our side: whoever asks for more than he may invoke waits', async () => {
    const { session, peer } = await requestor({ window: 2 });
    const asked = Array.from({ length: 5 }, () => session.request(ECHO));
    await settle();
    expect(receivedCommands(peer).map((command) => 'messageId' in command && command.messageId)).toEqual([1, 2]);
    peer.send(message(1, echoRsp(2)));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([{ messageId: 3 }]);
    peer.send(message(1, echoRsp(1)), message(1, echoRsp(3)));
    await settle();
    expect(receivedCommands(peer)).toMatchObject([{ messageId: 4 }, { messageId: 5 }]);
    peer.send(message(1, echoRsp(4)), message(1, echoRsp(5)));
    await Promise.all(asked);
  });
});

/** The commands that the peer got, as they stood on the wire; every P-DATA-TF holds one value. */
async function sentCommands({ peer }: ScriptedScene): Promise<Buffer[]> {
  await settle();
  return peer.takePdus().flatMap((pdu) => {
    if (pdu.type !== 'P-DATA-TF') return [];
    expect(pdu.values).toHaveLength(1);
    return pdu.values.filter(({ isCommand }) => isCommand).map(({ data }) => Buffer.from(data));
  });
}

/** What every command set of ours keeps to. */
function expectWellFormed(command: Buffer): void {
  const elements = elementsOf(command);
  const [first, ...others] = elements;
  expect(first?.tag).toBe(0x0000);
  expect(first?.value).toHaveLength(4);
  expect(first?.value.readUInt32LE()).toBe(command.length - 12);
  expect(others.every(({ tag, value }) => tag < 0x10000 && value.length % 2 === 0)).toBe(true);
  const tags = elements.map(({ tag }) => tag);
  expect(tags).toEqual([...new Set(tags)].sort((a, b) => a - b));
}

describe('what we send, always', () => {
  it('a command set with its group length, elements in order, UIDs padded by NUL and text by space', async () => {
    const scene = await requestor({ window: 10 });
    const { session } = scene;
    const asked = [
      session.request(ECHO),
      session.request(
        {
          ...STORE,
          affectedSopInstanceUid: '1.2',
          moveOriginatorApplicationEntityTitle: 'ODD',
          moveOriginatorMessageId: 3,
        },
        { dataSet: new Uint8Array(3) },
      ),
      session.request(
        { type: 'C-MOVE-RQ', affectedSopClassUid: STUDY_ROOT_FIND, moveDestination: 'ANOTHER' },
        { dataSet: new Uint8Array(2) },
      ),
      session.request({
        type: 'N-GET-RQ',
        requestedSopClassUid: MPPS,
        requestedSopInstanceUid: '1.2.3',
        attributeIdentifierList: [0x00100010, 0x00400252],
      }),
    ];
    const [echo, store, move, get] = await sentCommands(scene);
    for (const command of [echo, store, move, get]) expectWellFormed(command ?? Buffer.alloc(0));
    const store1000 = fieldOf(store ?? Buffer.alloc(0), 0x1000);
    expect(store1000?.toString('latin1')).toBe('1.2\0');
    expect(fieldOf(store ?? Buffer.alloc(0), 0x1030)?.toString('latin1')).toBe('ODD ');
    expect(fieldOf(store ?? Buffer.alloc(0), 0x0700)?.readUInt16LE()).toBe(0);
    expect(fieldOf(move ?? Buffer.alloc(0), 0x0600)?.toString('latin1')).toBe('ANOTHER ');
    expect(fieldOf(echo ?? Buffer.alloc(0), 0x0002)?.toString('latin1')).toBe(`${VERIFICATION}\0`);
    expect(fieldOf(echo ?? Buffer.alloc(0), 0x0800)?.readUInt16LE()).toBe(0x0101);
    expect(fieldOf(store ?? Buffer.alloc(0), 0x0800)?.readUInt16LE()).not.toBe(0x0101);
    expect(fieldOf(get ?? Buffer.alloc(0), 0x1005)?.toString('hex')).toBe('1000100040005202');
    session.abort();
    await Promise.allSettled(asked);
  });

  it.each([
    ['plain', 'x'.repeat(300), 64],
    ['of odd length', 'why', 4],
    ['with characters that a command set can not have', '日本'.repeat(40), 64],
  ])(
    'a response: one that has a long comment of any characters is sent, its comment cut (%s)',
    async (_name, errorComment, length) => {
      const scene = await acceptor(async () => ({ status: 0xa700, errorComment, offendingElements: [0x00100010] }));
      scene.peer.send(message(3, storeRq(1), new Uint8Array(2)));
      const [response] = await sentCommands(scene);
      expectWellFormed(response ?? Buffer.alloc(0));
      const comment = fieldOf(response ?? Buffer.alloc(0), 0x0902);
      expect(comment).toHaveLength(length);
      expect(comment?.every((byte) => byte >= 0x20 && byte < 0x7f)).toBe(true);
      expect(fieldOf(response ?? Buffer.alloc(0), 0x0901)?.toString('hex')).toBe('10001000');
      expect(fieldOf(response ?? Buffer.alloc(0), 0x0800)?.readUInt16LE()).toBe(0x0101);
    },
  );

  it('fragments of even length, the last one included, whatever the source', async () => {
    const { session, peer } = await requestor();
    async function* chunks() {
      yield new Uint8Array(5);
      yield new Uint8Array(20_002);
      yield new Uint8Array(6);
    }
    const sources = [
      new Uint8Array(1),
      [new Uint8Array(3), new Uint8Array(20_000)],
      { chunks },
      { byteLength: 20_013, chunks },
    ];
    for (const [index, dataSet] of sources.entries()) {
      const stored = session.request(STORE, { dataSet });
      for (let i = 0; i < 5; i++) await settle();
      const fragments = peer.takePdus().flatMap((pdu) => (pdu.type === 'P-DATA-TF' ? pdu.values : []));
      expect(fragments.every(({ data }) => data.length % 2 === 0 && data.length + 6 <= 16_384)).toBe(true);
      expect(fragments.map(({ isLast, isCommand }) => isLast && !isCommand).lastIndexOf(true)).toBe(
        fragments.length - 1,
      );
      peer.send(
        message(3, { type: 'C-STORE-RSP', hasDataSet: false, messageIdBeingRespondedTo: index + 1, status: 0 }),
      );
      await stored;
    }
  });

  it('messages one after another: fragments of two never interleave, a C-CANCEL’s included', async () => {
    const { opened, open } = gate();
    async function* slowly() {
      yield new Uint8Array(20_000);
      await opened;
      yield new Uint8Array(20_000);
    }
    const performing: RequestHandler = async function* ({ command }): AsyncGenerator<OutgoingResponse> {
      if (command.type === 'C-ECHO-RQ') return yield SUCCESS;
      yield { status: 0xff00, dataSet: { chunks: slowly } };
      yield SUCCESS;
    };
    const { session, peer } = await acceptor(performing, { window: 4 });
    const found = session.requestMany(FIND, { dataSet: named('*') });
    const first = found.next().catch(() => undefined);
    await settle();
    peer.send(message(5, findRq(1), new Uint8Array(2)), message(1, echoRq(2)));
    await settle();
    void found.return?.();
    await settle();
    open();
    for (let i = 0; i < 5; i++) await settle();
    const values = peer.takePdus().flatMap((pdu) => (pdu.type === 'P-DATA-TF' ? pdu.values : []));
    const order: string[] = [];
    let unfinished: number | undefined;
    for (const { contextId, isCommand, isLast, data } of values) {
      if (unfinished !== undefined) expect([contextId, isCommand]).toEqual([unfinished, false]);
      if (isCommand) order.push(decodeCommandSet(data).type);
      const isOver = isCommand ? fieldOf(data, 0x0800)?.readUInt16LE() === 0x0101 : isLast;
      unfinished = isOver ? undefined : contextId;
    }
    expect(order).toEqual(['C-FIND-RQ', 'C-FIND-RSP', 'C-CANCEL-RQ', 'C-ECHO-RSP', 'C-FIND-RSP']);
    session.abort();
    await first;
  });
});
