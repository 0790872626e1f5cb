import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, ROUNDING } from './support/figures.js';
import type { RuleFor } from './support/learning.js';
import {
  alike,
  denseSpikes,
  farthest,
  imposed,
  meanOver,
  pastLast,
  randomTrains,
  type SpikeLaw,
  summed,
} from './support/spikes.js';

const TAU = 20;
const fade = (ms: number): number => Math.exp(-ms / TAU);

const nearestPairs =
  (plus: number, minus: number): SpikeLaw =>
  (pre, post) => ({
    onPost: (t) => plus * pastLast(pre, t, TAU),
    onPre: (t) => -minus * pastLast(post, t, TAU),
  });

const STEPS = 4000;

/** Mean potentiation per postsynaptic spike (20 Hz) by the presynaptic rate in Hz, without depression. */
export async function potentiation(rule: RuleFor, rates = [5, 20, 50, 100, 200]) {
  const post = randomTrains('nearest post', { probabilities: alike(40, 0.02), steps: STEPS });
  const perSpike: number[] = [];
  let plus = 0;
  for (const rate of rates) {
    const probabilities = alike(20, rate / 1000);
    const pre = randomTrains(`nearest pre ${rate}`, { probabilities, steps: STEPS });
    const values = { A_minus: 0 };
    const { weights, value } = await imposed(rule, { steps: STEPS, pre, post, weights: 0, values });
    plus = value('A_plus');
    const spikes = meanOver(post.map((times) => times.length));
    perSpike.push(meanOver(weights) / spikes);
  }
  return { rates, perSpike, plus };
}

export const behaviour: Behaviour = {
  rule: 'stdp_nearest',
  claims: [
    {
      says: 'three spikes: of two earlier spikes of the other neuron only the last counts, but it counts again',
      async measure(rule) {
        const { weights, value } = await imposed(rule, {
          steps: 100,
          pre: [[20, 30], [30]],
          post: [[45], [45, 50], [15, 18]],
          weights: 0,
        });
        const [plus, minus] = [value('A_plus'), value('A_minus')];
        const expected = [
          plus * fade(15),
          plus * fade(15),
          plus * (fade(15) + fade(20)),
          plus * (fade(15) + fade(20)),
          -minus * (fade(2) + fade(12)),
          -minus * fade(12),
        ];
        return [atMost('largest distance', farthest(weights, expected), ROUNDING)];
      },
    },
    {
      says: 'random spikes, many of them coincident: the sum over pairs with the last earlier spike',
      async measure(rule) {
        const protocol = { ...denseSpikes(), weights: 0 };
        const { weights, value } = await imposed(rule, protocol);
        const sums = summed(protocol, nearestPairs(value('A_plus'), value('A_minus')));
        return [atMost('largest distance', farthest(weights, sums), ROUNDING)];
      },
    },
    {
      says: 'potentiation by a spike saturates with the presynaptic rate r: A₊ r/(r + 1/τ)',
      // The age of the last of Bernoulli spikes is geometric: E e^(−age/τ) = pq/(1 − (1 − p)q) in steps.
      // 20 neurons have 400 spikes in 4 s at 5 Hz, 4,000 at 50 Hz: standard errors of 5 % and 1.6 %.
      async measure(rule) {
        const { rates, perSpike, plus } = await potentiation(rule, [5, 50, 200]);
        const q = fade(1);
        return rates.map((rate, k) => {
          const p = rate / 1000;
          const expected = (plus * p * q) / (1 - (1 - p) * q);
          const share = rate < 10 ? 0.2 : 0.05;
          return predicted(`per spike at ${rate} Hz`, perSpike[k]!, expected, share * expected);
        });
      },
    },
  ],
};
