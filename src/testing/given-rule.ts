import { existsSync } from 'node:fs';
import { noRule, notOneRule } from '../base/diagnostics/testing.js';
import { EngrammarError, unwrap } from '../base/result.js';
import type { Source } from '../base/source.js';
import { loadRule } from '../catalogue/load.js';
import type { Rule } from '../language/ast.js';
import { checkRule } from '../language/check/rule.js';
import type { CheckedRule } from '../language/checked.js';
import { parse } from '../language/parse.js';
import { wholeVocabulary } from '../language/vocabulary.js';

/**
 * A rule as tests name it: its text (`rule NAME { … }`, or the lines alone), `FILE`, `FILE#NAME`, a name
 * of the catalogue, or a checked rule. Texts and references are checked against the whole vocabulary.
 */
export type GivenRule = string | CheckedRule;

/** The rule that is meant. Throws an `EngrammarError` with what is wrong with it. */
export function ruleGiven(given: unknown): CheckedRule {
  if (isChecked(given)) return given;
  if (typeof given !== 'string') throw new EngrammarError(noRule({ given: inWords(given) }));
  if (!isText(given)) {
    const { item, source } = unwrap(loadRule(given));
    return unwrap(checkRule(item, source, wholeVocabulary));
  }
  const text = given.includes('{') ? given : `rule unnamed { ${given.trim()} }`;
  const source = { name: 'rule in a test', text };
  return unwrap(checkRule(onlyRule(source), source, wholeVocabulary));
}

/** References have neither brackets nor an equals sign, but for files that are called so. */
const isText = (given: string): boolean => /[{=]/.test(given) && !existsSync(given);

function onlyRule(source: Source): Rule {
  const items = unwrap(parse(source));
  const [item] = items;
  if (items.length !== 1 || item?.kind !== 'rule') {
    const found = items.map(({ kind, name }) => `the ${kind} ${name}`);
    throw new EngrammarError(notOneRule({ found }, { source }));
  }
  return item;
}

function isChecked(given: unknown): given is CheckedRule {
  return (
    typeof given === 'object' &&
    given !== null &&
    ['rule', 'source', 'scope', 'changes', 'locality'].every((part) => part in given)
  );
}

function inWords(given: unknown): string {
  if (given === null || given === undefined) return String(given);
  if (typeof given === 'object' && 'ok' in given) return 'a Result (unwrap it first)';
  return `a value of type ${typeof given}`;
}
