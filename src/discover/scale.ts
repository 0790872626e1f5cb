import type { Arrays, Episode, Runner } from '../engine/engine.js';
import type { Program } from '../program/ir.js';
import type { LabelledEpisode } from './train.js';

/**
 * Sizes of one scaled unit per coefficient. Terms differ by orders of magnitude in the update that a
 * coefficient of 1 makes, and one Adam rate for all lets the largest of them blow up the whole pool.
 * So each coefficient is measured in the unit that makes the same root-mean-square update, over all
 * synapses, as a reference term does at coefficient 1; none is larger than 1 (decision 0006).
 *
 * Parameters that are no coefficients are measured in units of the values they start from.
 *
 * Measured along the way of the reference term alone: before learning, in the middle, and at the end of
 * each given episode. A term that never changes anything keeps the unit 1.
 */
export async function measureScales(
  runner: Runner,
  episodes: readonly LabelledEpisode[],
  /** The reference: its place among the parameters, and a coefficient at which it learns, slowly. */
  reference: {
    readonly index: number;
    readonly coefficient: number;
    /** Values of parameters that are no coefficients, such as time constants; null for the others. */
    readonly fixed?: readonly (number | null)[];
    /** The weights that the rule changes; all states if not given. */
    readonly weights?: readonly string[];
  },
): Promise<number[]> {
  const { parameters, states } = runner.program;
  const { weights = states.map(({ name }) => name) } = reference;
  const { fixed = parameters.map(() => null) } = reference;
  const only = (k: number, value: number): number[] =>
    parameters.map((_, other) => fixed[other] ?? (other === k ? value : 0));
  const squares = parameters.map(() => 0);
  for (const { episode } of episodes) {
    for (const share of [0, 0.5, 1]) {
      const steps = Math.floor(share * (episode.steps - 1));
      const options = { gradient: false, states: true };
      const before = part(runner.program, episode, 0, steps);
      const [arrived] = await runner.run(
        [before],
        only(reference.index, reference.coefficient),
        options,
      );
      if (!arrived?.states) continue;
      const begin = { ...episode.start, ...arrived.states };
      const next = { ...part(runner.program, episode, steps, steps + 1), start: begin };
      for (const k of parameters.keys()) {
        if (fixed[k] !== null) continue;
        const [moved] = await runner.run([next], only(k, 1), options);
        if (moved?.states) squares[k]! += squaredDistance(moved.states, begin, weights);
      }
    }
  }
  const sizes = squares.map(Math.sqrt);
  const unit = sizes[reference.index]!;
  return sizes.map((size, k) => {
    const value = fixed[k];
    if (typeof value === 'number') return sizeOf(value);
    return size > 0 && unit > 0 ? Math.min(1, unit / size) : 1;
  });
}

/** The unit of a parameter that is no coefficient: what it starts from, so that steps are shares of it. */
export const sizeOf = (value: number): number => Math.abs(value) || 1;

/** The steps from `from` up to, not including, `to`. */
function part({ stepInputs }: Program, episode: Episode, from: number, to: number): Episode {
  const taken = stepInputs.map(({ name, shape }) => {
    const size = shape[0] * shape[1];
    return [name, episode.stepInputs[name]!.subarray(from * size, to * size)] as const;
  });
  return { ...episode, steps: to - from, stepInputs: Object.fromEntries(taken) };
}

function squaredDistance(a: Arrays, b: Arrays, names: readonly string[]): number {
  let sum = 0;
  for (const name of names) {
    const [values, others] = [a[name]!, b[name]!];
    for (let i = 0; i < values.length; i++) sum += (values[i]! - others[i]!) ** 2;
  }
  return sum;
}
