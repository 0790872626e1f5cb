import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/algebra/canonical.js';
import { equal, equalUpToFactor, isZero, scaledKey } from '../../src/algebra/equal.js';
import { normalForm } from '../../src/algebra/normal-form.js';
import { subtractPolynomials } from '../../src/algebra/polynomial.js';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { parseExpression } from '../../src/language/parse.js';
import { printExpression } from '../../src/language/print.js';
import { SCOPE } from '../support/algebra-scope.js';
import { compareBounded } from '../support/bounded.js';
import { evaluateExpression, randomNetwork } from '../support/network.js';
import { REWRITES, rewritten, spoiled } from '../support/rewrites.js';
import { EVERYTHING, expressions } from '../support/rules.js';

const form = (text: string) => normalForm(unwrap(parseExpression({ name: 'test', text })), SCOPE);

const PAIRS = 600;

describe('equality', () => {
  it(`recognises ${PAIRS} pairs made equal by 5 to 8 random rewrites, and prints them alike`, () => {
    const rules = fc.sample(expressions(SCOPE, { ...EVERYTHING, depth: 3 }), {
      numRuns: PAIRS,
      seed: 11,
    });
    const used = new Set<string>();
    for (const [index, rule] of rules.entries()) {
      const stream = new Stream(index, 'rewrites');
      const count = 5 + stream.integer(4);
      const { expression, made } = rewritten(rule, count, stream, SCOPE);
      for (const name of made) used.add(name);
      const [a, b] = [normalForm(rule, SCOPE), normalForm(expression, SCOPE)];
      const shown = `${index}: ${printExpression(rule)}\n  ${made.join(', ')}\n${printExpression(expression)}`;
      expect(equal(a, b), shown).toBe(true);
      expect(canonicalText(b), shown).toBe(canonicalText(a));
    }
    expect([...used].sort()).toEqual(Object.keys(REWRITES).sort());
  });

  it(`tells ${PAIRS} pairs apart that differ in one sign, exponent or index`, () => {
    const rules = fc.sample(expressions(SCOPE, { ...EVERYTHING, depth: 3 }), {
      numRuns: 4 * PAIRS,
      seed: 12,
    });
    const kinds: Record<string, number> = { sign: 0, exponent: 0, index: 0 };
    let told = 0;
    for (const [index, rule] of rules.entries()) {
      if (told === PAIRS) break;
      const stream = new Stream(index, 'spoil');
      const change = spoiled(rule, stream, SCOPE);
      if (!change) continue;
      const { expression, how } = change;
      const networks = [index, index + 1e6].map((seed) => randomNetwork(SCOPE, seed));
      const differ = networks.some((network) => {
        const after = evaluateExpression(expression, network);
        return evaluateExpression(rule, network).some(
          (value, k) => compareBounded(value, after[k]!) === 'different',
        );
      });
      if (!differ) continue;
      const [a, b] = [normalForm(rule, SCOPE), normalForm(expression, SCOPE)];
      const shown = `${printExpression(rule)}\n${printExpression(expression)}`;
      expect(equal(a, b), shown).toBe(false);
      expect(canonicalText(a), shown).not.toBe(canonicalText(b));
      kinds[how]! += 1;
      told += 1;
    }
    console.log(`unequal pairs: ${JSON.stringify(kinds)}`);
    expect(told).toBe(PAIRS);
  });

  it('clears denominators', () => {
    const a = form('1 / (post + pre) - 1 / (post + 2 * pre)');
    const b = form('pre / (post^2 + 3 * post * pre + 2 * pre^2)');
    expect(equal(a, b)).toBe(true);
    expect(isZero(subtractPolynomials(a, b))).toBe(true);
    expect(isZero(a)).toBe(false);
    expect(equalUpToFactor(a, form('-3 * pre / (post + pre) / (post + 2 * pre)'))).toBe(true);
  });

  it('up to a factor: a number, not a parameter, not 0', () => {
    expect(equalUpToFactor(form('2 * post - pre'), form('0.3 * pre - 0.6 * post'))).toBe(true);
    expect(equalUpToFactor(form('post'), form('eta * post'))).toBe(false);
    expect(equalUpToFactor(form('post'), form('0'))).toBe(false);
    expect(equalUpToFactor(form('0'), form('w - w'))).toBe(true);
    expect(scaledKey(form('-3 * post * pre'))).toBe(scaledKey(form('0.001 * pre * post')));
  });
});
