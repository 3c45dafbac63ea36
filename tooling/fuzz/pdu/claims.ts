/** What has to hold for any bytes. */
import {
  type Annotation,
  annotate,
  DEFAULT_LIMITS,
  decode,
  encode,
  type Limits,
  type Pdu,
  PduError,
  PduReader,
  type PduSink,
  renderAnnotation,
} from '@dicomwire/pdu';
import { coverageProblem } from '../../../packages/pdu/test/annotation-coverage.ts';
import { claim, isSame } from '../claim.ts';
import { Random, seedOf } from '../random.ts';

/** Tests every claim on `bytes`. @throws whatever the codec should not have thrown, or an error that names the claim. */
export function testClaims(bytes: Uint8Array): void {
  const decoded = attempt(() => decode(bytes));
  if (decoded instanceof PduError) testError(decoded, bytes);
  else if (decoded !== undefined) {
    testContent(decoded.pdu);
    testRoundTrip(decoded.pdu);
  }
  testAnnotations(bytes, decoded);
  const random = new Random(seedOf(bytes));
  const whole = readInPieces(bytes, () => bytes.length);
  const cut = readInPieces(bytes, () => 1 + random.below(random.once(4) ? bytes.length : 40));
  claim(whole === cut, `the reader gives the same however bytes are cut:\n${whole}\n${cut}`);
  if (bytes.length < 600) claim(readInPieces(bytes, () => 1) === whole, 'the reader gives the same byte by byte');
}

function testError(error: PduError, bytes: Uint8Array): void {
  const { offset, path, clause, abort } = error;
  claim(Number.isInteger(offset) && offset >= 0 && offset <= bytes.length, `offset ${offset} is within the bytes`);
  claim(path !== '' && /^PS3\.[78] /.test(clause), `"${path}" and "${clause}" tell where`);
  claim(abort.source === 2 && (abort.reason === 6 || abort.reason === 1), 'the provider aborts');
}

/** Nothing is there more often than the limits allow, and context IDs tell contexts apart. */
function testContent(pdu: Pdu): void {
  const counts: [keyof Limits, number | undefined][] = [];
  if (pdu.type === 'P-DATA-TF') counts.push(['presentationDataValues', pdu.values.length]);
  if (pdu.type === 'A-ASSOCIATE-RQ' || pdu.type === 'A-ASSOCIATE-AC') {
    const { presentationContexts, userInformation, unknownItems } = pdu;
    const ids = new Set(presentationContexts.map(({ id }) => id));
    claim(
      ids.size === presentationContexts.length && [...ids].every((id) => id % 2 === 1),
      'context IDs are odd, no two alike',
    );
    counts.push(['presentationContexts', presentationContexts.length], ['unknownItems', unknownItems?.length]);
    counts.push(['negotiationItems', userInformation.roleSelections?.length]);
    counts.push(['negotiationItems', userInformation.sopClassExtendedNegotiations?.length]);
    counts.push(['unknownItems', userInformation.unknownItems?.length]);
    for (const context of presentationContexts) {
      if ('transferSyntaxes' in context) counts.push(['transferSyntaxes', context.transferSyntaxes.length]);
      counts.push(['unknownItems', context.unknownItems?.length]);
    }
  }
  for (const [limit, count = 0] of counts) claim(count <= DEFAULT_LIMITS[limit], `${count} are within ${limit}`);
}

/** What was decoded is encoded, or refused, and what was encoded decodes to the same bytes. */
function testRoundTrip(pdu: Pdu): void {
  const encoded = attempt(() => encode(pdu));
  if (encoded instanceof PduError) return;
  const again = decode(encoded);
  claim(again?.byteLength === encoded.length, 'what was encoded can be decoded');
  if (again) claim(isSame(encode(again.pdu), encoded), 'encoding again gives the same bytes');
}

function testAnnotations(bytes: Uint8Array, decoded: ReturnType<typeof decode> | PduError): void {
  const annotations = annotate(bytes);
  const problem = coverageProblem(annotations, bytes);
  claim(problem === undefined, `annotations cover every byte once: ${problem}`);
  for (const pdu of annotations) if (pdu.error === undefined) testLengths(pdu);
  claim(!/[^\n -~\xa0-\xff…]/.test(renderAnnotation(annotations)), 'no control character is rendered');
  const first = annotations[0];
  if (decoded instanceof PduError)
    claim(first?.error?.message === decoded.message, 'annotations and decode see one error');
  else if (decoded === undefined)
    claim(first === undefined || first.fields.at(-1)?.name === 'missing', 'bytes are missing');
  else claim(first?.byteLength === decoded.byteLength && first.error === undefined, 'annotations see a PDU');
}

/** What is well formed ends where its length says. */
function testLengths({ name, offset, byteLength, fields }: Annotation): void {
  const length = fields.find((field) => field.name === 'itemLength' || field.name === 'pduLength');
  const isIncomplete = fields.at(-1)?.name === 'missing';
  if (length === undefined || isIncomplete) return;
  const value = length.bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  claim(length.offset + length.byteLength + value === offset + byteLength, `${name} is as long as it says`);
  for (const field of fields) testLengths(field);
}

/** What a reader hands over, in words, fragments of a value joined; the last line is how it ended. */
function readInPieces(bytes: Uint8Array, pieceLength: () => number): string {
  const log: string[] = [];
  let data = 0;
  const sink: PduSink = {
    pdu: (pdu, byteLength) => log.push(`${pdu.type} ${byteLength} ${seedOf(encodedOrNothing(pdu))}`),
    pDataBegin: (pduLength) => log.push(`P-DATA-TF ${pduLength}`),
    fragment(contextId, isCommand, isLast, fragment) {
      data = (data + fragment.reduce((sum, byte) => sum + byte, 0)) >>> 0;
      if (isLast) log.push(`${contextId} ${isCommand} ${data}`);
    },
    pDataEnd: () => log.push(`end ${data}`),
  };
  const reader = new PduReader();
  const ended = attempt(() => {
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + pieceLength());
      reader.push(bytes.subarray(at, end), sink);
      at = end;
      claim(reader.bufferedBytes <= at, 'the reader holds no more than it was given');
    }
    return reader.isMidPdu;
  });
  log.push(ended instanceof PduError ? `${ended.code} ${ended.path} ${ended.offset}` : `mid PDU: ${ended}`);
  return log.join('\n');
}

function encodedOrNothing(pdu: Pdu): Uint8Array {
  const encoded = attempt(() => encode(pdu));
  return encoded instanceof PduError ? new Uint8Array(0) : encoded;
}

/** The value of `work`, or the `PduError` that it throws; anything else escapes. */
function attempt<T>(work: () => T): T | PduError {
  try {
    return work();
  } catch (error) {
    if (error instanceof PduError) return error;
    throw error;
  }
}
