import { describe, expect, test } from 'vitest';
import { maximumContexts, planAssociations } from './plan-contexts.js';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const mr = '1.2.840.10008.5.1.4.1.1.4';
const implicit = '1.2.840.10008.1.2';
const explicit = '1.2.840.10008.1.2.1';
const deflated = '1.2.840.10008.1.2.1.99';
const bigEndian = '1.2.840.10008.1.2.2';
const jpegLossless = '1.2.840.10008.1.2.4.70';
const privateSyntax = '1.3.6.1.4.1.99999.1';

function contextsOf(...objects: [string, string][]): string[] {
  const plans = planAssociations(
    objects.map(([sopClassUid, transferSyntaxUid]) => ({ sopClassUid, transferSyntaxUid })),
  );
  return plans.flatMap((plan) =>
    plan.contexts.map((context) => `${context.abstractSyntax} ${context.transferSyntaxes}`),
  );
}

describe('planAssociations', () => {
  test.each<[string, [string, string][], string[]]>([
    ['implicit VR alone', [[ct, implicit]], [`${ct} ${implicit}`]],
    ['explicit VR, and the default beside it', [[ct, explicit]], [`${ct} ${explicit}`, `${ct} ${implicit}`]],
    ['big endian, and the default beside it', [[ct, bigEndian]], [`${ct} ${bigEndian}`, `${ct} ${implicit}`]],
    ['deflated, and the default beside it', [[ct, deflated]], [`${ct} ${deflated}`, `${ct} ${implicit}`]],
    ['encapsulated alone', [[ct, jpegLossless]], [`${ct} ${jpegLossless}`]],
    ['a private transfer syntax alone', [[ct, privateSyntax]], [`${ct} ${privateSyntax}`]],
    [
      'each pair once',
      [
        [ct, implicit],
        [ct, implicit],
        [ct, implicit],
      ],
      [`${ct} ${implicit}`],
    ],
    [
      'one transfer syntax a context',
      [
        [ct, jpegLossless],
        [ct, explicit],
        [mr, explicit],
      ],
      [`${ct} ${jpegLossless}`, `${ct} ${explicit}`, `${ct} ${implicit}`, `${mr} ${explicit}`, `${mr} ${implicit}`],
    ],
  ])('proposes %s', (_name, objects, contexts) => {
    expect(contextsOf(...objects)).toEqual(contexts);
  });

  test('spreads more than 128 contexts over several associations, the objects of a pair together and in order', () => {
    const objects = Array.from({ length: 300 }, (_, index) => ({
      sopClassUid: `1.2.3.${index % 100}`,
      transferSyntaxUid: index % 2 === 0 ? explicit : jpegLossless,
      index,
    }));
    const plans = planAssociations(objects);
    expect(plans.map((plan) => plan.contexts.length)).toEqual([maximumContexts, 22]);
    expect(plans.flatMap((plan) => plan.objects)).toHaveLength(300);
    for (const plan of plans) {
      const indices = plan.objects.map((object) => object.index);
      expect(indices).toEqual([...indices].sort((a, b) => a - b));
      const offered = new Set(plan.contexts.map((context) => `${context.abstractSyntax} ${context.transferSyntaxes}`));
      for (const object of plan.objects) {
        expect(offered).toContain(`${object.sopClassUid} ${object.transferSyntaxUid}`);
      }
    }
  });

  test('leaves out what else was to be proposed when there is no room for it', () => {
    const others = Array.from({ length: 128 }, (_, index) => ({
      abstractSyntax: `1.2.9.${index}`,
      transferSyntaxes: [implicit],
    }));
    const plans = planAssociations([{ sopClassUid: ct, transferSyntaxUid: implicit }], others);
    expect(plans[0]?.contexts).toEqual([{ abstractSyntax: ct, transferSyntaxes: [implicit] }]);
    expect(plans.flatMap((plan) => plan.objects)).toHaveLength(1);
  });

  test('plans nothing for nothing', () => {
    expect(planAssociations([])).toEqual([]);
  });
});
