/**
 * Sends one generated object by the store client and prints how it went and the peak of its own memory, as JSON:
 * `node send-generated.ts PORT SOP_INSTANCE_UID FRAGMENTS`.
 */
import { storeInstances } from '@dicomwire/services';
import { STREAM_SOP_CLASS, STREAM_TRANSFER_SYNTAX, streamByteLength, streamChunks } from './generated-stream.ts';
import { peakResidentBytes } from './peak.ts';

const [port, sopInstanceUid = '', count] = process.argv.slice(2);
const fragments = Number(count);

const summary = await storeInstances(
  { host: '127.0.0.1', port: Number(port) },
  {
    sopClassUid: STREAM_SOP_CLASS,
    sopInstanceUid,
    transferSyntaxUid: STREAM_TRANSFER_SYNTAX,
    dataSet: {
      byteLength: streamByteLength(sopInstanceUid, fragments),
      reusesBuffers: true,
      chunks: () => streamChunks(sopInstanceUid, fragments),
    },
  },
);

console.log(
  JSON.stringify({
    outcomes: summary.results.map((result) => result.outcome),
    error: summary.results[0]?.error?.message,
    sentBytes: summary.sentBytes,
    peakResidentBytes: peakResidentBytes(process.pid),
  }),
);
