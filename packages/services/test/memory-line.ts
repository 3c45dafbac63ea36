/** Users and providers that are joined in memory, with time that stands still until told to go on. */
import { MemoryTransport, VirtualClock } from '@dicomwire/dimse/testing';
import { onTestFinished } from 'vitest';
import { createScp, type PeerOptions, type Scp, type ScpOptions } from '../src/index.js';

/** A provider, and how to reach it. */
export interface MemoryLine {
  readonly scp: Scp;
  readonly clock: VirtualClock;
  readonly peer: PeerOptions;
  /** Both ends of each connection that was opened, in order: the user's, the provider's. */
  readonly transports: readonly (readonly [user: MemoryTransport, provider: MemoryTransport])[];
}

/** A provider in memory, closed with the test. */
export function memoryLine(
  options: Partial<ScpOptions> & Pick<ScpOptions, 'services'>,
  clock: VirtualClock = new VirtualClock(),
): MemoryLine {
  const scp = createScp({ aeTitle: 'ARCHIVE', clock, ...options });
  const transports: (readonly [MemoryTransport, MemoryTransport])[] = [];
  onTestFinished(() => scp.close());
  const openTransport = () => {
    const [user, provider] = MemoryTransport.pair();
    transports.push([user, provider]);
    scp.accept(provider);
    return user;
  };
  const peer = { host: 'memory', port: 1, calledAeTitle: 'ARCHIVE', callingAeTitle: 'MODALITY', openTransport, clock };
  return { scp, clock, peer, transports };
}
