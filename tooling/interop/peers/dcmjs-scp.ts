/**
 * Performs services with dcmjs-dimse and tells what came, one line of JSON at a time.
 *
 * Its one argument is JSON: {@link DcmjsScpOptions}. Data sets are keyed by keywords, as dcmjs has them. What is stored goes byte by byte to `directory`, named by
 * its SOP instance UID.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import dcmjsDimse from 'dcmjs-dimse';
import type { DcmjsScpOptions } from './dcmjs-dimse.ts';

const { Client, Dataset, Scp, Server } = dcmjsDimse;
const { CStoreRequest, NEventReportRequest } = dcmjsDimse.requests;
const responses = dcmjsDimse.responses;
const { PresentationContextResult } = dcmjsDimse.constants;

type ScpInstance = InstanceType<typeof Scp>;
type Method<Name extends keyof ScpInstance> = ScpInstance[Name] extends (...args: infer Args) => unknown ? Args : never;

const options: DcmjsScpOptions = JSON.parse(process.argv[2] ?? '');
dcmjsDimse.log.setLevel('silent');

function tell(facts: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(facts)}\n`);
}

let created = 0;

/** The bytes of one data set. */
class Kept extends Writable {
  readonly #path: string;
  readonly #chunks: Buffer[] = [];

  constructor(path: string) {
    super();
    this.#path = path;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  keep(): void {
    writeFileSync(this.#path, Buffer.concat(this.#chunks));
  }
}

class Performer extends Scp {
  override associationRequested(...[association]: Method<'associationRequested'>): void {
    for (const { id } of association.getPresentationContexts()) {
      const context = association.getPresentationContext(id);
      context.setResult(PresentationContextResult.Accept, context.getTransferSyntaxUids()[0]);
    }
    this.sendAssociationAccept();
  }

  override associationReleaseRequested(): void {
    this.sendAssociationReleaseResponse();
  }

  override createStoreWritableStream(...[, request]: Method<'createStoreWritableStream'>): Writable {
    return new Kept(join(options.directory ?? '.', request.getAffectedSopInstanceUid()));
  }

  override createDatasetFromStoreWritableStream(
    ...[writable, , callback]: Method<'createDatasetFromStoreWritableStream'>
  ): void {
    if (writable instanceof Kept) writable.keep();
    // No data set is made: the bytes are what is compared. At once: it grants asynchronous operations, and mixes messages up when this takes time.
    Reflect.apply(callback, undefined, [undefined]);
  }

  override cEchoRequest(...[request, callback]: Method<'cEchoRequest'>): void {
    callback(answered(responses.CEchoResponse.fromRequest(request), 'C-ECHO'));
  }

  override cStoreRequest(...[request, callback]: Method<'cStoreRequest'>): void {
    tell({ event: 'C-STORE', sopInstance: request.getAffectedSopInstanceUid() });
    callback(answered(responses.CStoreResponse.fromRequest(request), 'C-STORE'));
  }

  override cFindRequest(...[request, callback]: Method<'cFindRequest'>): void {
    told('C-FIND', request);
    const matches = (options.matches?.[request.getAffectedSopClassUid()] ?? []).map((match) => {
      const pending = responses.CFindResponse.fromRequest(request);
      pending.setDataset(new Dataset({ ...match }));
      pending.setStatus(0xff00);
      return pending;
    });
    callback([...matches, answered(responses.CFindResponse.fromRequest(request), 'C-FIND')]);
  }

  override cGetRequest(...[request, callback]: Method<'cGetRequest'>): void {
    told('C-GET', request);
    const store = new CStoreRequest(options.object ?? '');
    store.on('response', (response) => {
      callback([counted(responses.CGetResponse.fromRequest(request), response.getStatus() === 0)]);
    });
    this.sendRequests(store);
  }

