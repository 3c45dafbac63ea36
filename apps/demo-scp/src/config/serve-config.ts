/** Everything that can be set about the server. */
import type { LogLevel } from '../console/log.js';

/** When an object counts as kept. */
export const durabilities = ['full', 'os'] as const;

/**
 * `full`: when file, directory entry and index row have been synced to stable storage; one sync serves what came in meanwhile on
 * all associations. `os`: when the operating system has them: survives a crash of the program, not one of the machine.
 */
export type Durability = (typeof durabilities)[number];

/** What to do with an instance that is there already, with other content. */
export const duplicatePolicies = ['refuse', 'replace'] as const;

/** `refuse`: the stored one stays, the sender is told C000. `replace`: the new one takes its place, in one step. */
export type DuplicatePolicy = (typeof duplicatePolicies)[number];

/** An application entity that the server may call: a destination of C-MOVE, a subscriber, who asked for commitment. */
export interface KnownPeer {
  readonly aeTitle: string;
  readonly host: string;
  readonly port: number;
  /** TLS towards it: paths of PEM files; `{}` trusts what the system trusts. `undefined` is plain TCP. */
  readonly tls:
    | {
        readonly trustedCertificates?: string | undefined;
        readonly certificate?: string | undefined;
        readonly privateKey?: string | undefined;
      }
    | undefined;
}

/** The server's configuration. */
export interface ServeConfig {
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  /** Address or host name to listen on. */
  readonly host: string;
  readonly aeTitle: string;
  readonly dataDirectory: string;
  /** Further associations are rejected (local limit exceeded). */
  readonly maxAssociations: number;
  /** Reject associations that call another AE title. */
  readonly checkCalledAeTitle: boolean;
  /** Reject associations from any other AE title; `undefined` lets in everybody. */
  readonly allowedCallingAeTitles: readonly string[] | undefined;
  /** Keep objects of SOP classes that are not known. */
  readonly isPromiscuous: boolean;
  /** ARTIM, and everything else before acceptance. */
  readonly acseTimeoutMs: number;
  /** The longest wait for the next part of a message, and for a peer to take what is sent. */
  readonly dimseTimeoutMs: number;
  /** The longest time that an association may be silent. */
  readonly idleTimeoutMs: number;
  /** Largest PDU that we take, bytes. */
  readonly maxPduBytes: number;
  readonly durability: Durability;
  readonly onDuplicate: DuplicatePolicy;
  readonly logLevel: LogLevel;
  /** How long running associations may go on once the server is asked to stop. */
  readonly gracePeriodMs: number;
  /** Who may be called. */
  readonly peers: readonly KnownPeer[];
  /** Folder of worklist files; `undefined` for no worklist. */
  readonly worklistDirectory: string | undefined;
}

/** What holds when nothing is said. */
export const defaultServeConfig: ServeConfig = {
  port: 11112,
  host: '127.0.0.1',
  aeTitle: 'DEMO_SCP',
  dataDirectory: './dicom-data',
  maxAssociations: 200,
  checkCalledAeTitle: false,
  allowedCallingAeTitles: undefined,
  isPromiscuous: false,
  acseTimeoutMs: 30_000,
  dimseTimeoutMs: 60_000,
  idleTimeoutMs: 600_000,
  maxPduBytes: 131_072,
  durability: 'full',
  onDuplicate: 'refuse',
  logLevel: 'info',
  gracePeriodMs: 10_000,
  peers: [],
  worklistDirectory: undefined,
};
