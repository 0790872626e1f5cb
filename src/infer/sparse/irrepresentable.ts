import { growFactor } from './least-squares.js';
import type { Moments } from './moments.js';
import { standardise } from './standardise.js';

/** Of a column: share of its mean square that others must leave for it to be another column than they. */
const OTHER = 1e-9;

/**
 * The irrepresentable value of a support with signs (Zhao & Yu 2006): the largest |product| that a column
 * outside has with the support's own columns solved for the signs. Above 1, an L1 penalty alone lets false
 * terms in whatever the number of rows. Columns that are the same as columns of the support do not count.
 * Null for no terms, or for columns that depend on each other.
 */
export function irrepresentable(moments: Moments, coefficients: Float64Array): number | null {
  const standardised = standardise(moments);
  const { size, gram } = standardised;
  const support = [...coefficients.keys()].filter((k) => coefficients[k] !== 0);
  const signs = Float64Array.from(coefficients, Math.sign);
  const { used, solve } = growFactor({ ...standardised, cross: signs }, support);
  if (support.length === 0 || used.length < support.length) return null;
  const direction = solve(support.length);
  let largest = 0;
  for (let column = 0; column < size; column++) {
    const products = support.map((k) => gram[column * size + k]!);
    if (products.some((product) => Math.abs(product) > 1 - OTHER)) continue;
    const value = products.reduce((sum, product, k) => sum + product * direction[k]!, 0);
    largest = Math.max(largest, Math.abs(value));
  }
  return largest;
}
