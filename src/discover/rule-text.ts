import { binary, leadingMinus, measured, named } from '../algebra/build-expression.js';
import {
  type ChangeLine,
  type Clause,
  type Expression,
  type Measure,
  NOWHERE,
  type ParameterDefinition,
  type Rule,
  type RuleLine,
} from '../language/ast.js';
import { printClause, printItem } from '../language/print.js';
import { type Frame, type FrameLine, linesFor, NO_FRAME } from './frame.js';

/** A term with its coefficient as text. */
export interface WeightedTerm {
  /** The name of its coefficient. */
  readonly id: string;
  readonly expression: Expression;
  /** When it acts; none: in every step. */
  readonly clauses?: readonly Clause[];
  /** A decimal number, perhaps negative, as it shall be printed. */
  readonly value: string;
  /** Half-width of its interval, as it shall be printed. */
  readonly spread?: string;
}

export interface RuleWords {
  readonly name: string;
  readonly about?: string;
  /** Parameters, memory and bounds of the space; those that no term needs are left out. */
  readonly frame?: Frame;
  /** Values of the frame's parameters, in the units in which they are written there. */
  readonly values?: ReadonlyMap<string, string>;
}

/**
 * The text of the rule dw = Σ coefficient × term: one parameter a term, named after it, terms in
 * the given order and as they were written (docs/language.md §13); one `dw` for each set of clauses.
 * `fit` marks the coefficients for a search, and leaves marked what the frame marks; without it
 * nothing is marked. No terms give `dw = 0`.
 */
export function ruleText(words: RuleWords, terms: readonly WeightedTerm[], fit: boolean): string {
  const { frame = NO_FRAME, values = new Map() } = words;
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
      ...linesOf(frame, terms).map((line) => settled(line, values, fit)),
      ...changes(terms),
    ],
    span: NOWHERE,
  };
  return printItem(rule);
}

/** What the terms need of the frame, at least their own expressions and those of their clauses. */
function linesOf(frame: Frame, terms: readonly WeightedTerm[]): readonly FrameLine[] {
  if (terms.length === 0) return [];
  return linesFor(
    frame,
    terms.map(({ expression }) => expression),
  );
}

/** The text of a rule with other values of parameters, in the units in which they are written. */
export function withValues(rule: Rule, values: ReadonlyMap<string, string>, fit: boolean): string {
  const lines = rule.lines.map((line) => settled(line, values, fit));
  return printItem({ ...rule, lines });
}

/** The line with other values of its parameters. */
function settled<L extends FrameLine | RuleLine>(
  line: L,
  values: ReadonlyMap<string, string>,
  fit: boolean,
): L {
  if (line.kind !== 'param') return line;
  return {
    ...line,
    definitions: line.definitions.map((each) => {
      const text = values.get(each.name);
      const value = text === undefined ? each.value : measure(text, each.value);
      return { ...each, value, fit: fit && each.fit };
    }),
  };
}

/** One line for each set of clauses, in the order in which the terms first need them. */
function changes(terms: readonly WeightedTerm[]): ChangeLine[] {
  const groups = new Map<string, WeightedTerm[]>();
  for (const term of terms) {
    const key = (term.clauses ?? []).map(printClause).sort().join(' ');
    groups.set(key, [...(groups.get(key) ?? []), term]);
  }
  const lines = groups.size > 0 ? [...groups.values()] : [[]];
  return lines.map((group) => ({
    kind: 'change',
    form: 'dw',
    clauses: group[0]?.clauses ?? [],
    value: weightedSum(group),
    span: NOWHERE,
  }));
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

function measure(text: string, units: Pick<Measure, 'unit' | 'per'> = NO_UNITS): Measure {
  return { text, number: Number(text), unit: units.unit, per: units.per };
}

const NO_UNITS: Pick<Measure, 'unit' | 'per'> = { unit: null, per: [] };
