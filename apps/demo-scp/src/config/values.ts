/** Option values, from the words of a command line to what they mean. Each throws an `InvalidArgumentError` that says what is expected. */
import { InvalidArgumentError } from 'commander';

/** A TCP port, 0 for any free one. */
export function parsePort(word: string): number {
  return integerBetween(word, 0, 65_535, 'a port');
}

/** A count of at least one. */
export function parseCount(word: string): number {
  return integerBetween(word, 1, 1_000_000, 'a number');
}

/** Seconds, fractions allowed, as milliseconds. */
export function parseSeconds(word: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN;
  // Timers hold 31 bits of milliseconds.
  if (!(seconds >= 0.001 && seconds <= 2_147_483)) {
    throw new InvalidArgumentError('Expected seconds, more than 0 and at most 2147483.');
  }
  return Math.round(seconds * 1000);
}

/** Bytes of a PDU. Below 4096 nobody sends well; a PDU's header is checked against this, so it is memory too. PS3.8 D.1. */
export function parsePduBytes(word: string): number {
  return integerBetween(word, 4096, 16_777_216, 'bytes');
}

/** An AE title: 1 to 16 characters of the basic set, not only spaces, no backslash. PS3.5 6.2. */
export function parseAeTitle(word: string): string {
  const title = word.trim();
  if (!/^[\x20-\x5b\x5d-\x7e]{1,16}$/.test(title)) {
    throw new InvalidArgumentError('Expected an AE title: 1 to 16 ASCII characters, no backslash.');
  }
  return title;
}

/** One of many AE titles. */
export function collectAeTitle(word: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), parseAeTitle(word)];
}

/** Text that may not be empty. */
export function parseNonEmpty(word: string): string {
  if (word === '') throw new InvalidArgumentError('Expected something.');
  return word;
}

function integerBetween(word: string, least: number, most: number, what: string): number {
  const value = /^\d{1,9}$/.test(word) ? Number(word) : Number.NaN;
  if (!(value >= least && value <= most)) throw new InvalidArgumentError(`Expected ${what} from ${least} to ${most}.`);
  return value;
}
