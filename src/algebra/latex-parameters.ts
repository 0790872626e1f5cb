import type { Measure } from '../language/ast.js';
import type { CheckedRule } from '../language/checked.js';
import { numberLatex } from './latex-numbers.js';
import { symbolsOf } from './latex-symbols.js';

/**
 * The values of a rule's parameters as one formula, `F_0 = 0.0136 \pm 0.0004,\quad F_9 = 0.0077`;
 * empty for a rule without parameters.
 */
export function latexParameters({ scope }: CheckedRule): string {
  const symbols = symbolsOf(scope);
  const written = (measure: Measure): string => numberLatex(measure).text;
  return [...scope.parameters.values()]
    .map(({ name, definition: { value, spread } }) => {
      const around = spread === null ? '' : ` \\pm ${written(spread)}`;
      return `${symbols.parameter(name)} = ${written(value)}${around}`;
    })
    .join(',\\quad ');
}
