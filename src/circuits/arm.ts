import type { GraphBuilder } from '../program/builder.js';
import type { Node } from '../program/ir.js';

/** Half angles, until an angle of some turns is small. */
const HALVINGS = 6;
/** Terms of the series for small angles: the first one that is left out is below 1e-16 for an angle of 1/4. */
const TERMS = 7;

/**
 * Sine and cosine of angles, for |angle| up to some tens: the series for a 64th of the angle, then doubled.
 * What is doubled is the versine 1 − cos, which loses no digits where it is small.
 */
function sineAndCosine(b: GraphBuilder, angle: Node): { sine: Node; cosine: Node } {
  const one = b.constant(1);
  const two = b.constant(2);
  const small = b.multiply(b.constant(2 ** -HALVINGS), angle);
  const square = b.multiply(small, small);
  // 1 − x²/(n (n − 1)) (1 − x²/((n + 2)(n + 1)) (…)), from the inside.
  const series = (first: number): Node => {
    let sum: Node = one;
    for (let n = first + 2 * TERMS; n > first; n -= 2) {
      const share = b.constant(1 / (n * (n - 1)));
      sum = b.subtract(one, b.multiply(b.multiply(share, square), sum));
    }
    return sum;
  };
  let sine = b.multiply(small, series(1));
  let versine = b.multiply(b.multiply(b.constant(0.5), square), series(2));
  for (let k = 0; k < HALVINGS; k++) {
    const cosine = b.subtract(one, versine);
    versine = b.multiply(two, b.multiply(sine, sine));
    sine = b.multiply(two, b.multiply(sine, cosine));
  }
  return { sine, cosine: b.subtract(one, versine) };
}

/**
 * Where an arm of these segments has its hand, `[1, 2]`, if its joints are at these angles, `[1, segments]`, in
 * half turns, each relative to the segment before; the first from upright. `base` is where its shoulder is.
 */
export function handOf(
  b: GraphBuilder,
  joints: Node,
  { segments, base }: { readonly segments: readonly number[]; readonly base: readonly number[] },
): Node {
  const angles = b.multiply(b.constant(Math.PI), b.cumsum(b.transpose(joints)));
  let [x, y]: Node[] = [b.constant(base[0]!), b.constant(base[1]!)];
  segments.forEach((length, k) => {
    const { sine, cosine } = sineAndCosine(b, b.slice(angles, k, 1));
    x = b.add(x!, b.multiply(b.constant(length), sine));
    y = b.add(y!, b.multiply(b.constant(length), cosine));
  });
  return b.transpose(b.concat([x!, y!]));
}
