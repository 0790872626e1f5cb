import { matrixOf } from './inputs.js';
import { type Matrix, product, transpose, type Vector } from './vectors.js';

/**
 * Where Oja's flow dY/dt = C Y − Y Yᵀ C Y (Oja & Karhunen 1985) has taken one weight vector or two
 * after time t: P(t) = Y Yᵀ = e^{Ct} Y₀ [1 + Y₀ᵀ (e^{2Ct} − 1) Y₀]⁻¹ Y₀ᵀ e^{Ct} (Yan, Helmke & Moore 1994,
 * IEEE Trans Neural Netw 5:674). Weights are rows, `Y₀ᵀ`; C has these eigenvalues along the axes.
 */
export function ojaFlow(variances: Vector, start: Matrix, time: number): number[][] {
  const grown = product(start, matrixOf(variances.map((v) => Math.exp(v * time))));
  const surplus = matrixOf(variances.map((v) => Math.expm1(2 * v * time)));
  const gram = product(product(start, surplus), transpose(start)).map((row, i) =>
    row.map((g, j) => g + (i === j ? 1 : 0)),
  );
  return product(product(transpose(grown), inverse(gram)), grown);
}

function inverse(a: Matrix): number[][] {
  if (a.length === 1) return [[1 / a[0]![0]!]];
  const [[p, q], [r, s]] = a as [[number, number], [number, number]];
  const determinant = p * s - q * r;
  return [
    [s / determinant, -q / determinant],
    [-r / determinant, p / determinant],
  ];
}
