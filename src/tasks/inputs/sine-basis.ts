/**
 * The first `count` of the orthonormal functions 1, sin φ, cos φ, sin 2φ, cos 2φ, … over one period of `steps`
 * steps, φ = 2π t / steps: `count × steps`, each row with a sum of squares of 1. At most `steps` of them.
 */
export function sineBasis(count: number, steps: number): Float64Array {
  if (count > steps) throw new RangeError(`${count} orthogonal functions of ${steps} steps`);
  const basis = new Float64Array(count * steps);
  for (let k = 0; k < count; k++) {
    const order = Math.ceil(k / 2);
    // Of the highest frequency that an even number of steps shows, the sine is 0 throughout.
    const wave = k % 2 === 1 && 2 * order < steps ? Math.sin : Math.cos;
    const row = basis.subarray(k * steps, (k + 1) * steps);
    for (let t = 0; t < steps; t++) row[t] = wave((2 * Math.PI * order * t) / steps);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    for (let t = 0; t < steps; t++) row[t]! /= length;
  }
  return basis;
}
