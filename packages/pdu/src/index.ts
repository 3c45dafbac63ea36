export { type AnnotateOptions, annotate } from './annotate.js';
export type { Annotation } from './annotation.js';
export { type Decoded, type DecodeOptions, decode } from './decode.js';
export { encode } from './encode.js';
export { PduError, type PduErrorCode, type PduErrorDetails } from './errors.js';
export { DEFAULT_LIMITS, type LimitOptions, type Limits } from './limits.js';
export { encodePDataHeader, P_DATA_HEADER_BYTES } from './p-data.js';
export { PduReader, type PduReaderOptions, type PduSink } from './reader.js';
export { type RenderAnnotationOptions, renderAnnotation } from './render-annotation.js';
export type {
  AbortPdu,
  AssociateAcPdu,
  AssociatePduFields,
  AssociateRjPdu,
  AssociateRqPdu,
  AsynchronousOperationsWindow,
  PDataTfPdu,
  Pdu,
  PresentationContextResult,
  PresentationContextResultCode,
  PresentationDataValue,
  ProposedPresentationContext,
  ReleaseRpPdu,
  ReleaseRqPdu,
  RoleSelection,
  SopClassCommonExtendedNegotiation,
  SopClassExtendedNegotiation,
  UnknownItem,
  UnknownPdu,
  UserIdentity,
  UserInformation,
} from './types.js';
