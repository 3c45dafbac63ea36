import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectSession } from '@dicomwire/dimse';
import { encodeDataSet, parseDataSet, parsePart10, TransferSyntax } from '@dicomwire/dimse/dataset';
import { settle } from '@dicomwire/dimse/testing';
import { expect, onTestFinished, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { ctImageStorage, makeDataSet, makeDirectory, makeInstance, mrImageStorage } from '../../test/objects.js';
import {
  connect,
  createScp,
  get,
  type InstanceToSend,
  type ReceivedStudy,
  type StorageOptions,
  type StoreInput,
  storage,
} from '../index.js';

async function open(options: StorageOptions) {
  const line = memoryLine({ services: [storage(options)] });
  const client = await connect({ ...line.peer, services: [], maximumOperations: 1 });
  onTestFinished(() => client.abort());
  return { ...line, client, store: (inputs: StoreInput) => client.store(inputs) };
}

/** An instance of another study than the others. */
function ofStudy(studyInstanceUid: string, sopInstanceUid: string): InstanceToSend {
  const dataSet = makeDataSet(sopInstanceUid).set('StudyInstanceUID', studyInstanceUid);
  const transferSyntaxUid = TransferSyntax.ExplicitVRLittleEndian;
  return {
    sopClassUid: ctImageStorage,
    sopInstanceUid,
    transferSyntaxUid,
    dataSet: encodeDataSet(dataSet, transferSyntaxUid),
  };
}

test('files by a template', async () => {
  const directory = makeDirectory();
  const { store } = await open({
    async store(instance) {
      const { path } = await instance.saveTo(directory, {
        path: '{PatientID}/{StudyInstanceUID}/{SOPInstanceUID}.dcm',
        sync: false,
      });
      expect(path).toBe(join(directory, '4711', '1.2.3', `${instance.sopInstanceUid}.dcm`));
    },
  });
  const large = makeInstance('1.9', { pixelBytes: 2_000_000 });
  expect((await store([makeInstance('1.8'), large])).isComplete).toBe(true);
  const file = readFileSync(join(directory, '4711', '1.2.3', '1.9.dcm'));
  expect(file.subarray(file.length - large.dataSet.length).equals(large.dataSet)).toBe(true);
});

test('a template whose UID is missing leaves nothing behind, and the peer hears of it', async () => {
  const directory = makeDirectory();
  const { store } = await open({
    store: async (instance) => void (await instance.saveTo(directory, { path: '{FrameOfReferenceUID}.dcm' })),
  });
  expect((await store(makeInstance('1.8'))).results).toMatchObject([
    { status: 0xc000, comment: 'FrameOfReferenceUID is missing' },
  ]);
  expect(readdirSync(directory)).toEqual([]);
});

test('two objects of one name stay both, by number, and one that is the same stays one', async () => {
  const directory = makeDirectory();
  const paths: string[] = [];
  const { store } = await open({
    async store(instance) {
      const { path } = await instance.saveTo(directory, { path: '{PatientID}.dcm', overwrite: 'number', sync: false });
      paths.push(path.slice(directory.length + 1));
    },
  });
  await store([makeInstance('1.1'), makeInstance('1.2'), makeInstance('1.1'), makeInstance('1.3')]);
  expect(paths).toEqual(['4711.dcm', '4711-2.dcm', '4711.dcm', '4711-3.dcm']);
  expect(readdirSync(directory).sort()).toEqual(['4711-2.dcm', '4711-3.dcm', '4711.dcm']);
});

const syntaxes = [
  ['explicit', TransferSyntax.ExplicitVRLittleEndian],
  ['implicit', TransferSyntax.ImplicitVRLittleEndian],
  ['big endian', TransferSyntax.ExplicitVRBigEndian],
  ['deflated', TransferSyntax.DeflatedExplicitVRLittleEndian],
] as const;

test.each(syntaxes)('changes elements on the way, %s, and tells the peer which', async (_name, transferSyntaxUid) => {
  const directory = makeDirectory();
  const instance = makeInstance('1.2', { transferSyntaxUid, pixelBytes: 300_000 });
  const { store } = await open({
    coerce(dataSet) {
      dataSet.set('PatientID', 'NEW-4711').set('IssuerOfPatientID', 'HOSPITAL').set('Modality', 'CT');
    },
    store: async (received) => void (await received.saveTo(directory, { sync: false })),
  });
  const { results } = await store(instance);
  expect(results).toMatchObject([{ outcome: 'warning', status: 0xb000, meaning: 'Coercion of Data Elements' }]);
  const { dataSet, meta } = parsePart10(readFileSync(join(directory, '1.2.dcm')));
  expect(meta.transferSyntaxUid).toBe(transferSyntaxUid);
  expect([dataSet.get('PatientID'), dataSet.get('IssuerOfPatientID')]).toEqual(['NEW-4711', 'HOSPITAL']);
  const original = parseDataSet(instance.dataSet, transferSyntaxUid);
  expect(Buffer.from(dataSet.bytes(0x7fe00010) ?? []).equals(Buffer.from(original.bytes(0x7fe00010) ?? []))).toBe(true);
  expect(dataSet.get('PatientName')).toEqual(original.get('PatientName'));
});

test.each<[string, (instance: Parameters<StorageOptions['store']>[0]) => Promise<Uint8Array>]>([
  ['as bytes', ({ dataSet }) => dataSet.bytes()],
  ['parsed', async ({ dataSet }) => encodeDataSet(await dataSet.parse(), TransferSyntax.ExplicitVRLittleEndian)],
  [
    'as fragments',
    async ({ dataSet }) => {
      const fragments: Uint8Array[] = [];
      for await (const fragment of dataSet) fragments.push(fragment);
      return Buffer.concat(fragments);
    },
  ],
  [
    'through a sink that is slow',
    async ({ dataSet }) => {
      const fragments: Uint8Array[] = [];
      await dataSet.pipe({
        async write(data) {
          const copy = new Uint8Array(data);
          await settle();
          fragments.push(copy);
        },
      });
      return Buffer.concat(fragments);
    },
  ],
])('what was changed arrives %s, whole and in order', async (_name, consume) => {
  let kept: Uint8Array = new Uint8Array(0);
  const { store } = await open({
    async coerce(dataSet) {
      await settle();
      dataSet.set('PatientID', 'A much longer patient ID than before');
    },
    async store(instance) {
      kept = await consume(instance);
    },
  });
  await store(makeInstance('1.2', { pixelBytes: 500_000 }));
  const expected = makeDataSet('1.2', { pixelBytes: 500_000 }).set('PatientID', 'A much longer patient ID than before');
  expect(Buffer.from(kept).equals(encodeDataSet(expected, TransferSyntax.ExplicitVRLittleEndian))).toBe(true);
});

test('what is changed to what it was is not told, and the bytes stay as they came', async () => {
  const instance = makeInstance('1.2');
  let kept: Uint8Array = new Uint8Array(0);
  const { store } = await open({
    coerce: (dataSet) => void dataSet.get('PatientID'),
    async store({ dataSet }) {
      kept = await dataSet.bytes();
    },
  });
  expect((await store(instance)).results).toMatchObject([{ outcome: 'stored', status: 0 }]);
  expect(Buffer.from(kept).equals(instance.dataSet)).toBe(true);
});

test('a status of the handler goes before that of a coercion', async () => {
  const { store } = await open({
    coerce: (dataSet) => void dataSet.set('PatientID', 'X'),
    async store({ dataSet }) {
      await dataSet.discard();
      return 0xb006;
    },
  });
  expect((await store(makeInstance('1.2'))).results).toMatchObject([{ status: 0xb006 }]);
});

/** Ends inside the patient's name. */
function cutAtName(dataSet: Uint8Array): Uint8Array {
  return dataSet.subarray(0, Buffer.from(dataSet).indexOf('DOE') + 2);
}

test.each<[string, StorageOptions['coerce'], InstanceToSend]>([
  ['a coercion that fails', () => Promise.reject(new Error('No idea')), makeInstance('1.2')],
  ['another SOP instance UID', (dataSet) => void dataSet.set('SOPInstanceUID', '1.9'), makeInstance('1.2')],
  [
    'a data set that ends in the middle of an element',
    () => undefined,
    { ...makeInstance('1.2'), dataSet: cutAtName(makeInstance('1.2').dataSet) },
  ],
])('answers C000 to %s', async (_name, coerce, instance) => {
  const { store } = await open({ coerce, store: async ({ dataSet }) => void (await dataSet.bytes()) });
  expect((await store([instance, makeInstance('1.3')])).results).toMatchObject([{ status: 0xc000 }, {}]);
});

test('tells when nothing of a study has come for a while: what came, where it is, who sent it', async () => {
  const directory = makeDirectory();
  const ended: ReceivedStudy[] = [];
  const { store, clock } = await open({
    studies: { quietMs: 5000, onEnd: (study) => void ended.push(study) },
    async store(instance) {
      if (instance.sopInstanceUid === '1.5') return 0xa700;
      await instance.saveTo(directory, { sync: false });
      return undefined;
    },
  });
  await store([ofStudy('1.9', '1.1'), ofStudy('1.9', '1.2'), ofStudy('1.8', '1.3'), ofStudy('1.7', '1.5')]);
  await clock.advance(4000);
  await store(ofStudy('1.9', '1.4'));
  expect(ended).toEqual([]);
  await clock.advance(1000);
  expect(ended).toMatchObject([{ studyInstanceUid: '1.8', reason: 'quiet', instances: [{ sopInstanceUid: '1.3' }] }]);
  await clock.advance(4000);
  expect(ended).toHaveLength(2);
  expect(ended[1]).toMatchObject({
    studyInstanceUid: '1.9',
    callingAeTitles: ['MODALITY'],
    instances: ['1.1', '1.2', '1.4'].map((uid) => ({
      sopClassUid: ctImageStorage,
      sopInstanceUid: uid,
      path: join(directory, `${uid}.dcm`),
    })),
  });
});

test.each(['bytes', 'parse', 'discard', 'pipe'] as const)(
  'knows the study of an instance that is consumed by %s',
  async (way) => {
    const ended: string[] = [];
    const { store, clock } = await open({
      studies: { quietMs: 1000, onEnd: ({ studyInstanceUid }) => void ended.push(studyInstanceUid) },
      async store({ dataSet }) {
        await dataSet[way]({ write: () => undefined });
      },
    });
    await store(ofStudy('1.9', '1.1'));
    await clock.advance(1000);
    expect(ended).toEqual(['1.9']);
  },
);

test('an end of study that fails is told, and nothing else suffers', async () => {
  const errors: unknown[] = [];
  const { store, clock } = await open({
    studies: {
      quietMs: 1000,
      onEnd: () => Promise.reject(new Error('No disk')),
      onError: (error) => errors.push(error),
    },
    store: async ({ dataSet }) => void (await dataSet.bytes()),
  });
  await store(ofStudy('1.9', '1.1'));
  await clock.advance(1000);
  await settle();
  expect(errors).toMatchObject([{ message: 'No disk' }]);
  expect((await store(ofStudy('1.9', '1.2'))).isComplete).toBe(true);
});

test('a provider that is closed hands over the studies that were still coming', async () => {
  const ended: ReceivedStudy[] = [];
  const service = storage({
    studies: { onEnd: (study) => void ended.push(study) },
    store: async ({ dataSet }) => void (await dataSet.bytes()),
  });
  const scp = createScp({ aeTitle: 'ARCHIVE', services: [service] });
  const { port } = await scp.listen({ host: '127.0.0.1', port: 0 });
  const client = await connect({ host: '127.0.0.1', port });
  await client.store(ofStudy('1.9', '1.1'));
  await client.release();
  await scp.close();
  expect(ended).toMatchObject([{ studyInstanceUid: '1.9', reason: 'closed' }]);
});

test('takes other transfer syntaxes for some SOP classes', async () => {
  const jpeg = TransferSyntax.JPEGBaseline8Bit;
  const { store } = await open({
    transferSyntaxesBySopClass: { [mrImageStorage]: [TransferSyntax.ExplicitVRLittleEndian] },
    store: async () => undefined,
  });
  const { results } = await store([
    makeInstance('1.1', { transferSyntaxUid: jpeg }),
    makeInstance('1.2', { transferSyntaxUid: jpeg, sopClassUid: mrImageStorage }),
  ]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['stored', 'not-sent']);
});

test('a context that is there for what another service sends is none for what it may not receive', async () => {
  const line = memoryLine({
    services: [
      storage({ transferSyntaxes: [TransferSyntax.ExplicitVRLittleEndian], store: async () => undefined }),
      get({ source: { instances: () => [] } }),
    ],
  });
  const client = await connect({ ...line.peer, services: [] });
  const { results } = await client.store(makeInstance('1.1', { transferSyntaxUid: TransferSyntax.JPEG2000 }));
  expect(results).toMatchObject([{ outcome: 'refused', status: 0x0122 }]);
  await client.release();
});

test('its own order of transfer syntaxes decides where it is told to', async () => {
  const proposal = {
    abstractSyntax: ctImageStorage,
    transferSyntaxes: [TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian],
  };
  const chosen: (string | undefined)[] = [];
  for (const transferSyntaxPreference of ['requestor', 'own'] as const) {
    const { peer } = memoryLine({
      services: [
        storage({
          transferSyntaxes: [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian],
          transferSyntaxPreference,
          store: async () => undefined,
        }),
      ],
    });
    const session = await connectSession({
      transport: peer.openTransport?.(),
      calledAeTitle: 'ARCHIVE',
      callingAeTitle: 'RAW',
      presentationContexts: [proposal],
    });
    chosen.push(session.findContext(ctImageStorage)?.transferSyntax);
    session.abort();
  }
  expect(chosen).toEqual([TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRLittleEndian]);
});

test('a directory that is in the way is an error of the file system', async () => {
  const directory = makeDirectory();
  mkdirSync(join(directory, '4711.dcm'));
  const { store } = await open({
    store: async (instance) => void (await instance.saveTo(directory, { path: '{PatientID}.dcm', sync: false })),
  });
  expect((await store(makeInstance('1.1'))).results[0]?.outcome).toBe('refused');
});

test('an object is filed whatever its sender calls itself', async () => {
  const directory = makeDirectory();
  const { peer } = memoryLine({
    services: [storage({ store: async (instance) => void (await instance.saveTo(directory, { sync: false })) })],
  });
  const openTransport = () => {
    const transport = peer.openTransport?.();
    if (transport === undefined) throw new Error('There is no transport');
    const write = transport.write.bind(transport);
    transport.write = (bytes: Uint8Array, done?: unknown) => {
      // Calling AE title of an A-ASSOCIATE-RQ, PS3.8 9.3.2: umlaut and control character.
      if (bytes[0] === 1) bytes.set([0xd6, 0x07], 27);
      return write(bytes, () => typeof done === 'function' && done());
    };
    return transport;
  };
  const client = await connect({ ...peer, openTransport, services: [] });
  const { results } = await client.store(makeInstance('1.1'));
  expect(results).toMatchObject([{ outcome: 'stored' }]);
  await client.release();
});
