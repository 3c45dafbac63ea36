/**
 * Sends objects over one association, as many at once as its operations window allows.
 */
import {
  type Association,
  DimseError,
  describeStatus,
  type Invoker,
  type NegotiatedContext,
  statusCategory,
} from '@dicomwire/dimse';
import { transferSyntaxName } from '@dicomwire/dimse/dataset';
import { errorFrom } from '../error-from.js';
import { priorityCode } from '../priority.js';
import type { BufferPool } from './buffer-pool.js';
import type { FileAccess } from './file-access.js';
import { makeReady, type ObjectToSend, type ReadyDataSet } from './object-to-send.js';
import type { StoreFailureReason, StoreOptions, StoreOutcome, StoreResult } from './store-result.js';
import { identityOf, notSent, type StoreTally } from './store-tally.js';

/** What sending needs. */
export interface Sending {
  /** Makes the requests. */
  readonly session: Invoker;
  /** The association that they go over. */
  readonly association: Association;
  readonly tally: StoreTally;
  readonly access: FileAccess;
  readonly pool: BufferPool;
  readonly options: StoreOptions;
  readonly responseTimeoutMs: number | undefined;
  /** True once nothing more is to be sent. */
  isOver(): boolean;
}

/** Why the rest of a run is not sent. */
export interface RunEnd {
  readonly reason: StoreFailureReason;
  readonly error: Error;
}

/** How it went: every object was given to the tally but those of `rest`. */
export interface Sent {
  /** Left because the association had to be given up for an object whose source failed half-way: a new one may take them. */
  readonly rest: readonly ObjectToSend[];
  /** Set when the association is lost for another reason, and nothing more should be sent. */
  readonly end: RunEnd | undefined;
}

/** Sends each object in its turn and waits for all answers. Never rejects. */
export async function sendObjects(objects: readonly ObjectToSend[], sending: Sending): Promise<Sent> {
  const sender = new Sender(objects, sending);
  const lanes: Promise<void>[] = [];
  for (let lane = windowOf(sending.association); lane > 0; lane -= 1) lanes.push(sender.sendOneByOne());
  await Promise.all(lanes);
  return sender.conclude();
}

/** More than this at once gains nothing and costs a buffer each. */
const maximumLanes = 16;

function windowOf({ negotiated }: Association): number {
  const window = negotiated.maximumOperationsInvoked;
  return window === 0 ? maximumLanes : Math.min(window, maximumLanes);
}

class Sender {
  readonly #objects: readonly ObjectToSend[];
  readonly #sending: Sending;
  readonly #contexts: ReadonlyMap<string, NegotiatedContext>;
  #next = 0;
  /** The object that is made ready while others are on their way. */
  #ahead: { readonly index: number; readonly ready: Promise<ReadyDataSet> } | undefined;
  #again: ObjectToSend[] = [];
  #end: RunEnd | undefined;

  constructor(objects: readonly ObjectToSend[], sending: Sending) {
    this.#objects = objects;
    this.#sending = sending;
    const contexts = new Map<string, NegotiatedContext>();
    for (const context of sending.association.negotiated.acceptedContexts) {
      if (!maySend(sending.association, context.abstractSyntax)) continue;
      const key = `${context.abstractSyntax} ${context.transferSyntax}`;
      if (!contexts.has(key)) contexts.set(key, context);
    }
    this.#contexts = contexts;
  }

  async sendOneByOne(): Promise<void> {
    while (this.#next < this.#objects.length && this.#mayGoOn()) {
      const index = this.#next;
      this.#next += 1;
      const object = this.#objects[index];
      if (object !== undefined) await this.#send(object, index);
    }
  }

  async conclude(): Promise<Sent> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const ready = await ahead?.ready.catch(() => undefined);
    await ready?.release();
    const { association } = this.#sending;
    const rest = [...this.#again, ...this.#objects.slice(this.#next)];
    if (this.#end === undefined && !this.#sending.isOver() && !association.isEstablished && rest.length > 0) {
      this.#end = { reason: 'association-lost', error: errorFrom(association.signal.reason) };
    }
    const end = this.#end?.reason === 'unreadable' ? undefined : this.#end;
    return { rest, end };
  }

