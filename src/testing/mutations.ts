import { binary, leadingMinus, measured } from '../algebra/build-expression.js';
import type { Clause, Expression, NameExpression, Rule, RuleLine } from '../language/ast.js';
import { printExpression } from '../language/print.js';

/** A rule changed in one place: a test that knows what the rule does must fail for it. */
export interface Mutation {
  /** What was changed: "1.2 × `post * w`", "− `pre`", "pre ↔ post"; each change of a rule has its own. */
  readonly name: string;
  readonly rule: Rule;
}

/**
 * Every rule that differs from this one by the sign of one additive term, by a factor 1.2 of one, or by
 * presynaptic and postsynaptic swapped throughout. Terms are those of the right sides of changes and
 * memory, also inside brackets and in the branches of an `if`, but not inside functions and divisors.
 */
export function mutationsOf(rule: Rule): Mutation[] {
  const found: Mutation[] = [];
  rule.lines.forEach((line, at) => {
    if (!('value' in line) || line.kind === 'let') return;
    const where = 'name' in line ? ` in ${line.name}` : '';
    for (const { name, expression } of changedTerms(line.value)) {
      const lines = rule.lines.with(at, { ...line, value: expression } as RuleLine);
      found.push({ name: name + where, rule: { ...rule, lines } });
    }
  });
  found.push({ name: 'pre ↔ post', rule: { ...rule, lines: rule.lines.map(swapped) } });
  return withOwnNames(found);
}

/** Where several changes are described alike, the second is `… (2)`. */
function withOwnNames(mutations: readonly Mutation[]): Mutation[] {
  const counts = new Map<string, number>();
  return mutations.map(({ name, rule }) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { name: count === 1 ? name : `${name} (${count})`, rule };
  });
}

interface ChangedTerm {
  readonly name: string;
  readonly expression: Expression;
}

/** The expression with one of its additive terms changed, for every term and change. */
function changedTerms(expression: Expression): ChangedTerm[] {
  const within = (
    part: Expression,
    rebuild: (changed: Expression) => Expression,
    inner: (part: Expression) => ChangedTerm[] = changedTerms,
  ): ChangedTerm[] =>
    inner(part).map(({ name, expression: changed }) => ({ name, expression: rebuild(changed) }));

  switch (expression.kind) {
    case 'negate':
      return within(expression.operand, (operand) => ({ ...expression, operand }));
    case 'if':
      return [
        ...within(expression.then, (then) => ({ ...expression, then })),
        ...within(expression.otherwise, (otherwise) => ({ ...expression, otherwise })),
      ].filter(({ name }) => !name.endsWith('`0`'));
    case 'binary':
      if (expression.operator === '+' || expression.operator === '-') {
        const { operator, left, right } = expression;
        return [
          ...within(left, (changed) => binary(operator, changed, right)),
          ...within(right, (changed) => binary(operator, left, changed)),
        ];
      }
      break;
  }
  const text = `\`${printExpression(expression)}\``;
  return [
    { name: `− ${text}`, expression: leadingMinus(expression) },
    { name: `1.2 × ${text}`, expression: binary('*', measured('1.2'), expression) },
    ...sumsInside(expression),
  ];
}

/** Changes of the terms of sums that are factors of a product, or the base of a power. */
function sumsInside(expression: Expression): ChangedTerm[] {
  if (expression.kind === 'negate') {
    return sumsInside(expression.operand).map(({ name, expression: operand }) => ({
      name,
      expression: { ...expression, operand },
    }));
  }
  if (expression.kind !== 'binary') return [];
  const { operator, left, right } = expression;
  if (operator === '+' || operator === '-') return changedTerms(expression);
  const inLeft = sumsInside(left).map(({ name, expression: changed }) => ({
    name,
    expression: binary(operator, changed, right),
  }));
  if (operator !== '*') return inLeft;
  const inRight = sumsInside(right).map(({ name, expression: changed }) => ({
    name,
    expression: binary(operator, left, changed),
  }));
  return [...inLeft, ...inRight];
}

const OTHER: Readonly<Record<string, string>> = { pre: 'post', post: 'pre' };

/** Presynaptic for postsynaptic and the other way round: signals, sums, clauses, scopes. */
function swapped(line: RuleLine): RuleLine {
  const turn = (expression: Expression): Expression => swapIn(expression);
  switch (line.kind) {
    case 'param':
      return {
        ...line,
        definitions: line.definitions.map((definition) => ({
          ...definition,
          scope: definition.scope && (OTHER[definition.scope] ?? definition.scope),
        })),
      };
    case 'let':
    case 'transmit':
      return { ...line, value: turn(line.value) };
    case 'change':
      return { ...line, clauses: line.clauses.map(swapClause), value: turn(line.value) };
    case 'trace':
    case 'average':
      return {
        ...line,
        clauses: line.clauses.map(swapClause),
        value: turn(line.value),
        fading: line.fading && { ...line.fading, value: turn(line.fading.value) },
        since: line.since && swapName(line.since),
        from: line.from && turn(line.from),
      };
    case 'state':
      return {
        ...line,
        clauses: line.clauses.map(swapClause),
        start: turn(line.start),
        value: turn(line.value),
        since: line.since && swapName(line.since),
      };
    case 'whiten':
      return { ...line, clauses: line.clauses.map(swapClause), value: turn(line.value) };
    case 'draw':
      return { ...line, scope: OTHER[line.scope] ?? line.scope };
    case 'bound':
      return { ...line, low: turn(line.low), high: turn(line.high) };
    default:
      return line;
  }
}

const swapName = (name: NameExpression): NameExpression => ({
  ...name,
  name: OTHER[name.name] ?? name.name,
});

function swapClause(clause: Clause): Clause {
  return clause.kind === 'on' || clause.kind === 'at'
    ? { ...clause, event: swapName(clause.event) }
    : clause;
}

function swapIn(expression: Expression): Expression {
  switch (expression.kind) {
    case 'number':
      return expression;
    case 'name':
      return swapName(expression);
    case 'negate':
      return { ...expression, operand: swapIn(expression.operand) };
    case 'call': {
      const [operation, side = ''] = expression.callee.split('_');
      const callee =
        side in OTHER && expression.callee.split('_').length === 2
          ? `${operation}_${OTHER[side]}`
          : expression.callee;
      return { ...expression, callee, args: expression.args.map(swapIn) };
    }
    case 'binary':
      return binary(expression.operator, swapIn(expression.left), swapIn(expression.right));
    case 'if': {
      const condition = swapCondition(expression.condition);
      const then = swapIn(expression.then);
      return { ...expression, condition, then, otherwise: swapIn(expression.otherwise) };
    }
  }
}

type Condition = Extract<Expression, { kind: 'if' }>['condition'];

function swapCondition(condition: Condition): Condition {
  return condition.kind === 'compare'
    ? { ...condition, left: swapIn(condition.left), right: swapIn(condition.right) }
    : { ...condition, left: swapCondition(condition.left), right: swapCondition(condition.right) };
}
