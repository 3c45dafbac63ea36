/** Which instances `get` and `move` want, and how they fare. */
import type { RetrieveKeys, RetrieveModel, RetrieveProgress, RetrieveSummary } from '@dicomwire/services';
import { ServiceError } from '@dicomwire/services';
import type { GivenElement } from './attributes.js';
import type { ConnectionOptions } from './connection-options.js';
import { EXIT_FAILED, EXIT_OK } from './exit-code.js';
import { complain, say, sayJson } from './output.js';
import { printable, statusInHex } from './quantities.js';
import type { Level } from './query-options.js';
import { UsageError } from './usage-error.js';

/** Options of both commands. */
export interface RetrieveOptions extends ConnectionOptions {
  readonly level?: Level | undefined;
  readonly model?: RetrieveModel | undefined;
  readonly key?: readonly GivenElement[] | undefined;
  readonly patient?: string | undefined;
  readonly study?: readonly string[] | undefined;
  readonly series?: readonly string[] | undefined;
  readonly instance?: readonly string[] | undefined;
}

const uniqueKeys = {
  PatientID: 0x00100020,
  StudyInstanceUID: 0x0020000d,
  SeriesInstanceUID: 0x0020000e,
  SOPInstanceUID: 0x00080018,
} as const;

/** The unique keys that were given, by -k or by an option of their own. PS3.4 C.4.2.2.1. */
export function retrieveKeys(options: RetrieveOptions): RetrieveKeys {
  const stranger = (options.key ?? []).find(
    ({ tag, path }) => path.length > 0 || !Object.values<number>(uniqueKeys).includes(tag),
  );
  if (stranger !== undefined) {
    throw new UsageError(
      `A retrieval takes the keys ${Object.keys(uniqueKeys).join(', ')} only: look the UIDs up with find`,
    );
  }
  const byKey = (tag: number) =>
    (options.key ?? []).flatMap((element) => (element.tag === tag ? element.values.map(String) : []));
  const keys = {
    PatientID: options.patient ?? byKey(uniqueKeys.PatientID)[0],
    StudyInstanceUID: [...(options.study ?? []), ...byKey(uniqueKeys.StudyInstanceUID)],
    SeriesInstanceUID: [...(options.series ?? []), ...byKey(uniqueKeys.SeriesInstanceUID)],
    SOPInstanceUID: [...(options.instance ?? []), ...byKey(uniqueKeys.SOPInstanceUID)],
  };
  if (
    !keys.PatientID &&
    [keys.StudyInstanceUID, keys.SeriesInstanceUID, keys.SOPInstanceUID].every((each) => each.length === 0)
  ) {
    throw new UsageError('Say what is wanted: --study UID, --series UID, --instance UID or --patient ID');
  }
  return keys;
}

/** Tells of the counters on the way. */
export function progressTeller(options: ConnectionOptions): (progress: RetrieveProgress) => void {
  return (progress) => {
    if (options.json) sayJson({ type: 'progress', ...progress });
    else if (options.verbose) process.stderr.write(`${countersInWords(progress)}\n`);
    else if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${countersInWords(progress)}`);
  };
}

/** Tells how it ended. */
export function tellSummary(summary: RetrieveSummary, options: ConnectionOptions): number {
  const exitCode = summary.isComplete ? EXIT_OK : EXIT_FAILED;
  const { meaning, status, comment, failedSopInstanceUids, remaining, completed, failed, warning } = summary;
  if (options.json) {
    sayJson({
      type: 'summary',
      status,
      meaning,
      comment,
      remaining,
      completed,
      failed,
      warning,
      failedSopInstanceUids,
      exitCode,
    });
    return exitCode;
  }
  clearLine();
  say(
    `${countersInWords(summary)}: ${statusInHex(status)} ${printable(meaning)}${comment ? `, ${printable(comment)}` : ''}`,
  );
  for (const uid of failedSopInstanceUids) say(`    failed ${printable(uid)}`);
  if (summary.isComplete && completed === 0 && !warning) process.stderr.write('the peer has nothing that matches\n');
  return exitCode;
}

/** A peer that says how many failed before it refused is quoted too. */
export function tellRefusal(error: unknown, options: ConnectionOptions): number {
  clearLine();
  if (!(error instanceof ServiceError) || error.retrieval === undefined) throw error;
  const { failedSopInstanceUids, remaining, completed, failed, warning } = error.retrieval;
  if (options.json) {
    const { status } = error;
    complain(error, true);
    sayJson({
      type: 'summary',
      status,
      remaining,
      completed,
      failed,
      warning,
      failedSopInstanceUids,
      exitCode: EXIT_FAILED,
    });
    return EXIT_FAILED;
  }
  complain(error, false);
  say(countersInWords(error.retrieval));
  for (const uid of failedSopInstanceUids) say(`    failed ${printable(uid)}`);
  return EXIT_FAILED;
}

function countersInWords({ remaining, completed, failed, warning }: RetrieveProgress): string {
  const shown = (number: number | undefined) => number ?? '?';
  const left = remaining === undefined ? '' : `${remaining} remaining, `;
  return `${left}${shown(completed)} completed, ${shown(failed)} failed, ${shown(warning)} with warnings`;
}

function clearLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}
