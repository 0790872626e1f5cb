/**
 * How much of a set a linear classifier learns from few examples: multinomial logistic regression on
 * the pixels as they are, trained to its end on each task's support images, asked about its query
 * images.
 *
 *     node --import ./scripts/run-typescript.mjs scripts/glyphs/linear.ts [SET] [TASKS] [SHOTS]
 *
 * SET is digits, glyphs (if not given) or the path of another glyphs.bin.
 */
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { loadDigits } from '../../src/tasks/digits.js';
import { loadGlyphs } from '../../src/tasks/glyphs.js';
import { sampleTask, wholePool } from '../../src/tasks/sampler.js';
import type { FewShotTask } from '../../src/tasks/types.js';

const WAYS = 5;
const QUERIES = 50;
/** Strengths of the L2 penalty that are tried; the best one counts, to the classifier's advantage. */
const PENALTIES = [0.001, 0.01, 0.1];
const STEPS = 200;

const [name = 'glyphs', tasks = '50', shots = '50'] = process.argv.slice(2);
const set = unwrap(
  name === 'digits' ? loadDigits() : loadGlyphs(name === 'glyphs' ? undefined : name),
);
const pool = wholePool(set);
const options = { ways: WAYS, shots: Number(shots), queries: QUERIES };
const accuracies = PENALTIES.map((penalty) =>
  Array.from({ length: Number(tasks) }, (_, k) =>
    accuracy(unwrap(sampleTask(pool, options, new Stream(1, 'linear', k))), penalty),
  ),
);
PENALTIES.forEach((penalty, i) => {
  const found = accuracies[i]!;
  const mean = found.reduce((a, b) => a + b, 0) / found.length;
  const variance = found.reduce((sum, a) => sum + (a - mean) ** 2, 0) / (found.length - 1);
  const error = Math.sqrt(variance / found.length);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  console.log(
    `${name}, ${WAYS}-way ${shots}-shot, penalty ${penalty}: ${percent(mean)} ± ${percent(error)} (s.e., ${tasks} tasks)`,
  );
});

function accuracy(task: FewShotTask, penalty: number): number {
  const size = set.height * set.width;
  const mean = new Float64Array(size);
  const trained = task.support.labels.length;
  task.support.images.forEach((value, i) => {
    mean[i % size]! += value / trained;
  });
  const centred = (images: Float64Array) => images.map((value, i) => value - mean[i % size]!);
  const targets = task.support.labels.map((label) => task.classes.indexOf(label));
  const weights = fitted(centred(task.support.images), targets, penalty, size);
  const scores = product(centred(task.query.images), weights, size);
  const right = task.query.labels.filter((label, row) => {
    const own = scores.subarray(row * WAYS, (row + 1) * WAYS);
    return task.classes[own.indexOf(Math.max(...own))] === label;
  });
  return right.length / task.query.labels.length;
}

/**
 * Minimises mean cross-entropy + penalty/2 · |W|² by gradient descent with Nesterov's momentum, the
 * step being one over a bound of the curvature. A bias needs no column: the pixels are centred.
 */
function fitted(
  images: Float64Array,
  targets: readonly number[],
  penalty: number,
  size: number,
): Float64Array {
  const count = targets.length;
  const step = 1 / (0.5 * largestEigenvalue(images, count, size) + penalty);
  let weights = new Float64Array(size * WAYS);
  let ahead = weights;
  for (let k = 1; k <= STEPS; k++) {
    const scores = product(images, ahead, size);
    const next = ahead.map((weight) => weight * (1 - step * penalty));
    for (let row = 0; row < count; row++) {
      const own = softmax(scores.subarray(row * WAYS, (row + 1) * WAYS));
      own[targets[row]!]! -= 1;
      for (let i = 0; i < size; i++) {
        const value = (images[row * size + i]! * step) / count;
        if (value === 0) continue;
        for (let c = 0; c < WAYS; c++) next[i * WAYS + c]! -= value * own[c]!;
      }
    }
    const momentum = (k - 1) / (k + 2);
    const before = weights;
    ahead = next.map((weight, i) => weight + momentum * (weight - before[i]!));
    weights = next;
  }
  return weights;
}

/** Of the images' second moments, by the power method. */
function largestEigenvalue(images: Float64Array, count: number, size: number): number {
  let direction = new Float64Array(size).fill(1 / Math.sqrt(size));
  let value = 0;
  for (let k = 0; k < 20; k++) {
    const next = new Float64Array(size);
    for (let row = 0; row < count; row++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += images[row * size + i]! * direction[i]!;
      for (let i = 0; i < size; i++) next[i]! += (images[row * size + i]! * sum) / count;
    }
    value = Math.sqrt(next.reduce((sum, x) => sum + x * x, 0));
    direction = next.map((x) => x / value);
  }
  // The power method comes from below.
  return 1.2 * value;
}

function product(images: Float64Array, weights: Float64Array, size: number): Float64Array {
  const count = images.length / size;
  const result = new Float64Array(count * WAYS);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < size; i++) {
      const value = images[row * size + i]!;
      for (let c = 0; c < WAYS; c++) result[row * WAYS + c]! += value * weights[i * WAYS + c]!;
    }
  }
  return result;
}

function softmax(scores: Float64Array): Float64Array {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
