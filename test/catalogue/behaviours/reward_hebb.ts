import { Stream } from '../../../src/base/random.js';
import type { Behaviour } from '../behaviour.js';
import { atMost, predictedWithin, ROUNDING } from './support/figures.js';
import { replayed } from './support/replayed.js';
import { rewardedLayer } from './support/rewarded-layer.js';
import { type Done, type RuleFor, run } from './support/run.js';
import { alignment, dot, minus, scaled } from './support/vectors.js';

const [SIGMA, STEPS] = [0.2, 400];
/** One pattern of unit length, what the neuron should answer, and where its weights start. */
export const PATTERN = [0.6, -0.48, 0.64];
const TARGET = 1;
const START = [0.3, 0.5, 0.09375];
/** Far above what is written: η σ² = 0.005, so that 400 steps are enough. */
const ETA = 0.125;

/** The weights of a neuron that finds out by trying (noise ± σ), every step. */
export const trajectory = (rule: RuleFor): Promise<Done> => {
  const circuit = rewardedLayer(3, 1);
  const stream = new Stream(1, 'exploration');
  const noise = Array.from({ length: STEPS }, () => [stream.uniform() < 0.5 ? SIGMA : -SIGMA]);
  return run({
    circuit,
    rules: { forward: rule(circuit.tables.forward!) },
    inputs: { pattern: noise.map(() => PATTERN), target: noise.map(() => [TARGET]), noise },
    start: { W: [START] },
    values: { eta: ETA },
    record: ['W'],
  });
};

export const behaviour: Behaviour = {
  rule: 'reward_hebb',
  claims: [
    {
      says: 'a reward that stays the same ceases to teach: the changes sum to η R ξ x (1 − 0.9ⁿ) / (1 − 0.9)',
      // The mean of the rewards before step t is R (1 − 0.9ᵗ), so R minus it is R 0.9ᵗ.
      async measure(rule) {
        const [steps, reward, noise, pre] = [60, 2, 0.3, [1, -0.5]];
        const done = await replayed(rule, {
          preSize: 2,
          postSize: 1,
          signals: {
            pre: Array.from({ length: steps }, () => pre),
            'post.noise': Array.from({ length: steps }, () => [noise]),
            reward: Array.from({ length: steps }, () => [reward]),
          },
        });
        return [10, steps].flatMap((n) =>
          pre.map((x, j) => {
            const sum = done.value('eta') * reward * noise * x * ((1 - 0.9 ** n) / (1 - 0.9));
            const name = `Δw${j + 1} after ${n} steps`;
            return predictedWithin(name, done.moments('w')[n - 1]![0]![j]!, sum, ROUNDING);
          }),
        );
      },
    },
    {
      says: 'noise ± σ, reward −½ (y + ξ − y*)²: what is missing, y* − y, falls by η σ² |x|² a step on average, the gradient of reward',
      // Williams 1992: the mean change is η σ² ∂R/∂w. With binary noise R minus its mean is (y* − y) ξ, up
      // to the fluctuations of the running mean, of relative variance (1 − 0.9) / (1 + 0.9) = 0.05: over
      // 400 steps they add 0.005 √(0.05 · 400) = 0.02 to a logarithm of −2; that the mean lags behind a
      // reward that climbs adds about as much.
      async measure(rule) {
        const weights = (await trajectory(rule)).moments('W').map(([w]) => w!);
        const missing = (w: readonly number[]): number => TARGET - dot(w, PATTERN);
        const end = weights.at(-1)!;
        const rate = Math.log(missing(end) / missing(START)) / STEPS;
        const off = 1 - alignment(minus(end, START), scaled(1, PATTERN));
        return [
          predictedWithin('rate of learning', rate, Math.log(1 - ETA * SIGMA ** 2), 0.05),
          atMost('1 − |cos(Δw, x)|', off, 1e-12),
        ];
      },
    },
  ],
};
