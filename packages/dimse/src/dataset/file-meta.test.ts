import { describe, expect, test } from 'vitest';
import { DataSet } from './data-set.js';
import { encodeDataSet } from './encode.js';
import { readFileMeta } from './file-meta.js';
import { encodeFileMeta } from './file-meta-encode.js';
import type { FileMetaInformation } from './file-meta-types.js';
import { encodePart10, parsePart10 } from './part10.js';
import { concat, hex, toHex } from './testing/bytes.js';
import { TransferSyntax } from './transfer-syntax.js';

const explicit = TransferSyntax.ExplicitVRLittleEndian;

const full: FileMetaInformation = {
  mediaStorageSopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  mediaStorageSopInstanceUid: '1.2.3',
  transferSyntaxUid: explicit,
  implementationClassUid: '1.2.9',
  implementationVersionName: 'TEST',
  sourceApplicationEntityTitle: 'CT1',
  sendingApplicationEntityTitle: 'GATEWAY',
  receivingApplicationEntityTitle: 'ARCHIVE',
  sourcePresentationAddress: 'dicom://a',
  sendingPresentationAddress: 'dicom://b',
  receivingPresentationAddress: 'dicom://c',
  privateInformationCreatorUid: '1.2.10',
  privateInformation: Uint8Array.of(1, 2, 3, 4),
};

