/** What `serve` and `ups watch` are declared with: they listen. */

import { AssociationError, type TlsServerOptions } from '@dicomwire/services';
import type { Command } from 'commander';
import { explain } from './advice.js';
import { parseAeTitle, parsePort } from './connection-options.js';
import { EXIT_FAILED, EXIT_USAGE } from './exit-code.js';
import { complain, sayJson } from './output.js';
import { printable } from './quantities.js';
import { UsageError } from './usage-error.js';

/** Options of a command that listens, as parsed. */
export interface ServerOptions {
  readonly port: number;
  /** All addresses unless it is given. */
  readonly host?: string | undefined;
  readonly aeTitle: string;
  /** File of our certificate, PEM; makes it TLS. */
  readonly tlsCert?: string | undefined;
  /** File of its key, PEM. */
  readonly tlsKey?: string | undefined;
  /** Files of authorities whose client certificates are required, PEM. */
  readonly tlsCa?: readonly string[] | undefined;
  /** One JSON object a line on standard output. */
  readonly json?: true | undefined;
}

/** Adds them to a command. */
export function addServerOptions<C extends Command>(command: C): C {
  command
    .option('--port <port>', 'port to listen on', parsePort, 11112)
    .option('--host <address>', 'address to listen on (default: all)')
    .option('--ae-title <title>', 'our AE title', parseAeTitle, 'DICOMWIRE')
    .option('--tls-cert <file>', 'TLS, with this certificate, PEM')
    .option('--tls-key <file>', 'its private key, PEM; passphrase in DICOMWIRE_TLS_PASSPHRASE')
    .option('--tls-ca <file...>', 'authorities whose client certificates are required, PEM')
    .option('--json', 'one JSON object a line on standard output');
  return command;
}

/** TLS of a listener; `undefined` for plain TCP. @throws UsageError when only a part of it is given */
export function serverTls(options: Omit<ServerOptions, 'port' | 'aeTitle'>): TlsServerOptions | undefined {
  const { tlsCert: certificate, tlsKey: privateKey, tlsCa: trustedCertificates } = options;
  if (certificate === undefined) {
    if (privateKey === undefined && trustedCertificates === undefined) return undefined;
    throw new UsageError('TLS needs a certificate: give it with --tls-cert FILE');
  }
  return { certificate, privateKey, trustedCertificates, passphrase: process.env.DICOMWIRE_TLS_PASSPHRASE };
}

/** Tells of what a peer did wrong, or of an object that could not be kept; what to do about it is no matter of this side. */
export function tellTrouble(error: unknown, isJson: boolean): void {
  const { code, message } = explain(error);
  if (isJson) sayJson({ type: 'error', code, message });
  process.stderr.write(`dicomwire: ${printable(message)}\n`);
}

/** Tells why it can't listen or has nowhere to keep objects. Resolves to the exit code: 2 for what other options put right. */
export function tellStartFailure(error: unknown, isJson: boolean): number {
  complain(error, isJson);
  const isUsage =
    error instanceof UsageError ||
    (error instanceof AssociationError && ['listen-failed', 'invalid-option'].includes(error.code));
  return isUsage ? EXIT_USAGE : EXIT_FAILED;
}
