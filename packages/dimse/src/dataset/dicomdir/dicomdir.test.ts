import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataSet, type DataSetInput } from '../data-set.js';
import { contentsOf } from '../element-map.js';
import { DataSetError } from '../errors.js';
import { encodePart10, parsePart10 } from '../part10.js';
import { TransferSyntax } from '../transfer-syntax.js';
import { type Dicomdir, type DirectoryRecord, directoryRecords, parseDicomdir } from './dicomdir.js';
import { fileIdPath } from './file-id.js';

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const runs = { seed, numRuns: Number(process.env.FUZZ_RUNS ?? 300) };

/** A record by its name, and the names of those that it leads to. */
interface Plan {
  readonly name: string;
  readonly type: string;
  readonly next?: string;
  readonly lower?: string;
  readonly inUse?: number;
  readonly more?: DataSetInput;
}

const patients: readonly Plan[] = [
  { name: 'p1', type: 'PATIENT', next: 'p2', lower: 's1' },
  { name: 's1', type: 'STUDY', lower: 'e1' },
  { name: 'e1', type: 'SERIES', next: 'e2', lower: 'i1' },
  { name: 'i1', type: 'IMAGE', next: 'i2' },
  { name: 'i2', type: 'IMAGE' },
  { name: 'e2', type: 'SERIES', lower: 'i3' },
  { name: 'i3', type: 'IMAGE' },
  { name: 'p2', type: 'PATIENT' },
];
const tree = 'p1(s1(e1(i1 i2) e2(i3))) p2';

/** The bytes of a DICOMDIR; `offset` may make what it likes of the offsets of names. */
function written(
  plans: readonly Plan[],
  first: string,
  offset: (name: string, right: number) => number = (_name, right) => right,
): Uint8Array {
  const offsets = new Map<string, number>();
  const encode = () => {
    const at = (name: string | undefined) => (name === undefined ? 0 : offset(name, offsets.get(name) ?? 0));
    const dataSet = DataSet.from({
      FileSetID: 'SET',
      OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity: at(first),
      DirectoryRecordSequence: plans.map(({ name, type, next, lower, inUse, more }) => ({
        OffsetOfTheNextDirectoryRecord: at(next),
        RecordInUseFlag: inUse ?? 0xffff,
        OffsetOfReferencedLowerLevelDirectoryEntity: at(lower),
        DirectoryRecordType: type,
        IconImageSequence: null,
        SeriesDescription: name,
        ...more,
      })),
    });
    return encodePart10(dataSet, {
      mediaStorageSopClassUid: '1.2.840.10008.1.3.10',
      mediaStorageSopInstanceUid: '1.2.3',
      transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian,
    });
  };
  const { dataSet, dataSetOffset } = parsePart10(encode());
  dataSet.items('DirectoryRecordSequence').forEach((item, index) => {
    offsets.set(plans[index]?.name ?? '', dataSetOffset + contentsOf(item).start - 8);
  });
  return encode();
}

function drawn(records: readonly DirectoryRecord[]): string {
  return records
    .map(({ dataSet, children }) => {
      const name = dataSet.text('SeriesDescription') ?? '?';
      return children.length === 0 ? name : `${name}(${drawn(children)})`;
    })
    .join(' ');
}

function changed(changes: Readonly<Record<string, Partial<Plan>>>): Plan[] {
  return patients.map((plan) => ({ ...plan, ...changes[plan.name] }));
}

function read(plans: readonly Plan[], first = 'p1', offset?: Parameters<typeof written>[2]): Dicomdir {
  return parseDicomdir(written(plans, first, offset));
}

