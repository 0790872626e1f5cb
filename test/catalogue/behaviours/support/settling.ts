import { Stream } from '../../../../src/base/random.js';
import { unwrap } from '../../../../src/base/result.js';
import { relaxing } from '../../../../src/circuits/relaxing.js';
import type { Circuit, Timeline } from '../../../../src/program/circuit.js';
import { type Done, type RuleFor, run } from './run.js';
import type { Matrix } from './vectors.js';

/** A network of 2 inputs, 3 hidden neurons and 1 output that settles, and one lesson. */
const [INPUTS, NEURONS] = [2, 6];
const [SAMPLE, TARGET] = [[1, -1], 0.8];
/** So many steps of 0.2 time constants settle to 1e−15. */
const SETTLED = 200;

export const settling = (gamma = 1): Circuit =>
  unwrap(relaxing.make({ inputs: INPUTS, hidden: 3, outputs: 1, gamma }));

/** Symmetric weights as the circuit draws them. */
export function symmetricWeights(seed: number): number[][] {
  const values = settling().draw(new Stream(seed, 'settling')).recurrent!;
  return Array.from({ length: NEURONS }, (_, i) => [
    ...values.subarray(i * NEURONS, (i + 1) * NEURONS),
  ]);
}

/** Synapses between two neurons, each pair once: `[i, j]`, j < i, not both inputs. */
export const PAIRS = Array.from({ length: NEURONS }, (_, i) => i)
  .slice(INPUTS)
  .flatMap((i) => Array.from({ length: i }, (_, j): readonly [number, number] => [i, j]));

export const phasesOf = (steps: number, names: readonly string[]): Timeline['trials'][number] => ({
  steps: steps * names.length,
  phases: names.map((name) => ({ name, steps })),
});

/** One trial of the lesson, all its phases settled. */
export function settle(
  circuit: Circuit,
  rules: Readonly<Record<string, RuleFor>>,
  options: {
    readonly phases: readonly string[];
    readonly weights: Matrix;
    readonly bias?: Matrix;
    readonly values?: Readonly<Record<string, number>>;
    readonly gradient?: boolean;
  },
): Promise<Done> {
  const { phases, weights, bias, ...rest } = options;
  const trial = phasesOf(SETTLED, phases);
  return run({
    circuit,
    rules: Object.fromEntries(
      Object.entries(rules).map(([kind, rule]) => [kind, rule(circuit.tables[kind]!)]),
    ),
    timeline: { trials: [trial] },
    inputs: {
      sample: Array.from({ length: trial.steps }, () => SAMPLE),
      target: Array.from({ length: trial.steps }, () => [TARGET]),
    },
    start: { recurrent: weights, ...(bias && { bias }) },
    record: ['activity'],
    every: SETTLED,
    ...rest,
  });
}

/** −½ sᵀWs + Σ ∫ artanh, the integral over all neurons but the inputs: what settling makes least. */
export function energy(weights: Matrix, activity: readonly number[]): number {
  return activity.reduce((sum, s, i) => {
    const own = i < INPUTS ? 0 : s * Math.atanh(s) + 0.5 * Math.log(1 - s * s);
    return sum + own - 0.5 * s * weights[i]!.reduce((u, w, j) => u + w * activity[j]!, 0);
  }, 0);
}
