import type { BinaryFunction, Shape, UnaryFunction } from '../../program/ir.js';

/**
 * The operations of the intermediate representation as plain loops over float64 arrays, row-major:
 * the oracle that the other engines are compared with. Each writes all of `out`.
 */

export const unaryFunctions: Readonly<Record<UnaryFunction, (x: number) => number>> = {
  negate: (x) => -x,
  reciprocal: (x) => 1 / x,
  abs: Math.abs,
  sign: (x) => (Number.isNaN(x) ? x : Math.sign(x)),
  relu: (x) => Math.max(x, 0),
  step: (x) => (Number.isNaN(x) ? x : x > 0 ? 1 : 0),
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

export const binaryFunctions: Readonly<Record<BinaryFunction, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  power: (x, y) => x ** y,
  minimum: (x, y) => Math.min(x, y),
  maximum: (x, y) => Math.max(x, y),
};

/** out = f(a, b) with a side of 1 stretched. */
export function stretch(
  f: (x: number, y: number) => number,
  out: Float64Array,
  [rows, columns]: Shape,
  a: Float64Array,
  [aRows, aColumns]: Shape,
  b: Float64Array,
  [bRows, bColumns]: Shape,
): void {
  const [aDown, aAcross] = [aRows === 1 ? 0 : aColumns, aColumns === 1 ? 0 : 1];
  const [bDown, bAcross] = [bRows === 1 ? 0 : bColumns, bColumns === 1 ? 0 : 1];
  let k = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      out[k++] = f(a[i * aDown + j * aAcross]!, b[i * bDown + j * bAcross]!);
    }
  }
}

/** out `[m, n]` = A′B′ with inner length k; A′ is A `[m, k]`, or the transpose of A `[k, m]`; B′ likewise. */
export function matmul(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
): void {
  if (transposeB) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        if (transposeA) for (let p = 0; p < k; p++) sum += a[p * m + i]! * b[j * k + p]!;
        else sum = dot(a, i * k, b, j * k, k);
        out[i * n + j] = sum;
      }
    }
    return;
  }
  const [down, across] = transposeA ? [1, m] : [k, 1];
  for (let i = 0; i < m; i++) {
    const row = i * n;
    const scale = a[i * down]!;
    for (let j = 0; j < n; j++) out[row + j] = scale * b[j]!;
    for (let p = 1; p < k; p++) {
      const factor = a[i * down + p * across]!;
      const from = p * n;
      for (let j = 0; j < n; j++) out[row + j]! += factor * b[from + j]!;
    }
  }
}

/** Four running sums: a processor adds them at the same time. */
function dot(a: Float64Array, aFrom: number, b: Float64Array, bFrom: number, n: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let p = 0;
  for (; p + 3 < n; p += 4) {
    s0 += a[aFrom + p]! * b[bFrom + p]!;
    s1 += a[aFrom + p + 1]! * b[bFrom + p + 1]!;
    s2 += a[aFrom + p + 2]! * b[bFrom + p + 2]!;
    s3 += a[aFrom + p + 3]! * b[bFrom + p + 3]!;
  }
  for (; p < n; p++) s0 += a[aFrom + p]! * b[bFrom + p]!;
  return s0 + s1 + (s2 + s3);
}

export function sumRows(out: Float64Array, a: Float64Array, [rows, columns]: Shape): void {
  out.fill(0);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j]! += a[i * columns + j]!;
  }
}

export function sumColumns(out: Float64Array, a: Float64Array, [rows, columns]: Shape): void {
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += a[i * columns + j]!;
    out[i] = sum;
  }
}

export function maxRows(out: Float64Array, a: Float64Array, [rows, columns]: Shape): void {
  for (let j = 0; j < columns; j++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < rows; i++) most = Math.max(most, a[i * columns + j]!);
    out[j] = most;
  }
}

export function maxColumns(out: Float64Array, a: Float64Array, [rows, columns]: Shape): void {
  for (let i = 0; i < rows; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < columns; j++) most = Math.max(most, a[i * columns + j]!);
    out[i] = most;
  }
}

export function cumsum(
  out: Float64Array,
  a: Float64Array,
  [rows, columns]: Shape,
  reverse: boolean,
): void {
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    for (let step = 0; step < rows; step++) {
      const at = (reverse ? rows - 1 - step : step) * columns + j;
      sum += a[at]!;
      out[at] = sum;
    }
  }
}

export function transpose(out: Float64Array, a: Float64Array, [rows, columns]: Shape): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j]!;
  }
}

export function softmax(out: Float64Array, a: Float64Array, [rows, columns]: Shape): void {
  for (let i = 0; i < rows; i++) {
    const from = i * columns;
    const most = largest(a, from, columns);
    let sum = 0;
    for (let j = from; j < from + columns; j++) sum += out[j] = Math.exp(a[j]! - most);
    for (let j = from; j < from + columns; j++) out[j]! /= sum;
  }
}

export function logsumexp(out: Float64Array, a: Float64Array, [rows, columns]: Shape): void {
  for (let i = 0; i < rows; i++) {
    const most = largest(a, i * columns, columns);
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += Math.exp(a[i * columns + j]! - most);
    out[i] = most + Math.log(sum);
  }
}

function largest(a: Float64Array, from: number, count: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let j = from; j < from + count; j++) most = Math.max(most, a[j]!);
  return most;
}
