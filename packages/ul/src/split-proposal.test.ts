import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildProposal } from './proposal.js';
import { splitPresentationContexts } from './split-proposal.js';

const context = (abstract: number, ...transfer: number[]) => ({
  abstractSyntax: `1.2.${abstract}`,
  transferSyntaxes: transfer.map((number) => `1.3.${number}`),
});

it('up to 128 contexts stay together, equal ones are proposed once, given IDs are dropped', () => {
  const wanted = [context(1, 1), { ...context(2, 1, 2), id: 7 }, context(1, 1), context(1, 2)];
  expect(splitPresentationContexts(wanted)).toEqual([[context(1, 1), context(1, 2), context(2, 1, 2)]]);
  expect(splitPresentationContexts([])).toEqual([]);
});

it('contexts of one abstract syntax stay together where they fit into one proposal', () => {
  const wanted = [
    ...Array.from({ length: 127 }, (_, index) => context(index, 1)),
    context(500, 1),
    context(500, 2),
    context(501, 1),
  ];
  const [first = [], second = []] = splitPresentationContexts(wanted);
  expect(first).toHaveLength(128);
  expect(first.at(-1)).toEqual(context(501, 1));
  expect(second).toEqual([context(500, 1), context(500, 2)]);
});

it('whatever is wanted, every proposal can be made and nothing is lost', () => {
  const one = fc.tuple(fc.nat(60), fc.nat(8)).map(([abstract, transfer]) => context(abstract, transfer));
  fc.assert(
    fc.property(fc.array(one, { maxLength: 600 }), (wanted) => {
      const proposals = splitPresentationContexts(wanted);
      const key = (one: { abstractSyntax: string; transferSyntaxes: readonly string[] }) =>
        `${one.abstractSyntax} ${one.transferSyntaxes.join(' ')}`;
      expect(new Set(proposals.flat().map(key))).toEqual(new Set(wanted.map(key)));
      for (const presentationContexts of proposals) {
        buildProposal({ calledAeTitle: 'A', callingAeTitle: 'B', presentationContexts });
      }
    }),
    { numRuns: 50 },
  );
});
