import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, predictedWithin, ROUNDING } from './support/figures.js';
import type { RuleFor } from './support/learning.js';
import {
  alike,
  denseSpikes,
  farthest,
  imposed,
  meanOver,
  pastSum,
  randomTrains,
  type SpikeLaw,
  summed,
} from './support/spikes.js';

const kohonen =
  (value: (name: string) => number, neurons: number): SpikeLaw =>
  (_, post) => ({
    onPre: (t) =>
      ((value('eta') * value('beta')) / Math.sqrt(neurons)) * pastSum(post, t, value('tau')),
    onPost: (_t, w) => -value('eta') * w,
  });

/** Presynaptic rates in Hz, and mean weights onto 30 neurons at 30 Hz in the last of 16 s. */
export async function byRate(rule: RuleFor) {
  const [steps, dt] = [4000, 4];
  const rates = Array.from({ length: 16 }, (_, j) => 5 + 3 * j);
  const perStep = (rate: number): number => (rate * dt) / 1000;
  const pre = randomTrains('Kohonen pre', { probabilities: rates.map(perStep), steps });
  const post = randomTrains('Kohonen post', { probabilities: alike(30, perStep(30)), steps });
  const { course, value } = await imposed(rule, {
    steps,
    dt,
    pre,
    post,
    weights: 0,
    values: { eta: 0.02 },
    every: 50,
  });
  const settled = course.slice(20);
  const weights = rates.map((_, j) =>
    meanOver(settled.map((w) => meanOver(w.filter((_weight, at) => at % rates.length === j)))),
  );
  return { rates, weights, dt, value };
}

export const behaviour: Behaviour = {
  rule: 'kohonen_stdp',
  claims: [
    {
      says: 'spikes one by one: a postsynaptic one takes the share η, a presynaptic one adds ηβe^(−lag/τ)/√N after a postsynaptic one only',
      async measure(rule) {
        const { weights, value } = await imposed(rule, {
          steps: 60,
          pre: [[10], [30], [50]],
          post: [[30]],
          weights: 0.5,
        });
        const eta = value('eta');
        const gain = (eta * value('beta') * Math.exp(-20 / value('tau'))) / Math.sqrt(3);
        const kept = 0.5 * (1 - eta);
        return [atMost('largest distance', farthest(weights, [kept, kept, kept + gain]), ROUNDING)];
      },
    },
    {
      says: 'random spikes, many of them coincident: spike after spike as sums over the earlier ones',
      async measure(rule) {
        const protocol = { ...denseSpikes(), weights: 0.4 };
        const { weights, value } = await imposed(rule, protocol);
        const sums = summed(protocol, kohonen(value, 4));
        return [atMost('largest distance', farthest(weights, sums), ROUNDING)];
      },
    },
    {
      says: 'weights follow the presynaptic rate: w = βτ r/√N, whatever the postsynaptic rate',
      // Akil, Rosenbaum & Josić 2021: ẇ = ηr_post(βτ r_pre/√N − w), exact in the mean for independent
      // neurons (τ: dt q/(1 − q)). A weight goes with the number of presynaptic spikes in the last 12 s, at
      // 27 Hz 320 ± 5.5 %: of 16 neurons the slope has a standard error of 3 %, the intercept one of 0.8 Hz.
      async measure(rule) {
        const { rates, weights, dt, value } = await byRate(rule);
        const q = Math.exp(-dt / value('tau'));
        const expected = (value('beta') * ((dt * q) / (1 - q))) / (1000 * Math.sqrt(rates.length));
        const [meanRate, meanWeight] = [meanOver(rates), meanOver(weights)];
        const products = rates.map((rate, j) => (rate - meanRate) * (weights[j]! - meanWeight));
        const squares = rates.map((rate) => (rate - meanRate) ** 2);
        const slope = meanOver(products) / meanOver(squares);
        return [
          predictedWithin('slope per Hz', slope, expected, 0.12),
          predicted('intercept, as a weight', meanWeight - slope * meanRate, 0, 3.2 * expected),
        ];
      },
    },
  ],
};
