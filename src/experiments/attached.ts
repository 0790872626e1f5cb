import { unwrap } from '../base/result.js';
import { checkRule } from '../language/check/rule.js';
import type { CheckedRule } from '../language/checked.js';
import { parse } from '../language/parse.js';
import type { SignalTable } from '../language/signals.js';
import type { Circuit } from '../program/circuit.js';

/** Texts of rules by the kind of projection they stand on; each holds one rule. */
export type RuleTexts = Readonly<Record<string, string>>;

/**
 * The one rule of a text, checked against what its projection offers. Whatever runs in a job comes this
 * way, from text. Throws an `EngrammarError` for what is wrong with it.
 */
export function readRuleText(name: string, text: string, table: SignalTable): CheckedRule {
  const source = { name, text };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'rule') throw new TypeError(`${name} holds no rule`);
  return unwrap(checkRule(item, source, table));
}

/** The rules of these texts; a text that stands on several projections is one rule with one set of parameters. */
export function readRuleTexts(
  name: string,
  texts: RuleTexts,
  circuit: Circuit,
): Record<string, CheckedRule> {
  const read = new Map<string, CheckedRule>();
  const rules: Record<string, CheckedRule> = {};
  for (const [kind, text] of Object.entries(texts)) {
    const rule = read.get(text) ?? readRuleText(`${name} (${kind})`, text, circuit.tables[kind]!);
    read.set(text, rule);
    rules[kind] = rule;
  }
  return rules;
}
