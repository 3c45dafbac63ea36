import { MemoryTransport, settle, VirtualClock } from '@dicomwire/dimse/testing';
import { expect, test } from 'vitest';
import { connect, createScp, type Service, verification } from './index.js';

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
