import type { Program, Slot } from '../../program/ir.js';
import type { Arrays, Episode } from '../engine.js';
import { sizeOf } from '../fit.js';

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
