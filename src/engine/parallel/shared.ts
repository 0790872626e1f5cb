import type { Arrays, Episode } from '../engine.js';

/**
 * Puts the arrays of episodes where all threads read them, instead of copying them to each: one that
 * several episodes have (feedback weights, say) once, the others one episode at a time.
 */
export function sharing(episodes: readonly Episode[]): (episode: Episode) => Episode {
  const seen = new Set<Float64Array>();
  const common = new Map<Float64Array, Float64Array | null>();
  for (const array of episodes.flatMap(arraysOf)) {
    if (seen.has(array)) common.set(array, null);
    seen.add(array);
  }
  const share = (array: Float64Array): Float64Array => {
    const had = common.get(array);
    if (had) return had;
    const shared = new Float64Array(new SharedArrayBuffer(array.byteLength));
    shared.set(array);
    if (had === null) common.set(array, shared);
    return shared;
  };
  const all = (arrays: Arrays): Arrays =>
    Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, share(array)]));
  return ({ start, steps, stepInputs, queryInputs }) => ({
    start: all(start),
    steps,
    stepInputs: all(stepInputs),
    queryInputs: all(queryInputs),
  });
}

function arraysOf({ start, stepInputs, queryInputs }: Episode): Float64Array[] {
  return [start, stepInputs, queryInputs].flatMap((arrays) => Object.values(arrays));
}