const body = encodeDataSet(
  DataSet.from({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', SOPInstanceUID: '1.2.3' }),
  explicit,
);

describe('writing', () => {
  test('all fields come back', () => {
    const bytes = encodeFileMeta(full);
    expect(readFileMeta(concat(bytes, body))).toMatchObject({ meta: full, dataSetOffset: bytes.length, warnings: [] });
  });

  test('is preamble, DICM, group length, version, elements in order', () => {
    const { mediaStorageSopClassUid, mediaStorageSopInstanceUid, transferSyntaxUid } = full;
    const bytes = encodeFileMeta({
      mediaStorageSopClassUid,
      mediaStorageSopInstanceUid,
      transferSyntaxUid,
      implementationClassUid: '1.2',
    });
    expect(toHex(bytes.subarray(0, 132))).toBe(`${'00'.repeat(128)}4449434d`);
    expect(toHex(bytes.subarray(132))).toBe(
      toHex(
        hex(`02000000'UL'0400 66000000 02000100'OB'000002000000 0001 02000200'UI'1a00'1.2.840.10008.5.1.4.1.1.2'00
          02000300'UI'0600'1.2.3'00 02001000'UI'1400'1.2.840.10008.1.2.1'00 02001200'UI'0400'1.2'00`),
      ),
    );
  });

  test('names us unless told otherwise', () => {
    const bytes = encodeFileMeta({ ...full, implementationClassUid: undefined, implementationVersionName: undefined });
    const meta = readFileMeta(bytes)?.meta;
    expect(meta?.implementationClassUid).toMatch(/^2\.25\./);
    expect(meta?.implementationVersionName?.length).toBeLessThanOrEqual(16);
  });

  test.each<[string, Partial<FileMetaInformation>]>([
    ['no SOP class', { mediaStorageSopClassUid: undefined }],
    ['no SOP instance', { mediaStorageSopInstanceUid: undefined }],
    ['a transfer syntax that is no UID', { transferSyntaxUid: 'explicit' }],
    ['a UID of 65 characters', { mediaStorageSopInstanceUid: '1'.repeat(65) }],
    ['an empty UID', { mediaStorageSopInstanceUid: '' }],
    ['an AE title of 17 characters', { sourceApplicationEntityTitle: 'A'.repeat(17) }],
    ['private information without creator', { privateInformationCreatorUid: undefined }],
  ])('refuses %s', (_name, wrong) => {
    expect(() => encodeFileMeta({ ...full, ...wrong })).toThrow(expect.objectContaining({ code: 'invalid-meta' }));
  });

  test('takes a UID whose component has a leading zero, since devices send them', () => {
    const bytes = encodeFileMeta({ ...full, mediaStorageSopInstanceUid: '1.02.3' });
    expect(readFileMeta(bytes)?.meta.mediaStorageSopInstanceUid).toBe('1.02.3');
  });
});

describe('reading', () => {
  test.each([1, 2, 5])('a whole file with %i bytes of data set is not cut off', (length) => {
    const meta = encodeFileMeta(full);
    const bytes = concat(meta, new Uint8Array(length));
    expect(readFileMeta(bytes, { isComplete: true })).toMatchObject({ dataSetOffset: meta.length, warnings: [] });
  });

  const file = concat(encodeFileMeta(full), body);
  const meta = file.subarray(132, file.length - body.length);
  const patched = (at: number, byte: number) => {
    const copy = file.slice();
    copy[at] = byte;
    return copy;
  };

  test('asks for more bytes until all of it is there, and then for none', () => {
    for (let length = 0; length < file.length - body.length; length++) {
      expect(readFileMeta(file.subarray(0, length)), String(length)).toBeUndefined();
    }
    expect(readFileMeta(file.subarray(0, file.length - body.length))).toMatchObject({ meta: full });
  });

  test('a file that ends inside is no DICOM file', () => {
    expect(() => readFileMeta(file.subarray(0, 200), { isComplete: true })).toThrow(
      expect.objectContaining({ code: 'invalid-meta' }),
    );
  });

  test.each<[string, Uint8Array, number]>([
    ['without preamble', file.subarray(128), 1],
    ['without preamble and DICM', meta.length > 0 ? file.subarray(132) : meta, 1],
    ['with a group length too small', patched(140, 1), 1],
    ['with a group length too large', patched(141, 7), 1],
    ['without group length', concat(file.subarray(0, 132), file.subarray(144)), 1],
  ])('%s', (_name, bytes, warnings) => {
    const read = readFileMeta(bytes, { isComplete: true });
    expect(read).toMatchObject({ meta: full });
    expect(toHex(bytes.subarray(read?.dataSetOffset))).toBe(toHex(body));
    expect(read?.warnings.length).toBe(warnings);
  });

  test('meta information in implicit VR', () => {
    const bytes = concat(
      new Uint8Array(128),
      hex("'DICM' 0200100012000000'1.2.840.10008.1.2'00"),
      hex("0800600002000000'CT'"),
    );
    expect(readFileMeta(bytes, { isComplete: true })?.meta.transferSyntaxUid).toBe(
      TransferSyntax.ImplicitVRLittleEndian,
    );
  });

  test.each([
    ['explicit little endian', explicit],
    ['implicit little endian', TransferSyntax.ImplicitVRLittleEndian],
    ['explicit big endian', TransferSyntax.ExplicitVRBigEndian],
  ])('a bare data set in %s', (_name, uid) => {
    const bytes = encodeDataSet(DataSet.from({ SOPClassUID: '1.2', Modality: 'CT' }), uid);
    const file = parsePart10(bytes);
    expect([file.meta, file.dataSetOffset, file.dataSet.get('Modality')]).toEqual([
      { transferSyntaxUid: uid },
      0,
      'CT',
    ]);
    expect(file.warnings.length).toBeGreaterThan(0);
  });

  test('deflated bytes that look like another element of group 2 are left alone', () => {
    const bytes = concat(encodeFileMeta(full), hex('02000203 9999 0000'));
    expect(readFileMeta(bytes)?.dataSetOffset).toBe(bytes.length - 8);
  });

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['text', new TextEncoder().encode('Dear colleague, here is the report that you asked for.')],
    ['a PNG', hex('89504e470d0a1a0a0000000d49484452')],
    ['gzip', hex('1f8b0808c0a1b2c30003')],
    ['zeros', new Uint8Array(1000)],
    [
      'an element of 4 GB in the meta information',
      concat(new Uint8Array(128), hex("'DICM' 02000201'OB'0000ffffff7f 00")),
    ],
    ['an element of undefined length in it', concat(new Uint8Array(128), hex("'DICM' 02000201'OB'0000ffffffff 00"))],
  ])('%s is no DICOM file', (_name, bytes) => {
    expect(() => parsePart10(bytes)).toThrow(expect.objectContaining({ code: 'invalid-meta' }));
  });

  test('a command set may come first', () => {
    const bytes = hex("00000000 04000000 0a000000 00000001 02000000 0100 08006000 02000000 'CT'");
    expect(parsePart10(bytes).dataSet.get('Modality')).toBe('CT');
  });

  test('meta information in big endian', () => {
    const group = hex("00020010'UI'0014'1.2.840.10008.1.2.1'00");
    const bytes = concat(new Uint8Array(128), hex("'DICM' 00020000'UL'0004 0000001c"), group, body);
    const { meta, dataSet, warnings } = parsePart10(bytes);
    expect([meta.transferSyntaxUid, dataSet.get('SOPInstanceUID'), warnings]).toEqual([explicit, '1.2.3', []]);
  });
});