describe('the tree', () => {
  test('is that of the offsets', () => {
    const directory = read(patients);
    expect([drawn(directory.records), directory.fileSetId, directory.warnings]).toEqual([tree, 'SET', []]);
    const names = [...directoryRecords(directory)].map(({ dataSet }) => dataSet.text('SeriesDescription'));
    expect(names).toEqual(['p1', 's1', 'e1', 'i1', 'i2', 'e2', 'i3', 'p2']);
  });

  test('does not depend on the order of records', () => {
    const { records, warnings } = read([...patients].reverse());
    expect([drawn(records), warnings]).toEqual([tree, []]);
  });

  test('has no records that are not in use, nor what is beneath them', () => {
    expect(drawn(read(changed({ e1: { inUse: 0 } })).records)).toBe('p1(s1(e2(i3))) p2');
    expect(drawn(read(changed({ p1: { inUse: 0 } })).records)).toBe('p2');
  });

  test('of an empty directory is empty', () => {
    expect(read([], '').records).toEqual([]);
  });

  test.each([
    ['first of all', () => read(patients, '')],
    ['first of all, elsewhere', () => read(patients, 'p1', (name, right) => (name === 'p1' ? right + 3 : right))],
    ['first of all, in the middle', () => read(patients, 'i3')],
    [
      'next of a patient',
      () => read(changed({ p1: { next: 'none' } }), 'p1', (name, right) => (name === 'none' ? 77 : right)),
    ],
    [
      'lower of a study',
      () => read(changed({ s1: { lower: 'none' } }), 'p1', (name, right) => (name === 'none' ? 77 : right)),
    ],
    [
      'next of a series',
      () => read(changed({ e1: { next: 'none' } }), 'p1', (name, right) => (name === 'none' ? 77 : right)),
    ],
  ])('is the same with a wrong offset: %s', (_name, reading) => {
    const { records, warnings } = reading();
    expect(drawn(records)).toBe(tree);
    expect(warnings.length).toBeGreaterThan(0);
  });

  test.each([0, 1, 500])('is the same without any offset, and with all of them wrong by the same (%d)', (by) => {
    expect(drawn(read(patients, 'p1', () => 0).records)).toBe(tree);
    const { records, warnings } = read(patients, 'p1', (_name, right) => (right === 0 ? 0 : right + by));
    expect([drawn(records), warnings.length]).toEqual([tree, by === 0 ? 0 : 1]);
  });

  test('has no circles, and each record once', () => {
    for (const changes of [
      { i2: { next: 'i1' } },
      { i2: { lower: 's1' } },
      { p2: { next: 'p1' } },
      { e2: { lower: 'i1' } },
    ]) {
      const directory = read(changed(changes));
      const names = [...directoryRecords(directory)].map(({ offset }) => offset);
      expect(new Set(names).size).toBe(names.length);
      expect(names.length).toBe(8);
      expect(directory.warnings.length).toBeGreaterThan(0);
    }
  });

  test('is not deeper than can be walked', () => {
    const chain = Array.from({ length: 5000 }, (_, index) => ({
      name: `r${index}`,
      type: 'PRIVATE',
      lower: `r${index + 1}`,
    }));
    const directory = read(chain, 'r0');
    const depth = (records: readonly DirectoryRecord[]): number =>
      records.length === 0 ? 0 : 1 + Math.max(...records.map(({ children }) => depth(children)));
    expect(depth(directory.records)).toBeLessThan(20);
    expect([...directoryRecords(directory)].length).toBe(5000);
  });

  test(`holds every record in use whatever the offsets (FUZZ_SEED=${seed})`, () => {
    const anyName = fc.option(fc.constantFrom(...patients.map(({ name }) => name), 'none'), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.tuple(anyName, anyName), { minLength: 8, maxLength: 8 }), anyName, (links, first) => {
        const plans = patients.map(({ name, type }, index): Plan => {
          const [next, lower] = links[index] ?? [];
          return { name, type, ...(next !== undefined && { next }), ...(lower !== undefined && { lower }) };
        });
        const directory = read(plans, first ?? '', (name, right) => (name === 'none' ? 5 : right));
        expect([...directoryRecords(directory)].map(({ offset }) => offset).sort().length).toBe(8);
        expect(new Set(directoryRecords(directory)).size).toBe(8);
      }),
      runs,
    );
  });

  test('a file cut off anywhere, or damaged, gives what is there or a DataSetError', () => {
    const bytes = written(patients, 'p1');
    const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), fc.nat(), (changes, cut) => {
        const damaged = bytes.slice(0, 200 + (cut % (bytes.length - 199)));
        for (const { at, byte } of changes) damaged[132 + (at % (damaged.length - 132))] = byte;
        try {
          expect([...directoryRecords(parseDicomdir(damaged))].length).toBeLessThanOrEqual(100);
        } catch (error) {
          if (!(error instanceof DataSetError)) throw error;
        }
      }),
      runs,
    );
  });

  test('what is no directory is an error', () => {
    const bytes = encodePart10(DataSet.from({ SOPClassUID: '1.2', SOPInstanceUID: '1.3' }), {
      transferSyntaxUid: TransferSyntax.ExplicitVRLittleEndian,
    });
    expect(() => parseDicomdir(bytes)).toThrow(expect.objectContaining({ code: 'invalid-meta' }));
    expect(() => parseDicomdir(new Uint8Array(500))).toThrow(DataSetError);
  });
});

