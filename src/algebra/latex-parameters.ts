import type { Measure } from '../language/ast.js';
import type { CheckedRule, Parameter } from '../language/checked.js';
import { numberLatex, unitsLatex } from './latex-numbers.js';
import { ruleSymbols } from './latex-rule.js';
import { indexOf, withIndex } from './latex-symbols.js';

/** More parameters than this are put in rows of as many. */
const IN_A_ROW = 5;

/**
 * The values of a rule's parameters as one formula, `F_0 = 0.0136 \pm 0.0004,\quad F_9 = 0.0077`;
 * empty for a rule without parameters.
 */
export function latexParameters(rule: CheckedRule): string {
  const symbols = ruleSymbols(rule);
  const written = [...rule.scope.parameters.values()].map(({ name, extent, definition }) => {
    const symbol = withIndex(symbols.parameter(name), indexOf(extent, 'i', 'j'));
    return `${symbol} = ${valueLatex(definition)}`;
  });
  const rows: string[] = [];
  for (let first = 0; first < written.length; first += IN_A_ROW) {
    rows.push(written.slice(first, first + IN_A_ROW).join(',\\quad '));
  }
  if (rows.length <= 1) return rows.join('');
  return ['\\begin{gathered}', `  ${rows.join(', \\\\\n  ')}`, '\\end{gathered}'].join('\n');
}

/** 0.0136 \pm 0.0004, (20 \pm 1)\,\mathrm{ms}. */
function valueLatex({ value, spread }: Parameter['definition']): string {
  const plain = (measure: Measure): string => numberLatex({ ...measure, unit: null, per: [] }).text;
  if (spread === null) return numberLatex(value).text;
  const units = unitsLatex(value.unit, value.per, true);
  const same = units === unitsLatex(spread.unit, spread.per, true);
  if (!same || units === '') return `${numberLatex(value).text} \\pm ${numberLatex(spread).text}`;
  return `(${plain(value)} \\pm ${plain(spread)})\\,${units}`;
}
