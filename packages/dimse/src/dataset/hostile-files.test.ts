/** Files that are cut off, damaged, nested without end or inflate without end, read whole, streamed and in chunks. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.js';
import type { ElementMap } from './element-map.js';
import { DataSetError } from './errors.js';
import { parseDataSet } from './parse.js';
import { encodePart10, type Part10File, parsePart10 } from './part10.js';
import { readPart10 } from './read-part10.js';
import { DataSetStreamParser } from './stream-parser.js';
import { concat, hex, repeated, toHex } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const explicit = TransferSyntax.ExplicitVRLittleEndian;
const deflated = TransferSyntax.DeflatedExplicitVRLittleEndian;

/** Larger files have too many places to be cut at. */
const largestBytes = 1600;

/** Real files beside the repository, and made ones in every uncompressed encoding. */
const files: readonly (readonly [name: string, bytes: Uint8Array])[] = [...madeFiles(), ...realFiles()];

function madeFiles(): [string, Uint8Array][] {
  const image = DataSet.from({
    SpecificCharacterSet: ['', 'ISO 2022 IR 87'],
    ImageType: ['DERIVED', 'SECONDARY'],
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
    SOPInstanceUID: '1.2.3',
    PatientName: 'Yamada^Tarou=山田^太郎',
    ReferencedImageSequence: [{ ReferencedSOPInstanceUID: '1.2.4', PurposeOfReferenceCodeSequence: [{}] }, {}],
    SliceThickness: 1.5,
    Rows: 2,
    Columns: 4,
    PixelData: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  });
  const uncompressed = [explicit, TransferSyntax.ImplicitVRLittleEndian, TransferSyntax.ExplicitVRBigEndian, deflated];
  const made = uncompressed.map((uid): [string, Uint8Array] => [uid, encodePart10(image, { transferSyntaxUid: uid })]);
  image.delete('PixelData');
  const head = encodePart10(image, { transferSyntaxUid: TransferSyntax.RLELossless });
  const undefinedLengths =
    hex(`09001010'UN'0000ffffffff feff00e0ffffffff 2800100002000000 0002 feff0de000000000 feffdde000000000
    400030a7'SQ'0000ffffffff feff00e0ffffffff 400060a1'UT'000004000000'text' feff0de000000000 feff00e000000000 feffdde000000000
    e07f1000'OB'0000ffffffff feff00e000000000 feff00e004000000 01020304 feff00e002000000 0506 feffdde000000000`);
  return [...made, ['fragments and undefined lengths', concat(head, undefinedLengths)]];
}

function realFiles(): [string, Uint8Array][] {
  const directory = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
  if (!existsSync(directory)) {
    console.log('hostile-files.test.ts: no test data beside the repository, made files only');
    return [];
  }
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.dcm$/.test(name) && statSync(join(directory, name)).size <= largestBytes)
    .map((name) => [name, new Uint8Array(readFileSync(join(directory, name)))]);
}

/** Everything that there is, in words; what is damaged, by its code. */
function words(map: ElementMap): string {
  return [...map].map((element) => wordsOf(map, element.tag)).join(' ');
}

function wordsOf(map: ElementMap, tag: number): string {
  return attempt(() => {
    const values = map.values(tag).map((value) => (value instanceof Uint8Array ? toHex(value) : String(value)));
    const fragments = map.fragments(tag)?.map(toHex) ?? [];
    return `${tag} ${map.vr(tag)} ${values} ${fragments} ${map.items(tag).map((item) => `{${words(item)}}`)}`;
  });
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof DataSetError) return error.code;
    throw error;
  }
}

function inWords({ meta, dataSet }: Part10File): string {
  return `${meta.transferSyntaxUid}: ${words(dataSet)}`;
}

async function inChunks(bytes: Uint8Array, size: number, keepTruncated: boolean): Promise<string> {
  const chunks = function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
  };
  try {
    return inWords(await readPart10(chunks(), { keepTruncated, stopBefore: 0xfffc0000, maxBytes: Infinity }));
  } catch (error) {
    if (error instanceof DataSetError) return error.code;
    throw error;
  }
}

