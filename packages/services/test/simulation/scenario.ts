/** One scenario from its seed: an operation, a fault in the middle of it, and what has to hold afterwards. */
import { getEventListeners } from 'node:events';
import { AssociationError, DimseError } from '@dicomwire/dimse';
import { expect } from 'vitest';
import { type Client, connect, ServiceError } from '../../src/index.js';
import { anyFault, type Fault, reasonOf } from './fault.js';
import { generator, oneOf, type Random } from './random.js';
import type { Wire } from './wire.js';
import { describeFault, type Play, Stage, type World } from './world.js';

/** An operation over a world that is yet empty. */
export type Operation = (world: World) => Play;

/** PDUs of an operation in which nothing happens, so that faults can be spread over all of it. */
export async function countPdus(operation: Operation, seed: number): Promise<number> {
  const stage = new Stage(generator(seed), () => undefined);
  const play = operation(stage);
  stage.open(play);
  const client = await stage.drive('connect', connect(clientOptions(stage, play)), () => 1);
  const failures = await stage.drive('run', play.run(client, { round: 0, signal: undefined }), farAway);
  expect(failures).toEqual([]);
  await stage.drive('release', client.release(), farAway);
  await stage.close();
  return stage.network.pdus;
}

/** @throws whatever does not hold, with the fault in its message. */
export async function playScenario(operation: Operation, seed: number, pdus: number): Promise<Fault> {
  const random = generator(seed);
  const fault = anyFault(random, pdus + 2);
  const watch = watchProcess();
  try {
    await playFault(operation, fault, random);
    watch.check();
    return fault;
  } catch (error) {
    throw new Error(`${describeFault(fault)}: ${error instanceof Error ? error.message : error}`, { cause: error });
  } finally {
    watch.stop();
  }
}

async function playFault(operation: Operation, fault: Fault, random: Random): Promise<void> {
  const controller = new AbortController();
  let client: Client | undefined;
  const ending: Promise<unknown>[] = [];
  const stage: Stage = new Stage(random, (wire) => {
    if (fault.way === 'signal') controller.abort(new Error('Enough'));
    else ending.push(strike(stage, fault, wire, client));
  });
  const play = operation(stage);
  stage.open(play);
  stage.network.arm(fault);

  const deadline = () =>
    (stage.network.happened?.at ?? Number.POSITIVE_INFINITY) + longestWaitMs * (play.attempts ?? 1);
  const signal = fault.way === 'signal' || random(2) === 0 ? controller.signal : undefined;
  const begun = async () => {
    client = await connect(clientOptions(stage, play));
    return play.run(client, { round: 1, signal });
  };
  const failures = await stage.drive(
    'the operation',
    begun().catch((error: unknown) => [error]),
    deadline,
  );
  for (const failure of failures) expectTyped(failure, controller.signal);
  expectReason(failures, stage, fault, client);

  stage.network.repair();
  await stage.quiet(() => false);
  await stage.drive('the end of a provider', Promise.all(ending), farAway);
  await expectService(stage, play, client, fault);
  await stage.rest();
  await play.check?.();
  expect(getEventListeners(controller.signal, 'abort'), 'listeners of the signal').toEqual([]);
  await leave(stage, client);
}

/** The server answers newcomers, and the same operation works over the same client, unless that was ended. */
async function expectService(stage: Stage, play: Play, old: Client | undefined, fault: Fault): Promise<void> {
  const now = () => stage.clock.now() + 1;
  const client = await stage.drive('a new association', connect(clientOptions(stage, play)), now);
  await stage.drive('C-ECHO', client.verify(), now);
  const isEnded = old === undefined || fault.way === 'user-release' || fault.way === 'user-abort';
  // Over associations of which only one side knows that they are over, the first call fails as well.
  const mayFail = stage.network.happened !== undefined && isUnnoticed(fault);
  let successes = 0;
  for (let round = 2; ; round += 1) {
    const again = isEnded ? client : old;
    const failures = await stage.drive('the same operation', play.run(again, { round, signal: undefined }), farAway);
    if (failures.length === 0) successes += 1;
    // Once more: a lease that was not given back is missed by the next call.
    if (successes === 2) break;
    if (failures.length === 0) continue;
    if (!mayFail || round > 4) throw new Error('The same operation failed once more', { cause: failures[0] });
  }
  await stage.drive('release', client.release(), farAway);
}

