/** Which file an instance goes to. */
import { isUsableUid, storagePath } from '@dicomwire/services';
import { objectsFolder, unfiledFolder } from './layout.js';
import type { InstanceAttributes } from './record.js';

/**
 * Where an instance's file belongs, relative to the data directory, with `/` between the parts.
 *
 * An instance without study and series, or with study or series UIDs that can't name a folder, goes to one fixed folder.
 *
 * @throws UnusableUidError when the SOP Instance UID is no UID.
 */
export function placeOf(sopInstanceUid: string, attributes: InstanceAttributes): string {
  const { studyInstanceUid, seriesInstanceUid } = attributes;
  const isFiled = isUsableUid(studyInstanceUid) && isUsableUid(seriesInstanceUid);
  return isFiled
    ? `${objectsFolder}/${storagePath({ studyInstanceUid, seriesInstanceUid, sopInstanceUid })}`
    : `${objectsFolder}/${unfiledFolder}/${storagePath({ sopInstanceUid })}`;
}
