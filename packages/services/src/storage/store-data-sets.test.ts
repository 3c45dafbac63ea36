import { encodeDataSet, parseDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
import { expect, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { makeDataSet } from '../../test/objects.js';
import { DataSet, type StoreInput, storage, storeInstances } from '../index.js';

/** A provider that notes what it gets. */
function notebook() {
  const received: { readonly uid: string; readonly transferSyntaxUid: string; readonly bytes: Uint8Array }[] = [];
  const line = memoryLine({
    services: [
      storage({
        async store({ sopInstanceUid: uid, transferSyntaxUid, dataSet }) {
          received.push({ uid, transferSyntaxUid, bytes: await dataSet.bytes() });
        },
      }),
    ],
  });
  return { ...line, received };
}

test('a data set that was just built is stored in explicit VR little endian', async () => {
  const { peer, received } = notebook();
  const dataSet = makeDataSet('1.2.3');
  const { results, isComplete } = await storeInstances(peer, dataSet);
  expect(isComplete).toBe(true);
  expect(results).toMatchObject([
    { source: '1.2.3', outcome: 'stored', transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian },
  ]);
  expect(received).toMatchObject([{ uid: '1.2.3', transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian }]);
  const [object] = received;
  expect(parseDataSet(object?.bytes ?? new Uint8Array(), TransferSyntax.ExplicitVRLittleEndian).equals(dataSet)).toBe(
    true,
  );
});

test.each([
  ['implicit VR', TransferSyntax.ImplicitVRLittleEndian],
  ['big endian', TransferSyntax.ExplicitVRBigEndian],
  ['deflated', TransferSyntax.DeflatedExplicitVRLittleEndian],
])('a transfer syntax may be named: %s', async (_name, transferSyntaxUid) => {
  const { peer, received } = notebook();
  const dataSet = makeDataSet('1.2.3');
  expect((await storeInstances(peer, [{ dataSet, transferSyntaxUid, source: 'mine' }])).results).toMatchObject([
    { source: 'mine', outcome: 'stored', transferSyntaxUid },
  ]);
  expect(received[0]?.transferSyntaxUid).toBe(transferSyntaxUid);
  expect(received[0]?.bytes).toEqual(encodeDataSet(dataSet, transferSyntaxUid));
});

test('a parsed data set goes on byte by byte where nothing was changed', async () => {
  const { peer, received } = notebook();
  // A length that nobody would write so: undefined, of an empty sequence.
  const bytes = Buffer.concat([
    encodeDataSet(
      DataSet.from({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.7', SOPInstanceUID: '1.2.3' }),
      TransferSyntax.ExplicitVRLittleEndian,
    ),
    Buffer.from('080040115351' + '0000ffffffff' + 'feffdde000000000', 'hex'),
  ]);
  await storeInstances(peer, parseDataSet(bytes, TransferSyntax.ExplicitVRLittleEndian));
  expect(Buffer.from(received[0]?.bytes ?? []).equals(bytes)).toBe(true);
});

test('compressed pixel data need their transfer syntax', async () => {
  const { peer, received } = notebook();
  const fragments = [new Uint8Array(), Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)];
  const dataSet = makeDataSet('1.2.3').setFragments(0x7fe00010, 'OB', fragments);
  const transferSyntaxUid = TransferSyntax.JPEGBaseline8Bit;
  const { results } = await storeInstances(peer, [dataSet, { dataSet, transferSyntaxUid }]);
  expect(results).toMatchObject([
    {
      outcome: 'not-sent',
      reason: 'not-convertible',
      error: { message: expect.stringContaining('transferSyntaxUid') },
    },
    { outcome: 'stored', transferSyntaxUid },
  ]);
  expect(received.map((each) => each.transferSyntaxUid)).toEqual([transferSyntaxUid]);
});

test.each<[string, StoreInput, string, string]>([
  ['no SOP class', DataSet.from({ SOPInstanceUID: '1.2.3' }), 'missing-identity', 'sopClassUid is missing'],
  ['no SOP instance', DataSet.from({ SOPClassUID: '1.2.3' }), 'missing-identity', 'sopInstanceUid is missing'],
  [
    'text that its character set has not',
    makeDataSet('1.2').set('PatientName', 'ΔΟΕ'),
    'not-convertible',
    'SpecificCharacterSet',
  ],
])('a data set with %s is not sent, and the others are', async (_name, input, reason, message) => {
  const { peer, received } = notebook();
  const { results } = await storeInstances(peer, [input, makeDataSet('1.9')]);
  const [wrong, right] = results;
  expect(wrong).toMatchObject({ outcome: 'not-sent', reason, error: { message: expect.stringContaining(message) } });
  expect(right).toMatchObject({ outcome: 'stored' });
  expect(received).toHaveLength(1);
});
