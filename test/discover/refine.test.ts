import { describe, expect, it } from 'vitest';
import { refine, termsIn } from '../../src/discover/refine.js';
import type { Values } from '../../src/discover/several-fits.js';
import { plan, pretending } from './pretending.js';

const start: Values = new Map([
  ['F0', 0.6],
  ['F1', 0.5],
  ['F2', 0.4],
]);

/** F0 and F2 do the same; F1 does something else. */
const lossOf = ({ F0 = 0, F1 = 0, F2 = 0 }: Record<string, number>): number =>
  1 + (F0 + F2 - 1) ** 2 + (F1 - 0.5) ** 2;

describe('refining a rule', () => {
  it('leaves out a term whose part another one can take over once it is refitted', async () => {
    const { crew, searches } = pretending(lossOf, ({ F0, F1, F2 }) => ({
      ...(F0 !== undefined && { F0: F2 === undefined ? 1 : F0 }),
      ...(F1 !== undefined && { F1: 0.5 }),
      ...(F2 !== undefined && { F2: F0 === undefined ? 1 : F2 }),
    }));
    const { rule, beside } = await refine(plan, crew, start, 40, []);
    expect(rule.values).toEqual(
      new Map([
        ['F0', 1],
        ['F1', 0.5],
      ]),
    );
    // As the rule stood, F2 was missed; F1 was tried next, and still is.
    expect(searches.map(({ terms }) => terms)).toEqual(['F0 F1 F2', 'F0 F1', 'F0', 'F0 F1']);
    expect([...rule.effects.keys()]).toEqual(['F0', 'F1']);
    expect(rule.effects.get('F1')!.mean).toBeCloseTo(0.25);
    expect(beside).toEqual([]);
  });

  it('never refits a rule for more steps than it may', async () => {
    for (const steps of [0, 1, 2, 7, 40]) {
      const { crew, searches } = pretending(
        () => 1,
        (given) => given,
      );
      const { rule } = await refine(plan, crew, start, steps, []);
      // No term matters: all but one go, and every refit is on the way to the last rule.
      expect(termsIn(plan, rule.values)).toHaveLength(1);
      expect(searches.reduce((sum, each) => sum + each.steps, 0)).toBe(steps);
    }
  });

  it('declines a refit that goes astray', async () => {
    const { crew } = pretending(lossOf, (given) =>
      Object.fromEntries(Object.keys(given).map((id) => [id, 3])),
    );
    const { rule } = await refine(plan, crew, start, 40, []);
    expect(rule.values).toEqual(start);
  });

  it('has nothing to do where no term is left', async () => {
    const { crew, searches } = pretending(lossOf, (given) => given);
    const { rule } = await refine(plan, crew, new Map(), 40, []);
    expect(rule).toEqual({ values: new Map(), whole: null, effects: new Map() });
    expect(searches).toEqual([]);
  });
});
