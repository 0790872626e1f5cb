import type { Expression } from '../language/ast.js';
import { visit } from '../language/check/walk.js';
import type { CheckedMemory, Scope } from '../language/checked.js';
import type { Extent } from '../language/signals.js';
import { binary, measured, named } from './build-expression.js';
import { extentOfCondition, writtenExtent } from './extent.js';
import { bracketed } from './latex-brackets.js';
import { type LatexForm, NotInThisForm, type Recursion } from './latex-form.js';
import type { LatexLine } from './latex-layout.js';
import { printMatrix } from './latex-matrix.js';
import type { Symbols } from './latex-symbols.js';
import { latexCondition } from './latex-synapse.js';
import { columnForm, scalarForm } from './matrix-column.js';
import {
  hasConstantInside,
  type MatrixExpression,
  product,
  sum,
  transpose,
} from './matrix-expression.js';
import { matrixForm } from './matrix-form.js';

/** The lines of a rule about whole populations. */
export function matrixLatexForm(scope: Scope, symbols: Symbols): LatexForm {
  const of = (expression: Expression, extent: Extent): MatrixExpression => {
    if (extent === 'synapse') {
      if (hasMixedCases(expression, scope)) throw new NotInThisForm();
      const form = matrixForm(expression, scope);
      if (hasConstantInside(form)) throw new NotInThisForm();
      return form;
    }
    return extent === 'global'
      ? scalarForm(expression, scope)
      : columnForm(expression, scope, extent);
  };
  const number = (expression: Expression): MatrixExpression => {
    if (writtenExtent(expression, scope) !== 'global') throw new NotInThisForm();
    return scalarForm(expression, scope);
  };
  const recursion = ({ memory, kept, gain, input }: Recursion, extent: Extent): string => {
    const old =
      kept === null ? [of(memory, extent)] : [product([number(kept), of(memory, extent)])];
    const taken = isZero(input) ? [] : [of(input, extent)];
    const added = gain === null ? taken : taken.map((each) => product([number(gain), each]));
    return printMatrix(sum([...(isZero(memory) ? [] : old), ...added]), symbols);
  };
  return {
    scope,
    weight: 'W',
    perNeuron: false,
    write: (expression, extent, as) => {
      const whole = wholeCases(expression, extent, scope);
      if (!whole) return printMatrix(of(expression, extent), symbols, as);
      const text = casesOfMatrices(whole, (each) => of(each, extent), scope, symbols);
      return as === 'factor' ? bracketed(text) : text;
    },
    recursion,
    whitening: (memory, extent) => whitening(memory, extent, scope, symbols),
  };
}

type Cases = Extract<Expression, { kind: 'if' }>;

/** An `if` that is decided for all neurons at once. */
function wholeCases(expression: Expression, extent: Extent, scope: Scope): Cases | null {
  if (expression.kind !== 'if' || extent === 'global') return null;
  return extentOfCondition(expression.condition, scope) === 'global' ? expression : null;
}

function casesOfMatrices(
  { condition, then, otherwise }: Cases,
  of: (expression: Expression) => MatrixExpression,
  scope: Scope,
  symbols: Symbols,
): string {
  const [first, second] = [then, otherwise].map((each) => printMatrix(of(each), symbols));
  const holds = latexCondition(condition, scope, symbols);
  return `\\begin{cases} ${first} & \\text{if } ${holds} \\\\ ${second} & \\text{otherwise} \\end{cases}`;
}

/** An `if` between two values whose condition and values vary over different neurons. */
function hasMixedCases(expression: Expression, scope: Scope): boolean {
  let mixed = false;
  visit(expression, (node) => {
    if (node.kind !== 'if' || isZero(node.otherwise)) return;
    mixed ||= writtenExtent(node, scope) === 'synapse';
  });
  return mixed;
}

const isZero = (expression: Expression): boolean =>
  expression.kind === 'number' && expression.measure.number === 0;

/** k = P x / (1 + xᵀ P x), P ← P - g k (P x)ᵀ. */
function whitening(
  { name, value, gate, ridge }: CheckedMemory,
  extent: Extent,
  scope: Scope,
  symbols: Symbols,
): readonly LatexLine[] {
  const side = extent === 'post' ? 'post' : 'pre';
  if (extent === 'global' || extent === 'synapse') throw new NotInThisForm();
  const print = (expression: Expression): string =>
    printMatrix(columnForm(expression, scope, side), symbols, 'factor');
  const [inverse, input, gain] = [symbols.inverse(name), print(value), print(named(name))];
  const row = printMatrix(transpose(columnForm(value, scope, side)), symbols, 'factor');
  const scalar = (expression: Expression): string =>
    printMatrix(scalarForm(expression, scope), symbols, 'factor');
  const open = gate === null ? '' : `${scalar(gate)} \\, `;
  const start = scalar(binary('/', measured('1'), ridge ?? measured('1')));
  return [
    {
      left: gain,
      relation: '=',
      right: `\\frac{${inverse} ${input}}{1 + ${row} ${inverse} ${input}}`,
      remarks: [],
    },
    {
      left: inverse,
      relation: '\\leftarrow',
      right: `${inverse} - ${open}${gain} ${bracketed(`${inverse} ${input}`)}^\\top`,
      remarks: [`${inverse}(0) = ${start} \\, I`],
    },
  ];
}
