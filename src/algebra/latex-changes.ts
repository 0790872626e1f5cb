import type { Expression } from '../language/ast.js';
import type { CheckedChange, CheckedRule } from '../language/checked.js';
import { type LatexForm, rateLatex, requireWhole } from './latex-form.js';
import type { LatexLine } from './latex-layout.js';
import { clauseWords } from './latex-words.js';

/** What a rule does to the weight, as formulas. */

/** The formula of a change for one synapse or, its spikes as factors, for all of them. */
export function changeLine(
  { form: written, value, clauses }: Pick<CheckedChange, 'form' | 'value' | 'clauses'>,
  form: LatexForm,
): LatexLine {
  const { weight } = form;
  const remarks = clauses.map((clause) => clauseWords(clause, form.scope.table));
  if (written === 'set') requireWhole(clauses, null, form);
  const right = form.write(value, 'synapse');
  if (written === 'set') return { left: weight, relation: '\\leftarrow', right, remarks };
  const left = written === 'dw' ? `\\Delta ${weight}` : rateLatex(weight);
  return { left, relation: '=', right, remarks };
}

/** What is sent instead of the weight. */
export function transmitLine(value: Expression, form: LatexForm): LatexLine {
  return {
    left: `${form.weight}^{\\mathrm{eff}}`,
    relation: '=',
    right: form.write(value, 'synapse'),
    remarks: [],
  };
}

/** The bounds, which are about every weight by itself in both forms. */
export function boundLines({ bounds }: CheckedRule, form: LatexForm): LatexLine[] {
  const { range, keepsSign } = bounds;
  const left = form.weight;
  const lines: LatexLine[] = [];
  if (range) {
    const [low, high] = [range.low, range.high].map((each) => form.write(each, 'synapse'));
    lines.push({ left, relation: '\\in', right: `[${low}, ${high}]`, remarks: [] });
  }
  if (keepsSign) {
    lines.push({ left: `${left} \\, ${left}(0)`, relation: '\\ge', right: '0', remarks: [] });
  }
  return lines;
}
