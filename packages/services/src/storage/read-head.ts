/**
 * What a file says of itself at its beginning.
 */
import { DataSetError, parseElements, readFileMeta } from '@dicomwire/dimse/dataset';
import { isUsableUid, withoutPadding } from './storage-path.js';

/** An instance as its file's beginning describes it. */
export interface FileHead {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** Where the data set begins, bytes. */
  readonly dataSetOffset: number;
}

/** What came of reading a beginning. */
export type HeadReading =
  | { readonly kind: 'instance'; readonly head: FileHead }
  /** The beginning at hand is too short to tell. */
  | { readonly kind: 'more' }
  /** The directory of a file-set. PS3.10 8.6. */
  | { readonly kind: 'dicomdir' }
  | { readonly kind: 'none'; readonly reason: 'not-dicom' | 'missing-identity'; readonly problem: string };

/**
 * Reads SOP class, SOP instance and transfer syntax. The data set's own UIDs go before those of the file meta information, since
 * the receiver compares the command with the data set; files that lack one of both are taken.
 *
 * @param bytes the file's beginning
 * @param isWhole whether that is all of the file
 */
export function readHead(bytes: Uint8Array, isWhole: boolean): HeadReading {
  try {
    const read = readFileMeta(bytes, { isComplete: isWhole });
    if (read === undefined) return isWhole ? none('not-dicom', 'No DICOM file') : { kind: 'more' };
    const { meta, dataSetOffset } = read;
    if (meta.mediaStorageSopClassUid === directoryStorage) return { kind: 'dicomdir' };
    const inside = identityInside(bytes.subarray(dataSetOffset), meta.transferSyntaxUid);
    if (!inside.isComplete && !isWhole) return { kind: 'more' };
    const sopClassUid = inside.sopClassUid ?? meta.mediaStorageSopClassUid;
    const sopInstanceUid = inside.sopInstanceUid ?? meta.mediaStorageSopInstanceUid;
    if (sopClassUid === undefined && dataSetOffset === 0) return none('not-dicom', 'No DICOM file');
    if (!isUid(sopClassUid)) return unusable('SOP Class UID (0008,0016)', sopClassUid);
    if (!isUid(sopInstanceUid)) return unusable('SOP Instance UID (0008,0018)', sopInstanceUid);
    const { transferSyntaxUid } = meta;
    if (!isUid(transferSyntaxUid)) return unusable('Transfer Syntax UID (0002,0010)', transferSyntaxUid);
    return {
      kind: 'instance',
      head: {
        sopClassUid: withoutPadding(sopClassUid),
        sopInstanceUid: withoutPadding(sopInstanceUid),
        transferSyntaxUid: withoutPadding(transferSyntaxUid),
        dataSetOffset,
      },
    };
  } catch (error) {
    if (error instanceof DataSetError) return none('not-dicom', error.message);
    throw error;
  }
}

interface IdentityInside {
  readonly sopClassUid: string | undefined;
  readonly sopInstanceUid: string | undefined;
  /** False when the bytes end before the SOP instance UID could have come. */
  readonly isComplete: boolean;
}

/** What the data set says, as far as the bytes reach. */
function identityInside(dataSet: Uint8Array, transferSyntaxUid: string): IdentityInside {
  let isComplete = false;
  try {
    const elements = parseElements(dataSet, transferSyntaxUid, {
      stopBefore: (tag) => {
        isComplete = tag > sopInstanceUidTag;
        return isComplete;
      },
      keepTruncated: true,
    });
    const sopClassUid = filled(elements.text(sopClassUidTag));
    const sopInstanceUid = filled(elements.text(sopInstanceUidTag));
    return { sopClassUid, sopInstanceUid, isComplete };
  } catch (error) {
    // A damaged data set is sent as it stands, by the identity that its file meta information gives.
    if (error instanceof DataSetError) return { sopClassUid: undefined, sopInstanceUid: undefined, isComplete: true };
    throw error;
  }
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || withoutPadding(text) === '' ? undefined : text;
}

function isUid(value: string | undefined): value is string {
  return value !== undefined && isUsableUid(value);
}

function none(reason: 'not-dicom' | 'missing-identity', problem: string): HeadReading {
  return { kind: 'none', reason, problem };
}

function unusable(what: string, value: string | undefined): HeadReading {
  return none('missing-identity', value === undefined ? `${what} is missing` : `${what} is no UID`);
}

/** Media Storage Directory Storage. PS3.10 8.6. */
const directoryStorage = '1.2.840.10008.1.3.10';
const sopClassUidTag = 0x00080016;
const sopInstanceUidTag = 0x00080018;
