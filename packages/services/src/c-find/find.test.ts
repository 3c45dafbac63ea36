import { connectSession, DataSet, type DataSetInput, StatusError } from '@dicomwire/dimse';
import { DateRange, SopClass, tagOfKeyword } from '@dicomwire/dimse/dataset';
import { describe, expect, onTestFinished, test } from 'vitest';
import { memoryLine } from '../../test/memory-line.js';
import { connect, type PeerOptions, type Query, type QueryKey, type QuerySource } from '../index.js';
import { type FindOptions, find } from '../query-retrieve/find-scp.js';
import type { Service } from '../service.js';
import { query } from './query-scp.js';

const studyRoot = SopClass.StudyRootQueryRetrieveInformationModelFind;

async function open(peer: PeerOptions) {
  const client = await connect({ ...peer, services: [] });
  onTestFinished(() => client.release());
  return client;
}

async function scene(source: QuerySource | QuerySource['find'], options: Partial<FindOptions> = {}) {
  const line = memoryLine({ services: [find({ source, ...options })] });
  return { ...line, client: await open(line.peer) };
}

function studies(count: number): DataSet[] {
  return Array.from({ length: count }, (_, at) =>
    DataSet.from({
      StudyInstanceUID: `1.2.${at}`,
      PatientName: `DOE^${at}`,
      StudyDate: '20260131',
      PatientID: String(at),
    }),
  );
}

/** Yields without end, and counts. */
function endless(): QuerySource & { readonly asked: number; readonly isLeft: boolean } {
  let asked = 0;
  let isLeft = false;
  return {
    get asked() {
      return asked;
    },
    get isLeft() {
      return isLeft;
    },
    *find() {
      try {
        for (;;) {
          asked += 1;
          yield DataSet.from({ StudyInstanceUID: `1.2.${asked}` });
        }
      } finally {
        isLeft = true;
      }
    },
  };
}

