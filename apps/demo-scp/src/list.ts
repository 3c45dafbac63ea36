/** The command `list`: what an archive holds. */
import { NoArchiveError, readListing } from './archive/listing.js';
import { listingLines } from './console/listing-text.js';
import { UsageError } from './usage-error.js';

/** What is to be listed, and how. */
export interface ListConfig {
  readonly dataDirectory: string;
  /** The listing as one JSON document (README.md has its shape) in place of text. */
  readonly isJson: boolean;
}

/** Writes the listing in pieces of a size that a pipe likes. @throws UsageError when there is no archive. */
export function list(config: ListConfig, write: (text: string) => void): void {
  const listing = readOrExplain(config.dataDirectory);
  if (config.isJson) {
    write(`${JSON.stringify(listing, undefined, 2)}\n`);
    return;
  }
  let piece = '';
  for (const line of listingLines(listing)) {
    piece += line;
    if (piece.length < 65_536) continue;
    write(piece);
    piece = '';
  }
  write(piece);
}

function readOrExplain(directory: string) {
  try {
    return readListing(directory);
  } catch (error) {
    if (error instanceof NoArchiveError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
