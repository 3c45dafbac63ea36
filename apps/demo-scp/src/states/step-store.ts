/** Procedure steps in the state database. */
import type { StatementSync } from 'node:sqlite';
import {
  type DataSet,
  encodeDataSet,
  type InstanceStore,
  parseDataSet,
  type StoredInstance,
  TransferSyntax,
} from '@dicomwire/services';
import type { StateDatabase } from './state-database.js';

/** The tables that hold instances. */
export type StepTable = 'performed_step' | 'unified_step';

/** An instance store on one table; what it acknowledged has been synced. */
export function stepStore(states: StateDatabase, table: StepTable): InstanceStore {
  return new StepStore(states, table);
}

class StepStore implements InstanceStore {
  readonly #states: StateDatabase;
  readonly #read: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;
  readonly #page: StatementSync;

  constructor(states: StateDatabase, table: StepTable) {
    this.#states = states;
    const { database } = states;
    this.#read = database.prepare(`SELECT attributes FROM ${table} WHERE sop_instance_uid = ?`);
    this.#insert = database.prepare(
      `INSERT INTO ${table} (sop_instance_uid, attributes) VALUES (?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#update = database.prepare(`UPDATE ${table} SET attributes = ? WHERE sop_instance_uid = ?`);
    this.#delete = database.prepare(`DELETE FROM ${table} WHERE sop_instance_uid = ?`);
    this.#page = database.prepare(
      `SELECT id, sop_instance_uid, attributes FROM ${table} WHERE id > ? ORDER BY id LIMIT ${pageLength}`,
    );
  }

  async read(sopInstanceUid: string): Promise<DataSet | undefined> {
    const attributes = this.#read.get(sopInstanceUid)?.attributes;
    return attributes instanceof Uint8Array ? parseDataSet(attributes, syntax) : undefined;
  }

  async insert(sopInstanceUid: string, attributes: DataSet): Promise<boolean> {
    if (this.#insert.run(sopInstanceUid, encode(attributes)).changes === 0) return false;
    await this.#states.sync();
    return true;
  }

  async update(sopInstanceUid: string, attributes: DataSet): Promise<void> {
    this.#update.run(encode(attributes), sopInstanceUid);
    await this.#states.sync();
  }

  async delete(sopInstanceUid: string): Promise<boolean> {
    const { changes } = this.#delete.run(sopInstanceUid);
    await this.#states.sync();
    return changes > 0;
  }

  /** Page by page, so that no statement is open while others write. */
  *all(): Iterable<StoredInstance> {
    for (let last = 0; ; ) {
      const rows = this.#page.all(last);
      for (const { id, sop_instance_uid: uid, attributes } of rows) {
        last = Number(id);
        if (attributes instanceof Uint8Array) {
          yield { sopInstanceUid: String(uid), attributes: parseDataSet(attributes, syntax) };
        }
      }
      if (rows.length < pageLength) return;
    }
  }
}

const pageLength = 200;
const syntax = TransferSyntax.ExplicitVRLittleEndian;

function encode(attributes: DataSet): Uint8Array {
  return encodeDataSet(attributes, syntax, { invalidText: 'write' });
}
