/** Sets the scene: one of our sides in virtual time, and a scripted peer at the other end of an in-memory transport. */
import type { Pdu } from '@dicomwire/pdu';
import {
  type AssociateAcPdu,
  type AssociateRqPdu,
  type Association,
  type AssociationEnd,
  type AssociationError,
  acceptProposal,
  buildProposal,
  type ConnectOptions,
  connect,
  createServer,
  type FragmentReceiver,
  type Server,
  type ServerOptions,
} from '@dicomwire/ul';
import { MemoryTransport, ScriptedPeer, settle, VirtualClock } from '@dicomwire/ul/testing';

export const verification = '1.2.840.10008.1.1';
export const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';
export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';

export const policy = {
  presentationContexts: [
    { abstractSyntax: verification, transferSyntaxes: [implicitLittleEndian] },
    { abstractSyntax: ctImageStorage, transferSyntaxes: [explicitLittleEndian, implicitLittleEndian] },
  ],
};

/** A request that our policy accepts: verification in context 1, CT in context 3. */
export const request: AssociateRqPdu = buildProposal({
  calledAeTitle: 'ACCEPTOR',
  callingAeTitle: 'REQUESTOR',
  presentationContexts: [
    { abstractSyntax: verification, transferSyntaxes: [implicitLittleEndian] },
    { abstractSyntax: ctImageStorage, transferSyntaxes: [implicitLittleEndian, explicitLittleEndian] },
  ],
});

/** The A-ASSOCIATE-AC that answers {@link request}. */
export const response: AssociateAcPdu = acceptanceOf(request);

export const releaseRq: Pdu = { type: 'A-RELEASE-RQ' };
export const releaseRp: Pdu = { type: 'A-RELEASE-RP' };

export function abort(source: number, reason: number): Pdu {
  return { type: 'A-ABORT', source, reason };
}

export function reject(result: number, source: number, reason: number): Pdu {
  return { type: 'A-ASSOCIATE-RJ', result, source, reason };
}

/** A P-DATA-TF with one value. */
export function data(contextId: number, bytes: number, isCommand = true, isLast = true): Pdu {
  return { type: 'P-DATA-TF', values: [{ contextId, isCommand, isLast, data: new Uint8Array(bytes).fill(7) }] };
}

/** What a receiver was told. */
export class Recorder implements FragmentReceiver {
  readonly fragments: { contextId: number; isCommand: boolean; isLast: boolean; length: number }[] = [];
  readonly ends: AssociationEnd[] = [];
  releaseRequests = 0;
  /** What follows from a release request. */
  onReleaseRequested: () => void = () => {};
  /** What `fragment` answers. */
  answer: () => undefined | Promise<void> = () => undefined;

  fragment(contextId: number, isCommand: boolean, isLast: boolean, bytes: Uint8Array): undefined | Promise<void> {
    this.fragments.push({ contextId, isCommand, isLast, length: bytes.length });
    return this.answer();
  }

  releaseRequested(): void {
    this.releaseRequests++;
    this.onReleaseRequested();
  }

  ended(end: AssociationEnd): void {
    this.ends.push(end);
  }
}

/** Our acceptor, in virtual time. */
export class AcceptorScene {
  readonly clock = new VirtualClock();
  readonly associations: Association[] = [];
  readonly recorders: Recorder[] = [];
  readonly errors: AssociationError[] = [];
  readonly server: Server;

  constructor(options: Partial<ServerOptions> = {}) {
    this.server = createServer({
      policy,
      clock: this.clock,
      onAssociation: (association) => {
        const recorder = new Recorder();
        association.setReceiver(recorder);
        this.associations.push(association);
        this.recorders.push(recorder);
      },
      onError: (error) => this.errors.push(error),
      ...options,
    });
  }

  /** A peer connects. */
  open(options?: { reads?: boolean }): { peer: ScriptedPeer; transport: MemoryTransport; ours: MemoryTransport } {
    const [ours, theirs] = MemoryTransport.pair();
    this.server.accept(ours);
    return { peer: new ScriptedPeer(theirs, options), transport: theirs, ours };
  }

  /** A peer connects and its association is accepted. */
  async associate(options?: { reads?: boolean }) {
    const opened = this.open(options);
    opened.peer.send(request);
    await settle();
    opened.peer.takePdus();
    const association = this.associations.at(-1);
    const recorder = this.recorders.at(-1);
    if (association === undefined || recorder === undefined) throw new Error('not accepted');
    return { ...opened, association, recorder };
  }
}

/** Our requestor, in virtual time. */
export class RequestorScene {
  readonly clock = new VirtualClock();
  readonly peer: ScriptedPeer;
  readonly transport: MemoryTransport;
  readonly ours: MemoryTransport;
  readonly recorder = new Recorder();
  readonly connecting: Promise<Association>;
  /** Set once connecting failed. */
  error: unknown;

  constructor(options: Partial<ConnectOptions> = {}, peerOptions?: { reads?: boolean }) {
    const [ours, theirs] = MemoryTransport.pair();
    this.peer = new ScriptedPeer(theirs, peerOptions);
    this.transport = theirs;
    this.ours = ours;
    this.connecting = connect({
      transport: ours,
      clock: this.clock,
      calledAeTitle: request.calledAeTitle,
      callingAeTitle: request.callingAeTitle,
      presentationContexts: request.presentationContexts,
      ...options,
    });
    this.connecting.catch((error: unknown) => {
      this.error = error;
    });
  }

  /** The peer accepts. */
  async associate(answer: AssociateAcPdu = response): Promise<Association> {
    await settle();
    this.peer.takePdus();
    this.peer.send(answer);
    const association = await this.connecting;
    association.setReceiver(this.recorder);
    return association;
  }
}

function acceptanceOf(proposal: AssociateRqPdu): AssociateAcPdu {
  const acceptance = acceptProposal(proposal, policy);
  if (acceptance.kind === 'reject') throw new Error('the request of the scene is rejected');
  return acceptance.response;
}
