import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSet } from '@dicomwire/services';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../testing/temporary-directory.js';
import { commitmentStore } from './commitment-store.js';
import { StateDatabase, StateDatabaseError } from './state-database.js';
import { stepStore } from './step-store.js';
import { subscriptionStore } from './subscription-store.js';

function open(path = join(temporaryDirectory(), 'states.sqlite')) {
  const states = StateDatabase.open(path);
  let isOpen = true;
  const close = () => {
    if (isOpen) states.close();
    isOpen = false;
  };
  onTestFinished(close);
  return { path, states, close };
}

test('steps are kept, changed and removed, each kind apart', async () => {
  const { states } = open();
  const performed = stepStore(states, 'performed_step');
  const unified = stepStore(states, 'unified_step');
  expect(await performed.insert('1.2', DataSet.from({ PatientID: '7' }))).toBe(true);
  expect(await performed.insert('1.2', DataSet.from({ PatientID: '8' }))).toBe(false);
  await performed.update('1.2', DataSet.from({ PatientID: '9' }));
  expect((await performed.read('1.2'))?.get('PatientID')).toBe('9');
  expect(await unified.read('1.2')).toBeUndefined();
  expect(await performed.delete('1.2')).toBe(true);
  expect(await performed.delete('1.2')).toBe(false);
});

test('all steps come in the order in which they were added, also while they are changed', async () => {
  const { states } = open();
  const store = stepStore(states, 'unified_step');
  const uids = Array.from({ length: 450 }, (_value, index) => `1.2.${index}`);
  for (const uid of uids) await store.insert(uid, DataSet.from({ StudyID: uid }));
  const seen: string[] = [];
  for await (const { sopInstanceUid, attributes } of store.all()) {
    seen.push(sopInstanceUid);
    expect(attributes.get('StudyID')).toBe(sopInstanceUid);
    await store.delete(sopInstanceUid);
  }
  expect(seen).toEqual(uids);
});

test('everything is there when it is opened again', async () => {
  const { path, states, close } = open();
  const commitment = {
    id: 'CT1\\1.9',
    transactionUid: '1.9',
    callingAeTitle: 'CT1',
    calledAeTitle: 'ARCHIVE',
    requestedAt: 1_700_000_000_000,
    instances: [{ sopClassUid: '1.2', sopInstanceUid: '1.3' }],
  };
  const subscription = { aeTitle: 'RIS', sopInstanceUid: '1.2', hasDeletionLock: true, filter: Uint8Array.of(1, 2) };
  const plain = { aeTitle: 'RIS', sopInstanceUid: '1.3', hasDeletionLock: false, filter: undefined };
  expect(await commitmentStore(states).add(commitment)).toBe(true);
  expect(await commitmentStore(states).add(commitment)).toBe(false);
  for (const each of [subscription, plain, { ...plain, sopInstanceUid: '1.4' }])
    await subscriptionStore(states).put(each);
  await subscriptionStore(states).delete({ aeTitle: 'RIS', sopInstanceUid: '1.4' });
  await stepStore(states, 'performed_step').insert('1.2', DataSet.from({ PatientID: '7' }));
  close();
  const again = open(path).states;
  expect(await commitmentStore(again).all()).toEqual([commitment]);
  expect(await subscriptionStore(again).all()).toEqual([subscription, plain]);
  expect((await stepStore(again, 'performed_step').read('1.2'))?.get('PatientID')).toBe('7');
  await commitmentStore(again).remove(commitment.id);
  expect(await commitmentStore(again).all()).toEqual([]);
});

test('a file that is no database is an error that says so', () => {
  const path = join(temporaryDirectory(), 'states.sqlite');
  writeFileSync(path, 'not a database at all, but long enough to be looked at as one. '.repeat(20));
  expect(() => StateDatabase.open(path)).toThrow(StateDatabaseError);
});
