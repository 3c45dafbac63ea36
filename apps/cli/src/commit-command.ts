/** `dicomwire commit`: asks whether a peer keeps objects safely. PS3.4 Annex J. */
import { readPart10File } from '@dicomwire/dimse';
import { DataSetError } from '@dicomwire/dimse/dataset';
import {
  type CommitmentResult,
  type CommitmentResults,
  commitmentResults,
  createScp,
  type ReferencedInstance,
  type Scp,
} from '@dicomwire/services';
import type { ConnectionOptions } from './connection-options.js';
import { dicomFiles, type FileOrigin, MEDIA_STORAGE_DIRECTORY } from './dicom-files.js';
import { EXIT_FAILED, EXIT_OK } from './exit-code.js';
import { complain, say, sayJson } from './output.js';
import { count, printable, statusInHex } from './quantities.js';
import { runCommand, runWithClient } from './run-command.js';
import { serverTls } from './server-options.js';
import { UsageError } from './usage-error.js';

/** Options of the command. */
export interface CommitOptions extends ConnectionOptions {
  /** Seconds to wait for the result; 0 does not wait. */
  readonly wait: number;
  /** Port for results on an association of the peer's. */
  readonly listen?: number | undefined;
}

/** Runs the command. Resolves to its exit code: 1 unless all of the files are committed. */
export function commit(host: string, port: number, paths: readonly string[], options: CommitOptions): Promise<number> {
  return runCommand(options, async (signal) => {
    const instances = new Map<string, ReferencedInstance & { readonly path: string }>();
    for await (const { path, origin } of dicomFiles(paths)) {
      signal.throwIfAborted();
      const instance = await identityOf(path, origin);
      if (instance !== undefined) instances.set(instance.sopInstanceUid, { ...instance, path });
    }
    if (instances.size === 0) throw new UsageError('There is no DICOM object in what was named');
    const asked = [...instances.values()].map(({ sopClassUid, sopInstanceUid }) => ({ sopClassUid, sopInstanceUid }));
    const results = options.listen === undefined ? undefined : commitmentResults();
    const scp = results === undefined ? undefined : await listen(results, options);
    try {
      return await runWithClient(host, port, options, async ({ storageCommitment }, signal) => {
        if (options.wait === 0) return tellRequest(await storageCommitment.request(asked, { signal }), options);
        const result = await storageCommitment.commit(asked, {
          results,
          resultTimeoutMs: options.wait * 1000,
          signal,
        });
        return tellResult(result, (uid) => instances.get(uid)?.path, options);
      });
    } finally {
      await scp?.close({ graceMs: 1000 });
    }
  });
}

/** What is found in a directory and is no DICOM object is passed over. */
async function identityOf(path: string, origin: FileOrigin): Promise<ReferencedInstance | undefined> {
  try {
    const { dataSet, meta } = await readPart10File(path, { maxValueBytes: 1024 });
    const sopClassUid = dataSet.get('SOPClassUID') ?? meta.mediaStorageSopClassUid;
    const sopInstanceUid = dataSet.get('SOPInstanceUID') ?? meta.mediaStorageSopInstanceUid;
    if (sopClassUid && sopInstanceUid && sopClassUid !== MEDIA_STORAGE_DIRECTORY)
      return { sopClassUid, sopInstanceUid };
    if (origin === 'found') return undefined;
    throw new Error('It has no SOP class and instance UID');
  } catch (error) {
    if (origin === 'found' && error instanceof DataSetError && error.code === 'invalid-meta') return undefined;
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function listen(results: CommitmentResults, options: CommitOptions): Promise<Scp> {
  const { calling, maxPdu, tlsCert, json } = options;
  const scp = createScp({
    aeTitle: calling,
    services: [results.service],
    maximumLength: maxPdu,
    tls: tlsCert === undefined ? undefined : serverTls(options),
    onError: (error) => complain(error, json === true),
  });
  await scp.listen({ port: options.listen ?? 0 });
  return scp;
}

function tellRequest(transactionUid: string, { json }: CommitOptions): number {
  if (json) sayJson({ type: 'commitment', transactionUid, exitCode: EXIT_OK });
  else say(`Asked for commitment, transaction ${transactionUid}; not waiting for the result.`);
  return EXIT_OK;
}

function tellResult(
  { transactionUid, committed, failed, retrieveAeTitle }: CommitmentResult,
  pathOf: (sopInstanceUid: string) => string | undefined,
  { json, verbose }: CommitOptions,
): number {
  const exitCode = failed.length === 0 ? EXIT_OK : EXIT_FAILED;
  if (json) {
    const withPath = <T extends ReferencedInstance>(each: T) => ({ ...each, source: pathOf(each.sopInstanceUid) });
    sayJson({
      type: 'commitment',
      transactionUid,
      committed: committed.map(withPath),
      failed: failed.map(withPath),
      retrieveAeTitle,
      exitCode,
    });
    return exitCode;
  }
  const total = count(committed.length + failed.length, 'object');
  say(printable(`Committed ${committed.length} of ${total}${retrieveAeTitle ? `, kept by ${retrieveAeTitle}` : ''}.`));
  const nameOf = ({ sopInstanceUid }: ReferencedInstance) => pathOf(sopInstanceUid) ?? sopInstanceUid;
  if (verbose) for (const each of committed) say(printable(`committed ${nameOf(each)}`));
  for (const each of failed) {
    say(printable(`failed ${nameOf(each)}: ${statusInHex(each.failureReason)} ${each.meaning}`));
  }
  return exitCode;
}
