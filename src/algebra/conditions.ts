import type { Condition, Expression } from '../language/ast.js';
import { binary } from './build-expression.js';
import { niceScale } from './laurent.js';
import { constantOf, negatePolynomial, scalePolynomial } from './polynomial.js';
import * as Q from './rational.js';
import type { ConditionForm, Polynomial } from './types.js';

/** Conditions as comparisons of normal forms with 0. */

export type Comparison = Extract<ConditionForm, { kind: 'positive' }>;

/** A comparison that holds, or one that does not. `test` is the one of the two that counts as it. */
export interface Literal {
  readonly test: Comparison;
  readonly holds: boolean;
}

/** A condition as a tree of comparisons; `true` and `false` where that is certain. */
export type Logic =
  | boolean
  | Literal
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Logic[] };

export function logicOf(condition: Condition, form: (e: Expression) => Polynomial): Logic {
  if (condition.kind !== 'compare') {
    const parts = [condition.left, condition.right].map((each) => logicOf(each, form));
    return { kind: condition.kind, parts };
  }
  const { operator, left, right } = condition;
  const [high, low] = operator === '>' || operator === '>=' ? [left, right] : [right, left];
  return compared(form(binary('-', high, low)), operator.length > 1);
}

/** Asked for in every way in which comparisons can come out, so each is worked out once. */
const meanings = new WeakMap<ConditionForm, Logic>();

/** What a condition in normal form means. */
export function logicOfForm(condition: ConditionForm): Logic {
  let logic = meanings.get(condition);
  if (logic === undefined) {
    logic =
      condition.kind === 'positive'
        ? compared(condition.value, condition.orEqual)
        : { kind: condition.kind, parts: condition.parts.map(logicOfForm) };
    meanings.set(condition, logic);
  }
  return logic;
}

/** `difference` > 0, or ≥ 0, as the comparison whose first coefficient is positive, or its contrary. */
export function compared(difference: Polynomial, orEqual: boolean): boolean | Literal {
  const value = constantOf(difference);
  if (value) return orEqual ? !Q.isNegative(value) : Q.compare(value, Q.ZERO) > 0;
  const scaled = scalePolynomial(difference, Q.absolute(niceScale(difference)));
  const holds = !Q.isNegative(scaled.monomials[0]!.coefficient);
  if (holds) return { test: comparison(scaled, orEqual), holds };
  return { test: comparison(negatePolynomial(scaled), !orEqual), holds };
}

function comparison(value: Polynomial, orEqual: boolean): Comparison {
  return { kind: 'positive', value, orEqual, key: `(${value.key}${orEqual ? '>=' : '>'}0)` };
}

/** The literal as one comparison: that x > 0 does not hold is −x ≥ 0. */
export function comparisonOf({ test, holds }: Literal): Comparison {
  return holds ? test : comparison(negatePolynomial(test.value), !test.orEqual);
}

/** That all of these hold; `literals` has at least one. */
export function allOf(literals: readonly Literal[]): ConditionForm {
  return junction('and', literals.map(comparisonOf));
}

/** That one of these holds. */
export function anyOf(conditions: readonly ConditionForm[]): ConditionForm {
  return junction('or', conditions);
}

/** Flat, sorted, none twice. */
function junction(kind: 'and' | 'or', conditions: readonly ConditionForm[]): ConditionForm {
  const flat = conditions.flatMap((each) => (each.kind === kind ? each.parts : [each]));
  const byKey = new Map(flat.map((each) => [each.key, each]));
  const parts = [...byKey.keys()].sort().map((key) => byKey.get(key)!);
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return { kind, parts, key: `(${parts.map(({ key }) => key).join(` ${kind} `)})` };
}

export const isConjunction = ({ kind }: ConditionForm): boolean => kind !== 'or';

/** The literals that all have to hold; null where it is not as simple as that. */
export function literalsOf(condition: ConditionForm): readonly Literal[] | null {
  const parts = condition.kind === 'and' ? condition.parts : [condition];
  const literals = parts.map(logicOfForm);
  return literals.every(isLiteral) ? literals : null;
}

/** The contrary of a single comparison; null of others. */
export function contrary(condition: ConditionForm): ConditionForm | null {
  const [literal, ...others] = literalsOf(condition) ?? [];
  if (!literal || others.length > 0) return null;
  return comparisonOf({ test: literal.test, holds: !literal.holds });
}

const isLiteral = (logic: Logic): logic is Literal => typeof logic === 'object' && 'test' in logic;

/** Every comparison in it, by key. */
export function testsIn(logic: Logic, into: Map<string, Comparison>): void {
  if (typeof logic === 'boolean') return;
  if (isLiteral(logic)) into.set(logic.test.key, logic.test);
  else for (const part of logic.parts) testsIn(part, into);
}

/** Whether it holds, given which comparisons (by key) hold. */
export function holdsIn(logic: Logic, holding: ReadonlyMap<string, boolean>): boolean {
  if (typeof logic === 'boolean') return logic;
  if (isLiteral(logic)) return holding.get(logic.test.key) === logic.holds;
  return logic.kind === 'and'
    ? logic.parts.every((part) => holdsIn(part, holding))
    : logic.parts.some((part) => holdsIn(part, holding));
}
