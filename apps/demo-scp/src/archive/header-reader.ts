/** The indexed attributes of a data set, read as it streams by. */
import { type DataSet, DataSetError, DataSetStreamParser, type Identity, StatusError } from '@dicomwire/services';
import type { InstanceAttributes } from './record.js';

/** What a header says. */
export interface Header {
  /** SOP class and instance, as far as the data set names them. */
  readonly identity: Identity;
  readonly attributes: InstanceAttributes;
}

/** Thrown when a data set can't be told apart into elements as far as the archive has to read it. Answered with C000. */
export class UnreadableHeaderError extends StatusError {
  override readonly name: string = 'UnreadableHeaderError';
  readonly code = 'unreadable-header';

  constructor(message: string, cause?: DataSetError) {
    super(0xc000, 'The data set can not be read', { cause });
    this.message = message;
  }
}

/** Takes a data set's bytes, in pieces of any length, until it has seen what is indexed. Keeps nothing of the pieces. */
export class HeaderReader {
  /** True once nothing more is wanted. */
  isDone = false;
  readonly #parser: DataSetStreamParser;
  #firstBytes: Uint8Array | undefined;

  constructor(transferSyntax: string) {
    this.#parser = new DataSetStreamParser({ transferSyntax, stopBefore: firstUnindexedTag, maxValueBytes, maxBytes });
  }

  /** @throws UnreadableHeaderError */
  write(data: Uint8Array): void {
    this.#firstBytes ??= data.slice(0, 8);
    this.isDone = readable(() => this.#parser.write(data));
  }

  /**
   * What was found, once the data set is over.
   *
   * @param byteLength length of the whole data set
   * @throws UnreadableHeaderError when it ended inside an element, or can't be a data set
   */
  finish(byteLength: number): Header {
    readable(() => this.#parser.end());
    const { dataSet } = this.#parser;
    // Nothing before the stop tag: either an odd object, or no data set at all.
    if (dataSet.size === 0 && !isPlausible(this.#firstBytes ?? noBytes, byteLength)) {
      throw new UnreadableHeaderError('What came is no data set');
    }
    return {
      identity: { sopClassUid: dataSet.text(0x00080016), sopInstanceUid: dataSet.text(0x00080018) },
      attributes: attributesOf(dataSet),
    };
  }
}

/** The element after Instance Number (0020,0013), the last of those that are indexed. */
const firstUnindexedTag = 0x00200014;

/** No indexed attribute is longer: a person name has 3 x 64 characters. What is longer is passed over unbuffered. */
const maxValueBytes = 2048;

/** Bound on what one object's header may hold in memory. */
const maxBytes = 1024 * 1024;

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof DataSetError ? new UnreadableHeaderError(error.message, error) : error;
  }
}

const noBytes = new Uint8Array(0);

/** Whether a first element can begin so: with two capital letters for a VR, or a length that fits. PS3.5 7.1. */
function isPlausible(first: Uint8Array, byteLength: number): boolean {
  if (byteLength === 0) return false;
  // Cut into crumbs; who sends that is no accident.
  if (first.length < 8) return true;
  const isCapital = (code = 0) => code >= 0x41 && code <= 0x5a;
  if (isCapital(first[4]) && isCapital(first[5])) return true;
  const length = new DataView(first.buffer, first.byteOffset).getUint32(4, true);
  return length === 0xffffffff || length <= byteLength;
}

function attributesOf(dataSet: DataSet): InstanceAttributes {
  const text = (tag: number) => dataSet.text(tag)?.trim() ?? '';
  return {
    studyDate: text(0x00080020),
    studyTime: text(0x00080030),
    accessionNumber: text(0x00080050),
    modality: text(0x00080060),
    referringPhysicianName: text(0x00080090),
    studyDescription: text(0x00081030),
    seriesDescription: text(0x0008103e),
    patientName: text(0x00100010),
    patientId: text(0x00100020),
    patientBirthDate: text(0x00100030),
    patientSex: text(0x00100040),
    studyInstanceUid: text(0x0020000d),
    seriesInstanceUid: text(0x0020000e),
    studyId: text(0x00200010),
    seriesNumber: text(0x00200011),
    instanceNumber: text(0x00200013),
  };
}
