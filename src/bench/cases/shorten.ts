import type { BenchCase } from './case.js';

/** The case with only the first steps of its episode. */
export function shortened(whole: BenchCase, steps: number): BenchCase {
  const { episode } = whole;
  const kept = Math.min(steps, episode.steps);
  const stepInputs = Object.fromEntries(
    Object.entries(episode.stepInputs).map(([name, values]) => [
      name,
      values.slice(0, (values.length / episode.steps) * kept),
    ]),
  );
  return { ...whole, episode: { ...episode, steps: kept, stepInputs } };
}
