import { describe, expect, test } from 'vitest';
import { joined, record } from '../test/event-log.js';
import { ascii, associate, hex, pdu } from '../test/hex.js';
import { asDecoded, PDU_TABLE } from '../test/pdu-table.js';
import { decode } from './decode.js';
import { PduError } from './errors.js';
import { PduReader, type PduSink } from './reader.js';
import type { Pdu } from './types.js';

const RELEASE_RQ = pdu(0x05, '00000000');
const COMMAND = pdu(0x04, '00000006 01 03 01020304');

const NO_SINK: PduSink = { pdu() {}, pDataBegin() {}, fragment() {}, pDataEnd() {} };

/** Pushes what comes, one chunk each; the error, if there is one, as its code. */
function errorOf(reader: PduReader, ...chunks: string[]): PduError | undefined {
  try {
    for (const chunk of chunks) reader.push(hex(chunk), NO_SINK);
  } catch (error) {
    if (error instanceof PduError) return error;
    throw error;
  }
  return undefined;
}

/** What a stream of the table's PDUs must give, one entry per PDU or presentation data value. */
const STREAM = PDU_TABLE.filter(([, value]) => value.type !== 'unknown').map(([, value, digits]) => ({
  bytes: hex(digits),
  pdu: joined(asDecoded(value, hex(digits))),
}));
const STREAM_BYTES = Uint8Array.from(STREAM.flatMap(({ bytes }) => [...bytes]));
const STREAM_PDUS: readonly Pdu[] = STREAM.map((entry) => entry.pdu);

describe('hands over the same, however the bytes are cut:', () => {
  test('all PDUs in one chunk', () => {
    const log = record();
    new PduReader().push(STREAM_BYTES, log.sink);
    expect(log.pdus).toEqual(STREAM_PDUS);
    expect(log.byteLengths).toEqual(
      STREAM.filter(({ pdu }) => pdu.type !== 'P-DATA-TF').map(({ bytes }) => bytes.length),
    );
  });

  test('one byte at a time', () => {
    const log = record();
    const reader = new PduReader();
    for (const byte of STREAM_BYTES) reader.push(Uint8Array.of(byte), log.sink);
    expect(log.pdus).toEqual(STREAM_PDUS);
    expect(reader.isMidPdu).toBe(false);
    expect(reader.bufferedBytes).toBe(0);
  });

  test('in two pieces, at every position', () => {
    for (let cut = 0; cut <= STREAM_BYTES.length; cut++) {
      const log = record();
      const reader = new PduReader();
      reader.push(STREAM_BYTES.subarray(0, cut), log.sink);
      reader.push(STREAM_BYTES.subarray(cut), log.sink);
      expect(log.pdus).toEqual(STREAM_PDUS);
    }
  });
});

describe('fragments', () => {
  test('of a P-DATA-TF in one chunk are views of it, between begin and end', () => {
    const chunk = hex(COMMAND);
    const log = record();
    new PduReader().push(chunk, log.sink);
    expect(log.calls).toEqual(['begin 10', 'fragment 1 true true 4', 'end']);
    expect(log.views.map(({ buffer }) => buffer)).toEqual([chunk.buffer]);
  });

  test('are handed over as their bytes arrive, the last of them marked only', () => {
    const log = record();
    const reader = new PduReader();
    for (const chunk of ['0400', '0000000d 000000', '09 01', '02', 'aabb', 'cc', 'ddeeff00'])
      reader.push(hex(chunk), log.sink);
    expect(log.calls).toEqual([
      'begin 13',
      'fragment 1 false false 2',
      'fragment 1 false false 1',
      'fragment 1 false true 4',
      'end',
    ]);
  });

  test('are not handed over empty where a chunk ends with a header', () => {
    const log = record();
    const reader = new PduReader();
    reader.push(hex('0400 00000007 00000003 0102'), log.sink);
    expect(log.calls).toEqual(['begin 7']);
    reader.push(hex('aa'), log.sink);
    expect(log.calls).toEqual(['begin 7', 'fragment 1 false true 1', 'end']);
  });

  test('of no bytes are handed over at their header', () => {
    const log = record();
    new PduReader().push(hex(pdu(0x04, '00000002 0102 00000002 0300')), log.sink);
    expect(log.calls).toEqual(['begin 12', 'fragment 1 false true 0', 'fragment 3 false false 0', 'end']);
  });

  test('carry any context ID, and bits 2 to 7 of their control header are ignored', () => {
    const log = record();
    new PduReader().push(hex(pdu(0x04, '00000002 00fc 00000002 feff')), log.sink);
    expect(log.calls.slice(1, 3)).toEqual(['fragment 0 false false 0', 'fragment 254 true true 0']);
  });
});

