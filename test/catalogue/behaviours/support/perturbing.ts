import { Stream } from '../../../../src/base/random.js';
import { unwrap } from '../../../../src/base/result.js';
import { perturbed } from '../../../../src/circuits/perturbed.js';
import type { Circuit } from '../../../../src/program/circuit.js';
import { stepsOf } from '../../../../src/program/schedule.js';
import { inputsBetween } from '../../../../src/tasks/inputs/made.js';
import { latentInputs } from '../../../../src/tasks/kinds/latent-inputs.js';
import {
  type PerturbedReadout,
  perturbationTheory,
} from '../../../../src/tasks/perturbation-theory.js';
import { simulate } from '../../../../src/tasks/simulate.js';
import type { Figure } from '../../behaviour.js';
import { predictedWithin } from './figures.js';
import { replayed } from './replayed.js';
import type { RuleFor } from './run.js';

/** Two outputs and four inputs, of which three matter; two of these are shown in a trial of eight steps. */
const SETTING = { inputs: 4, outputs: 2, steps: 8, relevant: 3, active: 2, unreachable: 0 };
const SIGMA = 1e-3;

export interface Learned {
  /** Before every trial. */
  readonly errors: readonly number[];
  readonly weights: readonly number[];
}

/** A read-out that learns at the best learning rate that the theory knows. */
export async function learns(
  rule: RuleFor,
  perturbation: PerturbedReadout['perturbation'],
  { trials = 16, seed = 1 } = {},
): Promise<Learned> {
  const { inputs, outputs, ...shown } = SETTING;
  const perturbs = perturbation === 'node' ? 'outputs' : 'weights';
  const circuit: Circuit = unwrap(perturbed.make({ inputs, outputs, perturbs }));
  const task = unwrap(latentInputs.make({ ...shown, sigma: SIGMA, trials }, circuit));
  const episode = task.episode(new Stream(seed, 'perturbing'));
  const whole = stepsOf(episode.timeline);
  const { eta } = perturbationTheory({ ...SETTING, sigma: SIGMA, perturbation });
  const done = await simulate({
    circuit,
    rules: { readout: rule(circuit.tables.readout!) },
    values: { eta, sigma: SIGMA },
    timeline: episode.timeline,
    stepInputs: inputsBetween(episode, { from: 0, to: whole, whole }),
    seed: 1,
    record: { slots: ['trial loss'], every: SETTING.steps },
  });
  return { errors: [...done.record['trial loss']!], weights: [...(done.states.readout ?? [])] };
}

const COURSES = 30;

/** The error after so many trials, averaged over courses with perturbations of their own, and what theory says. */
export async function errorAfter(
  rule: RuleFor,
  perturbation: PerturbedReadout['perturbation'],
  trials: number,
): Promise<Figure> {
  let sum = 0;
  let start = 0;
  for (let seed = 0; seed < COURSES; seed++) {
    const { errors } = await learns(rule, perturbation, { trials: trials + 1, seed });
    sum += errors[trials]! / COURSES;
    start = errors[0]!;
  }
  const theory = perturbationTheory({ ...SETTING, sigma: SIGMA, perturbation });
  // A course scatters about as much as it has left; over 30 of them a quarter is
  // less than two standard errors.
  return predictedWithin(`error after ${trials} trials`, sum, theory.at(trials, start), 0.25);
}

/** The largest weight from the input that is never shown. */
export const idle = ({ weights }: Learned): number =>
  Math.max(...[0, 1].map((m) => Math.abs(weights[m * SETTING.inputs + 3]!)));

/** Three steps of two phases, and what a rule makes of them. */
export const [PRE, NODE] = [
  [
    [1, -2],
    [0.5, 0],
    [3, 0],
  ],
  [
    [9, 9],
    [0.1, -0.2],
    [0.3, 0.4],
  ],
] as const;
export const WEIGHT = [0.2, -0.1, 0.4, 0.3];
const REWARDS = [-2, 5, -1.5];
/** (reward perturbed − reward at baseline) η / σ². */
export const WORTH = (0.5 * 0.3) / 0.25;

export const shown = (
  rule: RuleFor,
  own: Readonly<Record<string, readonly (readonly number[])[]>>,
) =>
  replayed(rule, {
    preSize: 2,
    postSize: 2,
    signals: { pre: PRE, reward: REWARDS.map((reward) => [reward]), ...own },
    values: { eta: 0.3, sigma: 0.5 },
    timeline: {
      trials: [
        {
          steps: 3,
          phases: [
            { name: 'baseline', steps: 1 },
            { name: 'perturbed', steps: 2 },
          ],
        },
      ],
    },
  });
