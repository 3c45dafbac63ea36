import { DataSet, encodeDataSet, TransferSyntax, transcode } from '@dicomwire/dimse/dataset';
import { expect, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { ctImageStorage, makeInstance } from '../../test/objects.js';
import { moveAll, openRequestor, sourceOf, studyRootMove } from '../../test/retrieving.js';
import { type KnownPeer, move, type ReceivedInstance, type StorageOptions, storage } from '../index.js';

const four = ['1.1', '1.2', '1.3', '1.4'].map((uid) => makeInstance(uid));

/** An archive that may move to DEST, and that destination. */
async function open(
  store: StorageOptions['store'] = async () => undefined,
  instances = four,
  peer: Partial<KnownPeer> = {},
) {
  const received: { readonly instance: ReceivedInstance; readonly bytes: Uint8Array }[] = [];
  const destination = memoryLine({
    aeTitle: 'DEST',
    services: [
      storage({
        async store(instance) {
          received.push({ instance, bytes: await instance.dataSet.bytes() });
          return store(instance);
        },
      }),
    ],
  });
  const { calledAeTitle, callingAeTitle, ...DEST } = destination.peer;
  const peers = { DEST: { ...DEST, ...peer } };
  const archive = memoryLine({ services: [move({ source: sourceOf(instances), peers })] }, destination.clock);
  const requestor = await openRequestor(archive.peer, { sopClassUid: studyRootMove, storage: [] });
  return { requestor, received, destination, archive };
}

test('sends to the destination as the provider, and names who asked and in which message', async () => {
  const { requestor, received } = await open();
  const responses = await moveAll(requestor, 'DEST');
  expect(responses[0]).toEqual({ status: 0xff00, counts: [4, 0, 0, 0] });
  expect(responses.at(-1)).toEqual({ status: 0x0000, counts: [undefined, 4, 0, 0] });
  expect(received.map(({ bytes }) => bytes)).toEqual(four.map(({ dataSet }) => dataSet));
  expect(received[0]?.instance).toMatchObject({
    moveOriginator: { aeTitle: 'MODALITY', messageId: 1 },
    association: { calledAeTitle: 'DEST', callingAeTitle: 'ARCHIVE' },
  });
});

test('refuses a destination that nobody knows', async () => {
  const { requestor } = await open();
  expect(await moveAll(requestor, 'ELSEWHERE')).toEqual([{ status: 0xa801, counts: undefined, failedUids: undefined }]);
  expect(await moveAll(requestor, '__proto__')).toMatchObject([{ status: 0xa801 }]);
});

test('releases the association with a destination at once, or keeps it for the next C-MOVE where it is told to', async () => {
  const released = await open();
  await moveAll(released.requestor, 'DEST');
  await moveAll(released.requestor, 'DEST');
  expect(released.destination.transports).toHaveLength(2);
  const kept = await open(undefined, four, { idleTimeoutMs: 5000 });
  await moveAll(kept.requestor, 'DEST');
  await moveAll(kept.requestor, 'DEST');
  expect(kept.destination.transports).toHaveLength(1);
});

test('tells which instances the destination did not take', async () => {
  const { requestor } = await open(async ({ sopInstanceUid }) => (sopInstanceUid === '1.3' ? 0xa700 : undefined));
  expect((await moveAll(requestor, 'DEST')).at(-1)).toEqual({
    status: 0xb000,
    counts: [undefined, 3, 1, 0],
    failedUids: ['1.3'],
  });
});

test('throws at once without any destination', () => {
  expect(() => move({ source: sourceOf([]), peers: {} })).toThrow(expect.objectContaining({ code: 'invalid-option' }));
});

test('a destination that takes no compressed transfer syntax gets instances decompressed', async () => {
  const native = DataSet.from({
    SOPClassUID: ctImageStorage,
    SOPInstanceUID: '1.1',
    Rows: 1,
    Columns: 2,
    BitsAllocated: 8,
  });
  native.set('PixelData', Uint8Array.of(7, 8));
  const transferSyntaxUid = TransferSyntax.RLELossless;
  const rle = await transcode(native, TransferSyntax.ExplicitVRLittleEndian, transferSyntaxUid);
  const dataSet = encodeDataSet(rle, transferSyntaxUid);
  const received: Uint8Array[] = [];
  const destination = memoryLine({
    aeTitle: 'DEST',
    services: [
      storage({
        transferSyntaxes: [TransferSyntax.ImplicitVRLittleEndian],
        async store(instance) {
          received.push(await instance.dataSet.bytes());
        },
      }),
    ],
  });
  const { calledAeTitle, callingAeTitle, ...DEST } = destination.peer;
  const source = sourceOf([{ sopClassUid: ctImageStorage, sopInstanceUid: '1.1', transferSyntaxUid, dataSet }]);
  const archive = memoryLine({ services: [move({ source, peers: { DEST } })] }, destination.clock);
  const requestor = await openRequestor(archive.peer, { sopClassUid: studyRootMove, storage: [] });
  const responses = await moveAll(requestor, 'DEST');
  expect(responses.at(-1)).toEqual({ status: 0x0000, counts: [undefined, 1, 0, 0] });
  expect(received).toEqual([encodeDataSet(native, TransferSyntax.ImplicitVRLittleEndian)]);
});