describe('refuses at once', () => {
  test.each([
    ['HTTP', ascii('G')],
    ['a TLS hello', '16'],
    ['a PDU type of 0', '00'],
    ['a PDU type of 8', '08'],
  ])('%s, by its first byte', (_name, chunk) => {
    expect(errorOf(new PduReader(), chunk)).toMatchObject({
      code: 'unknown-pdu-type',
      path: 'pduType',
      offset: 0,
      abort: { source: 2, reason: 1 },
    });
  });

  test('an unknown PDU type after other PDUs, which were handed over', () => {
    const log = record();
    expect(() => new PduReader().push(hex(`${RELEASE_RQ}${COMMAND}99`), log.sink)).toThrow(PduError);
    expect(log.pdus.map(({ type }) => type)).toEqual(['A-RELEASE-RQ', 'P-DATA-TF']);
  });

  test.each([
    ['an A-ASSOCIATE-RQ that claims 4 GB', '0100ffffffff', 'pdu-over-limit'],
    ['an A-ASSOCIATE-AC that is over the cap by one', '020000100001', 'pdu-over-limit'],
    ['a P-DATA-TF that claims 4 GB', '0400ffffffff', 'pdu-over-limit'],
    ['an A-ABORT that claims 4 GB', '0700ffffffff', 'invalid-pdu-length'],
    ['an A-RELEASE-RQ of 5 bytes', '050000000005', 'invalid-pdu-length'],
    ['an A-ASSOCIATE-RJ without value', '030000000000', 'invalid-pdu-length'],
    ['a P-DATA-TF without value', '040000000000', 'invalid-pdu-length'],
  ])('%s, when its header is there', (_name, header, code) => {
    const reader = new PduReader();
    expect(errorOf(reader, header.slice(0, 10))).toBeUndefined();
    expect(errorOf(reader, header.slice(10))).toMatchObject({
      code,
      path: 'pduLength',
      offset: 2,
      abort: { source: 2, reason: 6 },
    });
  });

  test.each([
    ['a presentation data value of length 0', '0400 00000006 00000000 0103', 'invalid-pdv-length', 0, 6],
    ['a presentation data value of length 1', '0400 0000000f 00000002 0101 00000001 0103', 'invalid-pdv-length', 1, 12],
    ['a presentation data value longer than its PDU', '0400 00000007 00000004 0103', 'overrun', 0, 6],
    ['a presentation data value that claims 4 GB', '0400 00000007 ffffffff 0103', 'overrun', 0, 6],
    ['bytes left over after a presentation data value', '0400 0000000a 00000003 0103 aa', 'leftover-bytes', 1, 13],
  ])('%s', (_name, digits, code, index, offset) => {
    const expected = { code, offset, path: expect.stringContaining(`presentationDataValue[${index}]`) };
    expect(errorOf(new PduReader(), digits)).toMatchObject(expected);
    expect(errorOf(new PduReader(), ...(digits.replace(/ /g, '').match(/../g) ?? []))).toMatchObject(expected);
  });
});

test('values are counted anew in each P-DATA-TF', () => {
  expect(errorOf(new PduReader(), COMMAND, '0400 00000006 00000000 0103')?.path).toBe(
    'presentationDataValue[0]/itemLength',
  );
});

describe('the announced maximum length', () => {
  const header = (length: number) => `0400${length.toString(16).padStart(8, '0')}`;

  test('lets 6 bytes over pass and refuses more', () => {
    const reader = new PduReader();
    reader.maximumPDataLength = 0x4000;
    expect(reader.maximumPDataLength).toBe(0x4000);
    expect(errorOf(reader, header(0x4006))).toBeUndefined();
    const strict = new PduReader();
    strict.maximumPDataLength = 0x4000;
    expect(errorOf(strict, header(0x4007))?.code).toBe('pdu-over-limit');
  });

  test('stands in place of the limit, also where it is larger', () => {
    const reader = new PduReader({ limits: { pDataTfBytes: 100 } });
    reader.maximumPDataLength = 200;
    expect(errorOf(reader, header(200))).toBeUndefined();
  });

  test('0 means that the limit holds', () => {
    const reader = new PduReader({ limits: { pDataTfBytes: 100 } });
    reader.maximumPDataLength = 50;
    reader.maximumPDataLength = 0;
    expect(errorOf(reader, header(101))?.code).toBe('pdu-over-limit');
  });

  test('holds from the next P-DATA-TF on', () => {
    const reader = new PduReader();
    const log = record();
    reader.push(hex(COMMAND.slice(0, 20)), log.sink);
    reader.maximumPDataLength = 1;
    reader.push(hex(COMMAND.slice(20)), log.sink);
    expect(log.calls.at(-1)).toBe('end');
    expect(errorOf(reader, header(10))?.code).toBe('pdu-over-limit');
  });
});

