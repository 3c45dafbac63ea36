/** The same over real sockets: both our sides together, on a port that the system chooses. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import {
  type Association,
  type AssociationEnd,
  connect,
  createServer,
  type Server,
  type ServerOptions,
} from '@dicomwire/ul';
import { afterEach, describe, expect, it } from 'vitest';
import { implicitLittleEndian, policy, Recorder, verification } from './scene.js';

const presentationContexts = [{ abstractSyntax: verification, transferSyntaxes: [implicitLittleEndian] }];
const titles = { calledAeTitle: 'ACCEPTOR', callingAeTitle: 'REQUESTOR', presentationContexts };

const servers: Server[] = [];

async function listen(options: Partial<ServerOptions> = {}): Promise<{ server: Server; port: number }> {
  const server = createServer({
    policy,
    onAssociation: (association) => association.setReceiver(new Recorder()),
    ...options,
  });
  servers.push(server);
  const { port, address } = await server.listen({ host: '127.0.0.1', port: 0 });
  expect(address).toBe('127.0.0.1');
  return { server, port };
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Sends every fragment back as it came. */
function echo(association: Association): void {
  association.setReceiver({
    fragment: (contextId, isCommand, isLast, data) =>
      association.send(contextId, isCommand, isLast, Uint8Array.from(data)),
    ended: () => {},
  });
}

