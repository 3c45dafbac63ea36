/**
 * A C-FIND while it is performed: its identifier, what matches, and the responses. PS3.4 C.4.1.3, K.4.1.3.
 */
import { setImmediate } from 'node:timers/promises';
import { DataSet, type IncomingRequest, type OutgoingResponse, Status, StatusError } from '@dicomwire/dimse';
import { SopClass } from '@dicomwire/dimse/dataset';
import { compileQuery } from '../query/match-query.js';
import { parseQuery } from '../query/parse-query.js';
import type { Query } from '../query/query.js';
import { decodeQueryNegotiation, noQueryNegotiation, type QueryNegotiation } from '../query/query-negotiation.js';
import type { AssociationFacts } from '../service.js';
import { withoutPadding } from '../storage/storage-path.js';
import { EntityReader } from './entity-reader.js';
import type { QueryServiceSettings } from './query-service-options.js';

/** Performs a C-FIND: pending responses as the source yields, then the final one. Nothing is gathered: the next entity is asked for when the last was sent. */
export async function* performFind(
  request: IncomingRequest,
  association: AssociationFacts,
  settings: QueryServiceSettings,
): AsyncGenerator<OutgoingResponse, void, undefined> {
  const { source } = settings;
  const query = await queryOf(request, settings);
  const compiled = compileQuery(query, source, settings);
  const status = compiled.hasUnsupportedKeys ? Status.pendingWithWarning : Status.pending;
  const { signal } = request;
  const reader = new EntityReader(source.find(query, { association, signal }), signal);
  const matches = source.isExact === true ? reader : new MatchReader(reader, compiled.matches);
  try {
    if (query.model.allowsOneMatchOnly) yield* onlyMatch(matches, compiled.identifier, status);
    else yield* allMatches(matches, compiled.identifier, status, settings, query);
  } finally {
    reader.leave();
  }
  // A cancel that comes after the last match finds the search complete, but who sent it expects to hear of it.
  yield { status: request.isCancelled ? Status.cancel : Status.success };
}

type Matches = Pick<EntityReader<DataSet>, 'next'>;

async function* allMatches(
  matches: Matches,
  identifier: (entity: DataSet) => DataSet,
  status: number,
  { maxMatches }: QueryServiceSettings,
  query: Query,
): AsyncGenerator<OutgoingResponse, void, undefined> {
  let count = 0;
  let turnEndsAt = 0;
  for (let match = await matches.next(); !match.isOver; match = await matches.next()) {
    if (count === maxMatches) {
      if (query.model.sopClassUid === SopClass.RepositoryQuery) throw new StatusError(matchingReachedResponseLimit);
      throw new StatusError(outOfResources, `More than ${maxMatches} matches`);
    }
    count += 1;
    yield { status, dataSet: identifier(match.entity) };
    // While there is room on the line nothing else makes us wait; a C-CANCEL has to be read, and others want their turn.
    if (count < turnEndsAt) continue;
    await setImmediate();
    turnEndsAt = count + Math.min(matchesInTurn, count / matchesInTurn);
  }
}

/**
 * Responses of one turn leave in one write. A stream comes to so many in steps, so that the first ones leave at once and a short one stops at any of
 * them.
 */
const matchesInTurn = 16;

/** PS3.4 Q.4.1.3: a response is sent when there is one match, and none when there are more. */
async function* onlyMatch(
  matches: Matches,
  identifier: (entity: DataSet) => DataSet,
  status: number,
): AsyncGenerator<OutgoingResponse, void, undefined> {
  const match = await matches.next();
  if (match.isOver) return;
  const another = await matches.next();
  if (!another.isOver) throw new StatusError(moreThanOneMatch, 'More than one match');
  yield { status, dataSet: identifier(match.entity) };
}

/** Passes over what does not match; now and then others are let do something. */
class MatchReader {
  readonly #entities: Matches;
  readonly #matches: (entity: DataSet) => boolean;
  #passedOver = 0;

  constructor(entities: Matches, matches: (entity: DataSet) => boolean) {
    this.#entities = entities;
    this.#matches = matches;
  }

  async next(): ReturnType<Matches['next']> {
    for (;;) {
      const taken = await this.#entities.next();
      if (taken.isOver || this.#matches(taken.entity)) return taken;
      this.#passedOver += 1;
      if (this.#passedOver % passedOverAtOnce === 0) await setImmediate();
    }
  }
}

/** About a millisecond's worth. */
const passedOverAtOnce = 100;

async function queryOf(request: IncomingRequest, settings: QueryServiceSettings): Promise<Query> {
  const { command } = request;
  if (command.type !== 'C-FIND-RQ') throw new StatusError(Status.unrecognizedOperation);
  const identifier = await identifierOf(request);
  const { names, unknownMatches, requiresUniqueKeys } = settings;
  return parseQuery(identifier, {
    sopClassUid: withoutPadding(command.affectedSopClassUid),
    negotiated: negotiatedFor(request),
    names,
    unknownMatches,
    requiresUniqueKeys,
  });
}

/** What was agreed on for the context that a request came in. */
function negotiatedFor({ association, context }: IncomingRequest): QueryNegotiation {
  const answer = association.negotiated.sopClassExtendedNegotiations.get(context.abstractSyntax);
  return answer === undefined ? noQueryNegotiation : decodeQueryNegotiation(answer);
}

async function identifierOf({ dataSet }: IncomingRequest): Promise<DataSet> {
  if (dataSet === undefined) return new DataSet();
  try {
    return await dataSet.parse({ maxBytes: maxIdentifierBytes });
  } catch (error) {
    throw new StatusError(Status.unableToProcess, 'The identifier can not be read', { cause: error });
  }
}

/** A list of some ten thousand UIDs. */
const maxIdentifierBytes = 1024 * 1024;

/** PS3.4 C.4.1.1.4. */
const outOfResources = 0xa700;
const matchingReachedResponseLimit = 0xb001;
/** PS3.4 Q.4.1.1.4. */
const moreThanOneMatch = 0xc100;
