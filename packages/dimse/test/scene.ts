/** Sessions in memory, with time that stands still until told to go on. */
import {
  type ConnectSessionOptions,
  connectSession,
  createSessionServer,
  type PresentationContextProposal,
  type RequestHandler,
  type Session,
  type SessionOptions,
} from '@dicomwire/dimse';
import { MemoryTransport, ScriptedPeer, settle, VirtualClock } from '@dicomwire/ul/testing';
import { slowLine } from './slow-line.js';

export const VERIFICATION = '1.2.840.10008.1.1';
export const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
export const STUDY_ROOT_FIND = '1.2.840.10008.5.1.4.1.2.2.1';
export const MPPS = '1.2.840.10008.3.1.2.3.3';
export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';

/** The contexts of every scene: IDs 1, 3, 5, 7. */
export const CONTEXTS: readonly PresentationContextProposal[] = [
  VERIFICATION,
  CT_IMAGE_STORAGE,
  STUDY_ROOT_FIND,
  MPPS,
].map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes: [IMPLICIT_LITTLE_ENDIAN] }));

/** What differs from scene to scene. */
export interface SceneOptions {
  /** Operations at once, in either direction. Default: not negotiated, which is one. */
  readonly window?: number | undefined;
  readonly maximumLength?: number;
  /** Time from one end to the other and back, milliseconds. Default: none. */
  readonly roundTripMs?: number;
  readonly client?: SessionOptions;
  readonly server?: SessionOptions;
  readonly connect?: Partial<ConnectSessionOptions>;
}

/** Two sessions, joined. */
export interface Scene {
  readonly clock: VirtualClock;
  readonly client: Session;
  readonly server: Session;
  readonly clientTransport: MemoryTransport;
  readonly serverTransport: MemoryTransport;
}

/** Two of ours. */
export async function pair(options: SceneOptions = {}): Promise<Scene> {
  const clock = new VirtualClock();
  const { window, maximumLength, roundTripMs } = options;
  const [clientTransport, serverTransport] =
    roundTripMs === undefined ? MemoryTransport.pair() : slowLine(clock, roundTripMs / 2);
  const asynchronousOperationsWindow =
    window === undefined ? undefined : { maximumOperationsInvoked: window, maximumOperationsPerformed: window };
  let server: Session | undefined;
  const listener = createSessionServer({
    clock,
    policy: { presentationContexts: CONTEXTS, asynchronousOperationsWindow, maximumLength },
    session: options.server,
    onSession: (session) => {
      server = session;
    },
  });
  listener.accept(serverTransport);
  const connecting = connectSession({
    clock,
    transport: clientTransport,
    calledAeTitle: 'ARCHIVE',
    callingAeTitle: 'CT1',
    presentationContexts: CONTEXTS,
    asynchronousOperationsWindow,
    maximumLength,
    ...options.client,
    ...options.connect,
  });
  if (roundTripMs !== undefined) for (let ms = 0; ms <= 2 * roundTripMs; ms++) await clock.advance(1);
  const client = await connecting;
  if (server === undefined) throw new Error('The server has no session');
  return { clock, client, server, clientTransport, serverTransport };
}

/** One of ours, and a peer that does what the test says. */
export interface ScriptedScene {
  readonly clock: VirtualClock;
  readonly session: Session;
  readonly peer: ScriptedPeer;
  /** Our end of the connection. */
  readonly transport: MemoryTransport;
  /** The peer's end of the connection. */
  readonly peerTransport: MemoryTransport;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

/** Our acceptor, asked by a peer that proposed every context of the scene. */
export async function acceptor(
  handler: RequestHandler | undefined,
  options: SessionOptions & { readonly window?: number; readonly reads?: boolean } = {},
): Promise<ScriptedScene> {
  const clock = new VirtualClock();
  const [ours, theirs] = MemoryTransport.pair();
  const errors: { code: string; message: string }[] = [];
  let session: Session | undefined;
  const { window } = options;
  const asynchronousOperationsWindow =
    window === undefined ? undefined : { maximumOperationsInvoked: window, maximumOperationsPerformed: window };
  const listener = createSessionServer({
    clock,
    policy: { presentationContexts: CONTEXTS, asynchronousOperationsWindow },
    session: { ...options, handler, onError: (error) => errors.push(error) },
    onSession: (accepted) => {
      session = accepted;
    },
  });
  listener.accept(ours);
  const peer = new ScriptedPeer(theirs, { reads: options.reads ?? true });
  peer.send({
    type: 'A-ASSOCIATE-RQ',
    protocolVersion: 1,
    calledAeTitle: 'ARCHIVE',
    callingAeTitle: 'RAW',
    applicationContextName: '1.2.840.10008.3.1.1.1',
    presentationContexts: CONTEXTS.map((context, index) => ({
      id: 2 * index + 1,
      abstractSyntax: context.abstractSyntax,
      transferSyntaxes: context.transferSyntaxes,
    })),
    userInformation: { maximumLength: 16384, implementationClassUid: '1.2.3', asynchronousOperationsWindow },
  });
  await settle();
  peer.takePdus();
  if (session === undefined) throw new Error('The association was not accepted');
  return { clock, session, peer, transport: ours, peerTransport: theirs, errors };
}

/** Our requestor, associated with a peer that accepted every context of the scene. */
export async function requestor(options: SessionOptions & { readonly window?: number } = {}): Promise<ScriptedScene> {
  const clock = new VirtualClock();
  const [ours, theirs] = MemoryTransport.pair();
  const errors: { code: string; message: string }[] = [];
  const { window } = options;
  const asynchronousOperationsWindow =
    window === undefined ? undefined : { maximumOperationsInvoked: window, maximumOperationsPerformed: window };
  const peer = new ScriptedPeer(theirs);
  const connecting = connectSession({
    ...options,
    onError: (error) => errors.push(error),
    clock,
    transport: ours,
    calledAeTitle: 'ARCHIVE',
    callingAeTitle: 'CT1',
    presentationContexts: CONTEXTS,
    asynchronousOperationsWindow,
  });
  await settle();
  peer.takePdus();
  peer.send({
    type: 'A-ASSOCIATE-AC',
    protocolVersion: 1,
    calledAeTitle: 'ARCHIVE',
    callingAeTitle: 'CT1',
    applicationContextName: '1.2.840.10008.3.1.1.1',
    presentationContexts: CONTEXTS.map((_context, index) => ({
      id: 2 * index + 1,
      result: 0,
      transferSyntax: IMPLICIT_LITTLE_ENDIAN,
    })),
    userInformation: { maximumLength: 16384, implementationClassUid: '1.2.3', asynchronousOperationsWindow },
  });
  return { clock, session: await connecting, peer, transport: ours, peerTransport: theirs, errors };
}

/** A promise that the test settles. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
