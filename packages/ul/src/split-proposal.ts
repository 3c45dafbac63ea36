/** Proposals of more than one association can hold. */
import type { PresentationContextProposal } from './proposal.js';

/**
 * Spreads presentation contexts over as few proposals as first-fit finds: at most 128 each, those of one abstract syntax together where they fit
 * into one. Equal contexts are proposed once; IDs that were given are dropped, since each association has its own. PS3.8 9.3.2.2.
 *
 * @example
 * ```ts
 * import { splitPresentationContexts } from '@dicomwire/ul';
 *
 * const wanted = Array.from({ length: 300 }, (_, index) => ({
 *   abstractSyntax: `1.2.3.${index}`,
 *   transferSyntaxes: ['1.2.840.10008.1.2'],
 * }));
 * console.log(splitPresentationContexts(wanted).map((contexts) => contexts.length)); // [ 128, 128, 44 ]
 * ```
 */
export function splitPresentationContexts(
  contexts: Iterable<PresentationContextProposal>,
): PresentationContextProposal[][] {
  const proposals: PresentationContextProposal[][] = [];
  for (const group of groupByAbstractSyntax(contexts)) {
    for (let start = 0; start < group.length; start += maximumContexts) {
      const part = group.slice(start, start + maximumContexts);
      const open = proposals.find((proposal) => proposal.length + part.length <= maximumContexts);
      if (open === undefined) proposals.push(part);
      else open.push(...part);
    }
  }
  return proposals;
}

/** Context IDs are the odd numbers from 1 to 255. */
const maximumContexts = 128;

function groupByAbstractSyntax(contexts: Iterable<PresentationContextProposal>): PresentationContextProposal[][] {
  const groups = new Map<string, Map<string, PresentationContextProposal>>();
  for (const { abstractSyntax, transferSyntaxes } of contexts) {
    let group = groups.get(abstractSyntax);
    if (group === undefined) {
      group = new Map();
      groups.set(abstractSyntax, group);
    }
    group.set(transferSyntaxes.join('\\'), { abstractSyntax, transferSyntaxes });
  }
  return [...groups.values()].map((group) => [...group.values()]);
}
