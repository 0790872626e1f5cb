import { Stream } from '../base/random.js';
import type { ExperimentConfig } from './schema.js';

/** Numbers of the task and the circuit that differ from episode to episode, and what they are. */
export type Variations = NonNullable<ExperimentConfig['vary']>;

/** What one episode has of each. */
export type Variation = { readonly [K in keyof Variations]?: number };

/**
 * What varies, in episode `index` of a kind: of n values each stands once in every n episodes, in an
 * order drawn anew each time, of every number on its own. It follows from the seed, the kind and the
 * index, so that all rules that are compared meet the same.
 */
export function variationOf(
  vary: Variations,
  seed: number,
  kind: string,
  index: number,
): Variation {
  const pairs = Object.entries(vary).flatMap(([name, values]) => {
    if (!values) return [];
    const round = Math.floor(index / values.length);
    const order = new Stream(seed, 'vary', name, kind, round).choose(values);
    return [[name, order[index - round * values.length]!] as const];
  });
  return Object.fromEntries(pairs);
}
