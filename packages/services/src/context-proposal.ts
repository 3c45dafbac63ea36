/** A presentation context to propose. PS3.8 7.1.1.13. */
export interface ContextProposal {
  /** Abstract syntax UID: a SOP class, as a rule. */
  readonly abstractSyntax: string;
  /** At least one; the acceptor takes one of them. */
  readonly transferSyntaxes: readonly string[];
}
