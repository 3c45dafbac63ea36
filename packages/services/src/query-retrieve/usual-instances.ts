/**
 * What archives hold most of: what to expect of a C-GET when nobody says it.
 */
import { SopClass, TransferSyntax } from '@dicomwire/dimse/dataset';

/** SOP classes of images, which may be compressed. */
export const usualImageSopClasses: readonly string[] = [
  SopClass.CTImageStorage,
  SopClass.MRImageStorage,
  SopClass.ComputedRadiographyImageStorage,
  SopClass.DigitalXRayImageStorageForPresentation,
  SopClass.UltrasoundImageStorage,
  SopClass.UltrasoundMultiFrameImageStorage,
  SopClass.SecondaryCaptureImageStorage,
  SopClass.EnhancedCTImageStorage,
  SopClass.EnhancedMRImageStorage,
  SopClass.EnhancedMRColorImageStorage,
  SopClass.DigitalXRayImageStorageForProcessing,
  SopClass.DigitalMammographyXRayImageStorageForPresentation,
  SopClass.DigitalMammographyXRayImageStorageForProcessing,
  SopClass.BreastTomosynthesisImageStorage,
  SopClass.DigitalIntraOralXRayImageStorageForPresentation,
  SopClass.EnhancedUSVolumeStorage,
  SopClass.MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
  SopClass.MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
  SopClass.MultiFrameTrueColorSecondaryCaptureImageStorage,
  SopClass.XRayAngiographicImageStorage,
  SopClass.EnhancedXAImageStorage,
  SopClass.XRayRadiofluoroscopicImageStorage,
  SopClass.XRay3DAngiographicImageStorage,
  SopClass.NuclearMedicineImageStorage,
  SopClass.PositronEmissionTomographyImageStorage,
  SopClass.EnhancedPETImageStorage,
  SopClass.VLEndoscopicImageStorage,
  SopClass.VideoEndoscopicImageStorage,
  SopClass.VLMicroscopicImageStorage,
  SopClass.VLPhotographicImageStorage,
  SopClass.VLWholeSlideMicroscopyImageStorage,
  SopClass.OphthalmicPhotography8BitImageStorage,
  SopClass.OphthalmicTomographyImageStorage,
  SopClass.SegmentationStorage,
];

/** SOP classes of what is not compressed. */
export const usualOtherSopClasses: readonly string[] = [
  SopClass.RTImageStorage,
  SopClass.RTDoseStorage,
  SopClass.RTStructureSetStorage,
  SopClass.RTPlanStorage,
  SopClass.RTIonPlanStorage,
  SopClass.RTBeamsTreatmentRecordStorage,
  SopClass.BasicTextSRStorage,
  SopClass.EnhancedSRStorage,
  SopClass.ComprehensiveSRStorage,
  SopClass.Comprehensive3DSRStorage,
  SopClass.KeyObjectSelectionDocumentStorage,
  SopClass.XRayRadiationDoseSRStorage,
  SopClass.MammographyCADSRStorage,
  SopClass.GrayscaleSoftcopyPresentationStateStorage,
  SopClass.ColorSoftcopyPresentationStateStorage,
  SopClass.EncapsulatedPDFStorage,
  SopClass.EncapsulatedCDAStorage,
  SopClass.TwelveLeadECGWaveformStorage,
  SopClass.GeneralECGWaveformStorage,
  SopClass.HemodynamicWaveformStorage,
  SopClass.RawDataStorage,
  SopClass.SpatialRegistrationStorage,
  SopClass.DeformableSpatialRegistrationStorage,
  SopClass.ParametricMapStorage,
  SopClass.RealWorldValueMappingStorage,
];

/** Transfer syntaxes that need no codec. */
export const uncompressedTransferSyntaxes: readonly string[] = [
  TransferSyntax.ExplicitVRLittleEndian,
  TransferSyntax.ImplicitVRLittleEndian,
  TransferSyntax.DeflatedExplicitVRLittleEndian,
  TransferSyntax.ExplicitVRBigEndian,
];

/** Compressed with losses as a rule, the commonest first. */
export const usualLossyTransferSyntaxes: readonly string[] = [
  TransferSyntax.JPEGBaseline8Bit,
  TransferSyntax.JPEG2000,
  TransferSyntax.JPEGExtended12Bit,
  TransferSyntax.JPEGLSNearLossless,
  TransferSyntax.HTJ2K,
  TransferSyntax.MPEG2MPML,
  TransferSyntax.MPEG2MPHL,
  TransferSyntax.MPEG4HP41,
  TransferSyntax.MPEG4HP41BD,
  TransferSyntax.HEVCMP51,
];

/** Compressed without losses, the commonest first. */
export const usualLosslessTransferSyntaxes: readonly string[] = [
  TransferSyntax.JPEG2000Lossless,
  TransferSyntax.JPEGLosslessSV1,
  TransferSyntax.JPEGLSLossless,
  TransferSyntax.RLELossless,
  TransferSyntax.JPEGLossless,
  TransferSyntax.HTJ2KLossless,
];
