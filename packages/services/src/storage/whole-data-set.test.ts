import { readdirSync } from 'node:fs';
import { encodeDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
import { expect, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { ctImageStorage, makeDataSet, makeDirectory } from '../../test/objects.js';
import { connect, type InstanceToSend, type StorageOptions, storage } from '../index.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;
const whole = encodeDataSet(makeDataSet('1.2.3', { pixelBytes: 4000 }), explicit);

const withoutPixels = makeDataSet('1.2.3');
withoutPixels.delete('PixelData');

function instance(dataSet: Uint8Array, transferSyntaxUid: string = explicit): InstanceToSend {
  return { sopClassUid: ctImageStorage, sopInstanceUid: '1.2.3', transferSyntaxUid, dataSet };
}

async function storeInto(directory: string, given: InstanceToSend, options: Partial<StorageOptions> = {}) {
  const { peer } = memoryLine({
    services: [storage({ store: async (received) => void (await received.saveTo(directory)), ...options })],
  });
  const client = await connect({ ...peer, services: [] });
  const { results } = await client.store(given);
  // The association lives on.
  const again = await client.store({ ...instance(whole), sopInstanceUid: '1.2.3' });
  await client.release();
  return { result: results[0], again: again.associations };
}

test.each<[string, Uint8Array]>([
  ['its pixel data', whole.subarray(0, whole.length - 2)],
  ['half of it', whole.subarray(0, Math.floor(whole.length / 4) * 2)],
  ['a value of its header', whole.subarray(0, whole.indexOf(Buffer.from('DOE^')[0] ?? 0) + 2)],
])('a data set that is cut in %s is answered with C000, and nothing of it is kept', async (_name, dataSet) => {
  const directory = makeDirectory();
  const { result, again } = await storeInto(directory, instance(dataSet));
  expect(result).toMatchObject({ outcome: 'refused', status: 0xc000 });
  expect(again).toBe(0);
  expect(readdirSync(directory)).toEqual(['1.2.3.dcm']);
});

test.each(['bytes', 'iterator'] as const)('whoever takes its %s hears of it as well', async (kind) => {
  const { result } = await storeInto(makeDirectory(), instance(whole.subarray(0, whole.length - 2)), {
    async store({ dataSet }) {
      if (kind === 'bytes') await dataSet.bytes();
      else for await (const _fragment of dataSet);
    },
  });
  expect(result).toMatchObject({ outcome: 'refused', status: 0xc000, comment: expect.stringContaining('2 bytes') });
});

test('it is kept as it came where that is wanted', async () => {
  const { result } = await storeInto(makeDirectory(), instance(whole.subarray(0, whole.length - 2)), {
    checkEnd: false,
    store: async ({ dataSet }) => void (await dataSet.bytes()),
  });
  expect(result).toMatchObject({ outcome: 'stored' });
});

test.each<[string, Uint8Array, string]>([
  ['whole', whole, explicit],
  [
    'in big endian',
    encodeDataSet(makeDataSet('1.2.3'), TransferSyntax.ExplicitVRBigEndian),
    TransferSyntax.ExplicitVRBigEndian,
  ],
  ['with a few bytes behind its end', Buffer.concat([whole, Buffer.from('\n\0')]), explicit],
  // (7FE0,0010) OB of undefined length with an empty offset table and a fragment, and no delimiter.
  [
    'without its last delimiter',
    Buffer.concat([
      encodeDataSet(withoutPixels, explicit),
      Buffer.from('e07f10004f420000ffffffff' + 'feff00e000000000' + 'feff00e002000000ffd8', 'hex'),
    ]),
    TransferSyntax.JPEGBaseline8Bit,
  ],
])('what may be meant so is kept: %s', async (_name, dataSet, transferSyntaxUid) => {
  const { result } = await storeInto(makeDirectory(), instance(dataSet, transferSyntaxUid));
  expect(result).toMatchObject({ outcome: 'stored' });
});
