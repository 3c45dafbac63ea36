import { MemoryTransport, settle, VirtualClock } from '@dicomwire/dimse/testing';
import { describe, expect, test } from 'vitest';
import {
  connect,
  createScp,
  find,
  get,
  move,
  mpps,
  nService,
  print,
  type ScpOptions,
  type Service,
  storage,
  storageCommitment,
  ups,
  upsListener,
  verification,
  worklist,
} from './index.js';

/** A verification that notes when it is begun and ended. */
function notingService() {
  const events: string[] = [];
  const service: Service = {
    ...verification(),
    async started({ aeTitle }) {
      events.push(`${aeTitle} begins`);
      await settle();
      events.push('has begun');
    },
    closed: () => void events.push('closed'),
  };
  return { events, service };
}

function openTransport(scp: ReturnType<typeof createScp>) {
  return () => {
    const [ours, theirs] = MemoryTransport.pair();
    scp.accept(theirs);
    return ours;
  };
}

test('services begin with the first transport, once, and again after the provider was closed', async () => {
  const { events, service } = notingService();
  const clock = new VirtualClock();
  const scp = createScp({ aeTitle: 'ARCHIVE', services: [service], clock });
  const peer = { host: 'memory', port: 1, clock, openTransport: openTransport(scp) };
  for (let round = 0; round < 2; round += 1) {
    const one = await connect(peer);
    const other = await connect(peer);
    await Promise.all([one.release(), other.release()]);
    await scp.close();
  }
  const round = ['ARCHIVE begins', 'has begun', 'closed'];
  expect(events).toEqual([...round, ...round]);
});

test('a service whose beginning fails is reported, and the provider answers', async () => {
  const reported: unknown[] = [];
  const failing: Service = {
    ...verification(),
    started() {
      throw new Error('Database is away');
    },
  };
  const clock = new VirtualClock();
  const scp = createScp({ aeTitle: 'ARCHIVE', services: [failing], clock, onError: (error) => reported.push(error) });
  const client = await connect({ host: 'memory', port: 1, clock, openTransport: openTransport(scp) });
  await client.verify();
  await client.release();
  await scp.close();
  expect(reported).toMatchObject([{ message: 'Database is away' }]);
});

test('nobody is taken while the provider is being closed', async () => {
  const { events, service } = notingService();
  const clock = new VirtualClock();
  const scp = createScp({ aeTitle: 'ARCHIVE', services: [service], clock });
  const peer = { host: 'memory', port: 1, clock, openTransport: openTransport(scp) };
  const client = await connect(peer);
  const closed = scp.close({ graceMs: 10_000 });
  await expect(connect(peer)).rejects.toMatchObject({ code: 'connection-lost' });
  await client.verify();
  await client.release();
  await clock.advance(10_000);
  await closed;
  expect(events).toEqual(['ARCHIVE begins', 'has begun', 'closed']);
});

const keep = { store: async () => undefined };
const ct = '1.2.840.10008.5.1.4.1.1.2';
const PACS = { host: 'pacs', port: 104 };

