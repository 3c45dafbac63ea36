/**
 * Which presentation contexts a set of objects needs. PS3.8 7.1.1.13, PS3.5 10.1.
 */
import { TransferSyntax, transferSyntaxInfo } from '@dicomwire/dimse/dataset';
import { type ContextProposal, contextKey } from '../context-proposal.js';

/** What decides on the context of an object. */
export interface ObjectSyntax {
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
}

/** One association: what to propose on it, and what to send. */
export interface PlannedAssociation<T extends ObjectSyntax> {
  readonly contexts: readonly ContextProposal[];
  /** In the order in which they were given. */
  readonly objects: readonly T[];
}

/**
 * Spreads objects over as few associations as their order allows.
 *
 * Each pair of SOP class and transfer syntax has a context of its own with that one transfer syntax, since an acceptor takes one per
 * context and an object is sent as it stands or not at all. Beside it, a SOP class whose objects are not encapsulated is
 * offered with the default transfer syntax, implicit VR little endian, as PS3.5 10.1 asks of every abstract syntax but those of which
 * only compressed data are at hand.
 *
 * @param alreadyProposed contexts that the first association is to have as well, if there is room
 * @param alternatives transfer syntaxes that objects in one can be brought into: offered in contexts of their own
 */
export function planAssociations<T extends ObjectSyntax>(
  objects: Iterable<T>,
  alreadyProposed: readonly ContextProposal[] = [],
  alternatives: (transferSyntaxUid: string) => readonly string[] = () => [],
): readonly PlannedAssociation<T>[] {
  const associations: OpenPlan<T>[] = [];
  const byPair = new Map<string, OpenPlan<T>>();
  for (const object of objects) {
    const pair = `${object.sopClassUid} ${object.transferSyntaxUid}`;
    let plan = byPair.get(pair);
    if (plan === undefined) {
      plan = placePair(associations, contextsFor(object, alternatives(object.transferSyntaxUid)), alreadyProposed);
      byPair.set(pair, plan);
    }
    plan.objects.push(object);
  }
  return associations;
}

/** Context IDs are the odd numbers from 1 to 255. PS3.8 9.3.2.2. */
export const maximumContexts = 128;

interface OpenPlan<T extends ObjectSyntax> {
  readonly contexts: ContextProposal[];
  readonly objects: T[];
  readonly keys: Set<string>;
}

function placePair<T extends ObjectSyntax>(
  associations: OpenPlan<T>[],
  wanted: readonly ContextProposal[],
  alreadyProposed: readonly ContextProposal[],
): OpenPlan<T> {
  for (const plan of associations) if (addContexts(plan, wanted)) return plan;
  const plan: OpenPlan<T> = { contexts: [], objects: [], keys: new Set() };
  if (associations.length === 0 && alreadyProposed.length <= maximumContexts - wanted.length) {
    addContexts(plan, alreadyProposed);
  }
  addContexts(plan, wanted);
  associations.push(plan);
  return plan;
}

function contextsFor(object: ObjectSyntax, alternatives: readonly string[]): ContextProposal[] {
  const { sopClassUid, transferSyntaxUid } = object;
  const isEncapsulated = transferSyntaxInfo(transferSyntaxUid)?.isEncapsulated ?? true;
  const byDefault = isEncapsulated ? [] : [TransferSyntax.ImplicitVRLittleEndian];
  const offered = new Set([transferSyntaxUid, ...alternatives, ...byDefault]);
  return [...offered].map((syntax) => ({ abstractSyntax: sopClassUid, transferSyntaxes: [syntax] }));
}

/** Adds those that are missing, all or none. */
function addContexts(plan: OpenPlan<ObjectSyntax>, wanted: readonly ContextProposal[]): boolean {
  const missing = wanted.filter((context) => !plan.keys.has(contextKey(context)));
  if (plan.contexts.length + missing.length > maximumContexts) return false;
  for (const context of missing) {
    plan.keys.add(contextKey(context));
    plan.contexts.push(context);
  }
  return true;
}
