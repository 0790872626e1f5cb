import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { studentReach } from '../../src/discover/student.js';
import {
  type Evidence,
  inclusions,
  intervalOfMean,
  substitutes,
  verdictOn,
} from '../../src/discover/verdicts.js';

const supports = (...texts: string[]) => texts.map((text) => new Set(text.split(' ')));

describe("Student's t", () => {
  it.each([
    [0.95, 1, 12.706],
    [0.95, 2, 4.303],
    [0.95, 3, 3.182],
    [0.95, 10, 2.228],
    [0.9, 19, 1.729],
    [0.99, 4, 4.604],
  ])('at level %s with %s degrees of freedom reaches %s', (level, degrees, reach) => {
    expect(studentReach(level, degrees)).toBeCloseTo(reach, 3);
  });

  it('gives intervals that hold the mean as often as they say', () => {
    const stream = new Stream(5, 'mean');
    let held = 0;
    for (let sample = 0; sample < 400; sample++) {
      const values = Array.from({ length: 4 }, () => 2 + stream.normal());
      const [low, high] = intervalOfMean(values, 0.9);
      if (low <= 2 && 2 <= high) held += 1;
    }
    expect(held / 400).toBeGreaterThan(0.86);
    expect(held / 400).toBeLessThan(0.94);
  });
});

describe('what several searches found', () => {
  it('is counted', () => {
    const shares = inclusions(supports('a b', 'a', 'a c', 'a b'));
    expect([...shares]).toEqual([
      ['a', 1],
      ['b', 0.5],
      ['c', 0.25],
    ]);
  });

  it('shows which terms may stand in for one another', () => {
    expect(substitutes(supports('a b', 'a c', 'a b', 'a c', 'a b'))).toEqual([['b', 'c']]);
    expect(substitutes(supports('a b', 'a c', 'a d', 'a b'))).toEqual([['b', 'c', 'd']]);
  });

  it('shows nothing where terms are found together, or neither is found', () => {
    expect(substitutes(supports('a b', 'a c', 'a b c', 'a b'))).toEqual([]);
    expect(substitutes(supports('a b', 'a c', 'a', 'a b'))).toEqual([]);
    expect(substitutes(supports('a b', 'a b'))).toEqual([]);
  });
});

describe('the verdict on a term', () => {
  const sure: Evidence = {
    inclusion: 1,
    interval: [0.1, 0.2],
    effect: { mean: 0.3, lo: 0.1, hi: 0.5, tasks: 24 },
    hasAlias: false,
  };

  it.each([
    ['established', {}],
    ['established', { inclusion: 0.9, interval: [-0.2, -0.1] as const }],
    ['tentative', { inclusion: 0.8 }],
    ['tentative', { interval: null }],
    ['tentative', { interval: [-0.01, 0.2] as const }],
    ['tentative', { effect: { mean: 0.3, lo: -0.1, hi: 0.5, tasks: 24 } }],
    ['tentative', { effect: null }],
    ['not identifiable', { hasAlias: true }],
  ] as const)('is %s with %o', (verdict, change) => {
    expect(verdictOn({ ...sure, ...change })).toBe(verdict);
  });
});
