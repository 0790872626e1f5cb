import { pairsDiffer } from '../../base/diagnostics/task.js';
import { failure, success } from '../../base/result.js';
import { countOption, countsOption, numbersOption, wordsOption } from '../../circuits/options.js';
import { sequenceKind } from '../kind.js';
import { inputNamed, repeated } from './slots.js';

/** An input that goes round, and a target that should go with it. */
export const trajectories = sequenceKind({
  name: 'trajectories',
  meaning:
    'a path that is gone through once in every phase of a trial: inputs are the cosine and the sine of the phase, of twice the phase, and so on; the target is a sum of sines of the phase',
  circuits: 'those with a sample, a target and phases: relaxing (with loss: course)',
  settings: {
    amplitudes: numbersOption({ meaning: 'of each sine of the target', fallback: [0.4, 0.3] }),
    cycles: countsOption({ meaning: 'of each sine in a phase', fallback: [1, 2], least: 1 }),
    phases: wordsOption({
      meaning: 'phases of a trial, in this order',
      fallback: ['free', 'clamped'],
      words: ['free', 'clamped', 'nudged', 'opposed'],
    }),
    steps: countOption({
      meaning: 'steps of a phase; the more, the slower the path',
      fallback: 200,
      least: 1,
      most: 1e6,
    }),
    trials: countOption({ meaning: 'trials of an episode', fallback: 100, least: 1, most: 1e6 }),
  },
  make: ({ amplitudes, cycles, phases, steps, trials }, circuit) => {
    if (amplitudes.length !== cycles.length) {
      const facts = { first: 'amplitudes', second: 'cycles' };
      const [given, needed] = [cycles.length, amplitudes.length];
      return failure(pairsDiffer({ ...facts, given, needed }));
    }
    const [sample, target] = [inputNamed(circuit, 'sample'), inputNamed(circuit, 'target')];
    if (!sample.ok) return sample;
    if (!target.ok) return target;
    const angle = (step: number): number => (2 * Math.PI * (step + 1)) / steps;
    const path = (columns: number, value: (angle: number, column: number) => number) =>
      Float64Array.from({ length: steps * columns }, (_, k) =>
        value(angle(Math.floor(k / columns)), k % columns),
      );
    const shown = path(sample.value.shape[1], (at, column) => {
      const turns = Math.floor(column / 2) + 1;
      return column % 2 === 0 ? Math.cos(turns * at) : Math.sin(turns * at);
    });
    const wanted = path(target.value.shape[1], (at) =>
      amplitudes.reduce((sum, a, k) => sum + a * Math.sin(cycles[k]! * at), 0),
    );
    const trial = {
      steps: steps * phases.length,
      phases: phases.map((name) => ({ name, steps })),
    };
    const rounds = trials * phases.length;
    return success({
      together: 1,
      episode: () => ({
        timeline: { trials: Array.from({ length: trials }, () => trial) },
        stepInputs: { sample: repeated(shown, rounds), target: repeated(wanted, rounds) },
      }),
    });
  },
});
