import { expectTypeOf, test } from 'vitest';
import { DataSet, type ElementInput, type ElementValue } from './data-set.js';

// Of every VR, and of every kind of value multiplicity, one keyword at least: what PS3.6 says of it is beside it.

test('one value or none, by VR', () => {
  expectTypeOf<ElementValue<'StationAETitle'>>().toEqualTypeOf<string | undefined>(); // AE, 1
  expectTypeOf<ElementValue<'PatientAge'>>().toEqualTypeOf<string | undefined>(); // AS, 1
  expectTypeOf<ElementValue<'DimensionIndexPointer'>>().toEqualTypeOf<number | undefined>(); // AT, 1
  expectTypeOf<ElementValue<'Modality'>>().toEqualTypeOf<string | undefined>(); // CS, 1
  expectTypeOf<ElementValue<'StudyDate'>>().toEqualTypeOf<string | undefined>(); // DA, 1
  expectTypeOf<ElementValue<'SliceThickness'>>().toEqualTypeOf<number | undefined>(); // DS, 1
  expectTypeOf<ElementValue<'AcquisitionDateTime'>>().toEqualTypeOf<string | undefined>(); // DT, 1
  expectTypeOf<ElementValue<'RTVFlowActualFrameDuration'>>().toEqualTypeOf<number | undefined>(); // FD, 1
  expectTypeOf<ElementValue<'RecommendedDisplayFrameRateInFloat'>>().toEqualTypeOf<number | undefined>(); // FL, 1
  expectTypeOf<ElementValue<'InstanceNumber'>>().toEqualTypeOf<number | undefined>(); // IS, 1
  expectTypeOf<ElementValue<'PatientID'>>().toEqualTypeOf<string | undefined>(); // LO, 1
  expectTypeOf<ElementValue<'ExtendedCodeMeaning'>>().toEqualTypeOf<string | undefined>(); // LT, 1
  expectTypeOf<ElementValue<'EncapsulatedDocument'>>().toEqualTypeOf<Uint8Array | undefined>(); // OB, 1
  expectTypeOf<ElementValue<'DoubleFloatPixelData'>>().toEqualTypeOf<Uint8Array | undefined>(); // OD, 1
  expectTypeOf<ElementValue<'FloatPixelData'>>().toEqualTypeOf<Uint8Array | undefined>(); // OF, 1
  expectTypeOf<ElementValue<'LongPrimitivePointIndexList'>>().toEqualTypeOf<Uint8Array | undefined>(); // OL, 1
  expectTypeOf<ElementValue<'ExtendedOffsetTable'>>().toEqualTypeOf<Uint8Array | undefined>(); // OV, 1
  expectTypeOf<ElementValue<'RedPaletteColorLookupTableData'>>().toEqualTypeOf<Uint8Array | undefined>(); // OW, 1
  expectTypeOf<ElementValue<'PatientName'>>().toEqualTypeOf<string | undefined>(); // PN, 1
  expectTypeOf<ElementValue<'AccessionNumber'>>().toEqualTypeOf<string | undefined>(); // SH, 1
  expectTypeOf<ElementValue<'ReferencePixelX0'>>().toEqualTypeOf<number | undefined>(); // SL, 1
  expectTypeOf<ElementValue<'TagAngleSecondAxis'>>().toEqualTypeOf<number | undefined>(); // SS, 1
  expectTypeOf<ElementValue<'InstitutionAddress'>>().toEqualTypeOf<string | undefined>(); // ST, 1
  expectTypeOf<ElementValue<'StudyTime'>>().toEqualTypeOf<string | undefined>(); // TM, 1
  expectTypeOf<ElementValue<'LongCodeValue'>>().toEqualTypeOf<string | undefined>(); // UC, 1
  expectTypeOf<ElementValue<'StudyInstanceUID'>>().toEqualTypeOf<string | undefined>(); // UI, 1
  expectTypeOf<ElementValue<'RTVFlowRTPSamplingRate'>>().toEqualTypeOf<number | undefined>(); // UL, 1
  expectTypeOf<ElementValue<'SelectorUNValue'>>().toEqualTypeOf<Uint8Array | undefined>(); // UN, 1
  expectTypeOf<ElementValue<'RetrieveURL'>>().toEqualTypeOf<string | undefined>(); // UR, 1
  expectTypeOf<ElementValue<'Rows'>>().toEqualTypeOf<number | undefined>(); // US, 1
  expectTypeOf<ElementValue<'TextValue'>>().toEqualTypeOf<string | undefined>(); // UT, 1
  expectTypeOf<ElementValue<'FileOffsetInContainer'>>().toEqualTypeOf<bigint | undefined>(); // UV, 1
});

