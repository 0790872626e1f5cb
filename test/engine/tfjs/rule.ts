import { PLAIN } from '../../../src/base/dimension.js';
import { unwrap } from '../../../src/base/result.js';
import type { Parameter } from '../../../src/language/checked.js';
import { parse, parseExpression } from '../../../src/language/parse.js';
import { wholeVocabulary } from '../../../src/language/vocabulary.js';
import type { RuleForCircuit } from '../../../src/program/rule.js';
import { TEN_NAMES, TEN_TERM_UPDATE } from '../../support/ten-terms.js';
import { updateRule } from '../../support/update-rule.js';

/** A rule of this update whose plain parameters are all searched. */
export function ruleOf(update: string, names: readonly string[]): RuleForCircuit {
  const definitions = names.map((name) => `${name} = 0 fit`).join(', ');
  const text = `rule test { param ${definitions} dw = 0 }`;
  const [item] = unwrap(parse({ name: 'test', text }));
  if (item?.kind !== 'rule') throw new Error('no rule');
  const parameters = new Map<string, Parameter>();
  for (const line of item.lines) {
    if (line.kind !== 'param') continue;
    for (const definition of line.definitions) {
      const { name } = definition;
      parameters.set(name, {
        name,
        value: 0,
        dimension: PLAIN,
        extent: 'global',
        fit: true,
        definition,
      });
    }
  }
  const expression = unwrap(parseExpression({ name: 'test', text: update }));
  const scope = { table: wholeVocabulary, parameters, memories: new Map() };
  return updateRule('test', expression, scope, names);
}

/** The ten terms of Shervani-Tabar & Rosenbaum 2023, Eqs 14–23, each with a coefficient. */
export function tenTerms(): RuleForCircuit {
  return ruleOf(TEN_TERM_UPDATE, TEN_NAMES);
}
