/**
 * What an association is to be good for, as callers of services say it.
 */

/** A presentation context to propose, and what goes with its SOP class. PS3.8 7.1.1.13. */
export interface ContextProposal {
  /** Abstract syntax UID: a SOP class, as a rule. */
  readonly abstractSyntax: string;
  /** At least one; the acceptor takes one of them. */
  readonly transferSyntaxes: readonly string[];
  /**
   * Roles that we ask for: to be a C-GET's storage SCP, or to report events on an association of our own. Default: none asked for,
   * which makes us SCU. PS3.7 D.3.3.4.
   */
  readonly roles?: { readonly scu: boolean; readonly scp: boolean } | undefined;
  /** Service-class-application-information of the SOP class. Default: none. PS3.7 D.3.3.5. */
  readonly extendedNegotiation?: Uint8Array | undefined;
}

/** The same for every context that asks for the same: what tells whether an association proposed it already. */
export function contextKey(context: ContextProposal): string {
  let key = keys.get(context);
  if (key === undefined) {
    key = [context.abstractSyntax, ...context.transferSyntaxes, rolesKey(context), bytesKey(context)].join(' ');
    keys.set(context, key);
  }
  return key;
}

/** Asked for before each request. */
const keys = /* @__PURE__ */ new WeakMap<ContextProposal, string>();

function rolesKey({ roles }: ContextProposal): string {
  return roles === undefined ? '' : `${Number(roles.scu)}${Number(roles.scp)}`;
}

function bytesKey({ extendedNegotiation }: ContextProposal): string {
  return extendedNegotiation === undefined ? '' : extendedNegotiation.join(',');
}
