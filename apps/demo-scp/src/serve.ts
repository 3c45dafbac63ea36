/** The command `serve`: an archive, and the SCP in front of it. */
import { createScp, type Scp } from '@dicomwire/services';
import { Archive, UnusableDirectoryError } from './archive/archive.js';
import { layoutOf } from './archive/layout.js';
import { DirectoryInUseError } from './archive/lock.js';
import type { ServeConfig } from './config/serve-config.js';
import { AssociationLog } from './console/association-log.js';
import { banner } from './console/banner.js';
import { surviveClosedOutput } from './console/closed-output.js';
import { createLogger, type Logger } from './console/log.js';
import { logReconciliation } from './console/reconcile-log.js';
import { PrintDirectory } from './printing/print-directory.js';
import { archiveServices } from './services.js';
import { StateDatabase, StateDatabaseError } from './states/state-database.js';
import { StopRequest } from './stop-request.js';
import { UsageError } from './usage-error.js';

/** Serves until SIGINT, SIGTERM or the end of standard output. @throws UsageError for what the user can put right. */
export async function serve(config: ServeConfig): Promise<void> {
  const stop = new StopRequest();
  surviveClosedOutput(() => stop.request('standard output was closed'));
  const log = createLogger(config.logLevel, (line) => process.stderr.write(line));
  const archive = await openArchive(config, log);
  let states: StateDatabase | undefined;
  try {
    states = openStates(archive);
    const scp = createArchiveScp(config, archive, states, log);
    const { address, port } = await listen(scp, config);
    process.stdout.write(
      banner({
        aeTitle: config.aeTitle,
        address,
        port,
        dataDirectory: archive.directory,
        durability: config.durability,
        instanceCount: archive.instanceCount(),
        isRunByNpm: process.env.DICOMWIRE_RUN_BY === 'npm',
      }),
    );
    const who = await stop.requested;
    const closed = scp.close({ graceMs: config.gracePeriodMs });
    log.info(`${who}: no new associations, ${scp.associations.size} under way`);
    await closed;
  } finally {
    states?.close();
    await archive.close();
    stop.dispose();
  }
}

async function openArchive(config: ServeConfig, log: Logger): Promise<Archive> {
  try {
    const archive = await Archive.open({
      directory: config.dataDirectory,
      isSynced: config.durability === 'full',
      replacesDuplicates: config.onDuplicate === 'replace',
      makesSpareFile: true,
      rowsMayFollow: true,
      onIndexFailure: (error) => log.error(`the index can't be written, objects are refused: ${messageOf(error)}`),
      onLeftBehind: (path, error) => log.warn(`could not tidy up ${path}: ${messageOf(error)}`),
    });
    logReconciliation(archive, log);
    return archive;
  } catch (error) {
    if (error instanceof DirectoryInUseError) {
      throw new UsageError(`another demo-scp uses ${config.dataDirectory}; give this one its own --data`, {
        cause: error,
      });
    }
    if (error instanceof UnusableDirectoryError) {
      throw new UsageError(`${error.message}: ${messageOf(error.cause)}`, { cause: error });
    }
    throw error;
  }
}

/** Within the lock of the archive's directory. */
function openStates({ directory }: Archive): StateDatabase {
  const { states } = layoutOf(directory);
  try {
    return StateDatabase.open(states);
  } catch (error) {
    if (!(error instanceof StateDatabaseError)) throw error;
    throw new UsageError(`${error.message}; nothing else has what is in it, so move it away yourself to begin anew`, {
      cause: error,
    });
  }
}

function createArchiveScp(config: ServeConfig, archive: Archive, states: StateDatabase, log: Logger): Scp {
  const associations = new AssociationLog(log);
  const prints = new PrintDirectory(layoutOf(archive.directory).prints);
  return createScp({
    aeTitle: config.aeTitle,
    services: archiveServices({ config, archive, states, prints, associations, log }),
    checkCalledAeTitle: config.checkCalledAeTitle,
    allowedCallingAeTitles: config.allowedCallingAeTitles,
    maximumAssociations: config.maxAssociations,
    maximumLength: config.maxPduBytes,
    associationTimeoutMs: config.acseTimeoutMs,
    messageTimeoutMs: config.dimseTimeoutMs,
    writeTimeoutMs: config.dimseTimeoutMs,
    idleTimeoutMs: config.idleTimeoutMs,
    onAssociation: (association) => associations.began(association),
    onAssociationEnd: (association, error) => associations.ended(association, error),
    onRejected: (error) => log.warn(error.message),
    onError: (error, association) => associations.failed(error, association),
  });
}

async function listen(
  scp: Scp,
  { host, port }: ServeConfig,
): Promise<{ readonly address: string; readonly port: number }> {
  try {
    return await scp.listen({ host, port });
  } catch (error) {
    await scp.close();
    const explanation = listenFailures[systemCodeOf(error)];
    if (explanation === undefined) throw error;
    throw new UsageError(explanation(host, port), { cause: error });
  }
}

const listenFailures: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) => `port ${port} on ${host} is in use; choose another with --port`,
  EACCES: (_host, port) => `port ${port} may not be used by this user; choose one above 1023 with --port`,
  EADDRNOTAVAIL: (host) => `${host} is no address of this machine; choose another with --host`,
  ENOTFOUND: (host) => `there is no host ${host}; choose another with --host`,
  EAI_AGAIN: (host) => `the host ${host} can't be looked up; choose another with --host`,
};

/** The operating system's error is the innermost. */
function systemCodeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error.cause !== undefined) return systemCodeOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
