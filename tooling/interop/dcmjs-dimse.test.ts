/** dcmjs-dimse, the DICOM network library of npm, in both roles with each service that has functions of its own. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSet, SopClass, TransferSyntax } from '@dicomwire/dimse/dataset';
import {
  connect,
  createScp,
  find,
  get,
  move,
  mpps,
  print,
  type Service,
  storage,
  storageCommitment,
  ups,
  verification,
  worklist,
} from '@dicomwire/services';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { freshUid, type GeneratedObject, generateObject } from './corpus/generated.ts';
import { EVERY_SYNTAX, SYNTAXES, writeSample } from './corpus/sample.ts';
import { ctImageStorage } from './line/proposal.ts';
import { type DcmjsScpOptions, runDcmjsScu, startDcmjsScp } from './peers/dcmjs-dimse.ts';
import { type TemporaryDirectory, temporaryDirectory } from './peers/temporary-directory.ts';

let directory: TemporaryDirectory;
let object: GeneratedObject;
let path: string;
const studyInstanceUid = freshUid();

beforeAll(async () => {
  directory = await temporaryDirectory('dcmjs-dimse');
  object = generateObject({ studyInstanceUid, pixelBytes: 100_000 });
  path = join(directory.path, 'object.dcm');
  await writeFile(path, object.file);
});

afterAll(() => directory.remove());

async function ours(services: readonly Service[]): Promise<number> {
  const scp = createScp({ aeTitle: 'OURS', services });
  onTestFinished(() => scp.close());
  return (await scp.listen({ host: '127.0.0.1', port: 0 })).port;
}

async function theirs(options: Omit<DcmjsScpOptions, 'port'> = {}) {
  const peer = await startDcmjsScp(options);
  onTestFinished(() => peer.stop());
  const client = await connect({
    host: '127.0.0.1',
    port: peer.port,
    calledAeTitle: peer.aeTitle,
    callingAeTitle: 'DICOMWIRE',
    services: [],
  });
  onTestFinished(() => client.release());
  const told = async (count: number) => {
    await vi.waitUntil(() => peer.events().length >= count, { timeout: 20_000 });
    return peer.events();
  };
  return { client, told };
}

const statusesOf = (answers: readonly { readonly status: number }[]) => answers.map(({ status }) => status);
const study = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: studyInstanceUid };
const commitmentInstance = '1.2.840.10008.1.20.1.1';
const reference = { ReferencedSOPClassUID: ctImageStorage, ReferencedSOPInstanceUID: '1.2.3' };

describe('it asks us', () => {
  test('for verification and storage, in the transfer syntaxes that it keeps', async () => {
    const kinds = ['implicit', 'jpegBaseline', 'jpeg2000', 'rle'] as const;
    const files = await writeSample(directory.path, kinds);
    const stored: string[] = [];
    const port = await ours([
      verification(),
      storage({ store: async ({ transferSyntaxUid }) => void stored.push(transferSyntaxUid) }),
    ]);
    const { answers } = await runDcmjsScu({
      port,
      steps: [{ operation: 'C-ECHO' }, ...files.map((file) => ({ operation: 'C-STORE', file }) as const)],
    });
    expect(statusesOf(answers)).toEqual([0, ...files.map(() => 0)]);
    expect(stored.sort()).toEqual(kinds.map((kind) => SYNTAXES[kind]).sort());
  });

  test('for studies and worklist items', async () => {
    const match = DataSet.from({ PatientName: 'DOE^JANE', StudyInstanceUID: studyInstanceUid, PatientID: '4711' });
    const step = DataSet.from({
      PatientName: 'DOE^JANE',
      ScheduledProcedureStepSequence: [{ Modality: 'CT', ScheduledStationAETitle: 'CT1' }],
    });
    const port = await ours([find({ source: () => [match] }), worklist({ source: () => [step] })]);
    const keys = { PatientName: 'doe*', PatientID: '', StudyInstanceUID: '' };
    const { answers } = await runDcmjsScu({
      port,
      steps: [
        {
          operation: 'C-FIND',
          sopClass: SopClass.StudyRootQueryRetrieveInformationModelFind,
          dataSet: { ...keys, QueryRetrieveLevel: 'STUDY' },
        },
        {
          operation: 'C-FIND',
          sopClass: SopClass.ModalityWorklistInformationModelFind,
          dataSet: { PatientName: '', ScheduledProcedureStepSequence: [{ Modality: 'CT' }] },
        },
        {
          operation: 'C-FIND',
          sopClass: SopClass.StudyRootQueryRetrieveInformationModelFind,
          dataSet: { ...keys, QueryRetrieveLevel: 'SERIES' },
        },
      ],
    });
    expect(statusesOf(answers)).toEqual([0x0000, 0x0000, 0xa900]);
    expect(answers.map(({ pending }) => pending)).toEqual([1, 1, 0]);
    expect(answers[0]?.dataSets[0]).toMatchObject({ StudyInstanceUID: studyInstanceUid, PatientID: '4711' });
  });

  test('for a study, by C-GET and by C-MOVE', async () => {
    const moved: string[] = [];
    const to = await ours([storage({ store: async ({ sopInstanceUid }) => void moved.push(sopInstanceUid) })]);
    const source = { instances: () => [path] };
    const peers = { DESTINATION: { host: '127.0.0.1', port: to } };
    const port = await ours([get({ source }), move({ source, peers })]);
    const byMove = { operation: 'C-MOVE', sopClass: SopClass.StudyRootQueryRetrieveInformationModelMove } as const;
    const { answers, received } = await runDcmjsScu({
      port,
      steps: [
        { operation: 'C-GET', sopClass: SopClass.StudyRootQueryRetrieveInformationModelGet, dataSet: study },
        { ...byMove, dataSet: study, destination: 'DESTINATION' },
        { ...byMove, dataSet: study, destination: 'NOBODY' },
      ],
    });
    expect(statusesOf(answers)).toEqual([0x0000, 0x0000, 0xa801]);
    expect(received).toEqual([object.sopInstanceUid]);
    expect(moved).toEqual([object.sopInstanceUid]);
  });

  test('for performed and unified procedure steps', async () => {
    const port = await ours([mpps(), ups({ aeTitle: 'OURS', checksFinalState: false })]);
    const performed = { sopClass: SopClass.ModalityPerformedProcedureStep, sopInstance: '1.2.3' };
    const unified = { sopClass: SopClass.UnifiedProcedureStepPush, sopInstance: '1.2.4' };
    const pull = { ...unified, metaUid: SopClass.UnifiedProcedureStepPull };
    const transaction = { TransactionUID: '1.7' };
    const { answers } = await runDcmjsScu({
      port,
      steps: [
        {
          ...performed,
          operation: 'N-CREATE',
          dataSet: { PerformedProcedureStepStatus: 'IN PROGRESS', PatientID: '7' },
        },
        { ...performed, operation: 'N-SET', dataSet: { PerformedProcedureStepStatus: 'COMPLETED' } },
        { ...performed, operation: 'N-SET', dataSet: { PerformedProcedureStepStatus: 'DISCONTINUED' } },
        {
          ...performed,
          sopClass: SopClass.ModalityPerformedProcedureStepRetrieve,
          operation: 'N-GET',
          attributes: ['00400252'],
        },
        { ...unified, operation: 'N-CREATE', dataSet: { ProcedureStepState: 'SCHEDULED', PatientID: '7' } },
        { ...pull, operation: 'N-ACTION', type: 1, dataSet: { ProcedureStepState: 'IN PROGRESS', ...transaction } },
        { ...pull, operation: 'N-ACTION', type: 1, dataSet: { ProcedureStepState: 'IN PROGRESS', ...transaction } },
        { ...pull, operation: 'N-SET', dataSet: { ...transaction, PatientID: '8' } },
        { ...pull, operation: 'N-ACTION', type: 1, dataSet: { ProcedureStepState: 'COMPLETED', ...transaction } },
        { ...pull, operation: 'N-GET', attributes: [] },
      ],
    });
    expect(statusesOf(answers)).toEqual([0, 0, 0x0110, 0, 0xb300, 0, 0xc302, 0, 0, 0]);
    expect(answers[9]?.dataSets).toMatchObject([{ PatientID: '8', ProcedureStepState: 'COMPLETED' }]);
  });

  test('for storage commitment, and hears of it on its association', async () => {
    const port = await ours([
      storageCommitment({ check: async (instances) => instances.map(() => undefined), retrieveAeTitle: 'OURS' }),
    ]);
    const { answers, events } = await runDcmjsScu({
      port,
      steps: [
        {
          operation: 'N-ACTION',
          sopClass: SopClass.StorageCommitmentPushModel,
          sopInstance: commitmentInstance,
          type: 1,
          dataSet: { TransactionUID: '1.9', ReferencedSOPSequence: [reference] },
        },
      ],
      events: 1,
    });
    expect(statusesOf(answers)).toEqual([0x0000]);
    expect(events).toMatchObject([{ type: 1, dataSet: { TransactionUID: '1.9' } }]);
  });

  test('to print a film', async () => {
    let films = 0;
    const port = await ours([
      print({
        printFilm: async ({ imageBoxes }) => {
          films += imageBoxes.filter(({ image }) => image !== undefined).length;
        },
      }),
    ]);
    const metaUid = SopClass.BasicGrayscalePrintManagementMeta;
    const session = { sopClass: SopClass.BasicFilmSession, sopInstance: '1.2.5', metaUid };
    const box = { sopClass: SopClass.BasicFilmBox, sopInstance: '1.2.6', metaUid };
    const { answers } = await runDcmjsScu({
      port,
      steps: [
        {
          operation: 'N-GET',
          sopClass: SopClass.Printer,
          sopInstance: '1.2.840.10008.5.1.1.17',
          metaUid,
          attributes: [],
        },
        { ...session, operation: 'N-CREATE', dataSet: { NumberOfCopies: '1' } },
        {
          ...box,
          operation: 'N-CREATE',
          dataSet: {
            ImageDisplayFormat: 'STANDARD\\1,1',
            ReferencedFilmSessionSequence: [
              { ReferencedSOPClassUID: session.sopClass, ReferencedSOPInstanceUID: session.sopInstance },
            ],
          },
        },
        {
          operation: 'N-SET',
          sopClass: SopClass.BasicGrayscaleImageBox,
          metaUid,
          imageBoxOf: 2,
          dataSet: { ImageBoxPosition: 1, BasicGrayscaleImageSequence: [grayscaleImage] },
        },
        { ...box, operation: 'N-ACTION', type: 1 },
        { ...session, operation: 'N-DELETE' },
      ],
    });
    expect(statusesOf(answers)).toEqual([0, 0, 0, 0, 0, 0]);
    await vi.waitUntil(() => films === 1, { timeout: 20_000 });
  });
});

/** Four pixels. */
const grayscaleImage = {
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  Rows: 2,
  Columns: 2,
  BitsAllocated: 8,
  BitsStored: 8,
  HighBit: 7,
  PixelRepresentation: 0,
  PixelData: { InlineBinary: Buffer.of(0, 85, 170, 255).toString('base64') },
  _vrMap: { PixelData: 'OW' },
};

