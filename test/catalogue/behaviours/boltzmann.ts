import { Stream } from '../../../src/base/random.js';
import type { Behaviour } from '../behaviour.js';
import { boltzmannMachine, equilibrium } from './support/boltzmann-machine.js';
import { predicted, predictedWithin, ROUNDING } from './support/figures.js';
import { replayed } from './support/replayed.js';
import { type Done, type RuleFor, run } from './support/run.js';
import { mean } from './support/vectors.js';

/** The weights of the machine that made the data. */
export const TEACHER = [
  [0, 0.6, -0.4],
  [0.6, 0, 0.3],
  [-0.4, 0.3, 0],
];
const [NEURONS, TRIALS] = [3, 3000];
const TRIAL = {
  steps: 2 * NEURONS,
  phases: ['clamped', 'free'].map((name) => ({ name, steps: NEURONS })),
};

/** The weights while a machine learns from the states of another, after every trial. */
export const trajectory = (rule: RuleFor): Promise<Done> => {
  const circuit = boltzmannMachine(NEURONS);
  const steps = TRIALS * TRIAL.steps;
  const luck = new Stream(1, 'luck');
  return run({
    circuit,
    rules: { recurrent: rule(circuit.tables.recurrent!) },
    timeline: { trials: Array.from({ length: TRIALS }, () => TRIAL) },
    inputs: {
      data: equilibrium(TEACHER, steps, 1),
      'whose turn': Array.from({ length: steps }, (_, t) =>
        TEACHER.map((_, i) => (t % NEURONS === i ? 1 : 0)),
      ),
      luck: Array.from({ length: steps }, () => [luck.uniform()]),
    },
    record: ['W'],
    every: TRIAL.steps,
  });
};

export const behaviour: Behaviour = {
  rule: 'boltzmann',
  claims: [
    {
      says: 'the sum of the changes is η times what states have in common while clamped minus while free',
      async measure(rule) {
        const states = [
          [1, 1, -1],
          [1, -1, -1],
          [-1, 1, 1],
          [0.5, -1, 1],
          [0.25, 1, 1],
        ];
        const phases = [
          { name: 'clamped', steps: 2 },
          { name: 'free', steps: 3 },
        ];
        const done = await replayed(rule, {
          preSize: 3,
          postSize: 3,
          signals: { pre: states, post: states },
          timeline: { trials: [{ steps: 5, phases }] },
        });
        const w = done.end('w');
        const common = (some: readonly number[][], i: number, j: number): number =>
          some.reduce((sum, s) => sum + s[i]! * s[j]!, 0);
        return [
          [0, 1],
          [2, 0],
          [1, 2],
        ].map(([i, j]) => {
          const more = common(states.slice(0, 2), i!, j!) - common(states.slice(2), i!, j!);
          return predictedWithin(
            `Δw ${i! + 1}←${j! + 1}`,
            w[i!]![j!]!,
            done.value('eta') * more,
            ROUNDING,
          );
        });
      },
    },
    {
      says: 'a machine that is shown the states of another one in equilibrium finds its weights',
      // The fixed point ⟨s s⟩ clamped = ⟨s s⟩ free is the maximum of the likelihood, and the weights that made
      // the data are it. With η = 0.01 a weight forgets within 1 / (η (1 − c²)) = 120 steps of each phase, so
      // that 7,500 of them hold some 30 independent values, which fluctuate by √(η · 6 / 2) = 0.17 (the chain
      // of free states is correlated over about five): the mean is good to 0.03. Twice that is allowed.
      async measure(rule) {
        const late = (await trajectory(rule)).moments('W').slice(TRIALS / 6);
        return [
          [0, 1],
          [2, 0],
          [1, 2],
        ].map(([i, j]) => {
          const found = mean(late.map((w) => w[i!]![j!]!));
          return predicted(`mean w ${i! + 1}←${j! + 1}`, found, TEACHER[i!]![j!]!, 0.06);
        });
      },
    },
  ],
  indistinguishable: [
    {
      mutation: 'pre ↔ post',
      because: 'products of two states are symmetric: it is the same rule',
    },
  ],
};
