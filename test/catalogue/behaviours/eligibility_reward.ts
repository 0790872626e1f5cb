import { Stream } from '../../../src/base/random.js';
import type { Behaviour } from '../behaviour.js';
import { predicted, predictedWithin, ROUNDING } from './support/figures.js';
import { events, type Replayed, replayed } from './support/replayed.js';
import type { RuleFor } from './support/run.js';

export const DELAYS = [0, 1, 3, 10, 25];
/** When the one reward comes. */
const REWARDED = 30;

/** One coincidence at each synapse, each so many steps before the only reward; one comes after it. */
export const trajectory = (rule: RuleFor): Promise<Replayed> =>
  replayed(rule, {
    preSize: DELAYS.length + 1,
    postSize: 1,
    signals: {
      pre: events(
        REWARDED + 5,
        DELAYS.length + 1,
        [...DELAYS, -2].map((delay, j) => [REWARDED - delay, j, 0.5 + j]),
      ),
      post: Array.from({ length: REWARDED + 5 }, () => [2]),
      reward: events(REWARDED + 5, 1, [[REWARDED, 0, 3]]),
    },
  });

/** Synapses that are active at random; reward comes three steps after the first one was. */
const [STEPS, SYNAPSES, CHANCE, LATER] = [4000, 6, 0.1, 3];

const bandit = (rule: RuleFor): Promise<Replayed> => {
  const stream = new Stream(1, 'eligibility');
  const pre = Array.from({ length: STEPS }, () =>
    Array.from({ length: SYNAPSES }, () => (stream.uniform() < CHANCE ? 1 : 0)),
  );
  return replayed(rule, {
    preSize: SYNAPSES,
    postSize: 1,
    signals: {
      pre,
      post: pre.map(() => [1]),
      reward: pre.map((_, t) => [pre[t - LATER]?.[0] ?? 0]),
    },
    every: STEPS,
  });
};

export const behaviour: Behaviour = {
  rule: 'eligibility_reward',
  claims: [
    {
      says: 'a coincidence is credited for a reward Δ later by η R post pre e^{−Δ/τ}; one after the reward not at all',
      async measure(rule) {
        const done = await trajectory(rule);
        const w = done.end('w')[0]!;
        const [eta, tau] = [done.value('eta'), done.value('tau')];
        return [
          ...DELAYS.map((delay, j) => {
            const credit = eta * 3 * 2 * (0.5 + j) * Math.exp(-delay / tau);
            return predictedWithin(`Δw, Δ = ${delay}`, w[j]!, credit, ROUNDING);
          }),
          predicted('Δw, coincidence after the reward', w[DELAYS.length]!, 0, 0),
        ];
      },
    },
    {
      says: 'of six synapses active at random, the one that reward follows by 3 steps is credited most, all as predicted',
      // Reward has the mean p. E r e = p² / (1 − k) with k = e^{−1/τ} for the synapses that have nothing
      // to do with it, and k³ (p − p²) more for the one that has.
      async measure(rule) {
        const done = await bandit(rule);
        const w = done.end('w')[0]!.map((value) => value / (done.value('eta') * STEPS));
        const kept = Math.exp(-1 / done.value('tau'));
        const chance = CHANCE ** 2 / (1 - kept);
        const causal = chance + kept ** LATER * (CHANCE - CHANCE ** 2);
        // About 400 rewards, each with an eligibility of 0.55 ± 0.52: means good to 5 % + 5 % for the
        // number of rewards.
        return w.map((value, j) =>
          predictedWithin(`credit of synapse ${j + 1}`, value, j === 0 ? causal : chance, 0.2),
        );
      },
    },
  ],
  indistinguishable: [
    { mutation: 'pre ↔ post', because: 'a coincidence is symmetric: it is the same rule' },
  ],
};
