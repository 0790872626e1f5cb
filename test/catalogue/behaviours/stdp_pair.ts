import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, ROUNDING } from './support/figures.js';
import type { RuleFor } from './support/learning.js';
import {
  alike,
  denseSpikes,
  farthest,
  imposed,
  lagsUpTo,
  meanOver,
  pairAtEach,
  pastSum,
  randomTrains,
  type SpikeLaw,
  summed,
} from './support/spikes.js';

/** Time constant of both traces, in steps of 1 ms. */
const TAU = 20;
const START = 0.5;

/** Changes of weight by the lag from the presynaptic to the postsynaptic spike, in ms. */
export async function window(rule: RuleFor, lags = lagsUpTo(100)) {
  const { weights, value } = await imposed(rule, { ...pairAtEach(lags), weights: START });
  return { lags, changes: Array.from(weights, (w) => w - START), value };
}

/** Every pair of spikes counts, coincident ones do not. */
const everyPair =
  (plus: number, minus: number): SpikeLaw =>
  (pre, post) => ({
    onPost: (t) => plus * pastSum(pre, t, TAU),
    onPre: (t) => -minus * pastSum(post, t, TAU),
  });

export const behaviour: Behaviour = {
  rule: 'stdp_pair',
  claims: [
    {
      says: 'one pair of spikes: the window is A₊e^(−lag/τ) and −A₋e^(lag/τ), 0 where they coincide, and its integral that of the two exponentials',
      async measure(rule) {
        const { lags, changes, value } = await window(rule);
        const [plus, minus] = [value('A_plus'), value('A_minus')];
        const shape = lags.map((lag) => {
          if (lag === 0) return 0;
          return lag > 0 ? plus * Math.exp(-lag / TAU) : -minus * Math.exp(lag / TAU);
        });
        // Σ over lags of 1, 2, … ms is a geometric series.
        const q = Math.exp(-1 / TAU);
        const side = (q * (1 - q ** 100)) / (1 - q);
        const integral = changes.reduce((sum, change) => sum + change, 0);
        return [
          atMost(
            'largest distance from the window, as a share of it',
            Math.max(...changes.map((d, k) => (lags[k] === 0 ? 0 : Math.abs(d / shape[k]! - 1)))),
            1e-6,
          ),
          predicted('change by a coincident pair', changes[lags.indexOf(0)]!, 0, ROUNDING),
          predicted(
            'integral in ms',
            integral,
            (plus - minus) * side,
            1e-6 * (minus - plus) * side,
          ),
        ];
      },
    },
    {
      says: 'random spikes, many of them coincident: the change is the sum of the window over all pairs',
      async measure(rule) {
        const protocol = { ...denseSpikes(), weights: START };
        const { weights, value } = await imposed(rule, protocol);
        const sums = summed(protocol, everyPair(value('A_plus'), value('A_minus')));
        return [atMost('largest distance from the sum', farthest(weights, sums), ROUNDING)];
      },
    },
    {
      says: '60 pairs at lags of ±5 ms: weights stop at the bounds 0 and 1',
      // 60 · 0.005 · e^(−1/4) = 0.23 either way, and more from the pairs between.
      async measure(rule) {
        const pre = Array.from({ length: 60 }, (_, k) => 10 + 40 * k);
        const { weights } = await imposed(rule, {
          steps: 2420,
          pre: [pre],
          post: [pre.map((t) => t + 5), pre.map((t) => t - 5)],
          weights: Float64Array.of(0.9, 0.1),
        });
        return [predicted('upper', weights[0]!, 1, 0), predicted('lower', weights[1]!, 0, 0)];
      },
    },
    {
      says: 'independent neurons at 20 Hz for 2 s: weights drift by rate² · time · (A₊ − A₋)τ, that is, down',
      // In steps of 1 ms ∫ over the window is (A₊ − A₋) q/(1 − q). With N neurons a side the mean over
      // synapses has variance p²T/N² Σ window² + 2p³T/N (∫ window)²; 4 standard deviations.
      async measure(rule) {
        const [neurons, steps, p] = [60, 2000, 0.02];
        const each = { probabilities: alike(neurons, p), steps };
        const { weights, value } = await imposed(rule, {
          steps,
          pre: randomTrains('drift pre', each),
          post: randomTrains('drift post', each),
          weights: START,
        });
        const [plus, minus] = [value('A_plus'), value('A_minus')];
        const q = Math.exp(-1 / TAU);
        const integral = ((plus - minus) * q) / (1 - q);
        const squares = ((plus ** 2 + minus ** 2) * q ** 2) / (1 - q ** 2);
        const variance =
          p ** 2 * steps * (squares / neurons ** 2 + (2 * p * integral ** 2) / neurons);
        const drift = p ** 2 * steps * integral;
        return [
          predicted('mean change', meanOver(weights) - START, drift, 4 * Math.sqrt(variance)),
        ];
      },
    },
  ],
};
