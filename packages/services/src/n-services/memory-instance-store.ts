/**
 * An instance store that forgets everything with the process.
 */
import { StatusError } from '@dicomwire/dimse';
import { type DataSet, encodeDataSet, parseDataSet, TransferSyntax } from '@dicomwire/dimse/dataset';
import type { InstanceStore, StoredInstance } from './instance-store.js';

/** Options of {@link memoryInstanceStore}. */
export interface MemoryInstanceStoreOptions {
  /** Most instances that are kept; one more is refused with 0213 (resource limitation). Default: 100000. */
  readonly maximumInstances?: number | undefined;
}

/** For tests, and for services whose instances need not outlive the process. */
export function memoryInstanceStore(options: MemoryInstanceStoreOptions = {}): InstanceStore {
  return new MemoryInstanceStore(options.maximumInstances ?? 100_000);
}

/** Keeps instances as bytes: whoever changes a data set that came from here, or went here, changes nothing in here. */
class MemoryInstanceStore implements InstanceStore {
  readonly #instances = new Map<string, Uint8Array>();
  readonly #maximum: number;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  async read(sopInstanceUid: string): Promise<DataSet | undefined> {
    const bytes = this.#instances.get(sopInstanceUid);
    return bytes === undefined ? undefined : parseDataSet(bytes, syntax);
  }

  async insert(sopInstanceUid: string, attributes: DataSet): Promise<boolean> {
    if (this.#instances.has(sopInstanceUid)) return false;
    if (this.#instances.size >= this.#maximum) throw new StatusError(resourceLimitation, 'No room for more instances');
    this.#instances.set(sopInstanceUid, encodeDataSet(attributes, syntax, { invalidText: 'write' }));
    return true;
  }

  async update(sopInstanceUid: string, attributes: DataSet): Promise<void> {
    this.#instances.set(sopInstanceUid, encodeDataSet(attributes, syntax, { invalidText: 'write' }));
  }

  async delete(sopInstanceUid: string): Promise<boolean> {
    return this.#instances.delete(sopInstanceUid);
  }

  *all(): Iterable<StoredInstance> {
    for (const [sopInstanceUid, bytes] of this.#instances) {
      yield { sopInstanceUid, attributes: parseDataSet(bytes, syntax) };
    }
  }
}

const syntax = TransferSyntax.ExplicitVRLittleEndian;

/** PS3.7 C.5.23. */
const resourceLimitation = 0x0213;
