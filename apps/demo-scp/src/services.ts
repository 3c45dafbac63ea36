/** What the server does for its peers: the services of `@dicomwire/services` over the archive, the states and the folders. */
import {
  CommitmentFailure,
  find,
  get,
  move,
  mpps,
  type PeerOptions,
  print,
  type ReferencedInstance,
  type Service,
  storage,
  storageCommitment,
  ups,
  verification,
  worklist,
  worklistFolder,
} from '@dicomwire/services';
import { jpeg, jpeg2000, jpegLossless, jpegLs } from '@dicomwire/services/codecs';
import type { Archive } from './archive/archive.js';
import type { KnownPeer, ServeConfig } from './config/serve-config.js';
import type { AssociationLog } from './console/association-log.js';
import type { Logger } from './console/log.js';
import type { PrintDirectory } from './printing/print-directory.js';
import { commitmentStore } from './states/commitment-store.js';
import type { StateDatabase } from './states/state-database.js';
import { stepStore } from './states/step-store.js';
import { subscriptionStore } from './states/subscription-store.js';

/** What the services stand on. */
export interface ServiceParts {
  readonly config: ServeConfig;
  readonly archive: Archive;
  readonly states: StateDatabase;
  readonly prints: PrintDirectory;
  readonly associations: AssociationLog;
  readonly log: Logger;
}

/** For who takes no compressed transfer syntax. They are loaded with the first frame that needs them. */
const codecs = [jpeg(), jpegLs(), jpeg2000(), jpegLossless()];

/** All services of the server. */
export function archiveServices(parts: ServiceParts): readonly Service[] {
  const { config, archive, associations } = parts;
  return [
    verification(),
    storage({
      promiscuous: config.isPromiscuous,
      // The archive reads the header on the way anyway, and compares.
      checkIdentity: false,
      checkEnd: true,
      store: (instance) => associations.watch(instance, archive.store(instance)),
    }),
    find({ source: archive.search, instanceAvailability: 'ONLINE' }),
    get({ source: archive.search, codecs }),
    ...(config.peers.length === 0 ? [] : [move({ source: archive.search, peers: peerLookup(config), codecs })]),
    commitmentService(parts),
    ...worklistServices(parts),
    performedStepService(parts),
    unifiedStepService(parts),
    printService(parts),
  ];
}

/** Where known peers are. */
export function peerLookup({ peers }: ServeConfig): (aeTitle: string) => PeerOptions | undefined {
  const byTitle = new Map(peers.map((peer) => [peer.aeTitle, optionsOf(peer)]));
  return (aeTitle) => byTitle.get(aeTitle);
}

function optionsOf({ host, port, tls }: KnownPeer): PeerOptions {
  return { host, port, tls };
}

function commitmentService({ config, archive, states, log }: ServiceParts): Service {
  return storageCommitment({
    check: async (instances) => instances.map((instance) => failureOf(archive, instance)),
    peers: peerLookup(config),
    store: commitmentStore(states),
    retrieveAeTitle: config.aeTitle,
    onReported: ({ callingAeTitle, transactionUid }) =>
      log.info(`commitment ${transactionUid} reported to ${callingAeTitle}`),
    onReportFailed: (error, { callingAeTitle, transactionUid }, isGivenUp) => {
      const words = `commitment ${transactionUid} not reported to ${callingAeTitle}: ${messageOf(error)}`;
      log.warn(isGivenUp ? `${words}; given up` : words);
    },
  });
}

function failureOf(archive: Archive, { sopClassUid, sopInstanceUid }: ReferencedInstance): number | undefined {
  const stored = archive.find(sopInstanceUid);
  if (stored === undefined) return CommitmentFailure.noSuchObjectInstance;
  return stored.sopClassUid === sopClassUid ? undefined : CommitmentFailure.classInstanceConflict;
}

function worklistServices({ config, log }: ServiceParts): readonly Service[] {
  if (config.worklistDirectory === undefined) return [];
  const source = worklistFolder(config.worklistDirectory, {
    onError: (error, path) => log.warn(`worklist file ${path}: ${error.message}`),
  });
  return [worklist({ source })];
}

function performedStepService({ states, log }: ServiceParts): Service {
  return mpps({
    store: stepStore(states, 'performed_step'),
    onChange: ({ sopInstanceUid, status, association }) =>
      log.info(`${association.callingAeTitle} performed step ${sopInstanceUid} is ${status}`),
  });
}

function unifiedStepService({ config, states, log }: ServiceParts): Service {
  return ups({
    aeTitle: config.aeTitle,
    peers: peerLookup(config),
    store: { steps: stepStore(states, 'unified_step'), subscriptions: subscriptionStore(states) },
    onChange: ({ sopInstanceUid, step }) =>
      log.info(`unified step ${sopInstanceUid} is ${step.get('ProcedureStepState')}`),
    onReportFailed: (error, aeTitle, { event, sopInstanceUid }) =>
      log.warn(`${aeTitle} was not told of ${event} of unified step ${sopInstanceUid}: ${messageOf(error)}`),
  });
}

function printService({ prints, log }: ServiceParts): Service {
  return print({
    printFilm: async (film) => log.info(`film printed to ${await prints.print(film)}`),
    onError: (error) => log.error(`a film was not printed: ${messageOf(error)}`),
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
