/**
 * The Storage service class, as provider. PS3.4 Annex B.
 */
import type { IncomingRequest, OutgoingResponse } from '@dicomwire/dimse';
import { StatusError } from '@dicomwire/dimse';
import { transferSyntaxes } from '@dicomwire/dimse/dataset';
import type { AssociationFacts, Service } from '../service.js';
import { IncomingInstance } from './incoming-instance.js';
import type { ReceivedInstance } from './received-instance.js';
import { allStorageSopClasses } from './storage-sop-classes.js';

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
  /**
   * Compares SOP class and instance of the data set, where it has them, with those of the command, and answers A900 (data set does
   * not match SOP class) when they differ; C000 (cannot understand) when it has neither, or can't be read as far as these. What follows
   * them is not looked at. Default: true.
   */
  readonly checkIdentity?: boolean | undefined;
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
  const { promiscuous = false, checkIdentity = true } = options;
  const store = options.store.bind(options);
  return {
    name: 'storage',
    requests: ['C-STORE-RQ'],
    sopClasses: options.sopClasses ?? allStorageSopClasses(),
    acceptsAnySopClass: promiscuous,
    transferSyntaxes: options.transferSyntaxes ?? (promiscuous ? 'any' : transferSyntaxes.map(({ uid }) => uid)),
    perform: (request, association) => performStore(request, association, store, checkIdentity),
  };
}

const success: OutgoingResponse = { status: 0x0000 };

/** PS3.7 C.5.19: Mistyped argument. */
const mistypedArgument = 0x0212;

async function performStore(
  request: IncomingRequest,
  association: AssociationFacts,
  store: StorageOptions['store'],
  checksIdentity: boolean,
): Promise<OutgoingResponse> {
  const { command, dataSet } = request;
  if (command.type !== 'C-STORE-RQ' || dataSet === undefined) {
    throw new StatusError(mistypedArgument, 'C-STORE without a data set');
  }
  const instance = new IncomingInstance({ request, command, dataSet, association, checksIdentity });
  const status = await store(instance);
  return typeof status === 'number' ? { status } : success;
}
