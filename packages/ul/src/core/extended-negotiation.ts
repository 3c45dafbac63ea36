/** SOP class extended negotiation: bytes of which the service class knows the meaning. PS3.7 D.3.3.5. */
import type { SopClassExtendedNegotiation, UserInformation } from '@dicomwire/pdu';
import type { AcceptancePolicy, ExtendedNegotiationAnswer } from './policy.js';

/** The acceptor's answer, or `undefined` for none. */
export function answerExtended(
  proposed: SopClassExtendedNegotiation,
  policy: AcceptancePolicy['sopClassExtendedNegotiation'],
): SopClassExtendedNegotiation | undefined {
  if (policy === undefined) return undefined;
  if (typeof policy === 'function') return policy(proposed);
  const { sopClassUid } = proposed;
  const ours = policy.find((one) => one.sopClassUid === sopClassUid);
  if (ours === undefined) return undefined;
  const serviceClassApplicationInformation = combine(ours, proposed.serviceClassApplicationInformation);
  return { sopClassUid, serviceClassApplicationInformation };
}

/** The acceptor's answers, by SOP class UID; those that nobody asked for don't count. */
export function extendedInForce(proposed: UserInformation, answered: UserInformation): ReadonlyMap<string, Uint8Array> {
  const asked = new Set(proposed.sopClassExtendedNegotiations?.map(({ sopClassUid }) => sopClassUid));
  return new Map(
    (answered.sopClassExtendedNegotiations ?? [])
      .filter(({ sopClassUid }) => asked.has(sopClassUid))
      .map((one) => [one.sopClassUid, one.serviceClassApplicationInformation]),
  );
}

function combine({ information, answer = 'minimum' }: ExtendedNegotiationAnswer, theirs: Uint8Array): Uint8Array {
  const ours = Uint8Array.from(Buffer.from(information, 'hex'));
  if (answer === 'own') return ours;
  return ours.subarray(0, theirs.length).map((byte, index) => Math.min(byte, theirs[index] ?? 0));
}
