import type { Expression } from '../language/ast.js';
import type { CheckedMemory, Scope } from '../language/checked.js';
import type { Extent } from '../language/signals.js';
import { binary, measured, named } from './build-expression.js';
import { writtenExtent } from './extent.js';
import type { LatexLine } from './latex-layout.js';
import { type LatexForm, NotInThisForm, type Recursion } from './latex-lines.js';
import { printMatrix } from './latex-matrix.js';
import type { Symbols } from './latex-symbols.js';
import { columnForm, scalarForm } from './matrix-column.js';
import { type MatrixExpression, product, sum } from './matrix-expression.js';
import { matrixForm } from './matrix-form.js';

/** The lines of a rule about whole populations. */
export function matrixLatexForm(scope: Scope, symbols: Symbols): LatexForm {
  const of = (expression: Expression, extent: Extent): MatrixExpression => {
    if (extent === 'synapse') return matrixForm(expression, scope);
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
    write: (expression, extent, as) => printMatrix(of(expression, extent), symbols, as),
    recursion,
    whitening: (memory, extent) => whitening(memory, extent, scope, symbols),
  };
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
  const row = /^\\?[A-Za-z]+(_\{?[^{}^]*\}?)?$/.test(input) ? input : `\\left(${input}\\right)`;
  const scalar = (expression: Expression): string =>
    printMatrix(scalarForm(expression, scope), symbols, 'factor');
  const open = gate === null ? '' : `${scalar(gate)} \\, `;
  const start = scalar(binary('/', measured('1'), ridge ?? measured('1')));
  return [
    {
      left: gain,
      relation: '=',
      right: `\\frac{${inverse} ${input}}{1 + ${row}^\\top ${inverse} ${input}}`,
      remarks: [],
    },
    {
      left: inverse,
      relation: '\\leftarrow',
      right: `${inverse} - ${open}${gain} \\left(${inverse} ${input}\\right)^\\top`,
      remarks: [`${inverse}(0) = ${start} \\, I`],
    },
  ];
}
