/**
 * How many standard errors the interval of a mean of `degrees + 1` normal values reaches to either
 * side at this level: the two-sided quantile of Student's t (Abramowitz & Stegun 26.7.3 and 26.7.4).
 */
export function studentReach(level: number, degrees: number): number {
  let [low, high] = [0, Math.PI / 2];
  // The share within ±√degrees·tan(angle) rises with the angle.
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (within(middle, degrees) < level) low = middle;
    else high = middle;
  }
  return Math.sqrt(degrees) * Math.tan(low);
}

/** Probability that |t| is at most √degrees · tan(angle). */
function within(angle: number, degrees: number): number {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k < degrees; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
