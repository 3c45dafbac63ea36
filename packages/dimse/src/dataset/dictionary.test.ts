import { describe, expect, test } from 'vitest';
import { elementDefinition, isKeyword, tagOfKeyword } from './dictionary.js';
import { elementName } from './element-names.js';

describe('the dictionary', () => {
  test.each([
    ['PatientName', 0x00100010, ['PN'], '1'],
    ['ImageType', 0x00080008, ['CS'], '2-n'],
    ['PixelData', 0x7fe00010, ['OB', 'OW'], '1'],
    ['SmallestImagePixelValue', 0x00280106, ['US', 'SS'], '1'],
    ['TransferSyntaxUID', 0x00020010, ['UI'], '1'],
    ['DirectoryRecordSequence', 0x00041220, ['SQ'], '1'],
    ['DataSetTrailingPadding', 0xfffcfffc, ['OB'], '1'],
  ])('knows %s', (keyword, tag, vrs, vm) => {
    expect(tagOfKeyword(keyword)).toBe(tag);
    expect(elementDefinition(tag)).toMatchObject({ tag, keyword, vrs, vm, isRetired: false });
  });

  test.each([
    [0x60000010, 'OverlayRows', ['US']],
    [0x60fe3000, 'OverlayData', ['OB', 'OW']],
    [0x50020005, 'CurveDimensions', ['US']],
  ])('knows repeating groups by pattern: %i', (tag, keyword, vrs) => {
    expect(elementDefinition(tag)).toMatchObject({ tag, keyword, vrs });
  });

  test('knows private creators and group lengths by rule', () => {
    expect(elementDefinition(0x00090010)?.vrs).toEqual(['LO']);
    expect(elementDefinition(0x00110000)?.vrs).toEqual(['UL']);
    expect(elementDefinition(0x00091001)).toBeUndefined();
  });

  test('has no command elements, items or names from Object', () => {
    expect(['CommandField', 'Item', 'constructor', '__proto__', ''].map(isKeyword)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(elementDefinition(0xfffee000)).toBeUndefined();
  });

  test.each([
    [0x00100010, "Patient's Name"],
    [0x00280010, 'Rows'],
    [0x0020000d, 'Study Instance UID'],
    [0x00080018, 'SOP Instance UID'],
    [0x00189073, 'Acquisition Duration'],
    [0x60020010, 'Overlay Rows'],
    [0x00091001, '(0009,1001)'],
  ])('names %i as PS3.6 does', (tag, name) => {
    expect(elementName(tag)).toBe(name);
  });
});
