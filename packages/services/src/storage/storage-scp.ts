/**
 * The Storage service class, as provider. PS3.4 Annex B.
 */
import type { IncomingRequest, OutgoingResponse } from '@dicomwire/dimse';
import { type DataSet, StatusError, statusCategory } from '@dicomwire/dimse';
import { transferSyntaxes } from '@dicomwire/dimse/dataset';
import { checkFunction } from '../check-options.js';
import type { AssociationFacts, Service } from '../service.js';
import { IncomingInstance } from './incoming-instance.js';
import type { ReceivedInstance } from './received-instance.js';
import { withoutPadding } from './storage-path.js';
import { allStorageSopClasses } from './storage-sop-classes.js';
import { type StudyOptions, StudyWatch } from './study-watch.js';

/** Options of {@link storage}. */
export interface StorageOptions {
  /**
   * Keeps one instance. When it resolves, Success (0000) is answered, so everything is to be safe by then; a number it resolves
   * to is answered as status in place of that (a warning, say). A `StatusError` answers its status, any other exception C000
   * (cannot understand). The data set, if it was not consumed, is discarded.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing answers Success
  store(instance: ReceivedInstance): Promise<number | void>;
  /** SOP classes to take. Default: every storage SOP class of the standard; those without a patient and retired ones included. */
  readonly sopClasses?: readonly string[] | undefined;
  /** Takes SOP classes that nobody knows, and any transfer syntax, private ones included. Default: false. */
  readonly promiscuous?: boolean | undefined;
  /**
   * Transfer syntaxes to take; of several in one context the requestor's first. Default: every one of the standard; encapsulated,
   * deflated and big endian included.
   */
  readonly transferSyntaxes?: readonly string[] | 'any' | undefined;
  /** Other transfer syntaxes for some SOP classes, by UID: no compressed ultrasound, say. Default: none. */
  readonly transferSyntaxesBySopClass?: Readonly<Record<string, readonly string[] | 'any'>> | undefined;
  /**
   * Whose order decides between several transfer syntaxes in one context: the requestor's, which puts first what its objects are in, or the order of
   * these options. Default: `'requestor'`.
   */
  readonly transferSyntaxPreference?: 'requestor' | 'own' | undefined;
  /**
   * Changes elements of each instance before it is kept: patient IDs, character sets, an issuer that is missing. It gets what comes before the pixel
   * data, which passes by. What it changed is told to the peer: B000 (coercion of data elements) with the tags, unless `store` answers
   * another status. UIDs of SOP class and instance must stay. Default: nothing is changed. PS3.4 B.4.1.4.
   */
  readonly coerce?: ((dataSet: DataSet, instance: ReceivedInstance) => void | Promise<void>) | undefined;
  /** Tells when a study has come to its end. Default: nobody is told. */
  readonly studies?: StudyOptions | undefined;
  /**
   * Compares SOP class and instance of the data set, where it has them, with those of the command, and answers A900 (data set does
   * not match SOP class) when they differ; C000 (cannot understand) when it has neither, or can't be read as far as these. What follows
   * them is not looked at. Default: true.
   */
  readonly checkIdentity?: boolean | undefined;
  /**
   * Answers C000 (cannot understand) to a data set that ends inside a value whose length it says, and so was cut somewhere on its way; nothing is kept of
   * it. False keeps it as it came. A delimiter that is missing at the end, and bytes behind the last element, are let pass; what is deflated is
   * not looked at. Default: as `checkIdentity`.
   */
  readonly checkEnd?: boolean | undefined;
}

/**
 * Takes instances: C-STORE, with the data set handed on bit by bit as it comes, in the transfer syntax in which it comes.
 *
 * @example
 * ```ts no-run
 * import { createScp, storage } from '@dicomwire/services';
 *
 * const scp = createScp({
 *   aeTitle: 'ARCHIVE',
 *   services: [
 *     storage({
 *       async store(instance) {
 *         await instance.saveTo('incoming');
 *       },
 *     }),
 *   ],
 * });
 * await scp.listen({ port: 11112 });
 * ```
 */
export function storage(options: StorageOptions): Service {
  checkFunction('storage', 'store', options.store);
  const { promiscuous = false, transferSyntaxPreference, transferSyntaxesBySopClass } = options;
  const watch = options.studies === undefined ? undefined : new StudyWatch(options.studies);
  return {
    name: 'storage',
    requests: ['C-STORE-RQ'],
    sopClasses: options.sopClasses ?? allStorageSopClasses(),
    acceptsAnySopClass: promiscuous,
    transferSyntaxes: options.transferSyntaxes ?? (promiscuous ? 'any' : transferSyntaxes.map(({ uid }) => uid)),
    transferSyntaxesBySopClass,
    transferSyntaxPreference,
    closed: () => watch?.close(),
    perform: (request, association) => performStore(request, association, options, watch),
  };
}

const success: OutgoingResponse = { status: 0x0000 };

/** PS3.7 C.5.19: Mistyped argument. */
const mistypedArgument = 0x0212;

async function performStore(
  request: IncomingRequest,
  association: AssociationFacts,
  options: StorageOptions,
  watch: StudyWatch | undefined,
): Promise<OutgoingResponse> {
  const { command, dataSet } = request;
  if (command.type !== 'C-STORE-RQ' || dataSet === undefined) {
    throw new StatusError(mistypedArgument, 'C-STORE without a data set');
  }
  const { checkIdentity: checksIdentity = true, checkEnd: checksEnd = checksIdentity, coerce } = options;
  refuseOtherSyntaxes(options, withoutPadding(command.affectedSopClassUid), dataSet.transferSyntax);
  const instance = new IncomingInstance({
    request,
    command,
    dataSet,
    association,
    checksIdentity,
    checksEnd,
    coerce,
    readsStudy: watch !== undefined,
  });
  const status = await options.store(instance);
  const { changed, studyInstanceUid } = instance;
  const answer = answerTo(status, changed);
  const isKept = statusCategory(answer.status) === 'Success' || statusCategory(answer.status) === 'Warning';
  if (isKept && studyInstanceUid !== undefined) watch?.stored(studyInstanceUid, instance, request.association.clock);
  return answer;
}

/** A context may have been accepted for the sake of another service: of what a C-GET may send, say. */
function refuseOtherSyntaxes(options: StorageOptions, sopClassUid: string, transferSyntaxUid: string): void {
  const allowed = options.transferSyntaxesBySopClass?.[sopClassUid] ?? options.transferSyntaxes ?? 'any';
  if (allowed === 'any' || allowed.includes(transferSyntaxUid)) return;
  throw new StatusError(sopClassNotSupported, 'Not taken in this transfer syntax');
}

// biome-ignore lint/suspicious/noConfusingVoidType: as the handler's
function answerTo(status: number | void, changed: readonly number[]): OutgoingResponse {
  if (typeof status === 'number' && status !== 0x0000) return { status };
  if (changed.length === 0) return success;
  return { status: coercionOfDataElements, offendingElements: changed };
}

/** PS3.7 C.5.6: "Refused: SOP Class not supported". */
const sopClassNotSupported = 0x0122;
/** PS3.4 B.2.3: "Warning: Coercion of Data Elements". */
const coercionOfDataElements = 0xb000;
