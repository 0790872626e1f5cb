import { notForImages } from '../base/diagnostics/circuit.js';
import { Stream } from '../base/random.js';
import { failure, type Result, success } from '../base/result.js';
import type { Episode } from '../engine/engine.js';
import type { Circuit } from '../program/circuit.js';
import { sampleTask } from './sampler.js';
import type { FewShotOptions, FewShotTask, Pool } from './types.js';

/** An episode with what is needed to say how often it was right. */
export interface FewShotEpisode {
  readonly episode: Episode;
  /** The class of each query image. */
  readonly labels: readonly number[];
}

/**
 * Episode `index` of a kind ('search', 'choose', 'score') of an experiment's seed: a task and fresh
 * weights. It is the same whoever asks, and whatever rule and feedback will run on it: networks
 * that are compared start from the same weights and see the same images.
 *
 * The circuit must be one that is shown images and their classes: it has the step inputs `image` and
 * `target` and the query inputs `query images` and `query targets`, of the sizes of the pool; of
 * outputs it may have more than the pool has classes.
 */
export function fewShotEpisode(
  pool: Pool,
  few: FewShotOptions,
  circuit: Circuit,
  seed: number,
  kind: string,
  index: number,
): Result<FewShotEpisode> {
  const stream = new Stream(seed, kind, index);
  const task = sampleTask(pool, few, stream.child('task'));
  if (!task.ok) return task;
  const { support, query } = task.value;
  const { classes, height, width } = pool.set;
  const slots = [...circuit.stepInputs, ...circuit.queryInputs];
  // Outputs beyond the classes have a target too: they are never right.
  const outputs = Math.max(classes, slots.find(({ name }) => name === 'target')?.shape[1] ?? 0);
  const needed = {
    image: [1, height * width],
    target: [1, outputs],
    'query images': [query.labels.length, height * width],
    'query targets': [query.labels.length, outputs],
  } as const;
  for (const [name, [rows, columns]] of Object.entries(needed)) {
    const slot = slots.find((each) => each.name === name);
    if (slot?.shape[0] === rows && slot.shape[1] === columns) continue;
    const facts = { circuit: circuit.name, name, rows, columns, found: slot?.shape };
    return failure(notForImages(facts));
  }
  return success({
    labels: query.labels,
    episode: {
      start: circuit.draw(stream),
      steps: support.labels.length,
      stepInputs: { image: support.images, target: oneHot(support, outputs) },
      queryInputs: { 'query images': query.images, 'query targets': oneHot(query, outputs) },
    },
  });
}

/** Share of query images whose largest logit is that of their class. */
export function accuracyOf(logits: Float64Array, labels: readonly number[]): number {
  const classes = logits.length / labels.length;
  const right = labels.filter((label, row) => {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores)) === label;
  });
  return right.length / labels.length;
}

function oneHot({ labels }: FewShotTask['query'], outputs: number): Float64Array {
  const targets = new Float64Array(labels.length * outputs);
  labels.forEach((label, row) => {
    targets[row * outputs + label] = 1;
  });
  return targets;
}
