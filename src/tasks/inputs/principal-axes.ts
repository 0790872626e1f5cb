/** What spreads most in rows of numbers, without their mean. */
export interface PrincipalAxes {
  /** Row by row, of length 1, that of the greatest variance first. */
  readonly axes: Float64Array;
  readonly variances: readonly number[];
}

/** The eigenvectors of a symmetric matrix `[size, size]`, by Jacobi's rotations. */
export function principalAxes(matrix: Float64Array, size: number): PrincipalAxes {
  const a = matrix.slice();
  const v = Float64Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? 1 : 0));
  const whole = a.reduce((sum, x) => sum + x * x, 0);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        off += a[p * size + q]! ** 2;
        rotate(a, v, size, p, q);
      }
    }
    if (off <= whole * 1e-30) break;
  }
  const order = Array.from({ length: size }, (_, k) => k).sort(
    (j, k) => a[k * size + k]! - a[j * size + j]!,
  );
  const axes = new Float64Array(size * size);
  order.forEach((from, to) => {
    for (let i = 0; i < size; i++) axes[to * size + i] = v[i * size + from]!;
  });
  return { axes, variances: order.map((k) => a[k * size + k]!) };
}

const MOST_SWEEPS = 50;

/** Makes the element p, q zero, and turns the vectors with it. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[k * n + p]!, a[k * n + q]!];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[p * n + k]!, a[q * n + k]!];
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = s * x + c * y;
    const [f, g] = [v[k * n + p]!, v[k * n + q]!];
    v[k * n + p] = c * f - s * g;
    v[k * n + q] = s * f + c * g;
  }
}
