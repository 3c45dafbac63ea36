/**
 * Where the instances that a C-GET brings are handed to the one who asked for them.
 */
import { type IncomingRequest, type OutgoingResponse, StatusError } from '@dicomwire/dimse';
import type { AssociationFacts, Service } from '../service.js';
import { IncomingInstance, type IncomingInstanceParts } from '../storage/incoming-instance.js';
import type { ReceivedInstance, SavedInstance, SaveOptions } from '../storage/received-instance.js';
import { NotedDataSet } from './noted-data-set.js';

/** An instance that waits to be taken, and its peer for an answer. */
export interface HandedInstance {
  readonly instance: ReceivedInstance;
  /** Answers Success once everything that was begun to be saved is saved, and what kept it from that otherwise. Never rejects. */
  accept(): Promise<void>;
}

/**
 * Performs C-STORE by handing instances over one at a time. The peer is answered when the taker says so, and meanwhile what it sends next waits
 * on the line. After {@link InstanceHandover.close} instances are refused.
 */
export class InstanceHandover implements Service {
  readonly name = 'retrieve';
  readonly requests = ['C-STORE-RQ'] as const;
  readonly sopClasses: readonly string[] = [];
  readonly acceptsAnySopClass = true;
  readonly #checksIdentity: boolean;
  readonly #queue: Handed[] = [];
  /** Handed over, and not answered yet. */
  #taken: Handed | undefined;
  #isClosed = false;
  #end: { readonly error: unknown } | 'done' | undefined;
  #wake: () => void = () => undefined;

  constructor(checksIdentity: boolean) {
    this.#checksIdentity = checksIdentity;
  }

  async perform(request: IncomingRequest, association: AssociationFacts): Promise<OutgoingResponse> {
    const { command, dataSet } = request;
    if (command.type !== 'C-STORE-RQ' || dataSet === undefined) throw new StatusError(mistypedArgument);
    if (this.#isClosed) throw refusal();
    const instance = new RetrievedInstance({
      request,
      command,
      dataSet,
      association,
      checksIdentity: this.#checksIdentity,
    });
    return new Promise((resolve, reject) => {
      this.#queue.push(new Handed(instance, resolve, reject));
      this.#wake();
    });
  }

  /**
   * The next instance; `undefined` after the last one.
   *
   * @throws what ended the operation, with {@link fail}
   */
  async next(): Promise<HandedInstance | undefined> {
    for (;;) {
      if (this.#end !== undefined && this.#end !== 'done') throw this.#end.error;
      const handed = this.#queue.shift();
      if (handed !== undefined) {
        this.#taken = handed;
        return handed;
      }
      if (this.#end === 'done') return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The peer has said that it was all. */
  finish(): void {
    this.#end ??= 'done';
    this.#wake();
  }

  /** Something ended the operation: whoever waits for an instance hears of it. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** Nobody takes instances any more: those that wait are refused, and so are those that still come. */
  close(): void {
    this.#isClosed = true;
    for (const handed of this.#queue.splice(0)) handed.refuse();
    this.#taken?.refuse();
  }
}

class Handed implements HandedInstance {
  readonly instance: RetrievedInstance;
  readonly #answer: (response: OutgoingResponse) => void;
  readonly #fail: (error: unknown) => void;

  constructor(
    instance: RetrievedInstance,
    answer: (response: OutgoingResponse) => void,
    fail: (error: unknown) => void,
  ) {
    this.instance = instance;
    this.#answer = answer;
    this.#fail = fail;
  }

  async accept(): Promise<void> {
    try {
      await this.instance.allSaved();
      this.#answer({ status: 0x0000 });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** One that was taken is not refused: the taker may have left the loop because it had what it wanted. */
  refuse(): void {
    if (this.instance.isTaken) void this.accept();
    else this.#fail(refusal());
  }
}

/** Knows what was begun to be saved, and whether its data set was read. */
class RetrievedInstance extends IncomingInstance {
  readonly #saves: Promise<SavedInstance>[] = [];
  readonly #dataSet: NotedDataSet;

  constructor(parts: IncomingInstanceParts) {
    const dataSet = new NotedDataSet(parts.dataSet);
    super({ ...parts, dataSet });
    this.#dataSet = dataSet;
  }

  get isTaken(): boolean {
    return this.#saves.length > 0 || this.#dataSet.wasRead;
  }

  override saveTo(directory: string, options?: SaveOptions): Promise<SavedInstance> {
    const saving = super.saveTo(directory, options);
    // Whoever did not wait for it hears of a failure by what the peer counts.
    saving.catch(() => undefined);
    this.#saves.push(saving);
    return saving;
  }

  /** @throws what kept it from being saved. */
  async allSaved(): Promise<void> {
    await Promise.all(this.#saves);
  }
}

/** PS3.4 B.2.3: "Refused: Out of Resources"; the nearest there is to "not wanted any more". */
function refusal(): StatusError {
  return new StatusError(0xa700, 'The retrieval was cancelled');
}

/** PS3.7 C.5.19: Mistyped argument. */
const mistypedArgument = 0x0212;
