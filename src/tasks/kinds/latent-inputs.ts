import { tooMany } from '../../base/diagnostics/task.js';
import type { Stream } from '../../base/random.js';
import { failure, success } from '../../base/result.js';
import { countOption, flagOption, numberOption } from '../../circuits/options.js';
import { sineBasis } from '../inputs/sine-basis.js';
import { sequenceKind } from '../kind.js';
import { PERTURBED, perturbedSizes, perturbedTrials, rewardFor } from './perturbed-trials.js';

/** Orthogonal inputs of which some matter, and few of those at a time (Züge et al. 2023, Phys Rev X 13:021006). */
export const latentInputs = sequenceKind({
  name: 'latent-inputs',
  meaning:
    'a target that is a weighted sum of inputs, shown in perturbed trials; the inputs are orthogonal sines, of which some are drawn for every trial',
  circuits: 'those with a pattern, a target and noise: perturbed',
  settings: {
    steps: countOption({ meaning: 'time bins of a phase', fallback: 100, least: 1, most: 1e6 }),
    relevant: countOption({
      meaning: 'inputs that are ever used; the others are silent',
      fallback: 50,
      least: 1,
    }),
    active: countOption({
      meaning:
        'of the relevant inputs those that are used in a trial, each as strong as √(inputs / active)',
      fallback: 50,
      least: 1,
    }),
    weight: numberOption({
      meaning: 'what every weight from a relevant input should be',
      fallback: 0.1,
    }),
    drawn: flagOption({
      meaning:
        'whether these weights are drawn for every episode instead, normal with weight as their standard deviation',
      fallback: false,
    }),
    unreachable: numberOption({
      meaning: 'error that no weights can take away: targets have a part that is in no input',
      fallback: 0,
      least: 0,
    }),
    ...PERTURBED,
  },
  sizes: (given) => success(rewardFor(given)),
  make: (given, circuit) => {
    const sizes = perturbedSizes(circuit);
    if (!sizes.ok) return sizes;
    const { inputs, outputs } = sizes.value;
    const { steps, relevant, active, weight, drawn, unreachable } = given;
    const parts = relevant + (unreachable > 0 ? 1 : 0);
    const limits = [
      ['relevant', relevant, inputs, `${circuit.name} has ${inputs} inputs`],
      ['active', active, relevant, `relevant is ${relevant}`],
      [
        'relevant',
        relevant,
        steps - (parts - relevant),
        `steps is ${steps}: that many functions are orthogonal`,
      ],
    ] as const;
    const over = limits.find(([, count, most]) => count > most);
    if (over) {
      const [what, count, most, since] = over;
      return failure(tooMany({ what, given: count, most, since }));
    }
    const basis = sineBasis(parts, steps);
    const strength = Math.sqrt((steps * inputs) / active);
    const alone = Math.sqrt((2 * unreachable * steps) / outputs);
    const wanted = (stream: Stream): Float64Array => {
      const weights = new Float64Array(outputs * relevant).fill(weight);
      if (!drawn) return weights;
      const draws = stream.child('wanted');
      return weights.map((deviation) => deviation * draws.normal());
    };
    const shown = (weights: Float64Array, used: readonly number[]) => {
      const pattern = new Float64Array(steps * inputs);
      const target = new Float64Array(steps * outputs);
      for (let t = 0; t < steps; t++) {
        for (const k of used) pattern[t * inputs + k] = strength * basis[k * steps + t]!;
        for (let i = 0; i < outputs; i++) {
          let sum = 0;
          for (const k of used) sum += weights[i * relevant + k]! * pattern[t * inputs + k]!;
          if (parts > relevant) sum += alone * basis[relevant * steps + t]!;
          target[t * outputs + i] = sum;
        }
      }
      return { pattern, target };
    };
    const numbers = Array.from({ length: relevant }, (_, k) => k);
    return success({
      together: 1,
      episode: (stream) => {
        const weights = wanted(stream);
        const all = active === relevant ? shown(weights, numbers) : null;
        const trialOf = (trial: number) =>
          all ?? shown(weights, stream.child('active', trial).choose(numbers, active));
        return perturbedTrials(circuit, stream, given, trialOf);
      },
    });
  },
});
