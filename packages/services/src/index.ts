/**
 * DICOM service classes, user and provider: what an application entity does.
 */
// The vocabulary of messages and associations that users of services meet.
export {
  AssociationAbortedError,
  type AssociationEnd,
  AssociationError,
  type AssociationErrorCode,
  AssociationRejectedError,
  AssociationTimeoutError,
  type Clock,
  type CommandSet,
  type DataSetSink,
  type DataSetSource,
  type DataSetStream,
  DimseError,
  type DimseErrorCode,
  describeStatus,
  type Endpoint,
  type IdentityClaim,
  type IdentityVerdict,
  type IncomingDataSet,
  type IncomingMessage,
  type IncomingRequest,
  type InterceptedMessage,
  type Interception,
  type Invoker,
  type MessageChange,
  type MessageSender,
  type ObservedMessage,
  type OutgoingResponse,
  type PemSource,
  type ProposedIdentity,
  type RawMessage,
  type RawMessageHandler,
  type RequestType,
  readPart10File,
  type SessionInterceptor,
  type SessionObserver,
  Status,
  StatusError,
  type StatusErrorDetails,
  statusCategory,
  type TlsConnectOptions,
  type TlsIdentity,
  type TlsOptions,
  type TlsServerOptions,
  type UserCredentials,
  type UserIdentityOptions,
  type VerifiedIdentity,
} from '@dicomwire/dimse';
export {
  DataSet,
  DataSetError,
  type DataSetInput,
  DataSetStreamParser,
  type DataSetStreamParserOptions,
  encodeDataSet,
  encodeFileMeta,
  type FileMetaInformation,
  type FileMetaRead,
  type PixelCodec,
  parseDataSet,
  type ReadFileMetaOptions,
  readFileMeta,
  sopClassName,
  TransferSyntax,
  transferSyntaxInfo,
  transferSyntaxName,
  uidName,
} from '@dicomwire/dimse/dataset';
export type { QueryCallOptions } from './c-find/query-call-options.js';
export type { QueryKeys, QueryKeyValue } from './c-find/query-keys.js';
export type { QueryEnd, QueryResults } from './c-find/query-results.js';
export { type QueryOptions, query } from './c-find/query-scp.js';
export type { QueryServiceOptions } from './c-find/query-service-options.js';
export { type Client, type ConnectOptions, connect } from './client.js';
export type { ContextProposal } from './context-proposal.js';
export type { MessageHooks } from './message-hooks.js';
export { type MppsNotification, mppsListener, notifyMpps } from './mpps/mpps-notification.js';
export { type MppsChange, type MppsOptions, mpps } from './mpps/mpps-scp.js';
export type { Mpps } from './mpps/mpps-scu.js';
export { type MppsEvent, type MppsStatus, mppsEvents } from './mpps/mpps-sop-class.js';
export type { InstanceStore, StoredInstance } from './n-services/instance-store.js';
export { type MemoryInstanceStoreOptions, memoryInstanceStore } from './n-services/memory-instance-store.js';
export {
  type NActionRequest,
  type NEventReportRequest,
  type NGetRequest,
  type NServiceAnswer,
  type NServiceOptions,
  type NServiceRequest,
  type NServiceResponse,
  nService,
} from './n-services/n-service-scp.js';
export type {
  NServiceCallOptions,
  NServiceResult,
  NServices,
  NServiceTarget,
} from './n-services/n-service-scu.js';
export type { PeerOptions } from './peer.js';
export type { KnownPeer, PeerDirectory } from './peers/peer-directory.js';
export { createPeers, type Peers, type PeersOptions } from './peers/peers.js';
export type { Film, FilmAnnotation, FilmImage, FilmImageBox } from './print/film.js';
export { type FilmRaster, filmSizeInches, type RasterizeOptions, rasterizeFilm } from './print/film-raster.js';
export type { ImageBoxPlace } from './print/image-display-format.js';
export type { PrintOptions } from './print/print-options.js';
export { print } from './print/print-scp.js';
export type {
  FilmToPrint,
  ImageToPrint,
  Print,
  PrintedFilm,
  PrintFilmsOptions,
  PrintRequest,
} from './print/print-scu.js';
export {
  type PrinterStatus,
  type PrintJobStatus,
  PrintSopClass,
  PrintStatus,
  printerEvents,
  printJobEvents,
} from './print/print-sop-class.js';
export type { Priority } from './priority.js';
export type {
  AllOfCriterion,
  AnyOfCriterion,
  CombinedDateTimeCriterion,
  Criterion,
  DateRangeCriterion,
  DateTimeRangeCriterion,
  EmptyValueCriterion,
  FuzzyNameCriterion,
  FuzzyNameWord,
  NumberCriterion,
  QueryKey,
  SequenceCriterion,
  TimeRangeCriterion,
  UidListCriterion,
  UniversalCriterion,
  ValueCriterion,
  WildcardCriterion,
} from './query/criterion.js';
export { foldName } from './query/fold-name.js';
export { matchesQuery, responseIdentifier } from './query/match-query.js';
export { type ParseQueryOptions, parseQuery } from './query/parse-query.js';
export type { MatchingRules, Query } from './query/query.js';
export type { QueryLevel } from './query/query-level.js';
export type { QueryModel, QueryModelName } from './query/query-model.js';
export type { QueryNegotiation } from './query/query-negotiation.js';
export type { QueryContext, QuerySource } from './query/query-source.js';
export type { IdentifierDefaults, InstanceAvailability } from './query/response-identifier.js';
export { soundex } from './query/soundex.js';
export { type FindOptions, find } from './query-retrieve/find-scp.js';
export type { FindLevel } from './query-retrieve/find-scu.js';
export { type GetOptions, get } from './query-retrieve/get-scp.js';
export type { Retrieval, RetrieveCallOptions } from './query-retrieve/get-scu.js';
export type { InstanceSource, RetrieveContext } from './query-retrieve/instance-source.js';
export { type MoveOptions, move } from './query-retrieve/move-scp.js';
export type { MoveCallOptions } from './query-retrieve/move-scu.js';
export type { ExpectedInstances } from './query-retrieve/retrieve-contexts.js';
export type { RetrievalOptions, RetrieveKeys } from './query-retrieve/retrieve-keys.js';
export type { RetrieveModel } from './query-retrieve/retrieve-models.js';
export type { RetrieveOutcome, RetrieveProgress } from './query-retrieve/retrieve-progress.js';
export type { RetrieveQuery } from './query-retrieve/retrieve-query.js';
export type { RetrieveServiceOptions } from './query-retrieve/retrieve-service-options.js';
export type { RetrieveSummary } from './query-retrieve/retrieve-summary.js';
export type { CallOptions } from './request-over.js';
export { createScp, type ListenAddress, type ListenOptions, type Scp } from './scp.js';
export type { ScpOptions } from './scp-options.js';
export type { AssociationFacts, ProviderFacts, Service } from './service.js';
export { ServiceError, type ServiceErrorCode, type ServiceErrorDetails } from './service-error.js';
export { type FileStep, FileWriteError } from './storage/file-errors.js';
export { type FileCallback, type FileLayer, nodeFileLayer } from './storage/file-layer.js';
export { checkIdentity, type Identity } from './storage/identity-check.js';
export {
  type CreatedFile,
  InstanceFileWriter,
  type InstanceFileWriterOptions,
  isTemporaryInstanceFile,
  syncDirectory,
} from './storage/instance-file-writer.js';
export type {
  MoveOriginator,
  OverwritePolicy,
  ReceivedInstance,
  SavedInstance,
  SaveOptions,
} from './storage/received-instance.js';
export { type DataSetFile, haveSameDataSet } from './storage/same-data-set.js';
export { isUsableUid, type StoragePathParts, storagePath, UnusableUidError } from './storage/storage-path.js';
export { type StorageOptions, storage } from './storage/storage-scp.js';
export type {
  DataSetToSend,
  InstanceFile,
  InstanceToSend,
  Part10Stream,
  SingleStoreInput,
  StoreInput,
} from './storage/store-input.js';
export { storeInstances } from './storage/store-instances.js';
export type {
  StoreFailureReason,
  StoreIdentity,
  StoreOptions,
  StoreOutcome,
  StoreProgress,
  StoreResult,
  StoreRetryOptions,
  StoreSummary,
} from './storage/store-result.js';
export type { ReceivedStudy, StudyInstance, StudyOptions } from './storage/study-watch.js';
export {
  CommitmentFailure,
  type CommitmentResult,
  type FailedInstance,
  type ReferencedInstance,
} from './storage-commitment/commitment-data.js';
export type { StorageCommitmentOptions } from './storage-commitment/commitment-options.js';
export {
  type CommitmentResults,
  type CommitmentResultsOptions,
  commitmentResults,
} from './storage-commitment/commitment-results.js';
export { storageCommitment } from './storage-commitment/commitment-scp.js';
export type {
  CommitmentRequestOptions,
  CommitOptions,
  StorageCommitment,
} from './storage-commitment/commitment-scu.js';
export {
  type CommitmentStore,
  memoryCommitmentStore,
  type PendingCommitment,
} from './storage-commitment/commitment-store.js';
export { type UpsNotification, upsListener } from './ups/ups-listener.js';
export type { UpsOptions } from './ups/ups-options.js';
export type { UpsReport } from './ups/ups-reporter.js';
export { ups } from './ups/ups-scp.js';
export type {
  CancelRequest,
  ClaimedStep,
  FindUpsOptions,
  SubscribeOptions,
  UnsubscribeOptions,
  Ups,
} from './ups/ups-scu.js';
export { type UpsEventName, type UpsState, UpsStatus, upsEvents } from './ups/ups-sop-class.js';
export { memoryUpsStore, type UpsStore, type UpsSubscription, type UpsSubscriptionStore } from './ups/ups-store.js';
export { verification } from './verification/verification-scp.js';
export { type VerifyOptions, verify } from './verification/verification-scu.js';
export type { WithSessionOptions } from './with-session.js';
export type { WorklistKeys } from './worklist/scheduled-step-keys.js';
export { type WorklistFolderOptions, worklistFolder } from './worklist/worklist-folder.js';
export type { WorklistItem } from './worklist/worklist-item.js';
export { type WorklistOptions, worklist } from './worklist/worklist-scp.js';
export type { Worklist } from './worklist/worklist-scu.js';
