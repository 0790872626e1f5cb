import { inputWidth } from '../../base/diagnostics/task.js';
import type { Stream } from '../../base/random.js';
import { failure, success } from '../../base/result.js';
import { countOption, numberOption } from '../../circuits/options.js';
import { butterfly } from '../inputs/butterfly.js';
import { sineBasis } from '../inputs/sine-basis.js';
import { sequenceKind } from '../kind.js';
import { PERTURBED, perturbedSizes, perturbedTrials, rewardFor } from './perturbed-trials.js';

/** Steps that a reservoir runs before it is read out. */
const BEFORE = 100;

/** Activities of a reservoir, out of which a butterfly is to be read (Züge et al. 2023, Phys Rev X 13:021006). */
export const reservoirInputs = sequenceKind({
  name: 'reservoir-inputs',
  meaning:
    'a butterfly that is to be read out of a reservoir driven by sines, shown in perturbed trials; the reservoir is drawn for an episode, and does the same in every trial',
  circuits: 'those with a pattern, a target in the plane and noise: perturbed',
  settings: {
    steps: countOption({
      meaning: 'time bins of a phase, one period of the slowest sine',
      fallback: 500,
      least: 1,
      most: 1e6,
    }),
    drives: countOption({
      meaning: 'sines that drive the reservoir',
      fallback: 5,
      least: 1,
      most: 100,
    }),
    tau: numberOption({
      meaning: 'time constant of its neurons, in steps',
      fallback: 10,
      least: 0,
      above: true,
    }),
    size: numberOption({ meaning: 'of the butterfly', fallback: 1.44734 }),
    ...PERTURBED,
  },
  sizes: (given) => success({ outputs: 2, ...rewardFor(given) }),
  make: (given, circuit) => {
    const sizes = perturbedSizes(circuit);
    if (!sizes.ok) return sizes;
    const { inputs: neurons, outputs } = sizes.value;
    if (outputs !== 2) {
      const facts = { circuit: circuit.name, name: 'target', given: 2, needed: outputs };
      return failure(inputWidth(facts));
    }
    const { steps, size } = given;
    const target = butterfly(steps).map((value) => size * value);
    return success({
      together: 1,
      episode: (stream) => {
        const shown = { pattern: activities(stream, { ...given, neurons }), target };
        return perturbedTrials(circuit, stream, { ...given, steps }, () => shown);
      },
    });
  },
});

/**
 * What the neurons of a reservoir do while sines of strength 1 drive it, `steps × neurons`: x ← γ x + (1 − γ)(V u + W r),
 * r = tanh(x), γ = exp(−1/τ). Weights are normal, W with a spectral radius of about 1.
 */
function activities(
  stream: Stream,
  options: {
    readonly neurons: number;
    readonly steps: number;
    readonly drives: number;
    readonly tau: number;
  },
): Float64Array {
  const { neurons, steps, tau } = options;
  const drives = Math.min(options.drives, steps);
  const normal = (name: string, columns: number): Float64Array => {
    const draws = stream.child(name);
    const length = neurons * columns;
    return Float64Array.from({ length }, () => draws.normal() / Math.sqrt(columns));
  };
  const [recurrent, input] = [normal('recurrent', neurons), normal('input', drives)];
  const basis = sineBasis(drives, steps);
  const kept = Math.exp(-1 / tau);
  const [x, r] = [new Float64Array(neurons), new Float64Array(neurons)];
  const all = new Float64Array(steps * neurons);
  for (let t = -BEFORE; t < steps; t++) {
    const now = ((t % steps) + steps) % steps;
    for (let i = 0; i < neurons; i++) {
      let sum = 0;
      for (let k = 0; k < drives; k++) {
        sum += input[i * drives + k]! * Math.sqrt(steps) * basis[k * steps + now]!;
      }
      for (let j = 0; j < neurons; j++) sum += recurrent[i * neurons + j]! * r[j]!;
      x[i] = kept * x[i]! + (1 - kept) * sum;
    }
    for (let i = 0; i < neurons; i++) r[i] = Math.tanh(x[i]!);
    if (t >= 0) all.set(r, t * neurons);
  }
  return all;
}
