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

/** out = a where the mask is not 0, b elsewhere, NaN where the mask is; sides of 1 stretched. */
export function select(
  out: Float64Array,
  [rows, columns]: Shape,
  mask: Float64Array,
  [maskRows, maskColumns]: Shape,
  a: Float64Array,
  [aRows, aColumns]: Shape,
  b: Float64Array,
  [bRows, bColumns]: Shape,
): void {
  const [maskDown, maskAcross] = [maskRows === 1 ? 0 : maskColumns, maskColumns === 1 ? 0 : 1];
  const [aDown, aAcross] = [aRows === 1 ? 0 : aColumns, aColumns === 1 ? 0 : 1];
  const [bDown, bAcross] = [bRows === 1 ? 0 : bColumns, bColumns === 1 ? 0 : 1];
  let k = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const chosen = mask[i * maskDown + j * maskAcross]!;
      if (chosen === 0) out[k++] = b[i * bDown + j * bAcross]!;
      else out[k++] = Number.isNaN(chosen) ? chosen : a[i * aDown + j * aAcross]!;
    }
  }
}

/** The loops that a program spends its time in, one each, so that the compiler sees one operation. */
export const wholeFunctions: Partial<
  Record<BinaryFunction, (out: Float64Array, a: Float64Array, b: Float64Array) => void>
> = {
  add: (out, a, b) => {
    for (let k = 0; k < out.length; k++) out[k] = a[k]! + b[k]!;
  },
  subtract: (out, a, b) => {
    for (let k = 0; k < out.length; k++) out[k] = a[k]! - b[k]!;
  },
  multiply: (out, a, b) => {
    for (let k = 0; k < out.length; k++) out[k] = a[k]! * b[k]!;
  },
};

/** out = s · a with a single number s. */
export function scale(out: Float64Array, factor: number, a: Float64Array): void {
  for (let k = 0; k < out.length; k++) out[k] = factor * a[k]!;
}

/** out `[m, n]` (+)= A′B, A′ `[m, k]` read at `a[i·down + p·across]`, B `[k, n]`: four rows of B at a time. */
function multiplyRows(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  [m, k, n]: readonly [number, number, number],
  [down, across]: readonly [number, number],
  accumulate: boolean,
): void {
  // One declaration a line: destructuring would build arrays in the hottest loop there is.
  for (let i = 0; i < m; i++) {
    const row = i * n;
    if (!accumulate) out.fill(0, row, row + n);
    let p = 0;
    for (; p + 3 < k; p += 4) {
      const at = i * down + p * across;
      const f0 = a[at]!;
      const f1 = a[at + across]!;
      const f2 = a[at + 2 * across]!;
      const f3 = a[at + 3 * across]!;
      const b0 = p * n;
      const b1 = b0 + n;
      const b2 = b1 + n;
      const b3 = b2 + n;
      for (let j = 0; j < n; j++) {
        out[row + j]! += f0 * b[b0 + j]! + f1 * b[b1 + j]! + (f2 * b[b2 + j]! + f3 * b[b3 + j]!);
      }
    }
    if (p + 2 < k) {
      const at = i * down + p * across;
      const f0 = a[at]!;
      const f1 = a[at + across]!;
      const f2 = a[at + 2 * across]!;
      const b0 = p * n;
      const b1 = b0 + n;
      const b2 = b1 + n;
      for (let j = 0; j < n; j++) {
        out[row + j]! += f0 * b[b0 + j]! + f1 * b[b1 + j]! + f2 * b[b2 + j]!;
      }
      p += 3;
    } else if (p + 1 < k) {
      const at = i * down + p * across;
      const f0 = a[at]!;
      const f1 = a[at + across]!;
      const b0 = p * n;
      const b1 = b0 + n;
      for (let j = 0; j < n; j++) out[row + j]! += f0 * b[b0 + j]! + f1 * b[b1 + j]!;
      p += 2;
    }
    if (p < k) {
      const f0 = a[i * down + p * across]!;
      const b0 = p * n;
      for (let j = 0; j < n; j++) out[row + j]! += f0 * b[b0 + j]!;
    }
  }
}

/** out `[m, n]` = A Bᵀ, A `[m, k]`, B `[n, k]`: inner products, four rows of B at a time. */
function multiplyTransposed(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  [m, k, n]: readonly [number, number, number],
): void {
  for (let i = 0; i < m; i++) {
    const from = i * k;
    let j = 0;
    for (; j + 3 < n; j += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      const b0 = j * k;
      const b1 = b0 + k;
      const b2 = b1 + k;
      const b3 = b2 + k;
      for (let p = 0; p < k; p++) {
        const x = a[from + p]!;
        s0 += x * b[b0 + p]!;
        s1 += x * b[b1 + p]!;
        s2 += x * b[b2 + p]!;
        s3 += x * b[b3 + p]!;
      }
      const at = i * n + j;
      out[at] = s0;
      out[at + 1] = s1;
      out[at + 2] = s2;
      out[at + 3] = s3;
    }
    for (; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[from + p]! * b[j * k + p]!;
      out[i * n + j] = sum;
    }
  }
}

export interface MatmulForm {
  /** Rows of the result, inner length, columns of the result. */
  readonly sizes: readonly [m: number, k: number, n: number];
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Add to what `out` holds. */
  readonly accumulate?: boolean;
}

/** out `[m, n]` = A′B′; A′ is A `[m, k]` or the transpose of A `[k, m]`, B′ likewise. */
export function matmul(
  out: Float64Array,
  a: Float64Array,
  b: Float64Array,
  form: MatmulForm,
): void {
  const { sizes, transposeA, transposeB } = form;
  const [m, k, n] = sizes;
  if (!transposeB) {
    multiplyRows(out, a, b, sizes, transposeA ? [1, m] : [k, 1], form.accumulate ?? false);
  } else if (!transposeA) {
    multiplyTransposed(out, a, b, sizes);
  } else {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += a[p * m + i]! * b[j * k + p]!;
        out[i * n + j] = sum;
      }
    }
  }
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