describe('we ask it', () => {
  test('for verification and storage: it gets what we have, byte for byte', async () => {
    const kept = await temporaryDirectory('dcmjs-kept');
    onTestFinished(() => kept.remove());
    const { client } = await theirs({ directory: kept.path });
    await client.verify();
    const files = await writeSample(directory.path, EVERY_SYNTAX);
    expect(await client.store([...files, path])).toMatchObject({ isComplete: true });
    expect(object.dataSet.equals(await readFile(join(kept.path, object.sopInstanceUid)))).toBe(true);
  });

  test('for studies and worklist items', async () => {
    const { client, told } = await theirs({
      matches: {
        [SopClass.StudyRootQueryRetrieveInformationModelFind]: [
          { PatientName: 'DOE^JANE', StudyInstanceUID: '1.2.3', QueryRetrieveLevel: 'STUDY' },
        ],
        [SopClass.ModalityWorklistInformationModelFind]: [
          { ScheduledProcedureStepSequence: [{ Modality: 'CT', ScheduledStationAETitle: 'CT1' }] },
        ],
      },
    });
    const studies = await client.find('STUDY', { PatientName: 'DOE*' }).toArray();
    expect(studies.map((each) => each.get('StudyInstanceUID'))).toEqual(['1.2.3']);
    const items = await client.worklist.find({ Modality: 'CT' }).toArray();
    expect(items).toMatchObject([{ modality: 'CT' }]);
    expect(await told(2)).toMatchObject([
      { event: 'C-FIND', dataSet: { PatientName: [{ Alphabetic: 'DOE*' }] } },
      { event: 'C-FIND' },
    ]);
  });

  test('for a study, by C-GET and by C-MOVE', async () => {
    const moved: string[] = [];
    const movePort = await ours([storage({ store: async ({ sopInstanceUid }) => void moved.push(sopInstanceUid) })]);
    const { client } = await theirs({ object: path, movePort });
    const got: string[] = [];
    const options = { sopClasses: [ctImageStorage], transferSyntaxes: [TransferSyntax.ExplicitVRLittleEndian] };
    for await (const { sopInstanceUid } of client.retrieve({ StudyInstanceUID: studyInstanceUid }, options)) {
      got.push(sopInstanceUid);
    }
    expect(got).toEqual([object.sopInstanceUid]);
    expect(await client.move('DESTINATION', { StudyInstanceUID: studyInstanceUid })).toMatchObject({ completed: 1 });
    expect(moved).toEqual([object.sopInstanceUid]);
  });

  test('for performed and unified procedure steps', async () => {
    const { client, told } = await theirs({
      answers: { 'N-GET': { dataSet: { PerformedProcedureStepStatus: 'COMPLETED', ProcedureStepState: 'COMPLETED' } } },
    });
    const { sopInstanceUid } = await client.mpps.create({ PatientID: '7' });
    await client.mpps.complete(sopInstanceUid, { PerformedProcedureStepEndDate: '20260131' });
    expect((await client.mpps.get(sopInstanceUid)).get('PerformedProcedureStepStatus')).toBe('COMPLETED');
    const step = await client.ups.claim((await client.ups.create({ PatientID: '7' })).sopInstanceUid);
    await client.ups.reportProgress(step, { percent: 50 });
    await client.ups.complete(step);
    expect((await client.ups.get(step.sopInstanceUid)).get('ProcedureStepState')).toBe('COMPLETED');
    expect((await told(8)).map(({ event }) => event)).toEqual([
      ...['N-CREATE', 'N-SET', 'N-GET'],
      ...['N-CREATE', 'N-ACTION', 'N-SET', 'N-ACTION', 'N-GET'],
    ]);
  });

  test('for storage commitment, and hear of it on our association', async () => {
    const { client, told } = await theirs({
      report: {
        sopClass: SopClass.StorageCommitmentPushModel,
        sopInstance: commitmentInstance,
        eventType: 1,
        dataSet: { TransactionUID: '1.9', ReferencedSOPSequence: [reference] },
      },
    });
    const instance = { sopClassUid: ctImageStorage, sopInstanceUid: '1.2.3' };
    expect(await client.storageCommitment.commit([instance], { transactionUid: '1.9' })).toMatchObject({
      committed: [instance],
      failed: [],
    });
    expect(await told(2)).toContainEqual({ event: 'reported', status: 0x0000 });
  });

  test('to print a film', async () => {
    const { client, told } = await theirs({
      answers: {
        'N-CREATE': {
          dataSet: {
            ReferencedImageBoxSequence: [
              { ReferencedSOPClassUID: SopClass.BasicGrayscaleImageBox, ReferencedSOPInstanceUID: '1.2.8' },
            ],
          },
        },
        'N-GET': { dataSet: { PrinterStatus: 'NORMAL' } },
      },
    });
    expect((await client.print.printer()).get('PrinterStatus')).toBe('NORMAL');
    const image = {
      rows: 2,
      columns: 2,
      photometricInterpretation: 'MONOCHROME2',
      pixelData: Uint8Array.of(0, 1, 2, 3),
    } as const;
    const printed = await client.print.films({ films: [{ imageDisplayFormat: 'STANDARD\\1,1', images: [image] }] });
    expect(printed).toMatchObject([{ status: 0x0000 }]);
    expect((await told(6)).map(({ event }) => event)).toEqual(
      expect.arrayContaining(['N-GET', 'N-CREATE', 'N-SET', 'N-ACTION', 'N-DELETE']),
    );
  });
});
