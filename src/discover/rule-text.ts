import { binary, leadingMinus, measured, named } from '../algebra/build-expression.js';
import {
  type Expression,
  type Measure,
  NOWHERE,
  type ParameterDefinition,
  type Rule,
  type RuleLine,
} from '../language/ast.js';
import { printItem } from '../language/print.js';

/** A term with its coefficient as text. */
export interface WeightedTerm {
  /** The name of its coefficient. */
  readonly id: string;
  readonly expression: Expression;
  /** A decimal number, perhaps negative, as it shall be printed. */
  readonly value: string;
  /** Half-width of its interval, as it shall be printed. */
  readonly spread?: string;
}

export interface RuleWords {
  readonly name: string;
  readonly about?: string;
}

/**
 * The text of the rule dw = Σ coefficient × term: one parameter a term, named after it, terms in
 * the given order and as they were written (language design §13). `fit` marks the parameters for a
 * search. No terms give `dw = 0`.
 */
export function ruleText(words: RuleWords, terms: readonly WeightedTerm[], fit: boolean): string {
  const about: RuleLine[] = words.about
    ? [{ kind: 'note', word: 'about', texts: [words.about], span: NOWHERE }]
    : [];
  const parameters: RuleLine[] =
    terms.length > 0
      ? [{ kind: 'param', definitions: terms.map((term) => definition(term, fit)), span: NOWHERE }]
      : [];
  const rule: Rule = {
    kind: 'rule',
    name: words.name,
    nameSpan: NOWHERE,
    targets: [],
    lines: [
      ...about,
      ...parameters,
      { kind: 'change', form: 'dw', clauses: [], value: weightedSum(terms), span: NOWHERE },
    ],
    span: NOWHERE,
  };
  return printItem(rule);
}

function definition({ id, value, spread }: WeightedTerm, fit: boolean): ParameterDefinition {
  return {
    name: id,
    nameSpan: NOWHERE,
    value: measure(value),
    spread: spread === undefined ? null : measure(spread),
    range: null,
    scope: null,
    fit,
    span: NOWHERE,
  };
}

function weightedSum(terms: readonly WeightedTerm[]): Expression {
  const [first, ...rest] = terms;
  if (!first) return measured('0');
  const head = weighted(first);
  const start = head.negative ? leadingMinus(head.product) : head.product;
  return rest.reduce<Expression>((sum, term) => {
    const { negative, product } = weighted(term);
    return binary(negative ? '-' : '+', sum, product);
  }, start);
}

/** coefficient × term, with the sign a person wrote in front of the term kept apart. */
function weighted({ id, expression }: WeightedTerm): { negative: boolean; product: Expression } {
  const name = named(id);
  const { negative, rest } = withoutSign(expression);
  if (rest.kind === 'number' && rest.measure.text === '1') return { negative, product: name };
  const isProduct = rest.kind === 'binary' && (rest.operator === '*' || rest.operator === '/');
  return {
    negative,
    product: isProduct
      ? withLeftmost(rest, (factor) => binary('*', name, factor))
      : binary('*', name, rest),
  };
}

function withoutSign(expression: Expression): { negative: boolean; rest: Expression } {
  if (expression.kind === 'negate') {
    const inner = withoutSign(expression.operand);
    return { negative: !inner.negative, rest: inner.rest };
  }
  if (
    expression.kind === 'binary' &&
    (expression.operator === '*' || expression.operator === '/')
  ) {
    const { negative, rest } = withoutSign(expression.left);
    return { negative, rest: { ...expression, left: rest } };
  }
  return { negative: false, rest: expression };
}

/** The product with its leftmost factor replaced. */
function withLeftmost(
  product: Expression,
  replace: (factor: Expression) => Expression,
): Expression {
  const isProduct =
    product.kind === 'binary' && (product.operator === '*' || product.operator === '/');
  if (!isProduct) return replace(product);
  return { ...product, left: withLeftmost(product.left, replace) };
}

function measure(text: string): Measure {
  return { text, number: Number(text), unit: null, per: [] };
}