describe('what can not work is refused at the start, and said', () => {
  const options = (services: readonly Service[], more: Partial<ScpOptions> = {}): ScpOptions => ({
    aeTitle: 'ARCHIVE',
    services,
    ...more,
  });
  // @ts-expect-error what the types forbid
  const wrong = <T>(make: (given: T) => Service) => make({});

  test.each<[string, () => ScpOptions, RegExp]>([
    ['no service', () => options([]), /at least one service/],
    ['no AE title', () => options([verification()], { aeTitle: ' ' }), /AE title.*aeTitle has " "/],
    [
      'two services for one SOP class',
      () => options([storage(keep), storage({ ...keep, sopClasses: [ct] })]),
      /C-STORE-RQ of SOP class 1\.2\.840\.10008\.5\.1\.4\.1\.1\.2 .*two services named storage; it can only be one/,
    ],
    [
      'two services of two kinds for one SOP class',
      () => options([mpps(), nService({ sopClasses: ['1.2.840.10008.3.1.2.3.3'], get: async () => undefined })]),
      /the services mpps and n-service/,
    ],
    [
      'two services for whatever nobody else takes',
      () =>
        options([
          storage({ ...keep, sopClasses: [ct], promiscuous: true }),
          storage({ ...keep, sopClasses: [], promiscuous: true }),
        ]),
      /any SOP class.*two services named storage/,
    ],
    [
      'a service without SOP classes',
      () => options([storage({ ...keep, sopClasses: [] })]),
      /storage performs no SOP class/,
    ],
    ['a SOP class that is none', () => options([storage({ ...keep, sopClasses: ['CT'] })]), /"CT", which is no UID/],
    ['a SOP class twice', () => options([storage({ ...keep, sopClasses: [ct, ct] })]), /twice/],
    [
      'a service that takes no transfer syntax',
      () => options([storage({ ...keep, transferSyntaxes: [] })]),
      /takes no transfer syntax \(transferSyntaxes is empty\)/,
    ],
    [
      'a SOP class that is taken in no transfer syntax',
      () => options([storage({ ...keep, transferSyntaxesBySopClass: { [ct]: [] } })]),
      new RegExp(`takes no transfer syntax \\(${ct} is empty`),
    ],
    [
      'a transfer syntax that is none',
      () => options([storage({ ...keep, transferSyntaxes: ['jpeg'] })]),
      /transfer syntax "jpeg", which is no UID/,
    ],
    ['a service without requests', () => options([{ ...verification(), requests: [] }]), /performs no request/],
    [
      'a list of callers without anybody',
      () => options([verification()], { allowedCallingAeTitles: [] }),
      /nobody could call/,
    ],
    [
      'a caller that can not be',
      () => options([verification()], { allowedCallingAeTitles: ['OK', 'A\\B'] }),
      /allowedCallingAeTitles/,
    ],
    [
      'no association',
      () => options([verification()], { maximumAssociations: 0 }),
      /maximumAssociations .* 1 or more, not 0/,
    ],
    ['a time before now', () => options([verification()], { idleTimeoutMs: -1 }), /idleTimeoutMs .* 0 or more, not -1/],
    ['a number that is none', () => options([verification()], { maximumLength: Number.NaN }), /maximumLength .* NaN/],
    [
      'a move without destinations',
      () => options([move({ source: { instances: () => [] }, peers: {} })]),
      /at least one/,
    ],
    [
      'a move that knows no directory',
      // @ts-expect-error what the types forbid
      () => options([move({ source: { instances: () => [] } })]),
      /directory of peers is a map, an object or a function/,
    ],
    [
      'a move for models without C-MOVE',
      () =>
        options([
          move({ source: { instances: () => [] }, peers: { PACS }, models: ['composite-instance-without-bulk-data'] }),
        ]),
      /None of these models has a C-MOVE/,
    ],
    ['storage that keeps nothing', () => options([wrong(storage)]), /storage needs store/],
    ['C-GET without instances', () => options([wrong(get)]), /get needs source\.instances/],
    ['C-MOVE without instances', () => options([wrong(move)]), /move needs source\.instances/],
    ['queries without a source', () => options([wrong(find)]), /needs a source/],
    ['a worklist without a source', () => options([wrong(worklist)]), /needs a source/],
    ['commitment without a check', () => options([wrong(storageCommitment)]), /storage-commitment needs check/],
    ['a printer that does not print', () => options([wrong(print)]), /print needs printFilm/],
    ['N-services without a handler', () => options([nService({ sopClasses: [ct] })]), /needs a handler: create, set/],
    [
      'a listener that does not hear',
      () => options([nService({ role: 'scu', sopClasses: [ct], get: async () => undefined })]),
      /needs a handler: eventReport/,
    ],
  ])('%s', (_name, make, message) => {
    const refused = expect.objectContaining({ code: 'invalid-option', message: expect.stringMatching(message) });
    expect(() => createScp(make())).toThrow(refused);
  });

  test('what goes together is not', () => {
    const services = [
      verification(),
      storage(keep),
      get({ source: { instances: () => [] } }),
      move({ source: { instances: () => [] }, peers: { PACS } }),
      find({ source: () => [] }),
      worklist({ source: () => [] }),
      mpps(),
      ups({ aeTitle: 'ARCHIVE' }),
      upsListener(() => undefined),
      storageCommitment({ check: async () => [] }),
      print({ printFilm: async () => undefined }),
    ];
    expect(() => createScp(options(services, { idleTimeoutMs: 0, maximumLength: 0 }))).not.toThrow();
  });
});
