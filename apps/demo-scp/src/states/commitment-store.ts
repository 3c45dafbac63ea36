/** Commitments whose results are still to be reported, in the state database. */
import type { CommitmentStore, ReferencedInstance } from '@dicomwire/services';
import type { StateDatabase } from './state-database.js';

/** A commitment store; what it acknowledged has been synced. */
export function commitmentStore(states: StateDatabase): CommitmentStore {
  const { database } = states;
  const add = database.prepare(
    `INSERT INTO commitment (id, transaction_uid, calling_ae, called_ae, requested_at, instances)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const remove = database.prepare('DELETE FROM commitment WHERE id = ?');
  const all = database.prepare('SELECT * FROM commitment ORDER BY requested_at');
  return {
    add: async ({ id, transactionUid, callingAeTitle, calledAeTitle, requestedAt, instances }) => {
      const words = JSON.stringify(instances.map(({ sopClassUid, sopInstanceUid }) => [sopClassUid, sopInstanceUid]));
      const { changes } = add.run(id, transactionUid, callingAeTitle, calledAeTitle, requestedAt, words);
      if (changes === 0) return false;
      await states.sync();
      return true;
    },
    remove: async (id) => {
      remove.run(id);
      await states.sync();
    },
    all: async () =>
      all.all().map((row) => ({
        id: String(row.id),
        transactionUid: String(row.transaction_uid),
        callingAeTitle: String(row.calling_ae),
        calledAeTitle: String(row.called_ae),
        requestedAt: Number(row.requested_at),
        instances: instancesOf(String(row.instances)),
      })),
  };
}

function instancesOf(words: string): readonly ReferencedInstance[] {
  const pairs: unknown = JSON.parse(words);
  if (!Array.isArray(pairs)) return [];
  return pairs.map(([sopClassUid, sopInstanceUid]) => ({
    sopClassUid: String(sopClassUid),
    sopInstanceUid: String(sopInstanceUid),
  }));
}
