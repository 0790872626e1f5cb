import { pairsDiffer } from '../../base/diagnostics/task.js';
import type { Stream } from '../../base/random.js';
import { failure, success, unwrap } from '../../base/result.js';
import { countsOption, flagOption, numberOption, numbersOption } from '../../circuits/options.js';
import type { Circuit } from '../../program/circuit.js';
import { poissonSpikes } from '../inputs/spikes.js';
import { sequenceKind } from '../kind.js';
import { inputNamed, LENGTHS, plainTrials, repeated } from './slots.js';

/** A waveform to be made, as in Murray 2019 (eLife 8:e43299). */
export const sines = sequenceKind({
  name: 'sines',
  meaning:
    'a sum of sines that the output has to make in every trial; inputs, if the circuit has any, are drawn once and the same in every trial',
  circuits: 'those with a target in every step: recurrent, recurrent-spiking',
  settings: {
    amplitudes: numbersOption({ meaning: 'of each sine', fallback: [1, 0.5, 0.25] }),
    cycles: countsOption({ meaning: 'of each sine in a trial', fallback: [1, 2, 4], least: 1 }),
    shifted: flagOption({
      meaning: 'whether every episode draws the phase of each sine, so that no rule can know them',
      fallback: false,
    }),
    rate: numberOption({
      meaning: 'spikes per second of inputs that are spikes',
      fallback: 50,
      least: 0,
      most: 1e4,
    }),
    ...LENGTHS,
  },
  make: ({ amplitudes, cycles, shifted, rate, steps, trials }, circuit) => {
    if (amplitudes.length !== cycles.length) {
      const facts = { first: 'amplitudes', second: 'cycles' };
      const [given, needed] = [cycles.length, amplitudes.length];
      return failure(pairsDiffer({ ...facts, given, needed }));
    }
    const slot = inputNamed(circuit, 'target');
    if (!slot.ok) return slot;
    const outputs = slot.value.shape[1];
    const targetOf = (phases: readonly number[]): Float64Array => {
      const target = new Float64Array(steps * outputs);
      for (let t = 0; t < steps; t++) {
        const at = (2 * Math.PI * (t + 1)) / steps;
        const value = amplitudes.reduce(
          (sum, a, k) => sum + a * Math.sin(cycles[k]! * at + phases[k]!),
          0,
        );
        target.fill(value, t * outputs, (t + 1) * outputs);
      }
      return target;
    };
    const drawn = (stream: Stream): number[] =>
      amplitudes.map(() => (shifted ? stream.uniform(0, 2 * Math.PI) : 0));
    return success({
      together: 1,
      episode: (stream) => ({
        timeline: plainTrials(circuit, trials, steps),
        stepInputs: {
          ...frozenInputs(circuit, stream, { steps, trials, rate }),
          target: repeated(targetOf(drawn(stream.child('phases'))), trials),
        },
      }),
    });
  },
});

/** Spikes, or normal numbers where the circuit counts no time. */
function frozenInputs(
  { stepInputs, stepLength }: Circuit,
  stream: Stream,
  { steps, trials, rate }: { steps: number; trials: number; rate: number },
): Record<string, Float64Array> {
  const others = stepInputs.filter(({ name }) => name !== 'target');
  return Object.fromEntries(
    others.map(({ name, shape }) => {
      const own = stream.child(name);
      const rates = new Array<number>(shape[1]).fill(rate);
      const once =
        stepLength === null
          ? Float64Array.from({ length: steps * shape[1] }, () => own.normal())
          : unwrap(poissonSpikes(own, { steps, rates, stepLength }));
      return [name, repeated(once, trials)];
    }),
  );
}
