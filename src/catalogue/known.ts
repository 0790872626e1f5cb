import { unwrap } from '../base/result.js';
import { checkRule } from '../language/check/rule.js';
import type { CheckedRule } from '../language/checked.js';
import { wholeVocabulary } from '../language/vocabulary.js';
import { loadFile } from './load.js';
import { catalogueFiles } from './shelves.js';

/**
 * Every rule of the catalogue that comes with the package, checked against the whole vocabulary, in the
 * order of its files and of their text. Throws an `EngrammarError` if the package is damaged.
 */
export function knownRules(): CheckedRule[] {
  return catalogueFiles()
    .filter(({ kind }) => kind === 'rule')
    .flatMap(({ path }) => {
      const { items, source } = unwrap(loadFile(path));
      return items.flatMap((item) =>
        item.kind === 'rule' ? [unwrap(checkRule(item, source, wholeVocabulary))] : [],
      );
    });
}
