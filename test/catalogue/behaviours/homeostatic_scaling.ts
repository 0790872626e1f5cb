import type { Behaviour } from '../behaviour.js';
import { atMost, predicted, predictedWithin, ROUNDING } from './support/figures.js';
import type { RuleFor } from './support/learning.js';
import { alike, farthest, imposed, meanOver, pastSum, type SpikeTimes } from './support/spikes.js';
import { layerLearned } from './support/spiking-layer.js';

/** Steps of 100 ms; the rate is a mean over 10 s. */
const [DT, STEPS, TAU_RATE] = [100, 600, 10_000];
const WEIGHTS = [0.2, 1, 3];

/** Weights of neurons that fire regularly, one spike in so many steps (0: none), every step. */
export async function regular(rule: RuleFor, periods: readonly number[], rates?: Float64Array) {
  const post = periods.map(
    (period): SpikeTimes =>
      Array.from({ length: STEPS }, (_, t) => t).filter((t) => period > 0 && t % period === 0),
  );
  const { course, value } = await imposed(rule, {
    steps: STEPS,
    dt: DT,
    pre: WEIGHTS.map(() => []),
    post,
    weights: Float64Array.from(periods.flatMap(() => WEIGHTS)),
    ...(rates && { start: { rate: rates } }),
    every: 1,
  });
  return { course, post, value };
}

const [NEURONS, INPUTS] = [6, 30];

/**
 * Neurons with 30 Poisson inputs at 20 Hz and weights that are too weak for three of them and too strong
 * for the others; rates in Hz of trials of 10 s. The time constant is 20 s instead of 100 s.
 */
export async function scaling(rule: RuleFor) {
  const weights = Float64Array.from({ length: NEURONS * INPUTS }, (_, at) => {
    const isWeak = at < (NEURONS * INPUTS) / 2;
    return (isWeak ? 0.4 : 2.5) * (1 + (at % 3) / 4);
  });
  const { spikes, weights: last } = await layerLearned(rule, {
    options: { neurons: NEURONS, dt: 10, refractory: 10 },
    excitatory: alike(INPUTS, 20),
    learns: 'excitatory',
    start: { excitatory: weights },
    values: { tau: 20_000 },
    trials: alike(20, 1000),
  });
  const factors = last.map((w, at) => w / weights[at]!);
  return { rates: spikes.map((counts) => counts.map((count) => count / 10)), factors };
}

export const behaviour: Behaviour = {
  rule: 'homeostatic_scaling',
  claims: [
    {
      says: 'at no spikes weights grow as e^(t/τ), at twice the target rate they shrink as e^(−t/τ)',
      // From a rate of 0, and of 10 Hz (0.01 per ms, one spike a step), which do not change. 60 steps of
      // length 0.001 τ differ from the exponential by t dt/2τ² = 3e-4.
      async measure(rule) {
        const { course, value } = await regular(rule, [0, 1], Float64Array.of(0, 0.01));
        const last = course.at(-1)!;
        const time = (STEPS * DT) / value('tau');
        return [
          predicted('target in Hz', 1000 * value('goal'), 5, ROUNDING),
          predictedWithin('growth', last[1]!, Math.exp(time), 5e-4),
          predictedWithin('decay', last[4]!, Math.exp(-time), 5e-4),
        ];
      },
    },
    {
      says: 'regular spikes at 0 to 10 Hz for 60 s: the product of 1 + (1 − rate/goal)dt/τ over the steps, the same for all synapses of a neuron',
      async measure(rule) {
        const periods = [0, 1, 2, 3, 5];
        const { course, post, value } = await regular(rule, periods);
        const last = course.at(-1)!;
        const share = (1 - Math.exp(-DT / TAU_RATE)) / DT;
        const factors = post.map((times) => {
          let factor = 1;
          for (let t = 0; t < STEPS; t++) {
            const rate = share * pastSum(times, t + 1e-9, TAU_RATE / DT);
            factor *= 1 + ((1 - rate / value('goal')) * DT) / value('tau');
          }
          return factor;
        });
        const expected = factors.flatMap((factor) => WEIGHTS.map((w) => w * factor));
        return [atMost('largest distance', farthest(last, expected), ROUNDING)];
      },
    },
    {
      says: 'neurons with too weak and too strong inputs come to 5 Hz, and the ratios of their weights stay',
      // Where ln w goes from one value to another in time T, the mean rate is goal (1 − τ Δ ln w/T): with
      // τ = 20 s a drift of 0.25 in the last 100 s is 5 %. Weak inputs lead to 6 ± 1 mV of the 20 to the
      // threshold, in 10 s e^0.5 times that; strong ones to 37 mV, without noise a spike every 20 ln 2.2 + 10
      // = 26 ms at first and soon fewer.
      async measure(rule) {
        const { rates, factors } = await scaling(rule);
        const late = rates.slice(-10);
        const perNeuron = alike(NEURONS, 0).map((_, i) => meanOver(late.map((each) => each[i]!)));
        const early = rates[0]!;
        const unequal = alike(NEURONS, 0).map((_, i) => {
          const own = factors.slice(i * INPUTS, (i + 1) * INPUTS);
          return Math.max(...own) / Math.min(...own) - 1;
        });
        return [
          {
            name: 'Hz in the first 10 s, weak',
            value: meanOver(early.slice(0, 3)),
            within: [0, 1],
          },
          {
            name: 'Hz in the first 10 s, strong',
            value: meanOver(early.slice(3)),
            within: [20, 40],
          },
          predicted('mean Hz of the last 100 s', meanOver(perNeuron), 5, 0.25),
          predicted('slowest neuron', Math.min(...perNeuron), 5, 0.25),
          predicted('fastest neuron', Math.max(...perNeuron), 5, 0.25),
          atMost('ratios change by', Math.max(...unequal), ROUNDING),
        ];
      },
    },
  ],
};
