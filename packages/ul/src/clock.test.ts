import { expect, test } from 'vitest';
import { systemClock } from './clock.js';

/** Resolves to how long it took, milliseconds. */
function timed(ms: number): Promise<number> {
  const startedAt = systemClock.now();
  return new Promise((resolve) => systemClock.setTimer(() => resolve(systemClock.now() - startedAt), ms));
}

test('a timer fires when it is due, also where one that was cancelled before would have fired earlier', async () => {
  systemClock.setTimer(() => expect.unreachable(), 20).cancel();
  expect(await timed(60)).toBeGreaterThanOrEqual(59);
});

test('a timer fires when it is due, also where one that was cancelled before would have fired later', async () => {
  systemClock.setTimer(() => expect.unreachable(), 60_000).cancel();
  expect(await timed(5)).toBeLessThan(30_000);
});

test('each of many timers fires once, and one that was cancelled never does, however often that was said', async () => {
  const fired: number[] = [];
  const timers = Array.from({ length: 50 }, (_, n) => systemClock.setTimer(() => fired.push(n), 1 + (n % 7)));
  for (const [n, timer] of timers.entries()) if (n % 2 === 1) timer.cancel();
  for (const timer of timers.filter((_, n) => n % 2 === 1)) timer.cancel();
  await timed(30);
  for (const timer of timers) timer.cancel();
  await timed(10);
  expect([...fired].sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, n) => 2 * n));
});

test("a cancelled timer that is used again is its new owner's: the old one can not cancel it", async () => {
  const old = systemClock.setTimer(() => expect.unreachable(), 5);
  old.cancel();
  const waiting = timed(6);
  old.cancel();
  await waiting;
});

test('a timer of zero or less fires soon, one beyond what the system can count does not', async () => {
  await timed(-5);
  const far = systemClock.setTimer(() => expect.unreachable(), Number.MAX_SAFE_INTEGER);
  await timed(5);
  far.cancel();
});
