import fc from 'fast-check';
import { expect, test } from 'vitest';
import { annotate, decode, encode, type Pdu, PduError, PduReader, renderAnnotation } from '../src/index.js';
import { coverageProblem } from './annotation-coverage.js';
import { anyPdu, definedPdu } from './arbitraries.js';
import { joined, record } from './event-log.js';
import { hex } from './hex.js';
import { asDecoded, PDU_TABLE } from './pdu-table.js';

// FUZZ_SEED replays a run; a failure prints its seed by itself.
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 0x7fffffff);
const numRuns = Number(process.env.FUZZ_RUNS ?? 500);
fc.configureGlobal({ seed, numRuns });
console.log(`seed: FUZZ_SEED=${seed}`);

/** The value of `read`, or the code of the `PduError` that it throws; nothing else may escape. */
function outcome<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof PduError) return error.code;
    throw error;
  }
}

/** Pushes `bytes` in the pieces that `cuts` make. */
function pushInPieces(reader: PduReader, bytes: Uint8Array, cuts: readonly number[], log = record()) {
  const positions = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let at = 0;
  const error = outcome(() => {
    for (const position of positions) {
      reader.push(bytes.subarray(at, position), log.sink);
      at = position;
    }
  });
  return { log, error };
}

/** What decode makes of the PDUs in `bytes`, up to the first that is malformed or not all there. */
function decodeAll(bytes: Uint8Array): { pdus: Pdu[]; error: string | undefined } {
  const pdus: Pdu[] = [];
  for (let at = 0; ; ) {
    // decode has a value for these, the reader refuses them at their first byte.
    const pduType = bytes[at];
    if (pduType !== undefined && (pduType < 1 || pduType > 7)) return { pdus, error: 'unknown-pdu-type' };
    const decoded = outcome(() => decode(bytes.subarray(at)));
    if (typeof decoded === 'string') return { pdus, error: decoded };
    if (decoded === undefined) return { pdus, error: undefined };
    pdus.push(joined(decoded.pdu));
    at += decoded.byteLength;
  }
}

const seeds = fc.constantFrom(...PDU_TABLE.map(([, , digits]) => hex(digits)));

/** Valid bytes with some of them replaced, removed, doubled or cut off: most of the damage is to lengths and types. */
const damaged = fc
  .tuple(
    fc.oneof(
      seeds,
      anyPdu.map((pdu) => encode(pdu)),
    ),
    fc.array(
      fc.record({
        at: fc.nat(),
        kind: fc.constantFrom('replace', 'remove', 'insert', 'cut'),
        byte: fc.oneof(fc.constantFrom(0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff), fc.nat(0xff)),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([bytes, changes]) => {
    const result = [...bytes];
    for (const { at, kind, byte } of changes) {
      const position = result.length === 0 ? 0 : at % result.length;
      if (kind === 'replace') result[position] = byte;
      else if (kind === 'remove') result.splice(position, 1);
      else if (kind === 'insert') result.splice(position, 0, byte);
      else result.length = position;
    }
    return Uint8Array.from(result);
  });

/** The same with the PDU length put right, so that the damage is met inside. */
const damagedInside = damaged
  .filter((bytes) => bytes.length >= 6)
  .map((bytes) => {
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(2, bytes.length - 6);
    return bytes;
  });

test('decoding what was encoded gives the same PDU', () => {
  fc.assert(
    fc.property(anyPdu, (pdu) => {
      const bytes = encode(pdu);
      expect(decode(bytes)).toEqual({ pdu: asDecoded(pdu, bytes), byteLength: bytes.length });
    }),
  );
});

test('encoding what was decoded gives the same bytes', () => {
  fc.assert(
    fc.property(anyPdu, (pdu) => {
      const bytes = encode(pdu);
      const decoded = decode(bytes);
      expect(decoded && encode(decoded.pdu)).toEqual(bytes);
    }),
  );
});

test('what was decoded of damaged bytes can be encoded, or is refused by a PduError, and then decodes to itself', () => {
  fc.assert(
    fc.property(damagedInside, (bytes) => {
      const decoded = outcome(() => decode(bytes));
      if (decoded === undefined || typeof decoded === 'string') return;
      const again = outcome(() => encode(decoded.pdu));
      if (typeof again !== 'string') expect(decode(again)?.pdu).toEqual(decoded.pdu);
    }),
  );
});

test('nothing but a PduError escapes, whatever the bytes are', () => {
  fc.assert(
    fc.property(
      fc.oneof(damaged, damagedInside, fc.uint8Array({ maxLength: 300 })),
      fc.array(fc.nat()),
      (bytes, cuts) => {
        outcome(() => decode(bytes));
        pushInPieces(new PduReader(), bytes, cuts);
      },
    ),
  );
});

test('annotations cover every byte once, in order, whatever the bytes are, and can be rendered', () => {
  const streams = fc.array(
    fc.oneof(
      damaged,
      damagedInside,
      anyPdu.map((pdu) => encode(pdu)),
      fc.uint8Array(),
    ),
  );
  fc.assert(
    fc.property(streams, fc.nat(), (parts, cut) => {
      const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
      const bytes = whole.subarray(0, whole.length - (cut % 9));
      const annotations = annotate(bytes);
      expect(coverageProblem(annotations, bytes)).toBeUndefined();
      expect(renderAnnotation(annotations)).not.toMatch(/[^\n -~\xa0-\xff…]/);
    }),
  );
});

test('annotations agree with decode about what is whole, malformed or incomplete', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        damaged,
        damagedInside,
        anyPdu.map((pdu) => encode(pdu)),
      ),
      (bytes) => {
        const decoded = outcome(() => decode(bytes));
        const [first] = annotate(bytes);
        if (typeof decoded === 'string') expect(first?.error?.code).toBe(decoded);
        else if (decoded) expect([first?.byteLength, first?.error]).toEqual([decoded.byteLength, undefined]);
        else expect(first?.fields.at(-1)?.name).toBe(bytes.length === 0 ? undefined : 'missing');
      },
    ),
  );
});

test('the reader gives the same, wherever its bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(definedPdu, { maxLength: 4 }), fc.array(fc.nat()), (pdus, cuts) => {
      const encoded = pdus.map((pdu) => encode(pdu));
      const bytes = Uint8Array.from(encoded.flatMap((part) => [...part]));
      const { log, error } = pushInPieces(new PduReader(), bytes, cuts);
      expect(error).toBeUndefined();
      expect(log.pdus).toEqual(pdus.map((pdu, i) => joined(asDecoded(pdu, encoded[i] ?? bytes))));
    }),
  );
});

test('the reader agrees with decode about damaged bytes', () => {
  fc.assert(
    fc.property(fc.oneof(damaged, damagedInside), fc.array(fc.nat()), (bytes, cuts) => {
      const { log, error } = pushInPieces(new PduReader(), bytes, cuts);
      const expected = decodeAll(bytes);
      expect(log.pdus).toEqual(expected.pdus);
      // The reader is earlier: it may see what is wrong before all bytes of the PDU are there.
      if (expected.error !== undefined) expect(error).toBe(expected.error);
    }),
  );
});