describe('a query', () => {
  test('gives what matches, with the keys that were asked for', async () => {
    const { client } = await scene(() => studies(20));
    const found = client.find('STUDY', { PatientName: 'doe^1*', StudyDate: null });
    const names: unknown[] = [];
    for await (const study of found) {
      names.push(study.get('PatientName'));
      expect(study.get('StudyDate')).toBe('20260131');
      expect(study.get('StudyInstanceUID')).toMatch(/^1\.2\./);
      expect(study.has('PatientID')).toBe(false);
      expect(study.get('QueryRetrieveLevel')).toBe('STUDY');
      expect(study.get('RetrieveAETitle')).toEqual(['ARCHIVE']);
    }
    expect(names).toHaveLength(11);
    expect(found).toMatchObject({
      matchCount: 11,
      hasUnsupportedKeys: false,
      isComplete: true,
      end: { status: 0, category: 'Success' },
    });
  });

  test('gives nothing when nothing matches, and that is a success', async () => {
    const { client } = await scene(() => studies(3));
    const found = client.find('STUDY', { PatientName: 'ROE*' });
    expect(await found.next()).toEqual({ done: true, value: undefined });
    expect(found.isComplete).toBe(true);
  });

  test('reaches the source as it is understood, with who asks', async () => {
    const queries: Query[] = [];
    const callers: string[] = [];
    const { client } = await scene((asked, { association }) => {
      queries.push(asked);
      callers.push(association.callingAeTitle);
      return [];
    });
    await client.find('PATIENT', { PatientName: 'D*', PatientBirthDate: DateRange.parse('19500101-19591231') }).next();
    await client.find({ level: 'STUDY', model: 'patient-root' }, { PatientID: '4711' }).next();
    await client.find('STUDY', { StudyInstanceUID: ['1.2', '1.3'], StudyTime: '10-11' }).next();
    expect(callers).toEqual(['MODALITY', 'MODALITY', 'MODALITY']);
    expect(queries.map(({ level, model }) => [level, model.sopClassUid])).toEqual([
      ['PATIENT', SopClass.PatientRootQueryRetrieveInformationModelFind],
      ['STUDY', SopClass.PatientRootQueryRetrieveInformationModelFind],
      ['STUDY', studyRoot],
    ]);
    expect(queries[0]?.key('PatientBirthDate')?.criterion).toMatchObject({ kind: 'date-range', from: '19500101' });
    expect(queries[2]?.key('StudyInstanceUID')?.criterion).toMatchObject({ kind: 'uid-list', uids: ['1.2', '1.3'] });
  });

  test('says which character set its keys are in', async () => {
    const sets: (readonly string[])[] = [];
    const names: (string | undefined)[] = [];
    const { client } = await scene(({ identifier }) => {
      sets.push(identifier.texts('SpecificCharacterSet'));
      names.push(identifier.get('PatientName'));
      return [];
    });
    for (const name of ['DOE', 'MÜLLER', '王', 'Люкc']) await client.find('STUDY', { PatientName: name }).next();
    await client.find('STUDY', { PatientName: 'Люкc', SpecificCharacterSet: 'ISO_IR 144' }).next();
    expect(sets).toEqual([[], ['ISO_IR 100'], ['ISO_IR 192'], ['ISO_IR 192'], ['ISO_IR 144']]);
    expect(names).toEqual(['DOE', 'MÜLLER', '王', 'Люкc', 'Люкc']);
  });

  test('of a level that the model has not is refused before anything is sent', async () => {
    const { client } = await scene(() => []);
    expect(() => client.find({ level: 'PATIENT', model: 'study-root' }, {})).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
    expect(() => client.find('STUDY', { Nonsense: 'x' } as DataSetInput)).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
  });

  test('runs beside others while its loop is busy', async () => {
    const series = DataSet.from({ StudyInstanceUID: '1.2.0', SeriesInstanceUID: '1.3', Modality: 'CT' });
    const { client } = await scene(({ level }) => (level === 'STUDY' ? studies(3) : [series]));
    const modalities: unknown[] = [];
    for await (const study of client.find('STUDY', {})) {
      const uid = study.get('StudyInstanceUID');
      for await (const each of client.find('SERIES', { StudyInstanceUID: uid, Modality: null })) {
        modalities.push(each.get('Modality'));
      }
    }
    expect(modalities).toEqual(['CT']);
  });

  test('several of them on one client, one after another, use one association', async () => {
    const { client, transports } = await scene(() => studies(2));
    for (let count = 0; count < 3; count += 1) expect(await client.find('STUDY', {}).toArray()).toHaveLength(2);
    expect(transports).toHaveLength(1);
  });
});

describe('keys that are not known', () => {
  test('are neither matched nor returned, and the user is told so (FF01)', async () => {
    const { client } = await scene(() => studies(1));
    const found = client.find('STUDY', { Modality: 'CT', PatientName: null });
    const [study] = await found.toArray();
    expect(study?.has('Modality')).toBe(false);
    expect(study?.has('PatientName')).toBe(true);
    expect(found.hasUnsupportedKeys).toBe(true);
  });

  test('are what the source says', async () => {
    const source = { find: () => studies(1), supports: ({ keyword }: QueryKey) => keyword !== 'PatientName' };
    const { client } = await scene(source);
    const found = client.find('STUDY', { PatientName: 'ROE', Modality: null });
    const [study] = await found.toArray();
    expect([study?.has('PatientName'), study?.has('Modality'), found.hasUnsupportedKeys]).toEqual([false, true, true]);
  });
});

