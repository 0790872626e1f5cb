import type { Stream } from '../../base/random.js';
import { type Result, success, unwrap } from '../../base/result.js';
import { countOption, flagOption, numberOption } from '../../circuits/options.js';
import type { Circuit } from '../../program/circuit.js';
import { madeByTrial } from '../inputs/made.js';
import type { MadeInput, TaskEpisode } from '../types.js';
import { inputNamed, repeated } from './slots.js';

/** What tasks have in common whose trials are shown with a perturbation. */
export const PERTURBED = {
  sigma: numberOption({
    meaning: 'standard deviation of the perturbation, of each output in a step or of each weight',
    fallback: 1e-3,
    least: 0,
  }),
  baseline: flagOption({
    meaning:
      'whether every trial is shown twice, first without perturbation; the reward of the circuit is then absolute, unless its setting says otherwise',
    fallback: false,
  }),
  trials: countOption({ meaning: 'trials of an episode', fallback: 1000, least: 1, most: 1e6 }),
};

interface Options {
  readonly sigma: number;
  readonly baseline: boolean;
  readonly trials: number;
  readonly steps: number;
}

/** What is shown in a trial: `steps × inputs` and `steps × outputs`. */
interface Shown {
  readonly pattern: Float64Array;
  readonly target: Float64Array;
}

/** Inputs and outputs of a circuit with patterns, targets and noise, or what it lacks of these. */
export function perturbedSizes(circuit: Circuit): Result<{ inputs: number; outputs: number }> {
  const slots = ['pattern', 'target', 'noise'].map((name) => inputNamed(circuit, name));
  const lacking = slots.find((slot) => !slot.ok);
  if (lacking && !lacking.ok) return lacking;
  const [pattern, target] = slots.map((slot) => unwrap(slot).shape[1]);
  return success({ inputs: pattern!, outputs: target! });
}

/** What the reward of a circuit has to be for these trials. */
export const rewardFor = ({ baseline }: Pick<Options, 'baseline'>): { reward: string } => ({
  reward: baseline ? 'absolute' : 'difference',
});

/**
 * Trials for a circuit with patterns, targets and noise: normal noise, drawn anew in every step where outputs
 * are perturbed, once for a trial where weights are. Where a trial begins with a baseline, the same is shown
 * in both phases.
 */
export function perturbedTrials(
  circuit: Circuit,
  stream: Stream,
  { sigma, baseline, trials, steps }: Options,
  shown: (trial: number) => Shown,
): TaskEpisode {
  const isOnce = circuit.tables.readout!.signals.some(({ name }) => name === 'w.noise');
  const [rows, columns] = circuit.stepInputs.find(({ name }) => name === 'noise')!.shape;
  const phases = [...(baseline ? [{ name: 'baseline', steps }] : []), { name: 'perturbed', steps }];
  const length = steps * phases.length;
  const times = phases.length;
  const noise = (trial: number): Float64Array => {
    const draws = stream.child('noise', trial);
    const count = rows * columns * (isOnce ? 1 : steps);
    const drawn = Float64Array.from({ length: count }, () => sigma * draws.normal());
    return repeated(drawn, isOnce ? length : times);
  };
  let last: { readonly trial: number; readonly shown: Shown } | null = null;
  const part = (name: keyof Shown): MadeInput => {
    const size = circuit.stepInputs.find((slot) => slot.name === name)!.shape[1];
    return madeByTrial({ steps: length, size }, (trial) => {
      if (last?.trial !== trial) last = { trial, shown: shown(trial) };
      return repeated(last.shown[name], times);
    });
  };
  const alike = { steps: length, phases };
  return {
    timeline: { trials: Array.from({ length: trials }, () => alike) },
    stepInputs: {},
    made: {
      pattern: part('pattern'),
      target: part('target'),
      noise: madeByTrial({ steps: length, size: rows * columns }, noise),
    },
  };
}
