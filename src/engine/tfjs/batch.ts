import type { Diagnostic } from '../../base/diagnostics/diagnostic.js';
import { wrongLength, wrongSteps } from '../../base/diagnostics/engine.js';
import type { Program, Slot } from '../../program/ir.js';
import type { Arrays, Episode } from '../engine.js';

/** Episodes side by side in single precision, task after task. */
export interface Batch {
  readonly size: number;
  readonly steps: number;
  /** States and constants: `tasks × rows × columns`. */
  readonly start: Readonly<Record<string, Float32Array>>;
  /** `steps × tasks × rows × columns`, so that a step lies in one piece. */
  readonly stepInputs: Readonly<Record<string, Float32Array>>;
  readonly queryInputs: Readonly<Record<string, Float32Array>>;
}

export const sizeOf = ({ shape }: Slot): number => shape[0] * shape[1];

/** What does not fit: nothing, one length, or the numbers of steps. */
export function misfit(
  program: Program,
  episodes: readonly Episode[],
  parameters: ArrayLike<number>,
): Diagnostic | null {
  const { name } = program;
  if (parameters.length !== program.parameters.length) {
    const [expected, given] = [program.parameters.length, parameters.length];
    return wrongLength({ program: name, what: 'the list of parameters', expected, given });
  }
  const steps = [...new Set(episodes.map((episode) => episode.steps))];
  if (steps.length > 1 || steps.some((count) => !Number.isInteger(count) || count < 0)) {
    return wrongSteps({ program: name, steps });
  }
  for (const episode of episodes) {
    const groups: [string, readonly Slot[], Arrays, number][] = [
      ['the start of', program.states, episode.start, 1],
      ['the constant', program.constants, episode.start, 1],
      ['the step input', program.stepInputs, episode.stepInputs, episode.steps],
      ['the query input', program.queryInputs, episode.queryInputs, 1],
    ];
    for (const [kind, slots, arrays, times] of groups) {
      for (const slot of slots) {
        const expected = sizeOf(slot) * times;
        const given = arrays[slot.name]?.length;
        if (given !== expected) {
          return wrongLength({ program: name, what: `${kind} ${slot.name}`, expected, given });
        }
      }
    }
  }
  return null;
}

/** Packs episodes that fit the program and have equal numbers of steps. */
export function packBatch(program: Program, episodes: readonly Episode[]): Batch {
  const size = episodes.length;
  const steps = episodes[0]?.steps ?? 0;
  const pack = (slots: readonly Slot[], pick: (episode: Episode) => Arrays, times = 1) =>
    Object.fromEntries(
      slots.map((slot) => {
        const length = sizeOf(slot);
        const packed = new Float32Array(times * size * length);
        episodes.forEach((episode, task) => {
          const values = pick(episode)[slot.name]!;
          for (let t = 0; t < times; t++) {
            packed.set(values.subarray(t * length, (t + 1) * length), (t * size + task) * length);
          }
        });
        return [slot.name, packed];
      }),
    );
  return {
    size,
    steps,
    start: pack([...program.states, ...program.constants], (episode) => episode.start),
    stepInputs: pack(program.stepInputs, (episode) => episode.stepInputs, steps),
    queryInputs: pack(program.queryInputs, (episode) => episode.queryInputs),
  };
}