/** Read in every way, with the same outcome. */
async function expectAgreement(bytes: Uint8Array, size: number, what: string): Promise<string> {
  for (const keepTruncated of [true, false]) {
    const whole = attempt(() => inWords(parsePart10(bytes, { keepTruncated, stopBefore: 0xfffc0000 })));
    expect(await inChunks(bytes, size, keepTruncated), what).toBe(whole);
  }
  return attempt(() => inWords(parsePart10(bytes)));
}

describe(`small files (FUZZ_SEED=${seed})`, () => {
  test.each(files)('%s, cut off anywhere: what is there, or what is wrong', async (_name, bytes) => {
    for (let length = 0; length < bytes.length; length++) {
      await expectAgreement(bytes.subarray(0, length), 1 + (length % 100), `cut off after ${length}`);
    }
  });

  test.each(files)('%s, damaged anywhere: the same, however it is read', async (_name, bytes) => {
    const change = fc.record({
      at: fc.nat({ max: bytes.length - 1 }),
      byte: fc.constantFrom(0, 1, 2, 0x20, 0x53, 0x7f, 0x80, 0xe0, 0xfe, 0xff),
    });
    const changes = fc.array(change, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(changes, fc.integer({ min: 1, max: 300 }), async (damage, size) => {
        const damaged = bytes.slice();
        for (const { at, byte } of damage) damaged[at] = byte;
        await expectAgreement(damaged, size, 'damaged');
      }),
      { seed, numRuns: Number(process.env.FUZZ_RUNS ?? 40) },
    );
  });
});

/** Memory outside the heap that reading takes at most, bytes. */
function memoryOf(read: () => void): number {
  const before = process.memoryUsage().arrayBuffers;
  read();
  return process.memoryUsage().arrayBuffers - before;
}

describe('lengths that promise what is not there', () => {
  const element = "42001100'OB'0000";
  const beyond: readonly (readonly [name: string, data: Uint8Array])[] = [
    ['an element of 4 GB', hex(`${element} feffffff 00`)],
    ['an element of 1 byte too many', hex(`${element} 03000000 0000`)],
    ['a short element', hex("10001000'PN'ffff'A '")],
    ['an element without VR', hex('10001000feffffff00')],
    ['a sequence', hex("08004011'SQ'0000feffffff feff00e000000000")],
    ['an item of a sequence of undefined length', hex("08004011'SQ'0000ffffffff feff00e0feffffff 00")],
    [
      'an element in an item of undefined length',
      hex("08004011'SQ'0000ffffffff feff00e0ffffffff 10001000'UT'0000feffffff"),
    ],
    ['a fragment', hex("e07f1000'OB'0000ffffffff feff00e000000000 feff00e0feffffff 00")],
    ['a UN of undefined length', hex("09001010'UN'0000ffffffff feff00e0feffffff 00")],
  ];

  test.each(beyond)('%s is cut off to both parsers, and takes no memory', (_name, data) => {
    const truncated = expect.objectContaining({ code: 'truncated' });
    const taken = memoryOf(() => {
      expect(() => parseDataSet(data, explicit)).toThrow(truncated);
      for (const wanted of [undefined, new Set([0x00420011, 0x00100010, 0x00081140, 0x7fe00010, 0x00091010])]) {
        const parser = new DataSetStreamParser({ transferSyntax: explicit, wanted, maxBytes: Infinity });
        parser.write(data);
        expect(() => parser.end()).toThrow(truncated);
      }
      words(parseDataSet(data, explicit, { keepTruncated: true }));
    });
    expect(taken).toBeLessThan(0x100_0000);
  });

  test.each([
    ['of 4 GB', 'ffffffff'],
    ['of 2 GB', '00000080'],
    ['of nothing', '00000000'],
    ['of one byte', '01000000'],
  ])('a file meta group %s is read by its elements', (_name, length) => {
    const [, file = new Uint8Array(0)] = files[0] ?? [];
    const lying = file.slice();
    lying.set(hex(length), 140);
    expect(attempt(() => inWords(parsePart10(lying)))).toBe(inWords(parsePart10(file)));
  });

  test('a group length is not believed', () => {
    const data = hex("08000000'UL'0400ffffffff 08006000'CS'0200'CT' 10000000'UL'040000000000 10001000'PN'0200'A '");
    const dataSet = parseDataSet(data, explicit);
    expect([dataSet.get('Modality'), dataSet.get('PatientName')]).toEqual(['CT', 'A']);
  });
});

