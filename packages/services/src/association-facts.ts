/**
 * What handlers may know of an association.
 */
import type { Association } from '@dicomwire/dimse';
import type { AssociationFacts } from './service.js';

/** The facts of an association: always the same object for the same association. */
export function factsOf(association: Association): AssociationFacts {
  const known = facts.get(association);
  if (known !== undefined) return known;
  const { id, callingAeTitle, calledAeTitle, peer } = association;
  const made = { id, callingAeTitle, calledAeTitle, peer: { address: peer.address, port: peer.port } };
  facts.set(association, made);
  return made;
}

const facts = /* @__PURE__ */ new WeakMap<Association, AssociationFacts>();
