/** File meta information. PS3.10 Table 7.1-1. */

/** The elements of group 0002, by their names. */
export interface FileMetaInformation {
  /** (0002,0002), the SOP class of the data set. Required when written; absent in files without file meta information. */
  readonly mediaStorageSopClassUid?: string | undefined;
  /** (0002,0003), the SOP instance of the data set. Required when written; absent in files without file meta information. */
  readonly mediaStorageSopInstanceUid?: string | undefined;
  /** (0002,0010); guessed from the first bytes of the data set in files that don't tell. */
  readonly transferSyntaxUid: string;
  /** (0002,0012), who wrote the file. Default when written: dicomwire. */
  readonly implementationClassUid?: string | undefined;
  /** (0002,0013), 16 characters at most. Default when written, unless a class UID is given: dicomwire. */
  readonly implementationVersionName?: string | undefined;
  /** (0002,0016), AE title of the application that wrote the file's content. */
  readonly sourceApplicationEntityTitle?: string | undefined;
  /** (0002,0017), AE title of the application that sent it over a network. */
  readonly sendingApplicationEntityTitle?: string | undefined;
  /** (0002,0018), AE title of the application that received it. */
  readonly receivingApplicationEntityTitle?: string | undefined;
  /** (0002,0026), network address of the source. */
  readonly sourcePresentationAddress?: string | undefined;
  /** (0002,0027), network address of the sender. */
  readonly sendingPresentationAddress?: string | undefined;
  /** (0002,0028), network address of the receiver. */
  readonly receivingPresentationAddress?: string | undefined;
  /** (0002,0100), who gives `privateInformation` its meaning. */
  readonly privateInformationCreatorUid?: string | undefined;
  /** (0002,0102). */
  readonly privateInformation?: Uint8Array | undefined;
}

/** What a file is to say of itself: SOP class and instance are those of the data set where they aren't given. */
export type FileMetaInput = Partial<FileMetaInformation> & Pick<FileMetaInformation, 'transferSyntaxUid'>;