test('several values are a list, by VR', () => {
  expectTypeOf<ElementValue<'RetrieveAETitle'>>().toEqualTypeOf<readonly string[]>(); // AE, 1-n
  expectTypeOf<ElementValue<'SelectorASValue'>>().toEqualTypeOf<readonly string[]>(); // AS, 1-n
  expectTypeOf<ElementValue<'FrameIncrementPointer'>>().toEqualTypeOf<readonly number[]>(); // AT, 1-n
  expectTypeOf<ElementValue<'ImageType'>>().toEqualTypeOf<readonly string[]>(); // CS, 2-n
  expectTypeOf<ElementValue<'PatientOrientation'>>().toEqualTypeOf<readonly string[]>(); // CS, 2
  expectTypeOf<ElementValue<'CalibrationDate'>>().toEqualTypeOf<readonly string[]>(); // DA, 1-n
  expectTypeOf<ElementValue<'PixelSpacing'>>().toEqualTypeOf<readonly number[]>(); // DS, 2
  expectTypeOf<ElementValue<'ImagePositionPatient'>>().toEqualTypeOf<readonly number[]>(); // DS, 3
  expectTypeOf<ElementValue<'ImageOrientationPatient'>>().toEqualTypeOf<readonly number[]>(); // DS, 6
  expectTypeOf<ElementValue<'ContourData'>>().toEqualTypeOf<readonly number[]>(); // DS, 3-3n
  expectTypeOf<ElementValue<'ReferencedDateTime'>>().toEqualTypeOf<readonly string[]>(); // DT, 1-n
  expectTypeOf<ElementValue<'TimeRange'>>().toEqualTypeOf<readonly number[]>(); // FD, 2
  expectTypeOf<ElementValue<'LocalizingCursorPosition'>>().toEqualTypeOf<readonly number[]>(); // FL, 2
  expectTypeOf<ElementValue<'ReferencedFrameNumber'>>().toEqualTypeOf<readonly number[]>(); // IS, 1-n
  expectTypeOf<ElementValue<'PixelAspectRatio'>>().toEqualTypeOf<readonly number[]>(); // IS, 2
  expectTypeOf<ElementValue<'OtherPatientIDs'>>().toEqualTypeOf<readonly string[]>(); // LO, 1-n
  expectTypeOf<ElementValue<'OtherPatientNames'>>().toEqualTypeOf<readonly string[]>(); // PN, 1-n
  expectTypeOf<ElementValue<'ReferringPhysicianTelephoneNumbers'>>().toEqualTypeOf<readonly string[]>(); // SH, 1-n
  expectTypeOf<ElementValue<'RationalNumeratorValue'>>().toEqualTypeOf<readonly number[]>(); // SL, 1-n
  expectTypeOf<ElementValue<'CenterOfCircularExposureControlSensingRegion'>>().toEqualTypeOf<readonly number[]>(); // SS, 2
  expectTypeOf<ElementValue<'SelectorSVValue'>>().toEqualTypeOf<readonly bigint[]>(); // SV, 1-n
  expectTypeOf<ElementValue<'CalibrationTime'>>().toEqualTypeOf<readonly string[]>(); // TM, 1-n
  expectTypeOf<ElementValue<'EthnicGroups'>>().toEqualTypeOf<readonly string[]>(); // UC, 1-n
  expectTypeOf<ElementValue<'RelatedGeneralSOPClassUID'>>().toEqualTypeOf<readonly string[]>(); // UI, 1-n
  expectTypeOf<ElementValue<'SelectorULValue'>>().toEqualTypeOf<readonly number[]>(); // UL, 1-n
  expectTypeOf<ElementValue<'AcquisitionMatrix'>>().toEqualTypeOf<readonly number[]>(); // US, 4
  expectTypeOf<ElementValue<'SelectorUVValue'>>().toEqualTypeOf<readonly bigint[]>(); // UV, 1-n
});

test('where the context decides the VR', () => {
  expectTypeOf<ElementValue<'SmallestImagePixelValue'>>().toEqualTypeOf<number | undefined>(); // US or SS, 1
  expectTypeOf<ElementValue<'GrayLookupTableDescriptor'>>().toEqualTypeOf<readonly number[]>(); // US or SS, 3
  expectTypeOf<ElementValue<'DarkCurrentCounts'>>().toEqualTypeOf<Uint8Array | undefined>(); // OB or OW, 1
  expectTypeOf<ElementValue<'LUTData'>>().toEqualTypeOf<readonly number[] | Uint8Array>(); // US or OW, 1-n or 1
  expectTypeOf<ElementValue<'GrayLookupTableData'>>().toEqualTypeOf<readonly number[] | Uint8Array>(); // US or SS or OW, 1-n or 1
});

test('sequences are data sets', () => {
  expectTypeOf<ElementValue<'ReferencedSeriesSequence'>>().toEqualTypeOf<readonly DataSet[]>();
  expectTypeOf(new DataSet().get('ReferencedSeriesSequence')[0]?.get('SeriesInstanceUID')).toEqualTypeOf<
    string | undefined
  >();
});

