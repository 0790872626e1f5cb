import { unwrap } from '../../src/base/result.js';
import { checkRule } from '../../src/language/check/rule.js';
import type { CheckedRule } from '../../src/language/checked.js';
import { parse } from '../../src/language/parse.js';
import type { SignalTable } from '../../src/language/signals.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';

/** The one rule of a text, checked. */
export function checkedText(text: string, table: SignalTable = wholeVocabulary): CheckedRule {
  const source = { name: 'test.rule', text };
  const [item] = unwrap(parse(source));
  if (item?.kind !== 'rule') throw new Error('the text holds no rule');
  return unwrap(checkRule(item, source, table));
}
