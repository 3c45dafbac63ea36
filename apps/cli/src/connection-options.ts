/** The options that say whom to talk to and how; every command has them. */
import { type Command, InvalidArgumentError } from 'commander';

/** Options of every command, as parsed. */
export interface ConnectionOptions {
  /** Called AE title. */
  readonly called: string;
  /** Calling AE title. */
  readonly calling: string;
  /** Largest P-DATA-TF that we receive, bytes. */
  readonly maxPdu: number;
  /** How long each wait may take, seconds; 0 is for ever. Default: that of the library for each of them. */
  readonly timeout?: number | undefined;
  /** TLS towards the peer. */
  readonly tls?: true | undefined;
  /** Files of authorities that are trusted, PEM. */
  readonly tlsCa?: readonly string[] | undefined;
  /** File of our certificate, PEM. */
  readonly tlsCert?: string | undefined;
  /** File of its key, PEM. */
  readonly tlsKey?: string | undefined;
  /** Nothing of the peer's certificate is verified. */
  readonly tlsInsecure?: true | undefined;
  /** User name for user identity negotiation. */
  readonly user?: string | undefined;
  /** One JSON object a line on standard output. */
  readonly json?: true | undefined;
  /** More words. */
  readonly verbose?: true | undefined;
}

/** Adds them to a command. */
export function addConnectionOptions<C extends Command>(command: C): C {
  command
    .option('--called <title>', 'AE title of the peer', parseAeTitle, 'ANY-SCP')
    .option('--calling <title>', 'our own AE title', parseAeTitle, 'DICOMWIRE')
    .option('--max-pdu <bytes>', 'largest PDU that we receive, 4096 to 1048576', parseMaxPdu, 131_072)
    .option(
      '--timeout <seconds>',
      'how long each wait may take; 0 for ever (default: connect 10, association 30, answer 60)',
      parseTimeout,
    )
    .option('--tls', 'TLS; on as well when another --tls option is given')
    .option('--tls-ca <file...>', 'certificates of authorities to trust, PEM (default: those that Node.js trusts)')
    .option('--tls-cert <file>', 'our certificate, PEM, if the peer wants one')
    .option('--tls-key <file>', 'its private key, PEM; passphrase in DICOMWIRE_TLS_PASSPHRASE')
    .option('--tls-insecure', "verify nothing of the peer's certificate: for tests only")
    .option('--user <name>', 'user identity; password in DICOMWIRE_PASSWORD, if there is one')
    .option('--json', 'one JSON object a line on standard output')
    .option('--verbose', 'say more');
  return command;
}

/** A port number. */
export function parsePort(value: string): number {
  return parseInteger(value, 1, 65_535);
}

/** How often an echo is sent. */
export function parseRepeat(value: string): number {
  return parseInteger(value, 1, 1_000_000_000);
}

/** How many of something, at least one. */
export function parseCount(value: string): number {
  return parseInteger(value, 1, 1_000_000_000);
}

function parseMaxPdu(value: string): number {
  return parseInteger(value, 4096, 1_048_576);
}

/** PS3.5 6.2, AE: 16 characters of the default repertoire at most, no backslash, no control characters, not only spaces. */
export function parseAeTitle(value: string): string {
  const title = value.trim();
  if (!/^[ -[\]-~]{1,16}$/.test(title)) {
    throw new InvalidArgumentError('An AE title has 1 to 16 ASCII characters and no backslash.');
  }
  return title;
}

/** PS3.5 9.1: digits and points, 64 characters at most. Leading zeros are let through: some peers have them. */
export function parseUid(value: string): string {
  const uid = value.trim();
  if (uid.length > 64 || !/^\d+(\.\d+)*$/.test(uid)) {
    throw new InvalidArgumentError('A UID has digits between points, 64 characters at most: 1.2.840.10008.1.1.');
  }
  return uid;
}

/** Several UIDs, one a word, or with commas or backslashes between them. */
export function collectUids(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(/[,\\]/).map(parseUid)];
}

/** A time in seconds. */
export function parseTimeout(value: string): number {
  const seconds = Number(value);
  if (value.trim() === '' || !(seconds >= 0 && seconds <= 86_400)) {
    throw new InvalidArgumentError('Give seconds, 0 to 86400.');
  }
  return seconds;
}

function parseInteger(value: string, minimum: number, maximum: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= minimum && number <= maximum)) {
    throw new InvalidArgumentError(`Give a whole number from ${minimum} to ${maximum}.`);
  }
  return number;
}
