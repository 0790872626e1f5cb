import type { Arrays } from '../../engine/engine.js';
import type { MadeInput, TaskEpisode } from '../types.js';

/**
 * An input that is made trial by trial: `make` gives the values of all steps of a trial (counted from 0),
 * the same whenever it is asked. The last trial is kept, since a reader may stop within it.
 */
export function madeByTrial(
  { steps, size }: { readonly steps: number; readonly size: number },
  make: (trial: number) => Float64Array,
): MadeInput {
  let last: { readonly trial: number; readonly values: Float64Array } | null = null;
  return (from, to) => {
    const all = new Float64Array((to - from) * size);
    for (let at = from; at < to; ) {
      const trial = Math.floor(at / steps);
      if (last?.trial !== trial) last = { trial, values: make(trial) };
      const start = at - trial * steps;
      const end = Math.min(steps, start + to - at);
      all.set(last.values.subarray(start * size, end * size), (at - from) * size);
      at += end - start;
    }
    return all;
  };
}

/** The step inputs of an episode in the steps from … up to (not including) to; `whole` is the number of all. */
export function inputsBetween(
  { stepInputs, made = {} }: Pick<TaskEpisode, 'stepInputs' | 'made'>,
  { from, to, whole }: { readonly from: number; readonly to: number; readonly whole: number },
): Arrays {
  const given = Object.entries(stepInputs).map(([name, values]) => {
    const size = values.length / whole;
    return [name, values.subarray(from * size, to * size)] as const;
  });
  const fresh = Object.entries(made).map(([name, make]) => [name, make(from, to)] as const);
  return Object.fromEntries([...given, ...fresh]);
}
