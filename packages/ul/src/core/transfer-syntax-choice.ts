/** Which of the proposed transfer syntaxes is taken. */
import type { SupportedContext, TransferSyntaxChoice } from './policy.js';

/** What is accepted, by abstract syntax. Policies are data that doesn't change, so this is made once for each. */
export function choicesOf(contexts: readonly SupportedContext[]): ReadonlyMap<string, TransferSyntaxChoice> {
  let choices = knownChoices.get(contexts);
  if (choices === undefined) {
    choices = new Map(contexts.map(({ abstractSyntax, transferSyntaxes }) => [abstractSyntax, transferSyntaxes]));
    knownChoices.set(contexts, choices);
  }
  return choices;
}

/** One of those proposed, or `undefined` when none will do. */
export function chooseTransferSyntax(
  proposed: readonly string[],
  choice: TransferSyntaxChoice,
  preference: 'acceptor' | 'requestor',
): string | undefined {
  if (choice === 'any') return proposed[0];
  if (typeof choice === 'function') return choice(proposed);
  const ranks = ranksOf(choice);
  if (preference === 'requestor') return proposed.find((transferSyntax) => ranks.has(transferSyntax));
  let best: string | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const transferSyntax of proposed) {
    const rank = ranks.get(transferSyntax);
    if (rank === undefined || rank >= bestRank) continue;
    best = transferSyntax;
    bestRank = rank;
  }
  return best;
}

/** Requestors propose up to 128 contexts, and an archive knows some sixty transfer syntaxes: lists are not searched one in the other. */
function ranksOf(transferSyntaxes: readonly string[]): ReadonlyMap<string, number> {
  let ranks = knownRanks.get(transferSyntaxes);
  if (ranks === undefined) {
    // The first of equals counts.
    ranks = new Map(transferSyntaxes.map((uid, rank) => [uid, rank] as const).reverse());
    knownRanks.set(transferSyntaxes, ranks);
  }
  return ranks;
}

const knownChoices = new WeakMap<readonly SupportedContext[], ReadonlyMap<string, TransferSyntaxChoice>>();
const knownRanks = new WeakMap<readonly string[], ReadonlyMap<string, number>>();
