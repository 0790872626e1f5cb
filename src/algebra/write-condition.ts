import type { Condition, Expression } from '../language/ast.js';
import { NOWHERE } from '../language/ast.js';
import { measured } from './build-expression.js';
import { negatePolynomial, polynomial } from './polynomial.js';
import * as Q from './rational.js';
import type { ConditionForm, Polynomial } from './types.js';

/** `a > b` from a − b > 0; `b < 0` where nothing stands on the larger side. */
export function writeCondition(
  condition: ConditionForm,
  write: (p: Polynomial) => Expression,
): Condition {
  if (condition.kind === 'positive') return writeComparison(condition, write);
  const [first, ...others] = condition.parts.map((part) => writeCondition(part, write));
  return others.reduce<Condition>(
    (left, right) => ({ kind: condition.kind, left, right, span: NOWHERE }),
    first!,
  );
}

function writeComparison(
  { value, orEqual }: Extract<ConditionForm, { kind: 'positive' }>,
  write: (p: Polynomial) => Expression,
): Condition {
  const high = polynomial(value.monomials.filter((m) => !Q.isNegative(m.coefficient)));
  const low = negatePolynomial(
    polynomial(value.monomials.filter((m) => Q.isNegative(m.coefficient))),
  );
  const compare = (left: Expression, operator: '<' | '>', right: Expression): Condition => ({
    kind: 'compare',
    operator: orEqual ? `${operator}=` : operator,
    left,
    right,
    span: NOWHERE,
  });
  if (high.monomials.length === 0) return compare(write(low), '<', measured('0'));
  return compare(write(high), '>', write(low));
}
