/** Values of an image, as an application has them. */

/** A CT image of 512 by 512 pixels by keywords, which dcmjs knows as well. */
export function imageValues(): ImageValues {
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: '1.2.3.4.5.6.7.8.9',
    StudyDate: '20260131',
    SeriesDate: '20260131',
    StudyTime: '101500',
    AccessionNumber: 'A4711',
    Modality: 'CT',
    Manufacturer: 'MAKER',
    InstitutionName: 'HOSPITAL',
    StudyDescription: 'THORAX',
    SeriesDescription: 'AXIAL 1.0',
    PatientName: 'DOE^JOHN',
    PatientID: '4711',
    PatientBirthDate: '19700101',
    PatientSex: 'O',
    SliceThickness: 1.25,
    KVP: 120,
    StudyInstanceUID: '1.2.3.4.5.6',
    SeriesInstanceUID: '1.2.3.4.5.6.7',
    StudyID: '1',
    SeriesNumber: 2,
    InstanceNumber: 33,
    ImagePositionPatient: [-125.5, -130.25, 70],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    FrameOfReferenceUID: '1.2.3.4.5',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 512,
    Columns: 512,
    PixelSpacing: [0.488281, 0.488281],
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    WindowCenter: [40],
    WindowWidth: [400],
    RescaleIntercept: -1024,
    RescaleSlope: 1,
    ReferencedImageSequence: [
      { ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.2', ReferencedSOPInstanceUID: '1.2.3.4.5.6.7.8.1' },
      { ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.2', ReferencedSOPInstanceUID: '1.2.3.4.5.6.7.8.2' },
    ],
    PixelData: new Uint8Array(512 * 512 * 2).fill(7),
  };
}

/** The same with four pixels. */
export function headerValues(): ImageValues {
  return { ...imageValues(), Rows: 2, Columns: 2, PixelData: new Uint8Array(8) };
}

/** By keyword: text, numbers, lists, items, and the pixels. */
export type ImageValues = Readonly<Record<string, unknown>> & { readonly PixelData: Uint8Array };
