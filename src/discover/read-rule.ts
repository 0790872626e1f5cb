import { unwrap } from '../base/result.js';
import { feedForwardTable } from '../circuits/feed-forward-tables.js';
import { checkRule } from '../language/check/rule.js';
import type { CheckedRule } from '../language/checked.js';
import { parse } from '../language/parse.js';
import type { Feedback } from './study.js';

/**
 * The one rule of a text that a discovery wrote, checked against its circuit. All rules of a
 * discovery come this way, from text. Throws an `EngrammarError` for what is wrong with it.
 */
export function readRuleText(name: string, text: string, feedback: Feedback): CheckedRule {
  const source = { name, text };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'rule') throw new TypeError(`${name} holds no rule`);
  return unwrap(checkRule(item, source, feedForwardTable(feedback)));
}
