import { unwrap } from '../../src/base/result.js';
import { feedForwardProgram } from '../../src/circuits/feed-forward.js';
import { feedForwardTable } from '../../src/circuits/feed-forward-tables.js';
import { checkRule } from '../../src/language/check.js';
import { parse } from '../../src/language/parse.js';
import { prepareRule, type RuleForCircuit } from '../../src/program/rule.js';
import { TEN_NAMES, TEN_TERM_UPDATE } from './ten-terms.js';

/** The one rule of a text, checked against the feed-forward circuit and planned. */
function ruleOf(text: string, feedback: 'random' | 'symmetric' = 'random'): RuleForCircuit {
  const source = { name: 'test.rule', text };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'rule') throw new Error('the text holds no rule');
  return prepareRule(unwrap(checkRule(item, source, feedForwardTable(feedback))));
}

/** The ten terms of Shervani-Tabar & Rosenbaum 2023 (Eqs 14–23) with one searched coefficient each. */
export const POOL = `rule pool { param ${TEN_NAMES.map((name) => `${name} = 0 fit`).join(', ')}
  dw = ${TEN_TERM_UPDATE} }`;

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
