import { Stream } from '../../../src/base/random.js';
import { unwrap } from '../../../src/base/result.js';
import { relaxing } from '../../../src/circuits/relaxing.js';
import type { Behaviour, Figure } from '../behaviour.js';
import { atMost, predicted } from './support/figures.js';
import { type Done, type RuleFor, run } from './support/run.js';
import { energy, PAIRS, phasesOf, settle, settling, symmetricWeights } from './support/settling.js';
import type { Matrix } from './support/vectors.js';

const PHASES = ['free', 'clamped'];
const EPOCHS = 60;
/** Inputs ±1, target ±0.9: whether they differ. */
const EXCLUSIVE_OR = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
] as const;

/** The squared error of each pattern while exclusive or is learned, pattern by pattern. */
export async function trajectory(rule: RuleFor, seed: number): Promise<number[]> {
  const circuit = unwrap(relaxing.make({ rate: 0.5 }));
  const order = new Stream(seed, 'exclusive or');
  const shown = Array.from({ length: EPOCHS }, () => order.choose(EXCLUSIVE_OR)).flat();
  const trial = phasesOf(15, PHASES);
  const rows = <T>(of: (one: (typeof shown)[number]) => T): T[] =>
    shown.flatMap((one) => Array.from({ length: trial.steps }, () => of(one)));
  const checked = rule(circuit.tables.recurrent!);
  const done: Done = await run({
    circuit,
    rules: { recurrent: checked, bias: checked },
    timeline: { trials: shown.map(() => trial) },
    inputs: { sample: rows((one) => one), target: rows(([a, b]) => [a === b ? -0.9 : 0.9]) },
    record: ['free cost'],
    every: trial.steps,
    seed,
  });
  return done.moments('free cost').map((moment) => moment[0]![0]!);
}

/** How much more energy the taught state has than the free one, and both states. */
async function contrast(weights: Matrix): Promise<{ value: number; states: number[][] }> {
  const done = await settle(settling(), {}, { phases: PHASES, weights });
  const states = done.moments('activity').map(([row]) => row!);
  return { value: energy(weights, states[1]!) - energy(weights, states[0]!), states };
}

export const behaviour: Behaviour = {
  rule: 'contrastive',
  claims: [
    {
      says: 'the change is −η times the derivative of the contrast, the energy of the clamped state minus that of the free one',
      // Baldi & Pineda 1991: at rest the states do not contribute, so ∂C/∂w_ij = −(s s)ᶜ + (s s)ᶠ for a weight
      // that stands twice in the symmetric matrix. Differences over ± 1e-4 are good to 1e-7.
      async measure(rule) {
        const weights = symmetricWeights(1);
        const learned = await settle(
          settling(),
          { recurrent: rule },
          { phases: PHASES, weights, values: { eta: 1 } },
        );
        const end = learned.end('recurrent');
        const bent = (i: number, j: number, by: number): number[][] =>
          weights.map((row, k) =>
            row.map((w, l) => ((k === i && l === j) || (k === j && l === i) ? w + by : w)),
          );
        const figures: Figure[] = [];
        for (const [i, j] of [PAIRS[1]!, PAIRS[6]!, PAIRS.at(-1)!]) {
          const [above, below] = [
            await contrast(bent(i, j, 1e-4)),
            await contrast(bent(i, j, -1e-4)),
          ];
          const slope = (above.value - below.value) / 2e-4;
          const name = `Δw ${i + 1}←${j + 1}`;
          figures.push(predicted(name, end[i]![j]! - weights[i]![j]!, -slope, 1e-6));
        }
        return figures;
      },
    },
    {
      says: 'every synapse changes by η ((s_i s_j) clamped − (s_i s_j) free), and the matrix stays symmetric',
      async measure(rule) {
        const weights = symmetricWeights(2);
        const { states } = await contrast(weights);
        const done = await settle(
          settling(),
          { recurrent: rule },
          { phases: PHASES, weights, values: { eta: 0.3 } },
        );
        const end = done.end('recurrent');
        const off = PAIRS.map(([i, j]) => {
          const [free, clamped] = states.map((s) => s[i]! * s[j]!);
          const wanted = weights[i]![j]! + 0.3 * (clamped! - free!);
          return Math.max(Math.abs(end[i]![j]! - wanted), Math.abs(end[j]![i]! - wanted));
        });
        return [atMost('largest distance', Math.max(...off), 1e-12)];
      },
    },
    {
      says: 'a network with four hidden neurons learns exclusive or within 60 epochs',
      // To answer 0 costs ½ · 0.9² for each of the four, 1.62 together; that all four answers are within 0.1
      // of their targets ½ · 0.1² each.
      async measure(rule) {
        const costs = await trajectory(rule, 2);
        const epoch = (k: number): number =>
          costs.slice(4 * k, 4 * k + 4).reduce((a, b) => a + b, 0);
        return [
          { name: 'cost of the four patterns, first epoch', value: epoch(0), within: [1.62, 6.5] },
          atMost('cost of the four patterns, last epoch', epoch(EPOCHS - 1), 0.02),
        ];
      },
    },
  ],
  indistinguishable: [
    {
      mutation: 'pre ↔ post',
      because: 'products of two activities are symmetric: it is the same rule',
    },
  ],
};
