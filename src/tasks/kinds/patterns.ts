import { patternWidth } from '../../base/diagnostics/task.js';
import type { Stream } from '../../base/random.js';
import { failure, success } from '../../base/result.js';
import { countOption, flagOption, rowsOption, wordsOption } from '../../circuits/options.js';
import { sequenceKind } from '../kind.js';
import { inputNamed, repeated } from './slots.js';

/** Exclusive or, as two inputs and one target each. */
const XOR = [
  [-1, -1, -0.9],
  [-1, 1, 0.9],
  [1, -1, 0.9],
  [1, 1, -0.9],
];

/** Samples with a teacher that comes in a phase of its own. */
export const patterns = sequenceKind({
  name: 'patterns',
  meaning:
    'samples with their targets, one a trial, in phases: first without, then with the teacher; an epoch shows each once, in an order of its own',
  circuits: 'those with a sample, a target and phases: relaxing',
  settings: {
    patterns: rowsOption({
      meaning: 'the samples, each followed by its targets; the default is exclusive or',
      fallback: XOR,
    }),
    phases: wordsOption({
      meaning: 'phases of a trial, in this order',
      fallback: ['free', 'clamped'],
      words: ['free', 'clamped', 'nudged', 'opposed'],
    }),
    steps: countOption({ meaning: 'steps of a phase', fallback: 60, least: 1, most: 1e6 }),
    dealt: flagOption({
      meaning:
        'whether every episode deals the targets anew among the samples, so that no rule can know them',
      fallback: false,
    }),
    epochs: countOption({ meaning: 'epochs of an episode', fallback: 100, least: 1, most: 1e6 }),
  },
  make: ({ patterns: given, phases, steps, dealt, epochs }, circuit) => {
    const [sample, target] = [inputNamed(circuit, 'sample'), inputNamed(circuit, 'target')];
    if (!sample.ok) return sample;
    if (!target.ok) return target;
    const [inputs, targets] = [sample.value.shape[1], target.value.shape[1]];
    const odd = given.findIndex((row) => row.length !== inputs + targets);
    if (odd >= 0 || given.length === 0) {
      const facts = { row: odd, given: given[odd]?.length ?? 0, inputs, targets };
      return failure(patternWidth({ ...facts, circuit: circuit.name }));
    }
    const trial = {
      steps: steps * phases.length,
      phases: phases.map((name) => ({ name, steps })),
    };
    return success({
      together: given.length,
      episode: (stream) => {
        const rows = dealt ? dealtAnew(given, inputs, stream.child('dealt')) : given;
        const order = Array.from({ length: epochs }, (_, epoch) =>
          stream.child('epoch', epoch).choose(rows),
        ).flat();
        const filled = (from: number, to: number): Float64Array => {
          const all = new Float64Array(order.length * trial.steps * (to - from));
          order.forEach((row, k) => {
            const values = repeated(row.slice(from, to), trial.steps);
            all.set(values, k * values.length);
          });
          return all;
        };
        return {
          timeline: { trials: order.map(() => trial) },
          stepInputs: { sample: filled(0, inputs), target: filled(inputs, inputs + targets) },
        };
      },
    });
  },
});

/** The samples with each other's targets. */
function dealtAnew(
  rows: readonly (readonly number[])[],
  inputs: number,
  stream: Stream,
): readonly (readonly number[])[] {
  const targets = stream.choose(rows);
  return rows.map((row, k) => [...row.slice(0, inputs), ...targets[k]!.slice(inputs)]);
}
