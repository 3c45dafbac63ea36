/**
 * What a stored file's meta information tells beyond its data set, so that a lost index can be made anew: the sender stands in
 * (0002,0017) anyway, the time of reception in the private information (0002,0102) of this creator. PS3.10 7.1.
 */
import type { FileMetaInformation } from '@dicomwire/services';

/** The archive's part of the file meta information. @param receivedAt ISO 8601, UTC */
export function provenance(receivedAt: string): Partial<FileMetaInformation> {
  const words = prefix + receivedAt;
  return {
    privateInformationCreatorUid: creatorUid,
    privateInformation: Buffer.from(words.length % 2 === 0 ? words : `${words} `, 'latin1'),
  };
}

/** The time of reception, if this archive wrote the file. */
export function receivedAtOf(meta: FileMetaInformation): string | undefined {
  if (meta.privateInformationCreatorUid !== creatorUid || meta.privateInformation === undefined) return undefined;
  const words = Buffer.from(meta.privateInformation).toString('latin1').trim();
  return receivedAtPattern.test(words) ? words.slice(prefix.length) : undefined;
}

const creatorUid = '2.25.105351828949183338869214763704434505980';
const prefix = 'received=';
const receivedAtPattern = /^received=\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
