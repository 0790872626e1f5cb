import { inBaseUnits } from '../base/units.js';
import { binaryFunctions, unaryFunctions } from '../engine/interpret/kernels.js';
import type { Clause, Condition, Expression } from '../language/ast.js';
import type { CheckedRule, Scope } from '../language/checked.js';
import { printExpression } from '../language/print.js';

/** What an expression is computed from. */
export interface Rows {
  readonly count: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** Parameters of the rule or space, in base units. */
  readonly scope: Pick<Scope, 'parameters'>;
}

/** The column with what a memory is before a row's input comes. */
export const beforeName = (name: string): string => `${name}@before`;

/** A number that is the same in all rows, or one a row. */
type Value = number | Float64Array;

/**
 * What a rule that is nothing but changes `dw` says in every row; memory that it reads is among the
 * columns.
 */
export function evaluateRule(
  { scope, changes }: CheckedRule,
  count: number,
  columns: ReadonlyMap<string, Float64Array>,
): Float64Array {
  const rows = { count, columns, scope };
  const sum = new Float64Array(count);
  for (const { value, clauses } of changes) {
    const change = evaluate(value, clauses, rows);
    for (let row = 0; row < count; row++) sum[row]! += change[row]!;
  }
  return sum;
}

/**
 * An expression whose lets and choices are replaced, in every row, times the counts of the events that
 * its clauses name (`on EVENT:`). Reads of memory say which value they mean. Throws a `RangeError` for
 * what needs more than its own row: sums over neurons, delays.
 */
export function evaluate(
  expression: Expression,
  clauses: readonly Clause[],
  rows: Rows,
): Float64Array {
  let value = computed(expression, rows);
  for (const clause of clauses) {
    if (clause.kind !== 'on') throw new RangeError(`no rows know of \`${clause.kind}\``);
    value = binary(binaryFunctions.multiply, value, computed(clause.event, rows));
  }
  return typeof value === 'number' ? new Float64Array(rows.count).fill(value) : value;
}

function computed(expression: Expression, rows: Rows): Value {
  switch (expression.kind) {
    case 'number':
      return inBaseUnits(expression.measure).value;
    case 'name':
      return named(expression, rows);
    case 'negate':
      return unary(unaryFunctions.negate, computed(expression.operand, rows));
    case 'binary': {
      const [left, right] = [computed(expression.left, rows), computed(expression.right, rows)];
      return binary(OPERATORS[expression.operator], left, right);
    }
    case 'call':
      return called(
        expression.callee,
        expression.args.map((each) => computed(each, rows)),
      );
    case 'if': {
      const chosen = conditionOf(expression.condition, rows);
      const [then, otherwise] = [
        computed(expression.then, rows),
        computed(expression.otherwise, rows),
      ];
      return Float64Array.from({ length: rows.count }, (_, row) =>
        at(chosen, row) === 0 ? at(otherwise, row) : at(then, row),
      );
    }
  }
}

function named(expression: Extract<Expression, { kind: 'name' }>, rows: Rows): Value {
  const { name, member, moment } = expression;
  const whole = member === null ? name : `${name}.${member}`;
  const parameter = rows.scope.parameters.get(whole);
  const isBefore = moment?.kind === 'named' && moment.name === 'before';
  const value = parameter
    ? parameter.value
    : rows.columns.get(isBefore ? beforeName(whole) : whole);
  if (value === undefined || (moment !== null && !isBefore)) {
    throw new RangeError(`no column holds ${printExpression(expression)}`);
  }
  return value;
}

const { add, subtract, multiply, divide, minimum, maximum } = binaryFunctions;

/** A whole power is the product that is meant, to the last bit. */
function power(x: number, y: number): number {
  return y === 2 ? x * x : binaryFunctions.power(x, y);
}

const OPERATORS = { '+': add, '-': subtract, '*': multiply, '/': divide, '^': power } as const;

function called(callee: string, args: readonly Value[]): Value {
  const [first = 0, second = 0, third = 0] = args;
  if (callee === 'min') return binary(minimum, first, second);
  if (callee === 'max') return binary(maximum, first, second);
  if (callee === 'clip') return binary(minimum, binary(maximum, first, second), third);
  const known: Readonly<Record<string, ((x: number) => number) | undefined>> = unaryFunctions;
  const f = known[callee];
  if (!f) throw new RangeError(`no row knows ${callee}`);
  return unary(f, first);
}

/** 1 where it holds, else 0. */
function conditionOf(condition: Condition, rows: Rows): Value {
  if (condition.kind === 'compare') {
    const [left, right] = [computed(condition.left, rows), computed(condition.right, rows)];
    return binary(COMPARISONS[condition.operator], left, right);
  }
  const [left, right] = [conditionOf(condition.left, rows), conditionOf(condition.right, rows)];
  return binary(condition.kind === 'and' ? minimum : maximum, left, right);
}

const COMPARISONS = {
  '<': (x: number, y: number) => (x < y ? 1 : 0),
  '>': (x: number, y: number) => (x > y ? 1 : 0),
  '<=': (x: number, y: number) => (x <= y ? 1 : 0),
  '>=': (x: number, y: number) => (x >= y ? 1 : 0),
} as const;

const at = (value: Value, row: number): number => (typeof value === 'number' ? value : value[row]!);

function unary(f: (x: number) => number, value: Value): Value {
  return typeof value === 'number' ? f(value) : value.map(f);
}

function binary(f: (x: number, y: number) => number, a: Value, b: Value): Value {
  if (typeof a === 'number') return typeof b === 'number' ? f(a, b) : b.map((y) => f(a, y));
  if (typeof b === 'number') return a.map((x) => f(x, b));
  const out = new Float64Array(a.length);
  for (let row = 0; row < out.length; row++) out[row] = f(a[row]!, b[row]!);
  return out;
}
