import type { Stream } from '../../../src/base/random.js';
import { drawFeedForward, type FeedForwardOptions } from '../../../src/circuits/feed-forward.js';
import type { Episode, EpisodeResult } from '../../../src/engine/engine.js';
import type { Program, Slot } from '../../../src/program/ir.js';

const sizeOf = ({ shape }: Slot): number => shape[0] * shape[1];

/** An episode of normal numbers for any program. */
export function normalEpisode(program: Program, steps: number, stream: Stream, scale = 1): Episode {
  const draw = (slots: readonly Slot[], times = 1) =>
    Object.fromEntries(
      slots.map((slot) => [
        slot.name,
        Float64Array.from({ length: sizeOf(slot) * times }, () => scale * stream.normal()),
      ]),
    );
  return {
    start: draw([...program.states, ...program.constants]),
    steps,
    stepInputs: draw(program.stepInputs, steps),
    queryInputs: draw(program.queryInputs),
  };
}

/** An episode of the feed-forward circuit with random images and labels. */
export function imageEpisode(
  circuit: FeedForwardOptions,
  steps: number,
  queries: number,
  stream: Stream,
): Episode {
  const [pixels, classes] = [circuit.sizes[0]!, circuit.sizes.at(-1)!];
  const images = (count: number) =>
    Float64Array.from({ length: count * pixels }, () => Math.max(0, stream.uniform(-0.5, 1)));
  const targets = (count: number) => {
    const values = new Float64Array(count * classes);
    for (let i = 0; i < count; i++) values[i * classes + stream.integer(classes)] = 1;
    return values;
  };
  return {
    start: drawFeedForward(circuit, stream.child('weights')),
    steps,
    stepInputs: { image: images(steps), target: targets(steps) },
    queryInputs: { 'query images': images(queries), 'query targets': targets(queries) },
  };
}

/** ‖a − b‖ / ‖b‖. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / (norm || 1));
}

/** The largest relative difference of loss, gradient and outputs between results, task by task. */
export function disagreement(
  results: readonly EpisodeResult[],
  expected: readonly EpisodeResult[],
): { loss: number; gradient: number; outputs: number } {
  const worst = { loss: 0, gradient: 0, outputs: 0 };
  const note = (key: keyof typeof worst, a: ArrayLike<number>, b: ArrayLike<number>): void => {
    const distance = a.length === b.length ? relativeDistance(a, b) : Number.NaN;
    if (!(distance <= worst[key])) worst[key] = distance;
  };
  expected.forEach((want, task) => {
    const got = results[task]!;
    note('loss', [got.loss], [want.loss]);
    if (want.gradient) note('gradient', got.gradient ?? [], want.gradient);
    for (const [name, values] of Object.entries(want.outputs)) {
      note('outputs', got.outputs[name] ?? [], values);
    }
  });
  return worst;
}
