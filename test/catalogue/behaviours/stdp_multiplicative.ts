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

const TAU = 20;

/** Changes of weight by the lag, of weights that start here. */
export async function window(rule: RuleFor, start: number, lags = lagsUpTo(60)) {
  const { weights, value } = await imposed(rule, { ...pairAtEach(lags), weights: start });
  return { lags, changes: Array.from(weights, (w) => w - start), value };
}

const softPairs =
  (eta: number, alpha: number): SpikeLaw =>
  (pre, post) => ({
    onPost: (t, w) => eta * pastSum(pre, t, TAU) * (1 - w),
    onPre: (t, w) => -eta * alpha * pastSum(post, t, TAU) * w,
  });

const [NEURONS, SECONDS, RATE] = [20, 8, 50];

/**
 * Weights between independent neurons at 50 Hz, half of the presynaptic ones from 0, half from 1; every
 * 100 ms. A learning rate of 0.006 is five time constants in 8 s.
 */
export async function settling(rule: RuleFor) {
  const steps = 1000 * SECONDS;
  const each = { probabilities: alike(NEURONS, RATE / 1000), steps };
  const from = (start: number) =>
    imposed(rule, {
      steps,
      pre: randomTrains('soft pre', each),
      post: randomTrains('soft post', each),
      weights: start,
      values: { eta: 0.006 },
      every: 100,
    });
  const [low, high] = [await from(0), await from(1)];
  return { low: low.course.map(meanOver), high: high.course.map(meanOver), value: low.value };
}

export const behaviour: Behaviour = {
  rule: 'stdp_multiplicative',
  claims: [
    {
      says: 'one pair of spikes: ηe^(−lag/τ)(1 − w) and −ηαe^(lag/τ)w, from w = 0, 0.3 and 1',
      async measure(rule) {
        const apart: number[] = [];
        for (const start of [0, 0.3, 1]) {
          const { lags, changes, value } = await window(rule, start, lagsUpTo(30));
          const [eta, alpha] = [value('eta'), value('alpha')];
          const shape = lags.map((lag) => {
            if (lag === 0) return 0;
            return lag > 0
              ? eta * Math.exp(-lag / TAU) * (1 - start)
              : -eta * alpha * Math.exp(lag / TAU) * start;
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
        const sums = summed(protocol, softPairs(value('eta'), value('alpha')));
        return [atMost('largest distance', farthest(weights, sums), ROUNDING)];
      },
    },
    {
      says: 'independent neurons at 50 Hz: from 0 and from 1 the mean weight goes to 1/(1 + α) at the rate ηr²τ(1 + α)',
      // Rubin, Lee & Sompolinsky 2001: ẇ = ηr²τ[(1 − w) − αw]; in steps of 1 ms the trace that a spike
      // reads has the mean pq/(1 − q). At the fixed point the window's integral is 0, so the mean of N²
      // synapses gains the variance p²Σ window²/N² = 1e-9 a step: over 3 s and both starts a standard
      // error of 0.001. That weights and traces share spikes shifts it by a few η.
      // The rate is that of the spikes there are: 2,100 on either side in 2 s, 3 % of standard error.
      async measure(rule) {
        const { low, high, value } = await settling(rule);
        const alpha = value('alpha');
        const [p, q] = [RATE / 1000, Math.exp(-1 / TAU)];
        const rate = value('eta') * (1 + alpha) * p ** 2 * (q / (1 - q));
        const gap = (k: number): number => high[k]! - low[k]!;
        const settled = meanOver([...low.slice(-30), ...high.slice(-30)]);
        const early = 20;
        return [
          predicted('mean weight of the last 3 s', settled, 1 / (1 + alpha), 0.01),
          predicted('largest w − smallest w', gap(low.length - 1), Math.exp(-rate * 8000), 0.005),
          predictedWithin(
            'rate per s',
            (-1000 * Math.log(gap(early))) / (100 * (early + 1)),
            1000 * rate,
            0.1,
          ),
        ];
      },
    },
  ],
};
