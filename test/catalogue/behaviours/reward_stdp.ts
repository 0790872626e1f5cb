import type { Behaviour } from '../behaviour.js';
import { predicted, predictedWithin, ROUNDING } from './support/figures.js';
import { events, type Replayed, replayed } from './support/replayed.js';
import type { RuleFor } from './support/run.js';

/** Milliseconds from the presynaptic to the postsynaptic spike. */
export const TIMINGS = [-60, -20, -5, 5, 20, 60];
const [SPIKE, STEPS] = [100, 1101];
/** Steps (of 1 ms) with reward 1, and with −1: 0.1, 0.4 and 1 s after the spike; one comes before it. */
const REWARDS = [
  [20, 1],
  [200, 1],
  [500, -1],
  [1100, 1],
] as const;

/** One pair of spikes at each synapse, then short rewards; the weights every millisecond. */
export const trajectory = (rule: RuleFor): Promise<Replayed> =>
  replayed(rule, {
    preSize: TIMINGS.length,
    postSize: 1,
    stepLength: 1,
    signals: {
      'pre.spike': events(
        STEPS,
        TIMINGS.length,
        TIMINGS.map((timing, j) => [SPIKE - timing, j]),
      ),
      'post.spike': events(STEPS, 1, [[SPIKE, 0]]),
      reward: events(
        STEPS,
        1,
        REWARDS.map(([step, reward]) => [step, 0, reward]),
      ),
    },
  });

export const behaviour: Behaviour = {
  rule: 'reward_stdp',
  claims: [
    {
      says: 'a pair of spikes changes nothing by itself; a reward R of 1 ms, Δ later, turns it into η R W(timing) e^{−Δ/τ_e} 1 ms/s; punishment turns the sign',
      // Izhikevich 2007: dc/dt = −c/τ_c + STDP(τ) δ(t − t_pre/post), ds/dt = c d. The eligibility counts
      // from the second spike of the pair.
      async measure(rule) {
        const done = await trajectory(rule);
        const weights = done.moments('w').map(([w]) => w!);
        const value = done.value;
        const [tau, slow] = [value('tau'), value('tau_e')];
        const window = (timing: number): number =>
          timing > 0
            ? value('A_plus') * Math.exp(-timing / tau)
            : -value('A_minus') * Math.exp(timing / tau);
        return [
          ...TIMINGS.map((_, j) => predicted('Δw without reward', weights[199]![j]!, 0, 0)),
          ...REWARDS.slice(1).flatMap(([at, reward]) =>
            TIMINGS.map((timing, j) => {
              const waited = at - SPIKE - Math.max(0, -timing);
              const change =
                (value('eta') * reward * window(timing) * Math.exp(-waited / slow)) / 1000;
              const found = weights[at]![j]! - weights[at - 1]![j]!;
              const name = `Δw, timing ${timing} ms, reward ${reward} at ${at - SPIKE} ms`;
              return predictedWithin(name, found, change, ROUNDING);
            }),
          ),
        ];
      },
    },
  ],
};