describe('a query that does not fit', () => {
  test('is answered with A900, the elements and why', async () => {
    const { client } = await scene(() => studies(1));
    const found = client.find('SERIES', { SeriesInstanceUID: null, Modality: 'CT' });
    await expect(found.next()).rejects.toMatchObject({
      code: 'refused',
      status: 0xa900,
      comment: 'StudyInstanceUID: one value is needed at SERIES level',
      offendingElements: [tagOfKeyword('StudyInstanceUID')],
    });
  });

  test('is taken as a relational one where the provider is lenient', async () => {
    const series = DataSet.from({ StudyInstanceUID: '1.2', SeriesInstanceUID: '1.3', Modality: 'CT' });
    const { client } = await scene(() => [series], { requiresUniqueKeys: false });
    const [match] = await client.find('SERIES', { Modality: 'CT' }).toArray();
    expect(match?.get('StudyInstanceUID')).toBe('1.2');
  });

  test('of a SOP class that is not offered has no context', async () => {
    const { client } = await scene(() => [], { models: ['study-root'] });
    await expect(client.find('PATIENT', {}).next()).rejects.toMatchObject({ code: 'no-accepted-context' });
    expect(await client.find('STUDY', {}).next()).toMatchObject({ done: true });
  });
});

describe('extended negotiation', () => {
  const series = DataSet.from({ StudyInstanceUID: '1.2', SeriesInstanceUID: '1.3', PatientName: 'Swayne' });

  test('is readable by both, and what was agreed on is done', async () => {
    const { client } = await scene(() => [series]);
    const found = client.find(
      'SERIES',
      { PatientName: 'Swain' },
      { relationalQueries: true, fuzzySemanticMatching: true },
    );
    expect(found.negotiated).toBeUndefined();
    expect(await found.toArray()).toHaveLength(1);
    expect(found.negotiated).toMatchObject({
      relationalQueries: true,
      fuzzySemanticMatching: true,
      dateTimeMatching: false,
    });
  });

  test('is turned down where the provider does not do it', async () => {
    const { client } = await scene(() => [series], { negotiates: { relationalQueries: false } });
    const found = client.find(
      'SERIES',
      { PatientName: 'Swain' },
      { relationalQueries: true, fuzzySemanticMatching: true },
    );
    await expect(found.next()).rejects.toMatchObject({ status: 0xa900 });
    expect(found.negotiated).toMatchObject({ relationalQueries: false, fuzzySemanticMatching: true });
  });

  test('of another query opens another association', async () => {
    const { client, transports } = await scene(() => studies(1));
    await client.find('STUDY', {}).next();
    await client
      .find('STUDY', { StudyDate: '20260101-20260131', StudyTime: '10-12' }, { dateTimeMatching: true })
      .toArray();
    expect(transports.length).toBeGreaterThan(1);
  });

  test('answers as many bytes as were proposed', async () => {
    const { peer } = await scene(() => []);
    const session = await rawSession(peer, Uint8Array.of(1, 0, 1, 1, 1));
    expect(session.negotiated.sopClassExtendedNegotiations.get(studyRoot)).toEqual(Uint8Array.of(1, 0, 1, 1, 0));
    await session.release();
  });
});

