import * as Q from '../../src/algebra/rational.js';
import type { Atom, ConditionForm, MachineForm, Polynomial } from '../../src/algebra/types.js';
import { type Bounded, FUNCTIONS, number, raisedTo, SUM } from './bounded.js';
import { isAbove, type Network, reduced } from './network.js';

/** Values of normal forms and machine forms by their definitions. */

export function evaluatePolynomial(p: Polynomial, n: Network, i: number, j: number): Bounded {
  return SUM(
    p.monomials.map(({ coefficient, factors }) =>
      factors.reduce(
        (product, { atom, exponent }) =>
          FUNCTIONS['*']!(product, raisedTo(evaluateAtom(atom, n, i, j), number(exponent))),
        number(Q.toNumber(coefficient)),
      ),
    ),
  );
}

function evaluateAtom(atom: Atom, n: Network, i: number, j: number): Bounded {
  switch (atom.kind) {
    case 'unit':
      return number(1);
    case 'conditional': {
      const holds = holdsAt(atom.condition, n, i, j);
      if (holds === null) return number(Number.NaN);
      return evaluatePolynomial(holds ? atom.then : atom.otherwise, n, i, j);
    }
    case 'memory':
      throw new Error('no memory here');
    case 'signal':
    case 'parameter':
      return number(n.values.get(atom.name)![i]![j]!);
    case 'function':
      return FUNCTIONS[atom.callee]!(...atom.args.map((arg) => evaluatePolynomial(arg, n, i, j)));
    case 'group':
      return evaluatePolynomial(atom.inner, n, i, j);
    case 'power':
      return raisedTo(
        evaluatePolynomial(atom.base, n, i, j),
        evaluatePolynomial(atom.exponent, n, i, j),
      );
    case 'reduction':
      return reduced(atom, atom.callee, atom.range, n, i, j, (k, l) =>
        evaluatePolynomial(atom.inner, n, k, l),
      );
  }
}

function holdsAt(condition: ConditionForm, n: Network, i: number, j: number): boolean | null {
  if (condition.kind === 'positive') {
    return isAbove(evaluatePolynomial(condition.value, n, i, j), condition.orEqual);
  }
  const parts = condition.parts.map((part) => holdsAt(part, n, i, j));
  const decisive = condition.kind === 'or';
  if (parts.includes(decisive)) return decisive;
  return parts.includes(null) ? null : !decisive;
}

/** Σ post ⊗ pre + decay·W + diag(rows)·W + W·diag(columns) + dense, at one synapse. */
export function evaluateMachineForm(form: MachineForm, n: Network, i: number, j: number): Bounded {
  const at = (p: Polynomial): Bounded => evaluatePolynomial(p, n, i, j);
  const times = FUNCTIONS['*']!;
  const w = number(n.values.get('w')![i]![j]!);
  return SUM([
    ...form.outers.map(({ post, pre }) => times(at(post), at(pre))),
    ...[form.decay, form.rows, form.columns].map((p) => times(at(p), w)),
    at(form.dense),
  ]);
}
