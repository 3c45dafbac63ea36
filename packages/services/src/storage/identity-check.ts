/**
 * Whether a data set is the instance that its command announced.
 */
import { StatusError } from '@dicomwire/dimse';
import { withoutPadding } from './storage-path.js';

/** SOP class and instance, as a command or a data set names them; what is absent or empty is not compared. */
export interface Identity {
  /** SOP Class UID. */
  readonly sopClassUid?: string | undefined;
  /** SOP Instance UID. */
  readonly sopInstanceUid?: string | undefined;
}

/**
 * Compares what a data set says of itself with what its command says; padding aside. What the data set does not say, it does not
 * contradict.
 *
 * @throws StatusError A900 (data set does not match SOP class) when they differ. PS3.4 B.2.3.
 */
export function checkIdentity(command: Required<Identity>, dataSet: Identity): void {
  if (differs(command.sopClassUid, dataSet.sopClassUid)) {
    throw new StatusError(dataSetDoesNotMatch, 'SOP Class UID of the data set differs', {
      offendingElements: [0x00080016],
    });
  }
  if (differs(command.sopInstanceUid, dataSet.sopInstanceUid)) {
    throw new StatusError(dataSetDoesNotMatch, 'SOP Instance UID of the data set differs', {
      offendingElements: [0x00080018],
    });
  }
}

/** PS3.4 B.2.3: "Error: Data Set does not match SOP Class". */
const dataSetDoesNotMatch = 0xa900;

function differs(announced: string | undefined, found: string | undefined): boolean {
  if (announced === undefined || found === undefined) return false;
  const uid = withoutPadding(found);
  return uid !== '' && uid !== withoutPadding(announced);
}
