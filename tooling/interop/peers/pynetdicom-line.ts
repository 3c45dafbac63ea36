/** pynetdicom at either end of one association, telling what it negotiated. */
import { runScript, startScript } from './pynetdicom-scripts.ts';

/** Passcodes of usernames, and answers to tokens, that the acceptor knows. */
export interface LineScpOptions {
  readonly tls?:
    | {
        readonly certificate: string;
        readonly privateKey: string;
        readonly authority: string;
        readonly requiresCertificate: boolean;
      }
    | undefined;
  /** `null` for a name that needs no passcode. Default: identities are not looked at. */
  readonly users?: Readonly<Record<string, string | null>> | undefined;
  /** Server responses by ticket, assertion or token. */
  readonly tokens?: Readonly<Record<string, string>> | undefined;
  /** Path of the object that answers every C-GET. */
  readonly object?: string | undefined;
  /** C-FIND, C-GET and C-MOVE go on until they are cancelled, with that object where one is needed. */
  readonly endless?: boolean | undefined;
  /** Port of the one destination that a C-MOVE can have. */
  readonly movePort?: number | undefined;
}

/** Something that the acceptor told. */
export type LineScpEvent = Readonly<Record<string, unknown>> & { readonly event: string };

/** A pynetdicom acceptor. */
export interface LineScp {
  readonly port: number;
  /** What it told so far. */
  events(): readonly LineScpEvent[];
  /** Ends it. */
  stop(): Promise<void>;
}

/** How pynetdicom requests its association. */
export interface LineScuOptions {
  readonly port: number;
  readonly tls?:
    | {
        readonly authority: string;
        readonly hostname: string;
        readonly certificate?: string | undefined;
        readonly privateKey?: string | undefined;
        readonly maximum?: '1.2' | undefined;
      }
    | undefined;
  /** Type as on the wire, PS3.7 Table D.3-14. */
  readonly identity?:
    | {
        readonly type: number;
        readonly primary: string;
        readonly secondary?: string | undefined;
        readonly positiveResponse?: boolean | undefined;
      }
    | undefined;
  /** SCU and SCP role to propose for CT Image Storage. */
  readonly roles?: readonly [scu: boolean, scp: boolean] | undefined;
  /** Study instance UID to ask for by C-GET. */
  readonly get?: string | undefined;
  /** Asks for a study, and cancels after so many pending responses. */
  readonly cancel?: { readonly operation: 'C-FIND' | 'C-GET' | 'C-MOVE'; readonly after: number } | undefined;
}

/** Starts the acceptor on a free port. */
export function startLineScp(options: LineScpOptions = {}): Promise<LineScp> {
  return startScript<LineScpEvent>('line-scp', options);
}

/** Runs the requestor to its end. Resolves to what it told. @throws an error with its output when it told nothing. */
export function runLineScu(options: LineScuOptions): Promise<Readonly<Record<string, unknown>>> {
  return runScript('line-scu', options);
}
