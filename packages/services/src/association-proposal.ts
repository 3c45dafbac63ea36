/**
 * What the contexts of calls come to in an association request.
 */
import type { RoleSelection, SopClassExtendedNegotiation } from '@dicomwire/dimse';
import type { ContextProposal } from './context-proposal.js';

/** One item for each SOP class of which a context asks for roles; its other contexts are for an SCU. PS3.7 D.3.3.4. */
export function roleSelectionsOf(contexts: readonly ContextProposal[]): readonly RoleSelection[] {
  const selections = new Map<string, RoleSelection>();
  const asked = new Set(contexts.filter(({ roles }) => roles !== undefined).map((context) => context.abstractSyntax));
  for (const { abstractSyntax, roles = scuOnly } of contexts) {
    if (!asked.has(abstractSyntax)) continue;
    const other = selections.get(abstractSyntax);
    selections.set(abstractSyntax, {
      sopClassUid: abstractSyntax,
      scuRole: roles.scu || other?.scuRole === true,
      scpRole: roles.scp || other?.scpRole === true,
    });
  }
  return [...selections.values()];
}

const scuOnly = { scu: true, scp: false };

/** One item for each SOP class: the first that a context gives. PS3.7 D.3.3.5. */
export function extendedNegotiationsOf(contexts: readonly ContextProposal[]): readonly SopClassExtendedNegotiation[] {
  const negotiations = new Map<string, SopClassExtendedNegotiation>();
  for (const { abstractSyntax, extendedNegotiation } of contexts) {
    if (extendedNegotiation === undefined || negotiations.has(abstractSyntax)) continue;
    negotiations.set(abstractSyntax, {
      sopClassUid: abstractSyntax,
      serviceClassApplicationInformation: extendedNegotiation,
    });
  }
  return [...negotiations.values()];
}
