import { expect, test } from 'vitest';
import { InstanceLock } from './instance-lock.js';

test('work on one instance runs one after the other, on different ones at once', async () => {
  const lock = new InstanceLock();
  const events: string[] = [];
  const work = (uid: string, name: string) =>
    lock.run(uid, async () => {
      events.push(`${name} begins`);
      await Promise.resolve();
      events.push(`${name} ends`);
    });
  await Promise.all([work('1', 'a'), work('1', 'b'), work('2', 'c')]);
  const ofFirst = events.filter((event) => !event.startsWith('c'));
  expect(ofFirst).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  expect(events.indexOf('c begins')).toBeLessThan(events.indexOf('a ends'));
});

test('failing work lets the next go on', async () => {
  const lock = new InstanceLock();
  const failing = lock.run('1', () => Promise.reject(new Error('no')));
  const next = lock.run('1', async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  await expect(next).resolves.toBe('yes');
});