test('what is written: numbers in strings as either, null for nothing, one value where several may be', () => {
  expectTypeOf<ElementInput<'StationAETitle'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'PatientAge'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'DimensionIndexPointer'>>().toEqualTypeOf<number | null>();
  expectTypeOf<ElementInput<'Modality'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'StudyDate'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'SliceThickness'>>().toEqualTypeOf<number | string | null>();
  expectTypeOf<ElementInput<'AcquisitionDateTime'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'RTVFlowActualFrameDuration'>>().toEqualTypeOf<number | null>();
  expectTypeOf<ElementInput<'RecommendedDisplayFrameRateInFloat'>>().toEqualTypeOf<number | null>();
  expectTypeOf<ElementInput<'InstanceNumber'>>().toEqualTypeOf<number | string | null>();
  expectTypeOf<ElementInput<'PatientID'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'ExtendedCodeMeaning'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'EncapsulatedDocument'>>().toEqualTypeOf<Uint8Array | null>();
  expectTypeOf<ElementInput<'DoubleFloatPixelData'>>().toEqualTypeOf<Uint8Array | null>();
  expectTypeOf<ElementInput<'FloatPixelData'>>().toEqualTypeOf<Uint8Array | null>();
  expectTypeOf<ElementInput<'LongPrimitivePointIndexList'>>().toEqualTypeOf<Uint8Array | null>();
  expectTypeOf<ElementInput<'ExtendedOffsetTable'>>().toEqualTypeOf<Uint8Array | null>();
  expectTypeOf<ElementInput<'RedPaletteColorLookupTableData'>>().toEqualTypeOf<Uint8Array | null>();
  expectTypeOf<ElementInput<'PatientName'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'AccessionNumber'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'ReferencePixelX0'>>().toEqualTypeOf<number | null>();
  expectTypeOf<ElementInput<'TagAngleSecondAxis'>>().toEqualTypeOf<number | null>();
  expectTypeOf<ElementInput<'InstitutionAddress'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'StudyTime'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'LongCodeValue'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'StudyInstanceUID'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'RTVFlowRTPSamplingRate'>>().toEqualTypeOf<number | null>();
  expectTypeOf<ElementInput<'SelectorUNValue'>>().toEqualTypeOf<Uint8Array | null>();
  expectTypeOf<ElementInput<'RetrieveURL'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'Rows'>>().toEqualTypeOf<number | null>();
  expectTypeOf<ElementInput<'TextValue'>>().toEqualTypeOf<string | null>();
  expectTypeOf<ElementInput<'FileOffsetInContainer'>>().toEqualTypeOf<bigint | number | null>();
  expectTypeOf<ElementInput<'ImageType'>>().toEqualTypeOf<string | readonly string[] | null>();
  expectTypeOf<ElementInput<'PixelSpacing'>>().toEqualTypeOf<number | string | readonly (number | string)[] | null>();
  expectTypeOf<ElementInput<'SmallestImagePixelValue'>>().toEqualTypeOf<number | null>();
  expectTypeOf<ElementInput<'LUTData'>>().toEqualTypeOf<number | readonly number[] | Uint8Array | null>();
  expectTypeOf<DataSet>().toExtend<NonNullable<ElementInput<'ReferencedSeriesSequence'>>[number]>();
  expectTypeOf<{ readonly SeriesInstanceUID: string }>().toExtend<
    NonNullable<ElementInput<'ReferencedSeriesSequence'>>[number]
  >();
});

test('by path, the type is that of its end', () => {
  const dataSet = new DataSet();
  expectTypeOf(dataSet.get('RequestAttributesSequence[0].ScheduledProcedureStepID')).toEqualTypeOf<
    string | undefined
  >();
  expectTypeOf(dataSet.get('SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing')).toEqualTypeOf<
    readonly number[]
  >();
  expectTypeOf(dataSet.get('ReferencedSeriesSequence[0]')).toEqualTypeOf<DataSet | undefined>();
});

test('a wrong keyword or value is refused by the compiler', () => {
  const dataSet = new DataSet();
  const refused = [
    // @ts-expect-error: no keyword of PS3.6
    () => dataSet.set('PatientsName', 'DOE'),
    // @ts-expect-error: Rows is a number
    () => dataSet.set('Rows', '512'),
    // @ts-expect-error: a sequence takes a list
    () => dataSet.set('ReferencedSeriesSequence', { SeriesInstanceUID: '1.2' }),
    // @ts-expect-error: an item has types as well
    () => DataSet.from({ ReferencedSeriesSequence: [{ SeriesInstanceUID: 12 }] }),
  ];
  for (const refusal of refused) expectTypeOf(refusal).toBeFunction();
});
