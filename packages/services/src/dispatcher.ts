/**
 * Finds the service for a request.
 */
import {
  type IncomingRequest,
  type OutgoingResponse,
  type RequestType,
  refuseSopClass,
  sopClassUidOf,
} from '@dicomwire/dimse';
import { factsOf } from './association-facts.js';
import type { AssociationFacts, Service } from './service.js';
import { ServiceError } from './service-error.js';
import { FileWriteError } from './storage/file-errors.js';
import { withoutPadding } from './storage/storage-path.js';

/** Hands requests to services, by request and SOP class of the command. PS3.7 9.1, 10.1. */
export class Dispatcher {
  readonly #services = new Map<RequestType, ServicesByClass>();
  /** Services for the time of a call; the latest first. */
  readonly #temporary: Service[] = [];
  readonly #report: (error: unknown, association: AssociationFacts) => void;

  /** @throws ServiceError `invalid-option` when two services want the same. */
  constructor(services: readonly Service[], report: (error: unknown, association: AssociationFacts) => void) {
    this.#report = report;
    for (const service of services) for (const request of service.requests) this.#add(service, request);
  }

  /**
   * Lets a service perform its requests for a while, before any other that could.
   *
   * @returns a function that takes it away again.
   */
  add(service: Service): () => void {
    this.#temporary.unshift(service);
    return () => {
      const at = this.#temporary.indexOf(service);
      if (at !== -1) this.#temporary.splice(at, 1);
    };
  }

  /** Performs a request; one that no service wants is refused: 0122 (C-services) or 0118 (N-services). */
  dispatch(request: IncomingRequest): Promise<OutgoingResponse> | AsyncIterable<OutgoingResponse> {
    const { command } = request;
    const service = this.#find(command.type, withoutPadding(sopClassUidOf(command)));
    if (service === undefined) return Promise.resolve(refuseSopClass(command));
    const association = factsOf(request.association);
    const performed = service.perform(request, association);
    return Symbol.asyncIterator in performed ? performed : this.#withReport(performed, association);
  }

  #find(request: RequestType, sopClass: string): Service | undefined {
    for (const service of this.#temporary) {
      if (!service.requests.includes(request)) continue;
      if (service.acceptsAnySopClass === true || service.sopClasses.includes(sopClass)) return service;
    }
    const services = this.#services.get(request);
    return services?.byClass.get(sopClass) ?? services?.forAnyClass;
  }

  /** A failed disk is answered with a status, but whoever runs this wants to know as well. */
  async #withReport(performed: Promise<OutgoingResponse>, association: AssociationFacts): Promise<OutgoingResponse> {
    try {
      return await performed;
    } catch (error) {
      if (error instanceof FileWriteError) this.#report(error, association);
      throw error;
    }
  }

  #add(service: Service, request: RequestType): void {
    const services = this.#services.get(request) ?? { byClass: new Map<string, Service>(), forAnyClass: undefined };
    this.#services.set(request, services);
    for (const sopClass of service.sopClasses) {
      const other = services.byClass.get(sopClass);
      if (other !== undefined) throw conflict(`${request} of SOP class ${sopClass}`, other, service);
      services.byClass.set(sopClass, service);
    }
    if (service.acceptsAnySopClass !== true) return;
    if (services.forAnyClass !== undefined)
      throw conflict(`${request} of any SOP class`, services.forAnyClass, service);
    services.forAnyClass = service;
  }
}

interface ServicesByClass {
  readonly byClass: Map<string, Service>;
  forAnyClass: Service | undefined;
}

function conflict(what: string, one: Service, other: Service): ServiceError {
  const who = one.name === other.name ? `two services named ${one.name}` : `the services ${one.name} and ${other.name}`;
  return new ServiceError('invalid-option', `${what} would be performed by ${who}; it can only be one`);
}
