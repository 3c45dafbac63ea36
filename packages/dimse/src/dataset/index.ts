/** Data sets and Part 10 files, for Node and browsers alike. */
export type { BulkDataRange, BulkDataReference, BulkDataUri } from './bulk-data.js';
export type { Delimiters, OnProblem, TextCodec } from './charset/text-codec.js';
export type { Unencodable } from './charset/unencodable.js';
export { DataElement, type ElementReader } from './data-element.js';
export {
  DataSet,
  type DataSetInput,
  type DataSetObject,
  type DataSetOptions,
  type ElementInput,
  type ElementValue,
} from './data-set.js';
export {
  type Dicomdir,
  type DirectoryFile,
  type DirectoryRecord,
  directoryRecords,
  parseDicomdir,
} from './dicomdir/dicomdir.js';
export { fileIdPath } from './dicomdir/file-id.js';
export { type ElementDefinition, elementDefinition, isKeyword, type Keyword, tagOfKeyword } from './dictionary.js';
export type { Comparable, DataSetDifference, DifferenceKind, DifferenceSide, DiffOptions } from './diff.js';
export { diffDataSets } from './diff-data-sets.js';
export { type DumpOptions, dumpDataSet, dumpPart10 } from './dump/dump.js';
export { ElementMap } from './element-map.js';
export { elementName } from './element-names.js';
export type { ElementTypes } from './element-types.generated.js';
export { type EncodeOptions, encodeDataSet } from './encode.js';
export { DataSetError, type DataSetErrorCode, type DataSetErrorPlace, type DataSetWarning } from './errors.js';
export type {
  CompleteElement,
  CompleteFragment,
  ContainerBegin,
  ContainerEnd,
  DataSetEvent,
  EventPlace,
  LongValueBegin,
  LongValueChunk,
  LongValueEnd,
} from './events/data-set-event.js';
export { type DataSetEventOptions, DataSetEventReader } from './events/data-set-event-reader.js';
export { dataSetEvents } from './events/data-set-events.js';
export { type FileMetaRead, type ReadFileMetaOptions, readFileMeta } from './file-meta.js';
export { encodeFileMeta, fileImplementationClassUid, fileImplementationVersionName } from './file-meta-encode.js';
export type { FileMetaInformation, FileMetaInput } from './file-meta-types.js';
export type { BulkDataRequest } from './json/bulk-data-values.js';
export { type FromDicomJsonOptions, fromDicomJson } from './json/from-json.js';
export type { DicomJsonElement, DicomJsonObject, DicomJsonPersonName, DicomJsonValue } from './json/model.js';
export { type BulkDataElement, resolveBulkData } from './json/resolve-bulk-data.js';
export { stringifyDicomJson } from './json/stringify.js';
export { type ToDicomJsonOptions, toDicomJson } from './json/to-json.js';
export { type DataSetLimits, defaultDataSetLimits, type ResolvedDataSetLimits } from './limits.js';
export { type ParseOptions, parseDataSet, parseElements } from './parse.js';
export { encodePart10, type Part10File, parsePart10 } from './part10.js';
export type { Part10Source, RandomAccessSource } from './part10-source.js';
export type { ElementKey, ElementPath, PathText, TagPath, TagText } from './path/element-path.js';
export type {
  AnyInput,
  AnyValue,
  LastInput,
  LastOfPath,
  LastValue,
  OneOf,
  PathInput,
  PathValue,
} from './path/path-types.js';
export { WalkedElement } from './path/walk.js';
export { builtInCodecs, rleLossless } from './pixel-data/built-in-codecs.js';
export { decodeFrame } from './pixel-data/decode-frames.js';
export {
  type EncapsulatedFrames,
  type EncapsulateOptions,
  encapsulateFrames,
  setEncapsulatedFrames,
} from './pixel-data/encapsulate.js';
export { PixelDataError, type PixelDataErrorCode } from './pixel-data/errors.js';
export type { PixelDataFrame } from './pixel-data/frame.js';
export { type PixelDataFrames, pixelDataFrames } from './pixel-data/frames.js';
export { frameByteLength, type ImagePixel, imagePixelOf } from './pixel-data/image-pixel.js';
export type { DecodedFrame, EncodedFrame, PixelCodec } from './pixel-data/pixel-codec.js';
export { type PixelSamples, pixelSamples } from './pixel-data/samples.js';
export { type TranscodeOptions, transcode } from './pixel-data/transcode.js';
export type { PlainValue } from './plain-value.js';
export type { CreatorReader } from './private/creator.js';
export { PrivateBlock, type PrivateBlockHost } from './private/private-block.js';
export { PrivateDictionary } from './private/private-dictionary.js';
export type { PrivateElementDefinition } from './private/private-element-definition.js';
export { type ReadPart10Options, readPart10 } from './read-part10.js';
export {
  nonPatientObjectStorageSopClasses,
  retiredStorageSopClasses,
  SopClass,
  storageSopClasses,
} from './sop-class.generated.js';
export { DataSetStreamParser, type DataSetStreamParserOptions } from './stream-parser.js';
export { formatTag, isPrivateTag } from './tag.js';
export {
  TransferSyntax,
  type TransferSyntaxInfo,
  transferSyntaxes,
  transferSyntaxInfo,
  transferSyntaxName,
} from './transfer-syntax.js';
export { WellKnownUid } from './uid.generated.js';
export { isValidUid, newUid } from './uid.js';
export { sopClassName, type UidInfo, uidInfo, uidName } from './uid-names.js';
export type {
  KeywordInputs,
  ObjectInputs,
  ShapeInputs,
  ShapeValues,
  TaggedFragments,
  TaggedInput,
  TaggedInputs,
  TaggedReference,
  TaggedValue,
  VrInputs,
  VrValues,
} from './value-types.js';
export { Age, type AgeUnit } from './values/age.js';
export { DateRange } from './values/date-range.js';
export { DateTimeRange } from './values/date-time-range.js';
export { DecimalString } from './values/decimal-string.js';
export { DicomDate } from './values/dicom-date.js';
export { type DateTimeParts, type DateTimePrecision, DicomDateTime } from './values/dicom-date-time.js';
export { DicomTime, type TimeParts, type TimePrecision } from './values/dicom-time.js';
export { IntegerString } from './values/integer-string.js';
export { PersonName, type PersonNameGroup, type PersonNameGroupName } from './values/person-name.js';
export { TimeRange } from './values/time-range.js';
export { isVr, type Vr } from './vr.js';
export { dataSetChunks, part10Chunks, type WritePart10Options } from './write-part10.js';