describe('nesting of 100,000', () => {
  const opened = repeated(hex("08004011'SQ'0000ffffffff feff00e0ffffffff"), 100_000);
  const unknown = repeated(hex("09001010'UN'0000ffffffff feff00e0ffffffff"), 100_000);
  const meta = encodePart10(DataSet.from({ SOPClassUID: '1.2', SOPInstanceUID: '1.3' }), {
    transferSyntaxUid: explicit,
  });

  test.each([
    ['sequences', opened],
    [
      'UN',
      concat(
        hex("09001010'UN'0000ffffffff feff00e0ffffffff"),
        repeated(hex('08004011ffffffff feff00e0ffffffff'), 100_000),
      ),
    ],
    ['UN with VRs', unknown],
  ])('in a file is an error, whole and in chunks (%s)', async (_name, nested) => {
    const file = concat(meta, nested);
    expect(attempt(() => inWords(parsePart10(file)))).toBe('nesting-too-deep');
    expect(await inChunks(file, 1000, false)).toBe('nesting-too-deep');
    expect(await inChunks(file, 1000, true)).toBe('nesting-too-deep');
  });
});

describe('bombs', () => {
  /** 16 MiB of zeros, which may be repeated: a gigabyte in a megabyte. */
  const piece = new Uint8Array(deflateRawSync(new Uint8Array(0x100_0000), { finishFlush: constants.Z_FULL_FLUSH }));
  const bomb = repeated(piece, 64);

  function streamed(limits: { readonly maxInflatedBytes?: number; readonly maxInflationRatio?: number }): void {
    const parser = new DataSetStreamParser({ transferSyntax: deflated, limits });
    for (let at = 0; at < bomb.length; at += 1000) parser.write(bomb.subarray(at, at + 1000));
    parser.end();
  }

  test.each([
    ['by their ratio', {}],
    ['by their size', { maxInflatedBytes: 0x200_0000, maxInflationRatio: 10_000 }],
  ])('are stopped %s, in bounded memory', (_name, limits) => {
    const tooLarge = expect.objectContaining({ code: 'too-large' });
    const taken = memoryOf(() => {
      expect(() => parseDataSet(bomb, deflated, { limits })).toThrow(tooLarge);
      expect(() => parseDataSet(bomb, deflated, { limits, keepTruncated: true })).toThrow(tooLarge);
      expect(() => streamed(limits)).toThrow(tooLarge);
    });
    expect(taken).toBeLessThan(0x1800_0000);
  });

  test('in a file are stopped as well', async () => {
    const head = encodePart10(DataSet.from({ SOPClassUID: '1.2', SOPInstanceUID: '1.3' }), {
      transferSyntaxUid: explicit,
    });
    const at = Buffer.from(head).indexOf('1.2.840.10008.1.2.1');
    const file = concat(
      head.subarray(0, at - 8),
      hex("02001000'UI'1600'1.2.840.10008.1.2.1.99'"),
      head.subarray(at + 20),
    );
    const { dataSetOffset } = parsePart10(file, { keepTruncated: true });
    const bombed = concat(file.subarray(0, dataSetOffset), bomb);
    expect(attempt(() => inWords(parsePart10(bombed)))).toBe('too-large');
    expect(await inChunks(bombed, 1000, false)).toBe('too-large');
  });
});