describe('over TCP', () => {
  it('associations are opened, used and released, one after the other', async () => {
    const { server, port } = await listen({ onAssociation: echo });
    for (let round = 0; round < 20; round++) {
      const association = await connect({ host: '127.0.0.1', port, ...titles });
      expect(association.peer).toEqual({ address: '127.0.0.1', port });
      expect(association.local.port).toBeGreaterThan(0);
      const received = new Promise<number>((resolve) => {
        association.setReceiver({
          fragment: (_id, _isCommand, _isLast, data) => {
            resolve(data.length);
            return undefined;
          },
          ended: () => {},
        });
      });
      void association.send(1, true, true, new Uint8Array(68));
      expect(await received).toBe(68);
      expect(await association.release()).toEqual({ kind: 'released', by: 'local' });
    }
    await server.close();
    expect(server.connectionCount).toBe(0);
  });

  it('many bytes go both ways at once, whole and in order, with both sides slowing each other down', async () => {
    const { port } = await listen({ onAssociation: echo });
    const association = await connect({ host: '127.0.0.1', port, ...titles });
    const total = 32 * 1024 * 1024;
    let received = 0;
    let isInOrder = true;
    const done = new Promise<void>((resolve) => {
      association.setReceiver({
        fragment: (_id, _isCommand, isLast, data) => {
          if (data.length > 0 && data[0] !== ((received >> 16) & 0xff)) isInOrder = false;
          received += data.length;
          if (isLast) resolve();
          return undefined;
        },
        ended: () => resolve(),
      });
    });
    for (let sent = 0; sent < total; sent += 0x10000) {
      const block = new Uint8Array(0x10000).fill((sent >> 16) & 0xff);
      await association.send(1, false, sent + 0x10000 === total, block);
    }
    await done;
    expect([received, isInOrder]).toEqual([total, true]);
    await association.release();
  });

  it('a peer that resets ends the association at once', async () => {
    const ends: Promise<AssociationEnd>[] = [];
    const { port } = await listen({
      onAssociation: (association) => {
        association.setReceiver(new Recorder());
        ends.push(association.closed);
      },
    });
    const transport = new Socket();
    await new Promise<void>((resolve) => transport.connect({ host: '127.0.0.1', port }, resolve));
    const association = await connect({ transport, ...titles });
    transport.resetAndDestroy();
    expect(await ends[0]).toMatchObject({ kind: 'connection-lost' });
    expect(await association.closed).toMatchObject({ kind: 'connection-lost' });
  });

  it('says what to do when nothing listens', async () => {
    const { server, port } = await listen();
    await server.close();
    await expect(connect({ host: '127.0.0.1', port, ...titles })).rejects.toMatchObject({
      code: 'connect-failed',
      message: expect.stringMatching(
        /no connection to ACCEPTOR at 127\.0\.0\.1:\d+: connection refused: .*check host and port/,
      ),
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it('says what to do when the port is in use', async () => {
    const { port } = await listen();
    const second = createServer({ policy, onAssociation: () => {} });
    await expect(second.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'listen-failed',
      message: expect.stringMatching(/the port is in use/),
    });
  });

  it('frees its port when closed', async () => {
    const { server, port } = await listen();
    const association = await connect({ host: '127.0.0.1', port, ...titles });
    await server.close();
    expect(await association.closed).toMatchObject({ kind: 'aborted', by: 'peer' });
    const next = createServer({ policy, onAssociation: () => {} });
    servers.push(next);
    expect(await next.listen({ host: '127.0.0.1', port })).toMatchObject({ port });
  });

  it('announces associations and PDUs to whoever listens on the diagnostics channels', async () => {
    const { port } = await listen();
    const associations: unknown[] = [];
    const pdus: unknown[] = [];
    const onAssociation = (message: unknown) => void associations.push(message);
    const onPdu = (message: unknown) => void pdus.push(message);
    subscribe('dicomwire:association', onAssociation);
    subscribe('dicomwire:pdu', onPdu);
    try {
      const association = await connect({ host: '127.0.0.1', port, ...titles });
      await association.release();
      expect(associations).toContainEqual({ event: 'established', association });
      expect(pdus).toContainEqual({
        connection: association.id,
        direction: 'out',
        type: 'A-RELEASE-RQ',
        byteLength: 10,
      });
      expect(pdus).toContainEqual({
        connection: association.id,
        direction: 'in',
        type: 'A-RELEASE-RP',
        byteLength: 10,
      });
    } finally {
      unsubscribe('dicomwire:association', onAssociation);
      unsubscribe('dicomwire:pdu', onPdu);
    }
  });

  const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

  it.skipIf(!hasIpv6)('by IPv4 and IPv6, from an address of ours, kept alive', async () => {
    const { server } = await listen({ keepAliveMs: 60_000 });
    const { port } = await server.listen({ host: '::', port: 0, backlog: 10 });
    for (const options of [
      { host: '::1', ipVersion: 6 },
      { host: '127.0.0.1', ipVersion: 4, localAddress: '127.0.0.1', keepAliveMs: 1_000 },
    ] as const) {
      const association = await connect({ port, ...titles, ...options });
      expect(association.peer.address).toBe(options.host);
      await association.release();
    }
    await expect(connect({ host: '127.0.0.1', port, localAddress: 'here', ...titles })).rejects.toMatchObject({
      code: 'invalid-option',
    });
  });

  it('a port is given back when its signal fires, and the others stay', async () => {
    const { server, port } = await listen();
    const controller = new AbortController();
    const second = await server.listen({ host: '127.0.0.1', port: 0, signal: controller.signal });
    const association = await connect({ host: '127.0.0.1', port: second.port, ...titles });
    controller.abort();
    await expect
      .poll(() => connect({ host: '127.0.0.1', port: second.port, ...titles }).catch((error) => error.code))
      .toBe('connect-failed');
    expect(await association.release()).toMatchObject({ kind: 'released' });
    const other = await connect({ host: '127.0.0.1', port, ...titles });
    await other.release();
    await expect(server.listen({ port: 0, signal: controller.signal })).rejects.toMatchObject({
      code: 'listen-failed',
    });
  });

  it('a grace period ends early when its signal fires', async () => {
    const { server, port } = await listen();
    const association = await connect({ host: '127.0.0.1', port, ...titles });
    association.setReceiver(new Recorder());
    const controller = new AbortController();
    const closing = server.close({ graceMs: 3_600_000, signal: controller.signal });
    controller.abort();
    await closing;
    expect(await association.closed).toMatchObject({ kind: 'aborted', by: 'peer' });
  });
});
