/** The codec alone, within this process: how often a second it does what it is there for. */
import { annotate, decode, encode, PduReader, type PduSink } from '@dicomwire/pdu';
import { median } from './measurement.ts';

interface CodecTrial {
  readonly name: string;
  /** Wanted at least, a second. */
  readonly atLeast?: number | undefined;
  /** Does it once more; returns how many that were. */
  readonly turn: () => number;
}

/** How long a round measures. */
const ROUND_MS = 500;

/** Bytes of a P-DATA-TF of a small fragment, and of the chunks in which sockets hand them over. */
const P_DATA_BYTES = 256;
const CHUNK_BYTES = 64 * 1024;

/** Prints the median rate of each trial in `rounds` rounds. */
export function benchCodec(rounds: number): void {
  console.log('\nThe codec, in this process: times in a second of processor time');
  const trials = codecTrials();
  for (const { turn } of trials) rateOf(turn);
  const rates = trials.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    trials.forEach(({ turn }, index) => {
      rates[index]?.push(rateOf(turn));
    });
  }
  trials.forEach(({ name, atLeast }, index) => {
    const rate = median(rates[index] ?? []) ?? 0;
    const verdict =
      atLeast === undefined ? '' : `   ${rate >= atLeast ? 'reached' : 'MISSED'}: ${inWords(atLeast)} wanted`;
    console.log(`${name.padEnd(62)}${inWords(rate).padStart(12)}${verdict}`);
  });
}

function codecTrials(): readonly CodecTrial[] {
  const request = requestOfTwentyContexts();
  const bytes = encode(request);
  const chunk = chunkOfData();
  const reader = new PduReader();
  let passed = 0;
  const sink: PduSink = {
    pdu() {},
    pDataBegin() {},
    fragment(_contextId, _isCommand, _isLast, data) {
      passed += data.length;
    },
    pDataEnd() {},
  };
  return [
    {
      name: 'decode A-ASSOCIATE-RQ, 20 contexts of one transfer syntax',
      atLeast: 100_000,
      turn: () => (decode(bytes) ? 1 : 0),
    },
    { name: 'encode the same', turn: () => (encode(request).length > 0 ? 1 : 0) },
    { name: 'annotate the same', turn: () => annotate(bytes).length },
    {
      name: `PduReader, P-DATA-TF of ${P_DATA_BYTES} bytes in chunks of 64 kB`,
      atLeast: 3_000_000,
      turn() {
        reader.push(chunk, sink);
        return passed > 0 ? CHUNK_BYTES / P_DATA_BYTES : 0;
      },
    },
  ];
}

function requestOfTwentyContexts(): Parameters<typeof encode>[0] {
  return {
    type: 'A-ASSOCIATE-RQ',
    protocolVersion: 1,
    calledAeTitle: 'PACS',
    callingAeTitle: 'CT1',
    applicationContextName: '1.2.840.10008.3.1.1.1',
    presentationContexts: Array.from({ length: 20 }, (_, index) => ({
      id: 2 * index + 1,
      abstractSyntax: `1.2.840.10008.5.1.4.1.1.${index + 1}`,
      transferSyntaxes: ['1.2.840.10008.1.2.1'],
    })),
    userInformation: {
      maximumLength: 16384,
      implementationClassUid: '1.2.276.0.7230010.3.0.3.6.7',
      implementationVersionName: 'OFFIS_DCMTK_367',
    },
  };
}

function chunkOfData(): Uint8Array {
  const data = new Uint8Array(P_DATA_BYTES - 12);
  const pdu = encode({ type: 'P-DATA-TF', values: [{ contextId: 1, isCommand: false, isLast: false, data }] });
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (let at = 0; at < CHUNK_BYTES; at += P_DATA_BYTES) chunk.set(pdu, at);
  return chunk;
}

/** How many in a second of processor time, which other programs do not take away, in one round. */
function rateOf(turn: () => number): number {
  const before = process.cpuUsage();
  let done = 0;
  let spentMs = 0;
  while (spentMs < ROUND_MS) {
    for (let again = 0; again < 100; again++) done += turn();
    const { user, system } = process.cpuUsage(before);
    spentMs = (user + system) / 1000;
  }
  return (done / spentMs) * 1000;
}

function inWords(rate: number): string {
  return rate >= 1_000_000 ? `${(rate / 1_000_000).toFixed(1)} million` : Math.round(rate).toLocaleString('en');
}
