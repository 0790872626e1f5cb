import { readFileSync } from 'node:fs';
import { unwrap } from '../../src/base/result.js';
import type { Source } from '../../src/base/source.js';
import type { Rule } from '../../src/language/ast.js';
import { parse } from '../../src/language/parse.js';

/** A rule with the text it stands in. */
export interface RuleInText {
  readonly rule: Rule;
  readonly source: Source;
}

/** The rules of a text. */
export function rulesIn(source: Source): RuleInText[] {
  const items = unwrap(parse(source));
  return items.flatMap((item) => (item.kind === 'rule' ? [{ rule: item, source }] : []));
}

/** Every rule of the corpus: the paper, the seed systems, the catalogue of known rules, the definition's examples. */
export function corpusRules(): RuleInText[] {
  return ['paper', 'seeds', 'catalogue', 'examples'].flatMap((name) => {
    const place = new URL(`../fixtures/corpus/${name}.rule`, import.meta.url);
    return rulesIn({ name: `${name}.rule`, text: readFileSync(place, 'utf8') });
  });
}
