import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, predictedWithin, ROUNDING } from './support/figures.js';
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

/** Changes of weight by the lag from the presynaptic to the postsynaptic spike. */
export async function window(rule: RuleFor, start: number, lags = lagsUpTo(60)) {
  const { weights, value } = await imposed(rule, { ...pairAtEach(lags), weights: start });
  return { lags, changes: Array.from(weights, (w) => w - start), value };
}

const softHebb =
  (value: (name: string) => number): SpikeLaw =>
  (pre, post) => ({
    onPre: (t, w) => -value('eta') * pastSum(post, t, value('tau')) * w,
    onPost: (t) => value('eta') * value('w_max') * pastSum(pre, t, value('tau')),
  });

const [NEURONS, STEPS, P] = [20, 8000, 0.05];

/** Mean weight between independent neurons at 50 Hz from this start, every 100 ms. */
export async function settling(rule: RuleFor, start: number) {
  const each = { probabilities: alike(NEURONS, P), steps: STEPS };
  const { course, value } = await imposed(rule, {
    steps: STEPS,
    pre: randomTrains('soft Hebb pre', each),
    post: randomTrains('soft Hebb post', each),
    weights: start,
    values: { eta: 0.001 },
    every: 100,
  });
  return { means: course.map(meanOver), value };
}

export const behaviour: Behaviour = {
  rule: 'hebbian_stdp_soft',
  claims: [
    {
      says: 'one pair of spikes: η w_max e^(−lag/τ) for pre before post, −η w e^(lag/τ) for post before pre, 0 where they coincide',
      async measure(rule) {
        const apart: number[] = [];
        for (const start of [0.3, 0.9]) {
          const { lags, changes, value } = await window(rule, start, lagsUpTo(40));
          const [eta, tau, most] = [value('eta'), value('tau'), value('w_max')];
          const shape = lags.map((lag) => {
            if (lag === 0) return 0;
            return lag > 0 ? eta * most * Math.exp(-lag / tau) : -eta * start * Math.exp(lag / tau);
          });
          apart.push(farthest(changes, shape));
        }
        return [atMost('largest distance from the window', Math.max(...apart), ROUNDING)];
      },
    },
    {
      says: 'random spikes, many of them coincident: spike after spike as sums over the earlier ones',
      async measure(rule) {
        const protocol = { ...denseSpikes(), weights: 0.4 };
        const { weights, value } = await imposed(rule, protocol);
        const sums = summed(protocol, softHebb(value));
        return [atMost('largest distance', farthest(weights, sums), ROUNDING)];
      },
    },
    {
      says: 'independent neurons at 50 Hz: from 0 and from 1.5 weights go to w_max at the rate ητr²',
      // Akil, Rosenbaum & Josić 2021: ẇ = ητr²(w_max − w); in steps of 1 ms τ is q/(1 − q) and the first
      // 2τ have shorter traces. Counts of 20 neurons in 8 s (8,000 spikes a side) make 2 % of the rate,
      // weights that share spikes with traces a few ητr = 1 %.
      async measure(rule) {
        const low = await settling(rule, 0);
        const high = await settling(rule, 1.5);
        const { value } = low;
        const q = Math.exp(-1 / value('tau'));
        const rate = value('eta') * P ** 2 * (q / (1 - q));
        const gap = (k: number): number => high.means[k]! - low.means[k]!;
        const [from, to] = [9, 39];
        const measured = Math.log(gap(from) / gap(to)) / (100 * (to - from));
        const last = meanOver([low.means.at(-1)!, high.means.at(-1)!]);
        const left = 1.5 * Math.exp(-rate * STEPS);
        return [
          predictedWithin('rate per s', 1000 * measured, 1000 * rate, 0.1),
          // Starts 1 below and 0.5 above leave their mean 0.25 e^(−rate · T) below.
          predicted('mean weight after 8 s', last, value('w_max') - left / 6, 0.02),
        ];
      },
    },
  ],
};
