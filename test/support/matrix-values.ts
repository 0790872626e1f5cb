import {
  isScalar,
  type MatrixCondition,
  type MatrixExpression,
  type Size,
} from '../../src/algebra/matrix-expression.js';
import * as Q from '../../src/algebra/rational.js';
import { type Bounded, compareBounded, FUNCTIONS, number, raisedTo, SUM } from './bounded.js';
import type { Network } from './network.js';

/** Values of matrix expressions by plain linear algebra; shapes that do not fit are errors. */

type Matrix = Bounded[][];

export function evaluateMatrix(e: MatrixExpression, network: Network): Matrix {
  const [rows, columns] = [sizeOf(e.rows, network), sizeOf(e.columns, network)];
  const value = entriesOf(e, network);
  if (value.length !== rows || value.some((row) => row.length !== columns)) {
    throw new Error(
      `${e.kind} says ${rows} x ${columns}, is ${value.length} x ${value[0]?.length}`,
    );
  }
  return value;
}

function sizeOf(size: Size, { preSize, postSize }: Network): number {
  return size === 'one' ? 1 : size === 'pre' ? preSize : postSize;
}

function filled(rows: number, columns: number, at: (i: number, j: number) => Bounded): Matrix {
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => at(i, j)),
  );
}

function entriesOf(e: MatrixExpression, n: Network): Matrix {
  const of = (inner: MatrixExpression): Matrix => evaluateMatrix(inner, n);
  const [rows, columns] = [sizeOf(e.rows, n), sizeOf(e.columns, n)];
  switch (e.kind) {
    case 'number':
      return [[number(Q.toNumber(e.value))]];
    case 'measure':
      return [[number(e.measure.number)]];
    case 'symbol': {
      const values = n.values.get(e.atom.kind === 'memory' ? e.atom.key : e.atom.name)!;
      return filled(rows, columns, (i, j) =>
        number(e.atom.extent === 'pre' ? values[0]![i]! : values[i]![j]!),
      );
    }
    case 'ones':
      return filled(rows, 1, () => number(1));
    case 'count':
      return [[number(sizeOf(e.of, n))]];
    case 'sum': {
      const parts = e.parts.map(of);
      return filled(rows, columns, (i, j) => SUM(parts.map((part) => part[i]![j]!)));
    }
    case 'product':
      return e.factors
        .map((factor) => ({ scalar: isScalar(factor), value: of(factor) }))
        .reduce((a, b) => ({ scalar: a.scalar && b.scalar, value: times(a, b) })).value;
    case 'transpose': {
      const inner = of(e.inner);
      return filled(rows, columns, (i, j) => inner[j]![i]!);
    }
    case 'diagonal': {
      const inner = of(e.inner);
      return filled(rows, columns, (i, j) => (i === j ? inner[i]![0]! : number(0)));
    }
    case 'triangle': {
      const inner = of(e.inner);
      return filled(rows, columns, (i, j) => (j <= i ? inner[i]![j]! : number(0)));
    }
    case 'entrywise': {
      const factors = e.factors.map(of);
      return filled(rows, columns, (i, j) =>
        factors.map((each) => each[i]![j]!).reduce((a, b) => FUNCTIONS['*']!(a, b)),
      );
    }
    case 'power': {
      const [base, [[exponent]]] = [of(e.base), of(e.exponent)] as [Matrix, [[Bounded]]];
      const exponents = isScalar(e.exponent) ? null : of(e.exponent);
      return filled(rows, columns, (i, j) => {
        if (e.base.kind === 'diagonal' && i !== j) return number(0);
        return raisedTo(base[i]![j]!, exponents ? exponents[i]![j]! : exponent);
      });
    }
    case 'call': {
      const args = e.args.map((arg) => ({ scalar: isScalar(arg), value: of(arg) }));
      return filled(rows, columns, (i, j) =>
        FUNCTIONS[e.callee]!(
          ...args.map(({ scalar, value }) => (scalar ? value[0]![0]! : value[i]![j]!)),
        ),
      );
    }
    case 'cases': {
      const [then, otherwise] = [e.then, e.otherwise].map((each) => spread(each, n));
      const holds = conditionAt(e.condition, n);
      return filled(rows, columns, (i, j) => {
        const held = holds(i, j);
        return held === null ? number(Number.NaN) : (held ? then! : otherwise!)(i, j);
      });
    }
    case 'largest': {
      const inner = of(e.inner);
      const all = inner.flat();
      if (e.of === 'all') return [[FUNCTIONS.max!(...all)]];
      return filled(rows, 1, (i) =>
        FUNCTIONS.max!(...(e.of === 'rows' ? inner[i]! : inner.map((row) => row[i]!))),
      );
    }
  }
}

interface Operand {
  readonly scalar: boolean;
  readonly value: Matrix;
}

/** A number times anything, or a matrix product whose inner sizes agree. */
function times(a: Operand, b: Operand): Matrix {
  if (a.scalar) return b.value.map((row) => row.map((x) => FUNCTIONS['*']!(a.value[0]![0]!, x)));
  if (b.scalar) return times(b, a);
  if (a.value[0]!.length !== b.value.length) throw new Error('sizes do not fit in a product');
  return filled(a.value.length, b.value[0]!.length, (i, j) =>
    SUM(b.value.map((row, k) => FUNCTIONS['*']!(a.value[i]![k]!, row[j]!))),
  );
}

/** Entries of a matrix, the same everywhere for a number. */
function spread(e: MatrixExpression, n: Network): (i: number, j: number) => Bounded {
  const value = evaluateMatrix(e, n);
  return isScalar(e) ? () => value[0]![0]! : (i, j) => value[i]![j]!;
}

/** null where rounding could decide. */
function conditionAt(
  condition: MatrixCondition,
  n: Network,
): (i: number, j: number) => boolean | null {
  if ('parts' in condition) {
    const parts = condition.parts.map((part) => conditionAt(part, n));
    const decisive = condition.kind === 'or';
    return (i, j) => {
      const held = parts.map((part) => part(i, j));
      if (held.includes(decisive)) return decisive;
      return held.includes(null) ? null : !decisive;
    };
  }
  const [left, right] = [spread(condition.left, n), spread(condition.right, n)];
  return (i, j) => {
    const [a, b] = [left(i, j), right(i, j)];
    if (compareBounded(a, b) !== 'different') return null;
    return condition.kind.startsWith('<') ? a.value < b.value : a.value > b.value;
  };
}
