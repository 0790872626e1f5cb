import { unwrap } from '../../src/base/result.js';
import { feedForwardProgram, feedForwardTable } from '../../src/circuits/feed-forward.js';
import type { RuleForCircuit } from '../../src/circuits/rule.js';
import { prepareRule } from '../../src/circuits/rule.js';
import { checkRule } from '../../src/language/check.js';
import { parse } from '../../src/language/parse.js';

/** The one rule of a text, checked against the feed-forward circuit and planned. */
function ruleOf(text: string, feedback: 'random' | 'symmetric' = 'random'): RuleForCircuit {
  const source = { name: 'test.rule', text };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'rule') throw new Error('the text holds no rule');
  return prepareRule(unwrap(checkRule(item, source, feedForwardTable(feedback))));
}

/** The ten terms of Shervani-Tabar & Rosenbaum 2023 (Eqs 14–23) with one searched coefficient each. */
export const POOL = `rule pool {
  param F0 = 1e-3 fit, F1 = 0 fit, F2 = 0 fit, F3 = 0 fit, F4 = 0 fit
  param F5 = 0 fit, F6 = 0 fit, F7 = 0 fit, F8 = 0 fit, F9 = 0 fit
  dw = -F0 * post.error * pre - F1 * post * pre.error - F2 * post.error * pre.error - F3 * w
     - F4 * pre.error - F5 * post.error * sum_all(post) * pre
     - F6 * post * sum_all(post * w * pre.error) * pre.error
     - F7 * post.error * sum_all(post * w * pre.error) * pre
     - F8 * post * sum_all(post.error * w * pre) * pre.error
     + F9 * post * (pre - sum_post(post * w))
}`;

/** A program of a rule text on a small network. */
export function programOf(
  text: string,
  sizes: readonly number[],
  queries: number,
  feedback: 'random' | 'symmetric' = 'random',
  beta = 10,
) {
  return feedForwardProgram({ sizes, beta, feedback }, ruleOf(text, feedback), queries);
}
