import type { Clause, Expression } from '../language/ast.js';
import type { CheckedMemory, Scope } from '../language/checked.js';
import type { Extent } from '../language/signals.js';
import { binary } from './build-expression.js';
import type { LatexLine } from './latex-layout.js';
import { isSpike } from './latex-words.js';

/** What the two forms of a rule's LaTeX have in common: its lines, however expressions are written. */

/** How a form writes expressions. */
export interface LatexForm {
  readonly scope: Scope;
  /** The weights, as a whole or of one synapse. */
  readonly weight: string;
  /** An expression with a value for each neuron, synapse, or one for all, as `extent` says. */
  write(expression: Expression, extent: Extent, as?: 'sum' | 'factor'): string;
  /** kept · memory + gain · input (or the memory itself, faded). */
  recursion(parts: Recursion, extent: Extent): string;
  /** The lines of recursive least squares. */
  whitening(memory: CheckedMemory, extent: Extent): readonly LatexLine[];
  /** Whether it can say that a line acts for some neurons only, other than by a factor. */
  readonly perNeuron: boolean;
}

export interface Recursion {
  readonly memory: Expression;
  readonly kept: Expression | null;
  readonly gain: Expression | null;
  readonly input: Expression;
}

/** A form cannot say a line; the line is then written for one synapse. */
export class NotInThisForm extends Error {}

export const isNotOn = ({ kind }: Clause): boolean => kind !== 'on';

/** Lines that act for some neurons only, in a form that has no neurons. */
export function requireWhole(
  clauses: readonly Clause[],
  since: string | null,
  form: LatexForm,
): void {
  const some = isSpike(since) || clauses.some(({ kind }) => kind === 'on');
  if (some && !form.perNeuron) throw new NotInThisForm();
}

/** The rate of change in time. */
export const rateLatex = (what: string): string =>
  `\\frac{\\mathrm{d}${what.startsWith('\\mathrm') ? '\\,' : ' '}${what}}{\\mathrm{d} t}`;

/** The expression times the spikes of its `on` clauses. */
export function withSpikes(value: Expression, clauses: readonly Clause[]): Expression {
  let result = value;
  for (const clause of clauses) {
    if (clause.kind !== 'on') continue;
    const isOne = result.kind === 'number' && result.measure.number === 1;
    result = isOne ? clause.event : binary('*', result, clause.event);
  }
  return result;
}
