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
  type SpikeLaw,
  summed,
} from './support/spikes.js';
import { layerLearned } from './support/spiking-layer.js';

const START = 0.5;

/** Changes of weight by the lag from the presynaptic to the postsynaptic spike. */
export async function window(rule: RuleFor, lags = lagsUpTo(60)) {
  const { weights, value } = await imposed(rule, { ...pairAtEach(lags), weights: START });
  return { lags, changes: Array.from(weights, (w) => w - START), value };
}

const symmetricPairs =
  (value: (name: string) => number): SpikeLaw =>
  (pre, post) => {
    const [eta, tau] = [value('eta'), value('tau')];
    return {
      onPre: (t) => eta * (pastSum(post, t, tau) - 2 * value('rho') * tau),
      onPost: (t) => eta * pastSum(pre, t, tau),
    };
  };

const NEURONS = 8;

/**
 * Neurons with 40 excitatory inputs that alone make them fire at 25 Hz, and 80 inhibitory inputs, all at
 * 20 Hz: half of the neurons without inhibition at first, half with so much that they are silent. Rates
 * in Hz of trials of 2 s.
 */
export async function balancing(rule: RuleFor, { seconds = 24, eta = 0.01 } = {}) {
  const trials = alike(seconds / 2, 2000);
  const { spikes } = await layerLearned(rule, {
    options: { neurons: NEURONS },
    excitatory: alike(40, 20),
    inhibitory: alike(80, 20),
    learns: 'inhibitory',
    start: {
      excitatory: new Float64Array(NEURONS * 40).fill(1.5),
      inhibitory: Float64Array.from({ length: NEURONS * 80 }, (_, at) =>
        at < NEURONS * 40 ? 0 : 0.6,
      ),
    },
    values: { eta },
    trials,
  });
  return spikes.map((counts) => counts.map((count) => count / 2));
}

export const behaviour: Behaviour = {
  rule: 'vogels',
  claims: [
    {
      says: 'one pair of spikes: η(e^(−|lag|/τ) − 2ρτ) in either order, −2ηρτ where they coincide',
      async measure(rule) {
        const { lags, changes, value } = await window(rule);
        const [eta, rho, tau] = [value('eta'), value('rho'), value('tau')];
        const shape = lags.map((lag) => {
          const pairing = lag === 0 ? 0 : Math.exp(-Math.abs(lag) / tau);
          return eta * (pairing - 2 * rho * tau);
        });
        return [
          atMost('largest distance from the window', farthest(changes, shape), 1e-6 * eta),
          predicted('2ρτ at 5 Hz and 20 ms', 2 * rho * tau, 0.2, ROUNDING),
        ];
      },
    },
    {
      says: 'random spikes, many of them coincident: the sum over all pairs, less 2ηρτ for each presynaptic spike',
      async measure(rule) {
        const protocol = { ...denseSpikes(), weights: START };
        const { weights, value } = await imposed(rule, protocol);
        const sums = summed(protocol, symmetricPairs(value));
        return [atMost('largest distance', farthest(weights, sums), ROUNDING)];
      },
    },
    {
      says: 'a silent neuron loses its inhibition, 2ηρτ with each presynaptic spike, down to 0 and no further',
      async measure(rule) {
        const { weights, value } = await imposed(rule, {
          steps: 200,
          pre: [Array.from({ length: 20 }, (_, k) => 10 * k)],
          post: [[], []],
          weights: Float64Array.of(1e-4, 1e-3),
        });
        const lost = 20 * value('eta') * 0.2;
        return [
          predicted('from 1e-4', weights[0]!, 0, 0),
          predicted('from 1e-3', weights[1]!, 1e-3 - lost, ROUNDING),
        ];
      },
    },
    {
      says: 'neurons that would fire at 25 Hz, or not at all, come to the target of 5 Hz',
      // 40 inputs of 1.5 mV at 20 Hz drive a neuron to 24 mV, 4 above threshold: without noise a spike every
      // 20 ln 6 + 5 = 41 ms. Where spikes are independent Σ dw = 0 means r = ρτ/τ′ with τ′ = q/(1 − q) =
      // 19.5 steps: 5.1 Hz. An inhibitory spike of 0.35 mV, 20 ms long, makes the 20 ms after it poorer in
      // spikes by 0.35 mV · 2 Hz/mV · 10 ms = 0.007 of the 0.2 that balances: 3 % more. Four neurons in 12 s
      // are 240 spikes, 6 % of noise where it is not held down: 15 %.
      async measure(rule) {
        const [fixed, rates] = [
          await balancing(rule, { seconds: 2, eta: 0 }),
          await balancing(rule),
        ];
        const of = (trials: readonly (readonly number[])[], from: number): number =>
          meanOver(trials.map((each) => meanOver(each.slice(from, from + NEURONS / 2))));
        const expected = 5.1 * 1.03;
        return [
          { name: 'Hz without inhibition, not learning', value: of(fixed, 0), within: [20, 34] },
          { name: 'Hz with too much of it, not learning', value: of(fixed, 4), within: [0, 1] },
          predicted('Hz at last, from above', of(rates.slice(-6), 0), expected, 0.15 * expected),
          predicted('Hz at last, from below', of(rates.slice(-6), 4), expected, 0.15 * expected),
        ];
      },
    },
  ],
};
