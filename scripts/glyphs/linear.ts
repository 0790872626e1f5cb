/**
 * How much of a set a linear classifier learns from few examples: multinomial logistic regression on
 * the pixels as they are, trained on each task's support images by 200 steps of accelerated gradient
 * descent, asked about its query images.
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
  const count = task.support.labels.length;
  const mean = new Float64Array(size);
  task.support.images.forEach((value, i) => {
    mean[i % size]! += value / count;
  });
  const rows = ({ images, labels }: FewShotTask['support']): Float64Array[] =>
    labels.map((_, row) => images.slice(row * size, (row + 1) * size).map((v, i) => v - mean[i]!));
  const support = rows(task.support);
  const targets = task.support.labels.map((label) => task.classes.indexOf(label));
  const shares = fitted(products(support, support), targets, penalty);
  const right = products(rows(task.query), support).filter((similar, row) => {
    const scores = weighted(similar, shares);
    return task.classes[scores.indexOf(Math.max(...scores))] === task.query.labels[row];
  });
  return right.length / task.query.labels.length;
}

/**
 * Minimises mean cross-entropy + penalty/2 · |W|² by gradient descent with Nesterov's momentum, the
 * step being one over a bound of the curvature. W is a sum of the support images, so what is sought
 * and returned is the share of each image in each class's weights, image by image. A bias needs no
 * column: the pixels are centred.
 */
function fitted(
  gram: readonly Float64Array[],
  targets: readonly number[],
  penalty: number,
): Float64Array {
  const count = targets.length;
  const step = 1 / ((0.5 * largestEigenvalue(gram)) / count + penalty);
  let shares = new Float64Array(count * WAYS);
  let ahead = shares;
  for (let k = 1; k <= STEPS; k++) {
    const next = ahead.map((share) => share * (1 - step * penalty));
    for (let row = 0; row < count; row++) {
      const own = softmax(weighted(gram[row]!, ahead));
      own[targets[row]!]! -= 1;
      for (let c = 0; c < WAYS; c++) next[row * WAYS + c]! -= (step / count) * own[c]!;
    }
    const momentum = (k - 1) / (k + 2);
    const before = shares;
    ahead = next.map((share, i) => share + momentum * (share - before[i]!));
    shares = next;
  }
  return shares;
}

/** Scores of the classes for an image, from its products with the support images. */
function weighted(similar: Float64Array, shares: Float64Array): Float64Array {
  const scores = new Float64Array(WAYS);
  for (let row = 0; row < similar.length; row++) {
    for (let c = 0; c < WAYS; c++) scores[c]! += similar[row]! * shares[row * WAYS + c]!;
  }
  return scores;
}

function products(some: readonly Float64Array[], others: readonly Float64Array[]): Float64Array[] {
  return some.map((a) => Float64Array.from(others, (b) => dot(a, b)));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Of a symmetric positive matrix, by the power method, which comes from below. */
function largestEigenvalue(matrix: readonly Float64Array[]): number {
  let direction = Float64Array.from(matrix, (_, i) => Math.cos(i));
  let value = 0;
  for (let k = 0; k < 30; k++) {
    const next = Float64Array.from(matrix, (row) => dot(row, direction));
    value = Math.sqrt(dot(next, next));
    direction = next.map((x) => x / value);
  }
  return 1.2 * value;
}

function softmax(scores: Float64Array): Float64Array {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