function isUnnoticed({ way, afterwards }: Fault): boolean {
  return way === 'silence' || way === 'stall' || way === 'release' || afterwards === 'dark';
}

/** Nothing is left when everybody has gone. */
async function leave(stage: Stage, client: Client | undefined): Promise<void> {
  await stage.drive('release', client?.release() ?? Promise.resolve(), farAway);
  await stage.drive('close', stage.close(), farAway);
  await stage.rest();
  expect(stage.associationCount, 'associations').toBe(0);
  expect(stage.network.wires.filter(({ isOver }) => !isOver).map(String), 'connections').toEqual([]);
  expect(stage.running.count, 'handlers at work').toBe(0);
  expect(stage.clock.pendingTimers, 'timers').toBe(0);
}

async function strike(stage: Stage, { way, vanishing }: Fault, wire: Wire, client: Client | undefined): Promise<void> {
  switch (way) {
    case 'user-release':
      return client?.release();
    case 'user-abort':
      return client?.abort();
    case 'provider-close':
      return stage.scp(wire.called)?.close();
    case 'provider-drain':
      return stage.scp(wire.called)?.close({ graceMs: 10_000 });
    case 'signal':
      return;
    default:
      wire.break(way, vanishing);
  }
}

function clientOptions(stage: Stage, { client }: Play) {
  const maximumAssociations = oneOf(stage.random, [undefined, 1, 2, 3]);
  return { ...stage.peer('ARCHIVE'), services: [], maximumAssociations, ...client };
}

/** One of ours, with a code and a sentence. */
function expectTyped(error: unknown, signal: AbortSignal): void {
  if (error instanceof Error && error === signal.reason) return;
  const isTyped = error instanceof ServiceError || error instanceof DimseError || error instanceof AssociationError;
  if (!isTyped || error.message === '' || error.code.length === 0) {
    throw new Error(`This is no reason: ${error}`, { cause: error });
  }
}

/** Whoever was left alone is told why, where it was the user's own association. */
function expectReason(failures: readonly unknown[], stage: Stage, fault: Fault, client: Client | undefined): void {
  const { happened } = stage.network;
  if (failures.length === 0 || happened?.wire.caller !== 'USER' || happened.wire.called !== 'ARCHIVE') return;
  if (happened.wire.isBrokenMidPdu || (client === undefined && fault.way.startsWith('user-'))) return;
  const said = failures.map(inWords);
  // What is lost between two calls is missed by neither: the next one opens another association, and says why there is none.
  const reasons = [reasonOf(fault, 'user'), whyUnreachable[fault.afterwards]];
  if (!said.some((each) => reasons.some((reason) => reason?.test(each)))) {
    throw new Error(`Nobody said why: ${said.join(' | ')}`);
  }
}

const whyUnreachable: Readonly<Record<Fault['afterwards'], RegExp | undefined>> = {
  reachable: undefined,
  refused: /ECONNREFUSED/,
  dark: /within \d+ ms/,
};

/** What an error says, and what caused it. */
function inWords(error: unknown): string {
  const words: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause) words.push(each.message);
  return words.join(' <- ');
}

/** Nothing goes by the system's clock, and nothing is rejected that nobody hears. */
function watchProcess() {
  const violations: unknown[] = [];
  const { setTimeout: original } = globalThis;
  const rejected = (reason: unknown) => violations.push(reason);
  process.on('unhandledRejection', rejected);
  Object.assign(globalThis, {
    setTimeout: (...given: Parameters<typeof original>) => {
      violations.push(new Error('This wait goes by the clock of the system'));
      return original(...given);
    },
  });
  return {
    check() {
      if (violations.length > 0) throw violations[0];
    },
    stop() {
      process.off('unhandledRejection', rejected);
      Object.assign(globalThis, { setTimeout: original });
    },
  };
}

/** Connecting, the answer to an association request, a response, a release and the end of a connection, one after another: the defaults of `PeerOptions`. */
const longestWaitMs = 10_000 + 30_000 + 60_000 + 30_000 + 5_000;

function farAway(): number {
  return 3_600_000;
}
