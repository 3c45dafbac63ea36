/**
 * Asks for services with dcmjs-dimse, one after the other on one association, and tells what came of it as one line of JSON.
 *
 * Its one argument is JSON: {@link DcmjsScuOptions}. Data sets are keyed by keywords, as dcmjs has them.
 */
import dcmjsDimse from 'dcmjs-dimse';
import type { DcmjsScuOptions, DcmjsStep, KeywordDataSet } from './dcmjs-dimse.ts';

const { Client, Dataset } = dcmjsDimse;
const requests = dcmjsDimse.requests;
const { CStoreResponse, NEventReportResponse } = dcmjsDimse.responses;

type AnyRequest = Parameters<InstanceType<typeof Client>['addRequest']>[0];

const options: DcmjsScuOptions = JSON.parse(process.argv[2] ?? '', withBytes);
dcmjsDimse.log.setLevel('silent');

/** What is written of an answer while it comes. */
interface Answering {
  status: number;
  pending: number;
  readonly dataSets: KeywordDataSet[];
}

const answers: Answering[] = [];
const events: unknown[] = [];
const received: string[] = [];
const client = new Client();
const all = options.steps.map(requestOf);

for (const [index, request] of all.entries()) {
  const answer: Answering = { status: -1, pending: 0, dataSets: [] };
  answers.push(answer);
  request.on('response', (response) => {
    const status = response.getStatus();
    if (status === 0xff00 || status === 0xff01) answer.pending++;
    else answer.status = status;
    const dataSet = response.getDataset();
    if (dataSet === undefined) return;
    answer.dataSets.push(dataSet.getElements());
    nameImageBox(index, dataSet.getElements());
  });
  client.addRequest(request);
}

/** The UID of an image box is known when its film box has been created. */
function nameImageBox(filmBox: number, { ReferencedImageBoxSequence: boxes }: KeywordDataSet): void {
  const [box]: unknown[] = Array.isArray(boxes) ? boxes : [boxes];
  if (typeof box !== 'object' || box === null || !('ReferencedSOPInstanceUID' in box)) return;
  for (const [index, step] of options.steps.entries()) {
    if (step.imageBoxOf === filmBox) all[index]?.setRequestedSopInstanceUid(String(box.ReferencedSOPInstanceUID));
  }
}

client.on('cStoreRequest', (request, callback) => {
  received.push(request.getAffectedSopInstanceUid());
  const response = CStoreResponse.fromRequest(request);
  response.setStatus(0x0000);
  callback(response);
});
client.on('nEventReportRequest', (request, callback) => {
  events.push({ type: request.getEventTypeId(), dataSet: request.getDataset()?.getElements() });
  const response = NEventReportResponse.fromRequest(request);
  response.setStatus(0x0000);
  callback(response);
  if (events.length === options.events) setImmediate(() => client.abort());
});
client.on('networkError', (error) => {
  console.error(error);
  process.exit(1);
});
client.on('associationRejected', () => {
  console.error('rejected');
  process.exit(1);
});
client.on('closed', () => {
  // The time to linger would keep the process.
  process.stdout.write(`${JSON.stringify({ answers, events, received })}\n`, () => process.exit(0));
});
client.send('127.0.0.1', options.port, 'DCMJS_SCU', options.calledAeTitle ?? 'ANY-SCP', {
  associationLingerTimeout: options.events === undefined ? 0 : 60_000,
});

/** Bytes are written in JSON as the DICOM JSON model has them. */
function withBytes(_key: string, value: unknown): unknown {
  const isBytes = typeof value === 'object' && value !== null && 'InlineBinary' in value;
  return isBytes ? [Uint8Array.from(Buffer.from(String(value.InlineBinary), 'base64')).buffer] : value;
}

function requestOf(step: DcmjsStep): AnyRequest {
  const request = bareRequest(step);
  if (step.dataSet !== undefined) request.setDataset(new Dataset({ ...step.dataSet }));
  return request;
}

function bareRequest(step: DcmjsStep): AnyRequest {
  const { sopClass = '', sopInstance = '', metaUid, type = 0 } = step;
  switch (step.operation) {
    case 'C-ECHO':
      return new requests.CEchoRequest();
    case 'C-STORE':
      return new requests.CStoreRequest(step.file ?? '');
    case 'C-FIND':
      return withSopClass(new requests.CFindRequest(), sopClass);
    case 'C-MOVE': {
      const request = requests.CMoveRequest.createStudyMoveRequest(step.destination ?? '', '');
      return withSopClass(request, sopClass);
    }
    case 'C-GET':
      return withSopClass(requests.CGetRequest.createStudyGetRequest(''), sopClass);
    case 'N-CREATE':
      return new requests.NCreateRequest(sopClass, sopInstance, metaUid);
    case 'N-SET':
      return new requests.NSetRequest(sopClass, sopInstance, metaUid);
    case 'N-GET':
      return new requests.NGetRequest(sopClass, sopInstance, [...(step.attributes ?? [])], metaUid);
    case 'N-ACTION':
      return new requests.NActionRequest(sopClass, sopInstance, type, metaUid);
    case 'N-DELETE':
      return new requests.NDeleteRequest(sopClass, sopInstance, metaUid);
    case 'N-EVENT-REPORT':
      return new requests.NEventReportRequest(sopClass, sopInstance, type, metaUid);
  }
}

function withSopClass<R extends AnyRequest>(request: R, sopClass: string): R {
  request.setAffectedSopClassUid(sopClass);
  return request;
}
