/** `dicomwire store`: C-STORE of files and directories. PS3.4 Annex B. */
import {
  type StoreProgress,
  type StoreResult,
  type StoreSummary,
  storeInstances,
  transferSyntaxName,
} from '@dicomwire/services';
import type { ConnectionOptions } from './connection-options.js';
import { EXIT_FAILED, EXIT_OK } from './exit-code.js';
import { watchForInterruption } from './interruption.js';
import { complain, say, sayJson } from './output.js';
import { peerOptions } from './peer-options.js';
import { openProgressBar, type ProgressBar } from './progress-bar.js';
import { bytesInWords, count, durationInWords, printable, statusInHex } from './quantities.js';
import { adviceOnResult } from './store-advice.js';
import { StoreTroubles } from './store-troubles.js';

/** What the command takes beside the connection. */
interface StoreOptions extends ConnectionOptions {
  /** Objects may go in another transfer syntax than their own, without loss, where the peer does not take it. */
  readonly convert: boolean;
}

/** Runs the command. Resolves to its exit code. */
export async function store(
  host: string,
  port: number,
  paths: readonly string[],
  options: StoreOptions,
): Promise<number> {
  const interruption = watchForInterruption();
  const troubles = new StoreTroubles();
  const startedAt = performance.now();
  let converted = 0;
  const bar = await barFor(options);
  const onProgress = (progress: StoreProgress) => {
    if (progress.result !== undefined) {
      troubles.add(progress.result);
      if (progress.result.sentTransferSyntaxUid !== undefined) converted += 1;
      report(progress.result, options);
    }
    bar?.update(progress);
  };
  try {
    const summary = await storeInstances(peerOptions(host, port, options), paths, {
      onProgress,
      signal: interruption.signal,
      collectResults: false,
      convert: options.convert,
    });
    bar?.close();
    const exitCode = interruption.exitCode ?? (summary.isComplete ? EXIT_OK : EXIT_FAILED);
    const milliseconds = performance.now() - startedAt;
    if (options.json) sayJson({ ...summaryAsJson(summary, milliseconds, exitCode), converted });
    else sayInWords(summary, milliseconds, converted, troubles, options);
    return exitCode;
  } catch (error) {
    bar?.close();
    complain(error, options.json === true);
    return interruption.exitCode ?? EXIT_FAILED;
  } finally {
    interruption.ignore();
  }
}

async function barFor(options: ConnectionOptions): Promise<ProgressBar | undefined> {
  if (options.json || options.verbose || !process.stderr.isTTY) return undefined;
  return openProgressBar(process.stderr);
}

function report(result: StoreResult, options: ConnectionOptions): void {
  if (options.json) sayJson(resultAsJson(result));
  else if (options.verbose) say(resultInWords(result));
}

function resultAsJson(result: StoreResult) {
  return {
    type: 'object',
    source: result.source,
    outcome: result.outcome,
    sopClassUid: result.sopClassUid,
    sopInstanceUid: result.sopInstanceUid,
    transferSyntaxUid: result.transferSyntaxUid,
    sentTransferSyntaxUid: result.sentTransferSyntaxUid,
    status: result.status,
    meaning: result.meaning,
    comment: result.comment,
    reason: result.reason,
    message: result.error?.message,
    advice: result.outcome === 'stored' ? undefined : adviceOnResult(result),
    sentBytes: result.sentBytes,
  };
}

function resultInWords(result: StoreResult): string {
  const status =
    result.status === undefined ? undefined : `${statusInHex(result.status)} ${result.meaning ?? ''}`.trim();
  const { sentTransferSyntaxUid: sent } = result;
  const converted =
    sent === undefined ? undefined : `sent in ${transferSyntaxName(sent)}, as the peer takes nothing else`;
  const words = [result.outcome, result.source, status, result.comment, converted, result.error?.message];
  return words
    .filter((word) => word !== undefined)
    .map(printable)
    .join('  ');
}

function summaryAsJson(summary: StoreSummary, milliseconds: number, exitCode: number) {
  return {
    type: 'summary',
    counts: summary.counts,
    sentBytes: summary.sentBytes,
    associations: summary.associations,
    milliseconds: Math.round(milliseconds),
    exitCode,
  };
}

function sayInWords(
  summary: StoreSummary,
  milliseconds: number,
  converted: number,
  troubles: StoreTroubles,
  options: ConnectionOptions,
): void {
  const { stored, warning, refused, failed, skipped } = summary.counts;
  const total = stored + warning + refused + failed + summary.counts['not-sent'];
  if (total === 0) {
    say(
      `Nothing to send: ${skipped === 0 ? 'no files were found' : `none of ${count(skipped, 'file')} is a DICOM object`}.`,
    );
    return;
  }
  const kept = stored + warning;
  const sent = `${bytesInWords(summary.sentBytes)} in ${durationInWords(milliseconds)}`;
  say(`Stored ${kept} of ${count(total, 'object')}, ${sent}, ${count(summary.associations, 'association')}.`);
  if (converted > 0)
    say(
      `Sent ${count(converted, 'object')} in another transfer syntax, as the peer takes no other (--no-convert forbids it).`,
    );
  if (skipped > 0)
    say(`Skipped ${count(skipped, 'file')} that ${skipped === 1 ? 'is no DICOM object' : 'are no DICOM objects'}.`);
  for (const line of troubles.lines(options.verbose === true)) say(line);
}
