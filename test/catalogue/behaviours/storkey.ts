import type { Behaviour } from '../behaviour.js';
import { trajectory as capacity } from './hopfield.js';
import { atMost, predicted } from './support/figures.js';
import { asymmetry, patternsOf, stored } from './support/stored.js';
import { distance, type Matrix } from './support/vectors.js';

export { capacity as trajectory };

/** Storkey 1997 as printed: h_ij = Σ_{k ≠ i, j} w_ik ξ_k, w_ij + (ξ_i ξ_j − ξ_i h_ji − h_ij ξ_j) / N. */
function asPrinted(patterns: Matrix): number[][] {
  const n = patterns[0]!.length;
  return patterns.reduce<number[][]>(
    (w, xi) => {
      const h = (i: number, j: number): number =>
        xi.reduce((sum, x, k) => (k === i || k === j ? sum : sum + w[i]![k]! * x), 0);
      return w.map((row, i) =>
        row.map((old, j) =>
          i === j ? 0 : old + (xi[i]! * xi[j]! - xi[i]! * h(j, i) - h(i, j) * xi[j]!) / n,
        ),
      );
    },
    Array.from({ length: n }, () => new Array<number>(n).fill(0)),
  );
}

export const behaviour: Behaviour = {
  rule: 'storkey',
  claims: [
    {
      says: 'local fields leave out the two neurons of the synapse; weights stay symmetric',
      async measure(rule) {
        const patterns = patternsOf(6, 14, 2);
        const weights = await stored(rule, patterns);
        return [
          atMost('|w − as printed|', distance(weights, asPrinted(patterns)), 1e-12),
          atMost('|W − Wᵀ|', asymmetry(weights), 1e-12),
        ];
      },
    },
    {
      says: '100 neurons: of 20 patterns more than 95 % are fixed points, where Hopfield’s rule keeps about 40 %',
      // The capacity is N / √(2 ln N) = 33 for Storkey's rule and N / (2 ln N) = 11 for Hopfield's
      // (Storkey & Valabregue 1999, Neural Netw 12:869): 20 lies between.
      async measure(rule, companion) {
        const [storkey] = await capacity(rule, [20]);
        const [hopfield] = await capacity((table) => companion('hopfield', table), [20]);
        return [
          { name: 'share of fixed points', value: storkey!.whole, within: [0.95, 1] },
          predicted('share with Hopfield’s rule', hopfield!.whole, 0.4, 0.13),
        ];
      },
    },
  ],
  indistinguishable: [
    {
      mutation: 'pre ↔ post',
      because:
        'its two subtracted terms change places, and both sides are the same neurons, N of them',
    },
  ],
};
