import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/base/nearest.js';

const settings = { seed: 20261, numRuns: 500 };
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });

describe('the distance of two words', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['post', 'post', 0],
    ['pots', 'post', 1],
    ['pst', 'post', 1],
    ['poost', 'post', 1],
    ['past', 'post', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is zero only for equal words, symmetric, and never more than the longer word', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
      settings,
    );
  });

  it('counts one edit as one', () => {
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom('x', 'y'), (text, at, letter) => {
        const i = at % (text.length + 1);
        expect(editDistance(text, text.slice(0, i) + letter + text.slice(i))).toBe(1);
      }),
      settings,
    );
  });
});

describe('the nearest candidate', () => {
  const signals = ['pre', 'post', 'error', 'reward', 'w'];

  it.each([
    ['pots', 'post'],
    ['Post', 'post'],
    ['eror', 'error'],
    ['rewrad', 'reward'],
    ['pree', 'pre'],
  ])('to %j is %j', (typed, meant) => {
    expect(nearest(typed, signals)).toBe(meant);
  });

  it('is none when nothing is near', () => {
    expect(nearest('membrane', signals)).toBeUndefined();
    expect(nearest('pre', [])).toBeUndefined();
  });

  it('is the first of equally near ones, whatever stands after it', () => {
    expect(nearest('aab', ['aac', 'aad'])).toBe('aac');
    expect(nearest('aab', ['aad', 'aac'])).toBe('aad');
  });
});
