/** `dicomwire commit`: asks whether a peer keeps objects safely. PS3.4 Annex J. */
import { readPart10File } from '@dicomwire/dimse';
import {
  type CommitmentResult,
  type CommitmentResults,
  commitmentResults,
  createScp,
  type ReferencedInstance,
  type Scp,
} from '@dicomwire/services';
import type { ConnectionOptions } from './connection-options.js';
import { EXIT_FAILED, EXIT_OK } from './exit-code.js';
import { complain, say, sayJson } from './output.js';
import { count, printable, statusInHex } from './quantities.js';
import { runCommand, runWithClient } from './run-command.js';

/** Options of the command. */
export interface CommitOptions extends ConnectionOptions {
  /** Seconds to wait for the result; 0 does not wait. */
  readonly wait: number;
  /** Port for results on an association of the peer's. */
  readonly listen?: number | undefined;
}

/** Runs the command. Resolves to its exit code: 1 unless all of the files are committed. */
export function commit(host: string, port: number, paths: readonly string[], options: CommitOptions): Promise<number> {
  return runCommand(options, async () => {
    const instances = new Map<string, ReferencedInstance & { readonly path: string }>();
    for (const path of paths) {
      const instance = await identityOf(path);
      instances.set(instance.sopInstanceUid, { ...instance, path });
    }
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

async function identityOf(path: string): Promise<ReferencedInstance> {
  const { dataSet, meta } = await readPart10File(path, { maxValueBytes: 1024 }).catch((error: unknown) => {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  const sopClassUid = dataSet.get('SOPClassUID') ?? meta.mediaStorageSopClassUid;
  const sopInstanceUid = dataSet.get('SOPInstanceUID') ?? meta.mediaStorageSopInstanceUid;
  if (!sopClassUid || !sopInstanceUid) throw new Error(`${path} has no SOP class and instance UID`);
  return { sopClassUid, sopInstanceUid };
}

async function listen(results: CommitmentResults, options: CommitOptions): Promise<Scp> {
  const { calling, maxPdu, tlsCert, tlsKey, tlsCa, json } = options;
  const scp = createScp({
    aeTitle: calling,
    services: [results.service],
    maximumLength: maxPdu,
    tls: tlsCert === undefined ? undefined : { certificate: tlsCert, privateKey: tlsKey, trustedCertificates: tlsCa },
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
