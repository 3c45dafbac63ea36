/**
 * What a C-FIND finds, one match after another. PS3.4 C.4.1.2.
 */
import {
  type CFindRsp,
  type DataSet,
  describeStatus,
  type IncomingResponse,
  type Session,
  Status,
  type StatusCategory,
  statusCategory,
} from '@dicomwire/dimse';
import { errorFrom } from '../error-from.js';
import { priorityCode } from '../priority.js';
import type { QueryModel } from '../query/query-model.js';
import { decodeQueryNegotiation, noQueryNegotiation, type QueryNegotiation } from '../query/query-negotiation.js';
import { acceptedContext, throwIfRefused } from '../request-over.js';
import type { Loan } from '../session-lender.js';
import type { QueryCallOptions } from './query-call-options.js';

/** How a query ended. */
export interface QueryEnd {
  /** Status of the final response. */
  readonly status: number;
  /** Success; a warning (B001: there is more); or cancelled, by us or by the peer, which some do at their limit. A failure is thrown. */
  readonly category: StatusCategory;
  /** What it means, in words. */
  readonly meaning: string;
  /** Error Comment (0000,0902). */
  readonly comment: string | undefined;
}

/**
 * Matches as they come. Nothing is gathered: the peer waits while nobody asks for the next one. Leaving the loop sends C-CANCEL.
 *
 * The query is sent when the first match is asked for, and holds an association for itself until it is over.
 */
export interface QueryResults<Match = DataSet> extends AsyncIterableIterator<Match, undefined, undefined> {
  /** Matches that came so far. */
  readonly matchCount: number;
  /** True once the peer said that it does not know all of the keys (FF01): they were not matched, and are missing in what it sends. */
  readonly hasUnsupportedKeys: boolean;
  /** What was agreed on; `undefined` before the query is sent. PS3.4 C.5.1.1. */
  readonly negotiated: QueryNegotiation | undefined;
  /** How it ended; `undefined` until the peer has said so, and when the loop was left before. */
  readonly end: QueryEnd | undefined;
  /** True when everything that matches has come: the end is Success, and no limit was reached before. */
  readonly isComplete: boolean;
  /** Takes all that is left into one list: for queries that are known to match little, or have a limit. */
  toArray(): Promise<Match[]>;
  /** Leaves: C-CANCEL. */
  return(): Promise<IteratorResult<Match, undefined>>;
}

/** What is asked, and in which form it is wanted. */
export interface QueryRequest<Match> {
  readonly model: QueryModel;
  readonly identifier: DataSet;
  /** What a match is made into. */
  readonly toMatch: (dataSet: DataSet) => Match;
}

/** {@link QueryResults} over a session that is lent when it begins. */
export class QueryRun<Match> implements QueryResults<Match> {
  matchCount = 0;
  hasUnsupportedKeys = false;
  negotiated: QueryNegotiation | undefined;
  end: QueryEnd | undefined;
  readonly #request: QueryRequest<Match>;
  readonly #options: QueryCallOptions;
  readonly #borrow: () => Promise<Loan>;
  readonly #timeoutMs: number | undefined;
  #loan: Loan | undefined;
  #responses: AsyncIterableIterator<IncomingResponse<CFindRsp>> | undefined;
  #isOver = false;
  /** Asked for while another is waited for, the next one waits for its turn. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    request: QueryRequest<Match>,
    options: QueryCallOptions,
    borrow: () => Promise<Loan>,
    timeoutMs: number | undefined,
  ) {
    this.#request = request;
    this.#options = options;
    this.#borrow = borrow;
    this.#timeoutMs = timeoutMs;
  }

  get isComplete(): boolean {
    return this.end?.category === 'Success';
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Match, undefined>> {
    const taken = this.#turn.then(() => this.#next());
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  async toArray(): Promise<Match[]> {
    const matches: Match[] = [];
    for await (const match of this) matches.push(match);
    return matches;
  }

  async return(): Promise<IteratorResult<Match, undefined>> {
    await this.#leave();
    return over;
  }

  async #next(): Promise<IteratorResult<Match, undefined>> {
    if (this.#isOver) return over;
    try {
      const responses = this.#responses ?? (await this.#begin());
      for (;;) {
        const { done, value } = (await responses?.next()) ?? over;
        if (done === true) break;
        const found = await this.#responded(value);
        if (found !== undefined) return { done: false, value: this.#request.toMatch(found) };
      }
      await this.#leave();
      return over;
    } catch (error) {
      await this.#leave();
      const { signal } = this.#options;
      throw signal?.aborted === true ? errorFrom(signal.reason) : error;
    }
  }

  /** @returns `undefined` when the query was left while the association was being opened. */
  async #begin(): Promise<AsyncIterableIterator<IncomingResponse<CFindRsp>> | undefined> {
    const loan = await this.#borrow();
    this.#loan = loan;
    if (this.#isOver) return undefined;
    const { model, identifier } = this.#request;
    const context = acceptedContext(loan.session, model.sopClassUid);
    this.negotiated = negotiatedFor(loan.session, model.sopClassUid);
    const { signal, priority, timeoutMs = this.#timeoutMs } = this.#options;
    const command = {
      type: 'C-FIND-RQ',
      affectedSopClassUid: model.sopClassUid,
      priority: priorityCode(priority),
    } as const;
    const options = { contextId: context.id, dataSet: identifier, signal, timeoutMs };
    this.#responses = loan.session.requestMany(command, options);
    return this.#responses;
  }

  /** @returns the match that a response brings. @throws ServiceError `refused` */
  async #responded({ command, dataSet }: IncomingResponse<CFindRsp>): Promise<DataSet | undefined> {
    const category = statusCategory(command.status);
    if (category !== 'Pending') {
      throwIfRefused('C-FIND-RQ', command, this.#request.model.statuses);
      this.end = this.#endOf(command, category);
      return undefined;
    }
    if (command.status === Status.pendingWithWarning) this.hasUnsupportedKeys = true;
    if (dataSet === undefined) return undefined;
    this.matchCount += 1;
    // The peer need not look for more than are wanted.
    if (this.matchCount >= (this.#options.limit ?? Number.POSITIVE_INFINITY)) await this.#leave();
    return dataSet;
  }

  #endOf({ status, errorComment }: CFindRsp, category: StatusCategory): QueryEnd {
    const meaning = describeStatus(status, this.#request.model.statuses);
    return { status, category, meaning, comment: errorComment === '' ? undefined : errorComment };
  }

  async #leave(): Promise<void> {
    this.#isOver = true;
    const [responses, loan] = [this.#responses, this.#loan];
    this.#responses = undefined;
    this.#loan = undefined;
    await responses?.return?.();
    await loan?.giveBack();
  }
}

const over = { done: true, value: undefined } as const;

function negotiatedFor({ negotiated }: Session, sopClassUid: string): QueryNegotiation {
  const answer = negotiated.sopClassExtendedNegotiations.get(sopClassUid);
  return answer === undefined ? noQueryNegotiation : decodeQueryNegotiation(answer);
}
