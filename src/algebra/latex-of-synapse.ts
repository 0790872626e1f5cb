import type { Expression } from '../language/ast.js';
import type { CheckedMemory, Scope } from '../language/checked.js';
import type { Extent } from '../language/signals.js';
import { binary, measured, named, negated } from './build-expression.js';
import type { LatexForm, Recursion } from './latex-form.js';
import type { LatexLine } from './latex-layout.js';
import { type Symbols, withIndex } from './latex-symbols.js';
import { between, freshIndices, latexAtSynapse } from './latex-synapse.js';

/** The lines of a rule about the synapse from neuron j to neuron i. */
export function synapseLatexForm(scope: Scope, symbols: Symbols): LatexForm {
  const write = (expression: Expression, as: 'sum' | 'factor' = 'sum'): string =>
    latexAtSynapse(expression, scope, symbols, as);
  return {
    scope,
    weight: 'w_{ij}',
    perNeuron: true,
    write: (expression, _, as) => write(expression, as),
    recursion: (parts) => write(recursionExpression(parts)),
    whitening: (memory, extent) => whitening(memory, extent, scope, symbols),
  };
}

function recursionExpression({ memory, kept, gain, input }: Recursion): Expression {
  const old = kept === null ? memory : times(kept, memory);
  return plus(old, gain === null ? input : times(gain, input));
}

/** a · b, without the 1 of 1 · b and with the minus of -1 · b in front. */
function times(a: Expression, b: Expression): Expression {
  const value = numberOf(a);
  if (value === 1) return b;
  return value === -1 ? negated(b) : binary('*', a, b);
}

/** a + b, where b's own signs go on: a + b - c, not a + (b - c). */
function plus(a: Expression, b: Expression): Expression {
  if (numberOf(a) === 0) return b;
  if (numberOf(b) === 0) return a;
  if (b.kind === 'negate') return binary('-', a, b.operand);
  if (b.kind === 'binary') {
    const { operator, left, right } = b;
    if (operator === '+' || operator === '-') return binary(operator, plus(a, left), right);
    const positive = withoutMinus(b);
    if (positive) return binary('-', a, positive);
  }
  return binary('+', a, b);
}

/** b · c for -b · c; null where there is no minus in front. */
function withoutMinus(expression: Expression): Expression | null {
  if (expression.kind === 'negate') return expression.operand;
  if (expression.kind !== 'binary' || !'*/'.includes(expression.operator)) return null;
  const left = withoutMinus(expression.left);
  return left && binary(expression.operator, left, expression.right);
}

function numberOf(expression: Expression): number | null {
  if (expression.kind !== 'number') return null;
  const { number, unit, per } = expression.measure;
  // 0 is 0 in any unit.
  return number === 0 || (unit === null && per.length === 0) ? number : null;
}

/** k_j = Σ_l P_jl x_l / (1 + Σ x P x), and P loses what it explains. */
function whitening(
  { name, value, gate, ridge }: CheckedMemory,
  extent: Extent,
  scope: Scope,
  symbols: Symbols,
): readonly LatexLine[] {
  const side = extent === 'post' ? 'post' : 'pre';
  const own = side === 'pre' ? 'j' : 'i';
  const [first, second] = freshIndices(side, symbols);
  const input = (index: string): string =>
    latexAtSynapse(value, scope, symbols, 'factor', { [side]: index });
  const inverse = (row: string, column: string): string =>
    withIndex(symbols.inverse(name), row + column);
  const write = (expression: Expression): string =>
    latexAtSynapse(expression, scope, symbols, 'factor');
  const gain = write(named(name));
  const above = `\\sum_${first} ${inverse(own, first)} ${input(first)}`;
  const below = `1 + \\sum_{${first}, ${second}} ${input(first)} ${inverse(first, second)} ${input(second)}`;
  const open = gate === null ? '' : write(gate);
  const scaled = open === '' ? gain : open + between(open, gain) + gain;
  return [
    { left: gain, relation: '=', right: `\\frac{${above}}{${below}}`, remarks: [] },
    {
      left: inverse(own, first),
      relation: '\\leftarrow',
      right: `${inverse(own, first)} - ${scaled} \\sum_${second} ${inverse(first, second)} ${input(second)}`,
      remarks: [
        `${inverse(own, first)}(0) = ${latexAtSynapse(
          binary('/', measured('1'), ridge ?? measured('1')),
          scope,
          symbols,
        )} \\, \\delta_{${own}${first}}`,
      ],
    },
  ];
}
