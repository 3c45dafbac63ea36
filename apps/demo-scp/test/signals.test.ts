/** How the server ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { connect, type InstanceToSend } from '@dicomwire/services';
import { describe, expect, test } from 'vitest';
import { makeDataSet, makeObject } from '../src/testing/objects.js';
import { temporaryDirectory } from '../src/testing/temporary-directory.js';
import { cli, listedInstances, Server, storedDataSet } from './server.js';

/** An object whose second half is sent when `rest` resolves. */
function slowObject(
  sopInstanceUid: string,
  rest: Promise<void>,
): { object: InstanceToSend; whole: Uint8Array; begun: Promise<void> } {
  const whole = makeDataSet({ sopInstanceUid, pixelBytes: 400_000 });
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  async function* chunks() {
    yield whole.subarray(0, 200_000);
    begin();
    await rest;
    yield whole.subarray(200_000);
  }
  return { object: { ...makeObject({ sopInstanceUid }), dataSet: { byteLength: whole.length, chunks } }, whole, begun };
}

function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

async function isListening(port: number): Promise<boolean> {
  const socket = connectSocket(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test('with nothing under way: ends at once with exit code 0', async () => {
    const server = await Server.start(['--data', temporaryDirectory()]);
    expect(await server.stop(signal)).toMatchObject({ code: 0, signal: null });
  });

  test('an object under way is finished within the grace period, new associations are refused', async () => {
    const data = temporaryDirectory();
    const server = await Server.start(['--data', data]);
    const { opened, open } = gate();
    const { object, whole, begun } = slowObject('1.2.3.4.5', opened);
    const sending = server.send(object);
    await begun;
    server.process.kill(signal);
    while (!server.stderr.includes(signal)) await once(server.process.stderr ?? server.process, 'data');
    expect(await isListening(server.port)).toBe(false);
    open();
    expect((await sending).counts.stored).toBe(1);
    expect(await server.ended).toMatchObject({ code: 0, signal: null });
    const instance = listedInstances(data).get('1.2.3.4.5');
    expect(instance && Buffer.compare(storedDataSet(data, instance), whole)).toBe(0);
  });

  test('associations that do not end within the grace period are aborted; exit code 0', async () => {
    const data = temporaryDirectory();
    const server = await Server.start(['--data', data, '--grace-period', '0.2']);
    const { opened, open } = gate();
    const { object, begun } = slowObject('1.2.3.4.5', opened);
    const sending = server.send(object);
    await begun;
    expect(await server.stop(signal)).toMatchObject({ code: 0, signal: null });
    open();
    expect((await sending).counts.stored).toBe(0);
    expect(listedInstances(data).size).toBe(0);
  });

  test('a second signal ends it at once', async () => {
    const data = temporaryDirectory();
    const server = await Server.start(['--data', data, '--grace-period', '3600']);
    await using client = await connect({ host: '127.0.0.1', port: server.port });
    await client.verify();
    server.process.kill(signal);
    while (!server.stderr.includes(signal)) await once(server.process.stderr ?? server.process, 'data');
    expect(await server.stop(signal)).toMatchObject({ code: 0, signal: null });
    client.abort();
  });
});

describe('nobody reads what it says', () => {
  test('a closed standard output ends it in order', async () => {
    const child = spawn(process.execPath, [cli, '--port', '0', '--data', temporaryDirectory()], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  test('a closed standard error only silences the log', async () => {
    const server = await Server.start(['--data', temporaryDirectory()]);
    server.process.stderr?.destroy();
    expect((await server.send(makeObject({ sopInstanceUid: '1.2.3.4.5' }))).counts.stored).toBe(1);
    expect((await server.send(makeObject({ sopInstanceUid: '1.2.3.4.6' }))).counts.stored).toBe(1);
    expect(await server.stop()).toMatchObject({ code: 0 });
  });
});
