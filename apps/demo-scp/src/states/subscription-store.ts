/** Subscriptions to unified procedure steps in the state database. */
import type { UpsSubscriptionStore } from '@dicomwire/services';
import type { StateDatabase } from './state-database.js';

/** A subscription store; what it acknowledged has been synced. */
export function subscriptionStore(states: StateDatabase): UpsSubscriptionStore {
  const { database } = states;
  const put = database.prepare(
    'INSERT OR REPLACE INTO subscription (ae_title, sop_instance_uid, has_deletion_lock, filter) VALUES (?, ?, ?, ?)',
  );
  const remove = database.prepare('DELETE FROM subscription WHERE ae_title = ? AND sop_instance_uid = ?');
  const all = database.prepare('SELECT ae_title, sop_instance_uid, has_deletion_lock, filter FROM subscription');
  return {
    put: async ({ aeTitle, sopInstanceUid, hasDeletionLock, filter }) => {
      put.run(aeTitle, sopInstanceUid, Number(hasDeletionLock), filter ?? null);
      await states.sync();
    },
    delete: async ({ aeTitle, sopInstanceUid }) => {
      remove.run(aeTitle, sopInstanceUid);
      await states.sync();
    },
    all: async () =>
      all.all().map((row) => ({
        aeTitle: String(row.ae_title),
        sopInstanceUid: String(row.sop_instance_uid),
        hasDeletionLock: row.has_deletion_lock === 1,
        filter: row.filter instanceof Uint8Array ? row.filter : undefined,
      })),
  };
}
