/** Largest distance of the curve from its middle, by which it is divided. */
const SIZE = 14.4734;

/**
 * The butterfly of Pyle & Rosenbaum 2019 (Neural Comput 31:1430), once around: `steps × 2`, x and y. It
 * lies in the unit circle.
 */
export function butterfly(steps: number): Float64Array {
  const places = new Float64Array(2 * steps);
  for (let t = 0; t < steps; t++) {
    const angle = steps > 1 ? (2 * Math.PI * t) / (steps - 1) : 0;
    const sines = -Math.sin(angle) + 2 * Math.sin(3 * angle) + 2 * Math.sin(5 * angle);
    const cosines = 3 * Math.cos(2 * angle) - 2 * Math.cos(4 * angle);
    const radius = (9 + sines - Math.sin(7 * angle) + cosines) / SIZE;
    places[2 * t] = radius * Math.cos(angle);
    places[2 * t + 1] = radius * Math.sin(angle);
  }
  return places;
}
