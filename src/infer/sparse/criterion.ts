/** How supports of different sizes are compared. */
export interface Price {
  /**
   * γ of the extended criterion (Chen & Chen 2008): 0 is BIC; 1 takes all sizes, and among supports of
   * one size all of them, to be as likely as each other before anything is measured.
   */
  readonly gamma: number;
  /**
   * Share of the target's mean square below which a residual counts as none. Without a floor, what
   * remains of a perfect fit is rounding, and the logarithm of rounding decides.
   */
  readonly floor: number;
  /**
   * Whether the target's mean square is unknown noise and all that is explained of it, so that shares of
   * it count; else it is a deviance (twice a log-likelihood), and differences of it count as they are.
   */
  readonly counts: 'shares' | 'differences';
}

export const USUAL_PRICE: Price = { gamma: 1, floor: 1e-10, counts: 'shares' };
/** Of choices: their probabilities say how much noise there is. */
export const DEVIANCE_PRICE: Price = { ...USUAL_PRICE, counts: 'differences' };

/**
 * n log(share of the mean square that is left) + terms × log n + 2 γ log(number of supports of this
 * size); of a deviance `power`, in the place of the first, by how much it falls. Smaller is better; 0
 * terms cost 0.
 */
export function criterionOf(
  { n, library, power }: { readonly n: number; readonly library: number; readonly power: number },
  left: number,
  terms: number,
  { gamma, floor, counts }: Price = USUAL_PRICE,
): number {
  const fit = counts === 'shares' ? n * Math.log(Math.max(left, floor)) : power * (left - 1);
  return fit + terms * Math.log(n) + 2 * gamma * logSupports(library, terms);
}

/** The logarithm of how many supports of so many terms a library has. */
function logSupports(library: number, terms: number): number {
  let sum = 0;
  for (let k = 1; k <= terms; k++) sum += Math.log((library - terms + k) / k);
  return sum;
}
