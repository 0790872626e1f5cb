import type { Arrays, Episode } from '../../engine/engine.js';
import type { BenchCase } from './case.js';

/** The case with only the first steps of its episode. */
export function shortened(whole: BenchCase, steps: number): BenchCase {
  const { episode } = whole;
  const kept = Math.min(steps, episode.steps);
  const stepInputs = byName(episode.stepInputs, (values) =>
    values.slice(0, (values.length / episode.steps) * kept),
  );
  return { ...whole, episode: { ...episode, steps: kept, stepInputs } };
}

/**
 * An episode of one step in which every input acts that does so in some step: what an engine prepares
 * for it, it needs for the whole episode, too.
 */
export function firstStep({ episode }: BenchCase): Episode {
  const { steps } = episode;
  const stepInputs = byName(episode.stepInputs, (values) => {
    const size = values.length / steps;
    return Float64Array.from({ length: size }, (_, k) => {
      let largest = 0;
      for (let at = k; at < values.length; at += size) {
        if (Math.abs(values[at]!) > Math.abs(largest)) largest = values[at]!;
      }
      return largest;
    });
  });
  return { ...episode, steps: 1, stepInputs };
}

const byName = (arrays: Arrays, change: (values: Float64Array) => Float64Array): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, change(values)]));