describe('what it holds', () => {
  test('grows with the bytes that came, not with those that were promised', () => {
    const reader = new PduReader();
    reader.push(hex('0100 00100000'), NO_SINK);
    expect(reader.bufferedBytes).toBe(6);
    reader.push(new Uint8Array(5000), NO_SINK);
    expect(reader.bufferedBytes).toBe(5006);
    expect(reader.isMidPdu).toBe(true);
  });

  test('stays small while a thousand peers promise 1 MiB each', () => {
    const before = process.memoryUsage().arrayBuffers;
    const readers = Array.from({ length: 1000 }, () => new PduReader());
    for (const reader of readers) reader.push(hex('0100 00100000'), NO_SINK);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 2 ** 20);
    expect(readers.every((reader) => reader.bufferedBytes === 6)).toBe(true);
  });

  test('is nothing of a P-DATA-TF but a header that is cut', () => {
    const reader = new PduReader();
    reader.push(hex('0400 00010000 0000fffc 01'), NO_SINK);
    expect(reader.bufferedBytes).toBe(5);
    reader.push(new Uint8Array(9000), NO_SINK);
    expect(reader.bufferedBytes).toBe(0);
    expect(reader.isMidPdu).toBe(true);
  });

  test('tells whether a PDU has begun', () => {
    const reader = new PduReader();
    expect(reader.isMidPdu).toBe(false);
    reader.push(hex('05'), NO_SINK);
    expect(reader.isMidPdu).toBe(true);
    reader.push(hex('00 00000004 00000000'), NO_SINK);
    expect(reader.isMidPdu).toBe(false);
  });

  test('a PDU that was handed over owns its bytes', () => {
    const log = record();
    const request = hex(associate(0x01, '60000002 0102'));
    const chunk = request.slice();
    new PduReader().push(chunk, log.sink);
    chunk.fill(0xff);
    expect(log.pdus).toEqual([decode(request)?.pdu]);
  });
});

describe('ends', () => {
  test('with the error of a malformed PDU, which each later push throws again', () => {
    const reader = new PduReader();
    const error = errorOf(reader, '99');
    expect(error?.code).toBe('unknown-pdu-type');
    expect(errorOf(reader, RELEASE_RQ)).toBe(error);
  });

  test('with what its sink throws', () => {
    const reader = new PduReader();
    const failure = new Error('sink');
    const sink: PduSink = {
      ...NO_SINK,
      fragment() {
        throw failure;
      },
    };
    expect(() => reader.push(hex(COMMAND), sink)).toThrow(failure);
    expect(() => reader.push(hex(RELEASE_RQ), NO_SINK)).toThrow(failure);
  });

  test('when its sink pushes', () => {
    const reader = new PduReader();
    const sink: PduSink = { ...NO_SINK, pdu: () => reader.push(hex(RELEASE_RQ), NO_SINK) };
    expect(() => reader.push(hex(RELEASE_RQ), sink)).toThrow('called by its own sink');
  });

  test.each([
    ['a PDU', (log: ReturnType<typeof record>) => log.pdus.length === 1],
    ['a fragment', (log: ReturnType<typeof record>) => log.views.length === 1],
  ])('when it is stopped at %s: the rest of the chunk and all later ones are discarded', (_name, isReached) => {
    const reader = new PduReader();
    const log = record(() => {
      if (isReached(log)) reader.stop();
    });
    reader.push(hex(`${RELEASE_RQ}${COMMAND}99`), log.sink);
    const calls = [...log.calls];
    reader.push(hex('99'), log.sink);
    reader.push(hex(RELEASE_RQ), log.sink);
    expect(log.calls).toEqual(calls);
    expect(calls.at(-1)).not.toBe('end');
    expect([reader.bufferedBytes, reader.isMidPdu]).toEqual([0, false]);
  });

  test('when it is stopped after an error, which is not thrown again', () => {
    const reader = new PduReader();
    expect(errorOf(reader, '99')).toBeInstanceOf(PduError);
    reader.stop();
    expect(errorOf(reader, '99')).toBeUndefined();
  });

  test('when it is stopped in the middle of a PDU', () => {
    const reader = new PduReader();
    reader.push(hex('0100 00000100 0000'), NO_SINK);
    reader.stop();
    expect([reader.bufferedBytes, reader.isMidPdu]).toEqual([0, false]);
    expect(errorOf(reader, '99')).toBeUndefined();
  });
});