describe('limits', () => {
  test("the user's: so many matches, then the rest is cancelled", async () => {
    const source = endless();
    const { client } = await scene(source);
    const found = client.find('STUDY', {}, { limit: 3 });
    expect(await found.toArray()).toHaveLength(3);
    expect(found.isComplete).toBe(false);
    await client
      .find('STUDY', { PatientName: '"no more"' }, { limit: 1, signal: AbortSignal.abort() })
      .next()
      .catch(() => undefined);
    await client.release();
    expect(source.isLeft).toBe(true);
  });

  test("the provider's: so many matches, then A700", async () => {
    const { client } = await scene(() => studies(10), { maxMatches: 4 });
    const found = client.find('STUDY', {});
    const taken: DataSet[] = [];
    await expect(async () => {
      for await (const study of found) taken.push(study);
    }).rejects.toMatchObject({ code: 'refused', status: 0xa700, comment: 'More than 4 matches' });
    expect(taken).toHaveLength(4);
  });

  test("the provider's: exactly so many are no error", async () => {
    const { client } = await scene(() => studies(4), { maxMatches: 4 });
    expect(await client.find('STUDY', {}).toArray()).toHaveLength(4);
  });

  test("the provider's, of the repository: B001, there is more (PS3.4 C.6.4)", async () => {
    const services = [query({ sopClasses: [SopClass.RepositoryQuery], source: () => studies(10), maxMatches: 4 })];
    const client = await open(memoryLine({ services }).peer);
    const found = client.query(SopClass.RepositoryQuery, { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: null });
    expect(await found.toArray()).toHaveLength(4);
    expect(found).toMatchObject({ isComplete: false, end: { status: 0xb001, category: 'Warning' } });
  });

  test('that are none are refused', async () => {
    expect(() => find({ source: () => [], maxMatches: 0 })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
    const { client } = await scene(() => []);
    expect(() => client.find('STUDY', {}, { limit: 0 })).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });
});

describe('cancel', () => {
  test('leaving the loop stops the provider within one further match', async () => {
    const source = endless();
    const { client } = await scene(source);
    const found = client.find('STUDY', {});
    let count = 0;
    let askedAtCancel = 0;
    for await (const _study of found) {
      count += 1;
      askedAtCancel = source.asked;
      if (count === 10) break;
    }
    await client.release();
    expect(source.isLeft).toBe(true);
    // One that was on its way when the C-CANCEL came, and one more.
    expect(source.asked - askedAtCancel).toBeLessThanOrEqual(2);
  });

  test('leaving a long stream stops the provider within one turn of its matches', async () => {
    const source = endless();
    const { client } = await scene(source);
    let count = 0;
    let askedAtCancel = 0;
    for await (const _study of client.find('STUDY', {})) {
      count += 1;
      askedAtCancel = source.asked;
      if (count === 1000) break;
    }
    await client.release();
    expect(source.isLeft).toBe(true);
    expect(source.asked - askedAtCancel).toBeLessThanOrEqual(32);
  });

  test('a signal cancels, its reason is thrown, and the association stays of use', async () => {
    const source = endless();
    const { client, transports } = await scene(source);
    const stop = new AbortController();
    const reason = new Error('enough');
    await expect(async () => {
      for await (const _study of client.find('STUDY', {}, { signal: stop.signal })) stop.abort(reason);
    }).rejects.toBe(reason);
    expect(await client.find('STUDY', {}, { limit: 1 }).toArray()).toHaveLength(1);
    expect(transports).toHaveLength(1);
  });

  test('a source that hangs does not keep the provider from answering FE00', async () => {
    let isLeft = false;
    const source: QuerySource['find'] = async function* (_query, { signal }) {
      signal.addEventListener('abort', () => {
        isLeft = true;
      });
      yield* studies(1);
      await new Promise(() => undefined);
    };
    const line = memoryLine({ services: [find({ source })] });
    const session = await rawSession(line.peer);
    const cancel = new AbortController();
    const statuses: number[] = [];
    const identifier = DataSet.from({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: null });
    const responses = session.requestMany(
      { type: 'C-FIND-RQ', affectedSopClassUid: studyRoot, priority: 0 },
      { dataSet: identifier, cancelSignal: cancel.signal },
    );
    for await (const { command } of responses) {
      statuses.push(command.status);
      cancel.abort();
    }
    expect(statuses).toEqual([0xff00, 0xfe00]);
    expect(isLeft).toBe(true);
    await session.release();
  });

  test('a source in which nothing matches is left as well', async () => {
    let asked = 0;
    const source: QuerySource['find'] = function* () {
      for (; asked < 1_000_000; asked += 1) yield DataSet.from({ PatientName: 'ROE' });
    };
    const { client } = await scene(source);
    const stop = new AbortController();
    const found = client.find('STUDY', { PatientName: 'DOE' }, { signal: stop.signal });
    const next = found.next();
    next.catch(() => undefined);
    while (asked === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
    await client.release();
    expect(asked).toBeLessThan(1_000_000);
  });

  test('what the peer reads late is not gathered', async () => {
    const source = endless();
    const { client } = await scene(source);
    const found = client.find('STUDY', {});
    await found.next();
    await new Promise((resolve) => setImmediate(resolve));
    let asked = -1;
    // It comes to a stand by itself once the line is full.
    for (let quiet = 0; quiet < 50; ) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = asked === source.asked ? quiet + 1 : 0;
      asked = source.asked;
    }
    expect(asked).toBeLessThan(20_000);
    await found.return();
  });
});

describe('a source that throws', () => {
  const failing = (error: unknown): QuerySource['find'] =>
    function* () {
      yield* studies(1);
      throw error;
    };

  test('a status has it answered, after what was found before', async () => {
    const { client } = await scene(failing(new StatusError(0x0124, 'Not yours')));
    const found = client.find('STUDY', {});
    await found.next();
    await expect(found.next()).rejects.toMatchObject({ status: 0x0124, comment: 'Not yours' });
  });

  test('anything else is answered with C000, and reported', async () => {
    const reported: unknown[] = [];
    const source = failing(new Error('Database is away'));
    const { peer } = memoryLine({ services: [find({ source })], onError: (error) => reported.push(error) });
    const client = await open(peer);
    const found = client.find('STUDY', {});
    await found.next();
    await expect(found.next()).rejects.toMatchObject({ status: 0xc000, comment: undefined });
    expect(reported).toMatchObject([{ cause: { message: 'Database is away' } }]);
    await expect(client.find('STUDY', {}).next()).resolves.toMatchObject({ done: false });
  });
});

describe('other SOP classes of C-FIND', () => {
  async function asking(sopClass: string, source: QuerySource['find'], keys: DataSetInput) {
    const client = await open(memoryLine({ services: [query({ sopClasses: [sopClass], source })] }).peer);
    return client.query(sopClass, keys);
  }

  const protocols = ['CHEST', 'HEAD'].map((name) =>
    DataSet.from({
      SOPInstanceUID: `1.2.${name.length}`,
      HangingProtocolName: name,
      HangingProtocolDefinitionSequence: [{ Modality: 'CT' }],
    }),
  );

  test.each([
    SopClass.HangingProtocolInformationModelFind,
    SopClass.ColorPaletteQueryRetrieveInformationModelFind,
    SopClass.GenericImplantTemplateInformationModelFind,
    SopClass.ImplantAssemblyTemplateInformationModelFind,
    SopClass.ImplantTemplateGroupInformationModelFind,
    SopClass.DefinedProcedureProtocolInformationModelFind,
    SopClass.ProtocolApprovalInformationModelFind,
    SopClass.InventoryFind,
    SopClass.ProductCharacteristicsQuery,
    SopClass.SubstanceApprovalQuery,
    SopClass.UnifiedProcedureStepPull,
  ])('%s: has no levels', async (sopClass) => {
    const found = await asking(sopClass, () => protocols, {
      HangingProtocolName: 'CH*',
      HangingProtocolDefinitionSequence: [{ Modality: 'CT' }],
    });
    const [match, ...others] = await found.toArray();
    expect(match?.get('HangingProtocolName')).toBe('CHEST');
    expect([match?.has('QueryRetrieveLevel'), match?.has('RetrieveAETitle'), others.length]).toEqual([false, false, 0]);
  });

  test.each([
    SopClass.GeneralRelevantPatientInformationQuery,
    SopClass.BreastImagingRelevantPatientInformationQuery,
    SopClass.CardiacRelevantPatientInformationQuery,
  ])('%s: one match is answered, more are an error (PS3.4 Q.4.1.1.4)', async (sopClass) => {
    const one = await asking(sopClass, () => studies(5), { PatientID: '3', PatientName: null });
    expect(await one.toArray()).toHaveLength(1);
    const none = await asking(sopClass, () => studies(5), { PatientID: '9' });
    expect(await none.toArray()).toHaveLength(0);
    const several = await asking(sopClass, () => studies(5), { PatientName: 'DOE*' });
    await expect(several.next()).rejects.toMatchObject({
      status: 0xc100,
      message: expect.stringMatching(/More than one match found/),
    });
    expect(several.matchCount).toBe(0);
  });

  test('a status has the meaning of its service', async () => {
    const source = () => {
      throw new StatusError(0xc200);
    };
    const found = await asking(SopClass.GeneralRelevantPatientInformationQuery, source, { PatientID: '1' });
    await expect(found.next()).rejects.toThrow(/Unable to support requested template/);
  });
});

describe('a provider that is odd', () => {
  async function odd(perform: Service['perform']) {
    const service: Service = { name: 'odd', requests: ['C-FIND-RQ'], sopClasses: [studyRoot], perform };
    return open(memoryLine({ services: [service] }).peer);
  }

  test('a pending response without an identifier is no match', async () => {
    const client = await odd(async function* () {
      yield { status: 0xff00 };
      yield { status: 0xff00, dataSet: DataSet.from({ StudyInstanceUID: '1' }) };
      yield { status: 0x0000 };
    });
    expect(await client.find('STUDY', {}).toArray()).toHaveLength(1);
  });

  test('one that cancels by itself leaves the query incomplete', async () => {
    const client = await odd(async function* () {
      yield { status: 0xff00, dataSet: DataSet.from({ StudyInstanceUID: '1' }) };
      yield { status: 0xfe00, errorComment: 'limit' };
    });
    const found = client.find('STUDY', {});
    expect(await found.toArray()).toHaveLength(1);
    expect(found).toMatchObject({ isComplete: false, end: { status: 0xfe00, category: 'Cancel', comment: 'limit' } });
  });

  test('an identifier that can not be read fails the query, and the next one goes on', async () => {
    let isFirst = true;
    const client = await odd(async function* () {
      if (isFirst) yield { status: 0xff00, dataSet: Uint8Array.of(1, 2, 3, 4, 5, 6) };
      isFirst = false;
      yield { status: 0x0000 };
    });
    await expect(client.find('STUDY', {}).next()).rejects.toMatchObject({ code: 'malformed-data-set' });
    expect(await client.find('STUDY', {}).toArray()).toEqual([]);
  });
});

describe('an identifier', () => {
  test('that can not be read is answered with C000, and the association lives on', async () => {
    const { peer } = memoryLine({ services: [find({ source: () => studies(1) })] });
    const session = await rawSession(peer);
    const command = { type: 'C-FIND-RQ', affectedSopClassUid: studyRoot, priority: 0 } as const;
    const garbage = Uint8Array.of(8, 0, 0x52, 0, 0xff, 0xff, 0xff, 0x7f, 1, 2);
    expect((await session.request(command, { dataSet: garbage })).command.status).toBe(0xc000);
    const whole = DataSet.from({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: null });
    expect((await session.request(command, { dataSet: whole })).command.status).toBe(0);
    await session.release();
  });

  test('of more than a megabyte is answered with C000', async () => {
    const { peer } = memoryLine({ services: [find({ source: () => studies(1) })] });
    const session = await rawSession(peer);
    const huge = DataSet.from({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: Array(600_000).fill('1').join('\\') });
    const { command } = await session.request(
      { type: 'C-FIND-RQ', affectedSopClassUid: studyRoot, priority: 0 },
      { dataSet: huge },
    );
    expect(command.status).toBe(0xc000);
    await session.release();
  });
});

async function rawSession({ openTransport, clock }: PeerOptions, applicationInformation?: Uint8Array) {
  return connectSession({
    transport: await openTransport?.(),
    clock,
    calledAeTitle: 'ARCHIVE',
    callingAeTitle: 'RAW',
    presentationContexts: [{ abstractSyntax: studyRoot, transferSyntaxes: ['1.2.840.10008.1.2'] }],
    sopClassExtendedNegotiations:
      applicationInformation === undefined
        ? []
        : [{ sopClassUid: studyRoot, serviceClassApplicationInformation: applicationInformation }],
  });
}
