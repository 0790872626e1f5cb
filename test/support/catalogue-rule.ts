import { unwrap } from '../../src/base/result.js';
import { loadRule } from '../../src/catalogue/load.js';
import { checkRule } from '../../src/language/check/rule.js';
import type { CheckedRule } from '../../src/language/checked.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';

/** A rule of the catalogue, ready for any circuit (which it is held against when it runs there). */
export function catalogueRule(name: string): CheckedRule {
  const { item, source } = unwrap(loadRule(name));
  return unwrap(checkRule(item, source, wholeVocabulary));
}