describe('the transfer syntax', () => {
  const { ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian } =
    TransferSyntax;
  const native = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian];
  const image = DataSet.from({
    SpecificCharacterSet: 'ISO_IR 100',
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: '1.2.3',
    StudyDate: '20260131',
    Modality: 'CT',
    ReferencedStudySequence: [{ ReferencedSOPInstanceUID: '1.2.4' }],
    PatientName: 'DOE^JOHN',
    Rows: 16,
    PixelData: new Uint8Array(512),
  });
  const pairs = native.flatMap((stated) => native.map((real) => [stated, real] as const));

  test.each(pairs)('stated as %s is read as %s, which it is', (stated, real) => {
    const bytes = concat(encodeFileMeta({ ...full, transferSyntaxUid: stated }), encodeDataSet(image, real));
    const { meta, dataSet, warnings } = parsePart10(bytes);
    expect([meta.transferSyntaxUid, warnings.length]).toEqual([real, stated === real ? 0 : 1]);
    expect(dataSet.get('PatientName')).toBe('DOE^JOHN');
    expect(dataSet.tags()).toEqual(image.tags());
  });

  test.each(native)('that is not stated is found: %s', (real) => {
    const bare = encodeDataSet(image, real);
    const stateless = concat(new Uint8Array(128), hex("'DICM' 02000200'UI'0200'1'00"), bare);
    expect(parsePart10(stateless)).toMatchObject({ meta: { transferSyntaxUid: real } });
    if (real !== DeflatedExplicitVRLittleEndian) expect(parsePart10(bare).meta.transferSyntaxUid).toBe(real);
  });

  test('that is no UID counts for nothing', () => {
    const bytes = concat(new Uint8Array(128), hex("'DICM' 02001000'UI'0800'explicit'"), body);
    expect(parsePart10(bytes)).toMatchObject({ meta: { transferSyntaxUid: explicit } });
  });

  test.each(['1.2.840.10008.1.2.4.50', '1.2.3.4.5'])('%s is left alone, and implicit elements are read', (stated) => {
    const bytes = concat(
      encodeFileMeta({ ...full, transferSyntaxUid: stated }),
      encodeDataSet(image, ImplicitVRLittleEndian),
    );
    const { meta, dataSet, warnings } = parsePart10(bytes);
    expect([meta.transferSyntaxUid, warnings, dataSet.get('PatientName')]).toEqual([stated, [], 'DOE^JOHN']);
  });

  test('is right for a data set that says too little to doubt it', () => {
    for (const data of ['', "08006000'CS'0200'CT'", "08006000'??'0200'CT'", "f1ff0000'ZZ'0000000000000"]) {
      expect(parsePart10(concat(encodeFileMeta(full), hex(data))).warnings).toEqual([]);
    }
  });
});

describe('more of reading', () => {
  test('private elements of group 2 are at hand', () => {
    const bytes = concat(
      new Uint8Array(128),
      hex("'DICM' 02001000'UI'1400'1.2.840.10008.1.2.1'00 02000302'LO'0200'me'"),
      body,
    );
    expect(readFileMeta(bytes)?.elements.text(0x00020203)).toBe('me');
  });
});

test('a file is written with the UIDs of its data set', () => {
  const dataSet = DataSet.from({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.7', SOPInstanceUID: '1.5', PatientName: 'A' });
  const file = parsePart10(encodePart10(dataSet, { transferSyntaxUid: TransferSyntax.DeflatedExplicitVRLittleEndian }));
  expect(file.meta.mediaStorageSopInstanceUid).toBe('1.5');
  expect(file.dataSet.get('PatientName')).toBe('A');
});
