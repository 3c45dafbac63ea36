/** A process that calls, `node caller.ts`: raw bytes over sockets, and as little else as can be. */
import { answerParent } from './asked-process.ts';
import { type Call, call } from './call.ts';
import { ABORT, ECHO_RQ, PDU, RELEASE_RQ, RQ } from './prepared.ts';

const held: Call[] = [];
answerParent({
  /** Opens associations and leaves them be; how many were accepted. */
  async associate(port = 0, count = 0) {
    let accepted = 0;
    await inLanes(count, 50, async () => {
      const { association, type } = await associate(port);
      if (type === PDU.ac) accepted += 1;
      held.push(association);
    });
    return [accepted];
  },
  /** Opens connections and says nothing. */
  async connect(port = 0, count = 0) {
    await inLanes(count, 50, async () => {
      const silent = call(port);
      held.push(silent);
      await new Promise<void>((resolve) => {
        silent.socket.once('connect', resolve).once('close', () => resolve());
      });
    });
    return [held.filter(({ socket }) => socket.readyState === 'open').length];
  },
  /** Closes whatever is open; how much that still was. */
  async drop() {
    const open = held.filter(({ socket }) => socket.readyState === 'open').length;
    for (const { socket } of held) socket.destroy();
    await Promise.all(held.map(({ closed }) => closed));
    held.length = 0;
    return [open];
  },
  /** Associations in all ways there are to end one, many at once; how many went as they were meant to, of each. */
  async churn(port = 0, count = 0, lanes = 100) {
    const asMeant = WAYS.map(() => 0);
    await inLanes(count, lanes, async (index) => {
      const way = index % WAYS.length;
      if (await WAYS[way]?.(port)) asMeant[way] = (asMeant[way] ?? 0) + 1;
    });
    return asMeant;
  },
  /** Associations one after the other, released; seconds that they took. */
  async sequential(port = 0, count = 0) {
    const startedAt = performance.now();
    for (let done = 0; done < count; done++) {
      if (!(await release(port))) throw new Error('an association was not accepted and released in order');
    }
    return [(performance.now() - startedAt) / 1000];
  },
  /** Echoes, each on an association of its own; milliseconds from the call to the answer. */
  async echo(port = 0, count = 0) {
    const times: number[] = [];
    for (let done = 0; done < count; done++) {
      const startedAt = performance.now();
      const { association } = await associate(port);
      association.socket.write(ECHO_RQ);
      if ((await association.next()) !== PDU.data) throw new Error('an echo was not answered');
      times.push(performance.now() - startedAt);
      association.socket.write(RELEASE_RQ);
      await association.next();
      association.socket.end();
      await association.closed;
    }
    return times;
  },
});

/** Each opens a connection and sees it end; whether it went as meant. */
const WAYS: readonly ((port: number) => Promise<boolean>)[] = [
  release,
  abort,
  close,
  reset,
  cut,
  sayNothing,
  fallSilent,
];

async function associate(port: number): Promise<{ association: Call; type: number }> {
  const association = call(port);
  association.socket.write(RQ);
  return { association, type: await association.next() };
}

async function release(port: number): Promise<boolean> {
  const { association, type } = await associate(port);
  association.socket.write(RELEASE_RQ);
  const answer = await association.next();
  association.socket.end();
  await association.closed;
  return type === PDU.ac && answer === PDU.releaseRp;
}

function abort(port: number): Promise<boolean> {
  return endedBy(port, ({ socket }) => socket.end(ABORT));
}

function close(port: number): Promise<boolean> {
  return endedBy(port, ({ socket }) => socket.end());
}

function reset(port: number): Promise<boolean> {
  return endedBy(port, ({ socket }) => socket.resetAndDestroy());
}

/** Associated, the peer says nothing more, whatever it hears. */
function fallSilent(port: number): Promise<boolean> {
  return endedBy(port, () => {});
}

async function endedBy(port: number, act: (association: Call) => void): Promise<boolean> {
  const { association, type } = await associate(port);
  act(association);
  await association.closed;
  return type === PDU.ac;
}

/** A request that breaks off in the middle. */
async function cut(port: number): Promise<boolean> {
  const { socket, closed } = call(port);
  socket.write(RQ.subarray(0, 100), () => socket.resetAndDestroy());
  await closed;
  return true;
}

async function sayNothing(port: number): Promise<boolean> {
  const silent = call(port);
  return (await silent.next()) === 0;
}

async function inLanes(count: number, lanes: number, act: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(lanes, count) }, async () => {
      while (next < count) await act(next++);
    }),
  );
}
