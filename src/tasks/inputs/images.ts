import type { Stream } from '../../base/random.js';
import type { ImageSet } from '../types.js';

/** Images in the order in which they are shown, `steps × pixels`, and the class of each. */
export interface ShownImages {
  readonly patterns: Float64Array;
  readonly labels: readonly number[];
  /** Their numbers in the set. */
  readonly images: readonly number[];
}

/**
 * Images of a set as inputs, each drawn with equal probability; of one class or several where `classes`
 * says so, and none of those that are left out. Pixels are those of the set, in [0, 1].
 */
export function imageInputs(
  stream: Stream,
  set: ImageSet,
  {
    steps,
    classes,
    without = [],
  }: {
    readonly steps: number;
    readonly classes?: readonly number[];
    readonly without?: readonly number[];
  },
): ShownImages {
  const size = set.height * set.width;
  const wanted = classes && new Set(classes);
  const left = new Set(without);
  const candidates = [...set.labels.keys()].filter(
    (k) => (!wanted || wanted.has(set.labels[k]!)) && !left.has(k),
  );
  const patterns = new Float64Array(candidates.length === 0 ? 0 : steps * size);
  const labels: number[] = [];
  const images: number[] = [];
  for (let t = 0; t < steps && candidates.length > 0; t++) {
    const image = candidates[stream.integer(candidates.length)]!;
    patterns.set(set.pixels.subarray(image * size, (image + 1) * size), t * size);
    labels.push(set.labels[image]!);
    images.push(image);
  }
  return { patterns, labels, images };
}
