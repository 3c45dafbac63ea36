/** Tests that need real peers: run where they are, skipped loudly where they are not, failed where they must be (`CI=true`). */
import { describe, test } from 'vitest';
import { type PeerName, whatIsMissing } from './peers/availability.ts';

/** A `describe` whose body runs only when every named peer is here. */
export function describeWith(peers: readonly PeerName[], name: string, body: () => void): void {
  const missing = peers.map(whatIsMissing).filter((reason) => reason !== undefined);
  if (missing.length === 0) {
    describe(name, body);
    return;
  }
  const reason = missing.join('; ');
  if (process.env.CI === 'true') {
    test(name, () => {
      throw new Error(`${reason}. Every peer must be here when CI=true.`);
    });
    return;
  }
  console.warn(`SKIPPED ${name}: ${reason}`);
  describe.skip(`${name} [${reason}]`, body);
}