  override cMoveRequest(...[request, callback]: Method<'cMoveRequest'>): void {
    told('C-MOVE', request);
    const client = new Client();
    const store = new CStoreRequest(options.object ?? '');
    let isStored = false;
    store.on('response', (response) => {
      isStored = response.getStatus() === 0;
    });
    client.addRequest(store);
    client.on('closed', () => callback([counted(responses.CMoveResponse.fromRequest(request), isStored)]));
    client.send('127.0.0.1', options.movePort ?? 0, 'DCMJS_SCP', 'DESTINATION', { associationLingerTimeout: 0 });
  }

  override nCreateRequest(...[request, callback]: Method<'nCreateRequest'>): void {
    told('N-CREATE', request);
    const response = responses.NCreateResponse.fromRequest(request);
    // Whose UID it is left to find.
    if (!response.getAffectedSopInstanceUid()) response.setAffectedSopInstanceUid(`2.25.${++created}`);
    callback(answered(response, 'N-CREATE'));
  }

  override nSetRequest(...[request, callback]: Method<'nSetRequest'>): void {
    told('N-SET', request);
    callback(answered(responses.NSetResponse.fromRequest(request), 'N-SET'));
  }

  override nGetRequest(...[request, callback]: Method<'nGetRequest'>): void {
    told('N-GET', request);
    callback(answered(responses.NGetResponse.fromRequest(request), 'N-GET'));
  }

  override nDeleteRequest(...[request, callback]: Method<'nDeleteRequest'>): void {
    told('N-DELETE', request);
    callback(answered(responses.NDeleteResponse.fromRequest(request), 'N-DELETE'));
  }

  override nActionRequest(...[request, callback]: Method<'nActionRequest'>): void {
    told('N-ACTION', request, request.getActionTypeId());
    callback(answered(responses.NActionResponse.fromRequest(request), 'N-ACTION'));
    const { report } = options;
    if (report !== undefined && report.sopClass === request.getRequestedSopClassUid()) this.#report(report);
  }

  override nEventReportRequest(...[request, callback]: Method<'nEventReportRequest'>): void {
    told('N-EVENT-REPORT', request, request.getEventTypeId());
    callback(answered(responses.NEventReportResponse.fromRequest(request), 'N-EVENT-REPORT'));
  }

  #report({ sopClass, sopInstance, eventType, dataSet }: NonNullable<DcmjsScpOptions['report']>): void {
    const event = new NEventReportRequest(sopClass, sopInstance, eventType);
    event.setDataset(new Dataset({ ...dataSet }));
    event.on('response', (response) => tell({ event: 'reported', status: response.getStatus() }));
    setImmediate(() => this.sendRequests(event));
  }
}

/** What every request of it has. */
interface Asked {
  getAffectedSopClassUid(): string;
  getRequestedSopClassUid(): string;
  getDataset(): { getElements(): unknown } | undefined;
}

function told(operation: string, request: Asked, type?: number): void {
  const sopClass = request.getAffectedSopClassUid() ?? request.getRequestedSopClassUid();
  tell({ event: operation, sopClass, type, dataSet: request.getDataset()?.getElements() });
}

function answered<
  R extends { setStatus(status: number): void; setDataset(dataSet: InstanceType<typeof Dataset>): void },
>(response: R, operation: string): R {
  const { status = 0x0000, dataSet } = options.answers?.[operation] ?? {};
  response.setStatus(status);
  if (dataSet !== undefined) response.setDataset(new Dataset({ ...dataSet }));
  return response;
}

function counted<
  R extends {
    setStatus(status: number): void;
    setCompleted(count: number): void;
    setFailures(count: number): void;
    setWarnings(count: number): void;
  },
>(response: R, isStored: boolean): R {
  response.setStatus(isStored ? 0x0000 : 0xa702);
  response.setCompleted(isStored ? 1 : 0);
  response.setFailures(isStored ? 0 : 1);
  response.setWarnings(0);
  return response;
}

const server = new Server(Performer);
server.listen(options.port);