  #mayGoOn(): boolean {
    return this.#end === undefined && this.#sending.association.isEstablished && !this.#sending.isOver();
  }

  async #send(object: ObjectToSend, index: number): Promise<void> {
    const { tally, session, association, options } = this.#sending;
    const context = this.#contexts.get(`${object.sopClassUid} ${object.transferSyntaxUid}`);
    if (context === undefined) {
      if (object.content.kind === 'bytes') object.content.release();
      tally.finished(notSent(object, 'no-accepted-context', noContext(association, object)));
      return;
    }
    let ready: ReadyDataSet;
    try {
      ready = await this.#take(object, index);
    } catch (error) {
      tally.finished(notSent(object, 'unreadable', errorFrom(error)));
      return;
    }
    if (!this.#mayGoOn()) {
      this.#again.push(object);
      await ready.release();
      return;
    }
    let sentBytes = 0;
    try {
      const answered = session.request(
        {
          type: 'C-STORE-RQ',
          affectedSopClassUid: object.sopClassUid,
          affectedSopInstanceUid: object.sopInstanceUid,
          priority: priorityCode(options.priority),
          moveOriginatorApplicationEntityTitle: options.moveOriginator?.aeTitle,
          moveOriginatorMessageId: options.moveOriginator?.messageId,
        },
        {
          dataSet: ready.dataSet,
          contextId: context.id,
          timeoutMs: this.#sending.responseTimeoutMs,
          onProgress: (bytes) => {
            tally.moved(bytes - sentBytes);
            sentBytes = bytes;
          },
        },
      );
      this.#makeNextReady();
      const { command } = await answered;
      tally.finished(answeredResult(object, command.status, command.errorComment, sentBytes), sentBytes);
    } catch (error) {
      this.#failed(object, error, sentBytes);
    } finally {
      await ready.release();
    }
  }

  #take(object: ObjectToSend, index: number): ReadyDataSet | Promise<ReadyDataSet> {
    const ahead = this.#ahead;
    if (ahead?.index !== index) return makeReady(object, this.#sending.access, this.#sending.pool);
    this.#ahead = undefined;
    return ahead.ready;
  }

  /** Reads the next file while the peer has this one: the disk is hidden behind the wait for the answer. */
  #makeNextReady(): void {
    const next = this.#objects[this.#next];
    if (this.#ahead !== undefined || next === undefined || !isOnDisk(next)) return;
    const ready = Promise.resolve(makeReady(next, this.#sending.access, this.#sending.pool));
    ready.catch(() => undefined);
    this.#ahead = { index: this.#next, ready };
  }

  #failed(object: ObjectToSend, thrown: unknown, sentBytes: number): void {
    const { tally, options, association } = this.#sending;
    const isAborted = options.signal?.aborted === true;
    const reason = isAborted ? 'aborted' : reasonOf(thrown);
    const error = errorFrom(isAborted ? options.signal?.reason : thrown);
    const isLost = !association.isEstablished;
    if (isLost && this.#end === undefined) this.#end = { reason, error };
    const isInnocent = sentBytes === 0 && reason === 'association-lost';
    if (isInnocent && this.#end?.reason === 'unreadable') {
      this.#again.push(object);
      return;
    }
    const outcome: StoreOutcome = sentBytes === 0 ? 'not-sent' : 'failed';
    const result = { ...identityOf(object), outcome, reason, error, sentBytes };
    tally.finished(result, sentBytes);
  }
}

/** Whether we are SCU of a SOP class: as requestor unless it was refused, as acceptor where it was granted. PS3.7 D.3.3.4. */
function maySend({ role, negotiated }: Association, sopClassUid: string): boolean {
  const selection = negotiated.roleSelections.get(sopClassUid);
  return role === 'requestor' ? selection?.scuRole !== false : selection?.scpRole === true;
}

function isOnDisk({ content }: ObjectToSend): boolean {
  return content.kind === 'file' || content.kind === 'unread-file';
}

function answeredResult(
  object: ObjectToSend,
  status: number,
  comment: string | undefined,
  sentBytes: number,
): StoreResult {
  const category = statusCategory(status);
  const outcome: StoreOutcome = category === 'Success' ? 'stored' : category === 'Warning' ? 'warning' : 'refused';
  return {
    ...identityOf(object),
    outcome,
    status,
    meaning: describeStatus(status, 'storage'),
    comment,
    reason: outcome === 'refused' ? 'peer-status' : undefined,
    sentBytes,
  };
}

function reasonOf(error: unknown): StoreFailureReason {
  if (!(error instanceof DimseError)) return 'association-lost';
  switch (error.code) {
    case 'data-set-source':
      return 'unreadable';
    case 'response-timeout':
      return 'timeout';
    case 'invalid-command':
      return 'missing-identity';
    case 'unexpected-response':
      return 'invalid-response';
    default:
      return 'association-lost';
  }
}

function noContext({ negotiated }: Association, object: ObjectToSend): Error {
  const { acceptedContexts } = negotiated;
  const others = acceptedContexts.filter((context) => context.abstractSyntax === object.sopClassUid);
  const wanted = `SOP class ${object.sopClassUid} in ${transferSyntaxName(object.transferSyntaxUid)}`;
  if (others.length === 0)
    return new Error(`The peer does not accept ${wanted}, nor in any other transfer syntax offered`);
  const names = others.map((context) => transferSyntaxName(context.transferSyntax ?? '')).join(', ');
  return new Error(`The peer does not accept ${wanted}, but in ${names}`);
}
