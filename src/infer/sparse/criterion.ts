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
}

export const USUAL_PRICE: Price = { gamma: 1, floor: 1e-10 };

/**
 * n log(share of the mean square that is left) + terms × log n + 2 γ log(number of supports of this
 * size). Smaller is better; 0 terms cost 0.
 */
export function criterionOf(
  { n, library }: { readonly n: number; readonly library: number },
  left: number,
  terms: number,
  { gamma, floor }: Price = USUAL_PRICE,
): number {
  const fit = n * Math.log(Math.max(left, floor));
  return fit + terms * Math.log(n) + 2 * gamma * logSupports(library, terms);
}

/** The logarithm of how many supports of so many terms a library has. */
function logSupports(library: number, terms: number): number {
  let sum = 0;
  for (let k = 1; k <= terms; k++) sum += Math.log((library - terms + k) / k);
  return sum;
}
