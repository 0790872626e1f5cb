import type { Behaviour } from '../behaviour.js';
import { predicted, ROUNDING } from './support/figures.js';
import { CLAMP, type Learned, learned, type RuleFor } from './support/learning.js';

/** What the five neurons do whenever the first input is active: in turn one of these. */
const OUTPUTS = [
  [1, 0, 1, 0, 1],
  [1, 0, 0, 1, 1],
  [1, 0, 0, 0, 1],
];
const START = [0, 0.6, 0.5, 0.2, 0.9];
const CYCLES = 100;

/** The first input is active three steps of four, the second in the fourth only, where nothing fires. */
const patterns = Array.from({ length: 4 * CYCLES }, (_, t) => (t % 4 < 3 ? [1, 0] : [0, 1]));
const partner = patterns.map((_, t) =>
  (OUTPUTS[t % 4] ?? [0, 0, 0, 0, 0]).map((y) => (y > 0 ? CLAMP : -CLAMP)),
);

/** The weights of two inputs onto five driven neurons, every step. */
export const trajectory = (rule: RuleFor): Promise<Learned> =>
  learned(rule, {
    patterns,
    partner,
    weights: START.map((w) => [w, 0.5]),
    activation: 'sigmoid',
  });

export const behaviour: Behaviour = {
  rule: 'outstar',
  claims: [
    {
      says: 'the weights of an input come to repeat the activity it meets: a running mean with the factor 1 − η per time it is active, exactly',
      // After three of its steps w is (1 − η)³ w + η ((1 − η)² y₁ + (1 − η) y₂ + y₃), a linear recursion with
      // a closed form; steps in which the input is silent change nothing.
      async measure(rule) {
        const { weights, value } = await trajectory(rule);
        const eta = value('eta');
        const kept = 1 - eta;
        return START.flatMap((start, i) => {
          const [a, b, c] = OUTPUTS.map((y) => y[i]!);
          const taken = eta * (kept ** 2 * a! + kept * b! + c!);
          const left = kept ** (3 * CYCLES);
          const reached = left * start + (taken * (1 - left)) / (1 - kept ** 3);
          const silent = 0.5 * kept ** CYCLES;
          return [
            predicted(`w${i + 1}1`, weights.at(-1)![i]![0]!, reached, ROUNDING),
            predicted(`w${i + 1}2`, weights.at(-1)![i]![1]!, silent, ROUNDING),
          ];
        });
      },
    },
    {
      says: 'within 300 pairings the weights are the share of times the neuron was active with the input, to η',
      // 1, 0, 1/3, 1/3, 1; what the cycle's last steps add or lack is at most η (1 − 1/3).
      async measure(rule) {
        const { weights, value } = await trajectory(rule);
        const shares = [1, 0, 1 / 3, 1 / 3, 1];
        return shares.map((share, i) =>
          predicted(`w${i + 1}1`, weights.at(-1)![i]![0]!, share, value('eta')),
        );
      },
    },
  ],
};