describe('files', () => {
  test('are what records refer to', () => {
    const more = {
      ReferencedFileID: ['DICOM', 'IM1'],
      ReferencedSOPClassUIDInFile: '1.2',
      ReferencedSOPInstanceUIDInFile: '1.2.3',
      ReferencedTransferSyntaxUIDInFile: '1.2.840.10008.1.2.1',
    };
    const { records } = read([{ name: 'i', type: 'IMAGE', more }], 'i');
    expect(records[0]?.file).toEqual({
      fileId: ['DICOM', 'IM1'],
      path: 'DICOM/IM1',
      sopClassUid: '1.2',
      sopInstanceUid: '1.2.3',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
    });
    expect(read(patients).records[0]?.file).toBeUndefined();
  });

  test('may be those of a multi-referenced file record', () => {
    const plans: Plan[] = [
      { name: 'i', type: 'IMAGE' },
      { name: 'm', type: 'MRDR', more: { ReferencedFileID: ['A'] } },
    ];
    const { dataSet, dataSetOffset } = parsePart10(written(plans, 'i'));
    const mrdr = dataSet.items('DirectoryRecordSequence')[1];
    const offset = dataSetOffset + (mrdr === undefined ? 0 : contentsOf(mrdr).start) - 8 + 12;
    const referring = { ...plans[0], name: 'i', type: 'IMAGE', more: { MRDRDirectoryRecordOffset: offset } };
    const { records, warnings } = read([referring, plans[1] ?? referring], 'i');
    expect([records.map(({ file }) => file?.path), warnings]).toEqual([['A'], []]);
  });

  test.each<[readonly string[], string | undefined]>([
    [['DICOM', 'PAT_1', 'IM000001'], 'DICOM/PAT_1/IM000001'],
    [['dicom', 'image-1.dcm'], 'dicom/image-1.dcm'],
    [['DICOM/PAT1', 'IM1'], 'DICOM/PAT1/IM1'],
    [['Bild 1', 'Größe'], 'Bild 1/Größe'],
    [[], undefined],
    [[''], undefined],
    [['A', ''], undefined],
    [['.'], undefined],
    [['..', 'A'], undefined],
    [['A', '..'], undefined],
    [['A/../../B'], undefined],
    [['/etc/passwd'], undefined],
    [['A\\..\\B'], undefined],
    [['C:', 'A'], undefined],
    [['A', 'B:stream'], undefined],
    [['A\0'], undefined],
    [['A\n'], undefined],
    [['A.'], undefined],
    [[' A'], undefined],
    [['A '], undefined],
    [['NUL'], undefined],
    [['con.dcm'], undefined],
    [['COM1', 'A'], undefined],
    [['A\u202eB'], undefined],
    [['~'], '~'],
    [['A'.repeat(256)], undefined],
    [new Array<string>(33).fill('A'), undefined],
  ])('%j is the path %j', (fileId, path) => {
    expect(fileIdPath(fileId)).toBe(path);
  });
});
