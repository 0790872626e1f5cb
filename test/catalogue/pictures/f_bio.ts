import { Stream } from '../../../src/base/random.js';
import { unwrap } from '../../../src/base/result.js';
import { feedForward } from '../../../src/circuits/feed-forward.js';
import { loadDigits } from '../../../src/tasks/digits.js';
import { accuracyOf } from '../../../src/tasks/episodes.js';
import { poolImages } from '../../../src/tasks/pool.js';
import { sampleTask, wholePool } from '../../../src/tasks/sampler.js';
import { simulate } from '../../../src/tasks/simulate.js';
import type { RuleFor } from '../behaviours/support/run.js';
import { mean } from '../behaviours/support/vectors.js';
import type { Draw } from './picture.js';

const [WAYS, QUERIES, TASKS] = [5, 10, 6];
/** Images of each class that were learned. */
const SHOTS = [1, 5, 10, 20, 30, 40];

/** Share of other images that are told right, by what was learned: the tasks and the network of experiments/digits_small.yaml. */
async function accuracies(rule: RuleFor, values: Readonly<Record<string, number>> = {}) {
  const pool = wholePool(unwrap(poolImages(unwrap(loadDigits()), 2)));
  const sizes = [196, 48, 36, 28, 20, 10];
  const queries = WAYS * QUERIES;
  const circuit = feedForward({ sizes, beta: 10, feedback: 'random', queries });
  const oneHot = (labels: readonly number[]): Float64Array =>
    Float64Array.from(
      labels.flatMap((label) => Array.from({ length: 10 }, (_, k) => Number(k === label))),
    );
  const points: [number, number][] = [];
  for (const shots of SHOTS) {
    const right: number[] = [];
    for (let k = 0; k < TASKS; k++) {
      const stream = new Stream(k, 'picture');
      const { support, query } = unwrap(
        sampleTask(pool, { ways: WAYS, shots, queries: QUERIES }, stream),
      );
      const { outputs } = await simulate({
        circuit,
        rules: { forward: rule(circuit.tables.forward!) },
        timeline: { trials: [{ steps: support.labels.length }] },
        stepInputs: { image: support.images, target: oneHot(support.labels) },
        queryInputs: { 'query images': query.images, 'query targets': oneHot(query.labels) },
        values,
        seed: k,
      });
      right.push(accuracyOf(outputs.logits!, query.labels));
    }
    points.push([shots, 100 * mean(right)]);
  }
  return points;
}

export const picture: Draw = async (rule, companion) => ({
  title: `Five classes of handwritten digits, a network with four hidden layers and random feedback (means of ${TASKS} tasks), beside the first term alone`,
  x: { label: 'images learned of each class' },
  y: { label: 'other images told right (%)', range: [0, 100] },
  series: [
    { name: 'f_bio', points: await accuracies(rule) },
    {
      name: 'first term alone',
      points: await accuracies((table) => companion('pseudo_gradient', table), { eta: 0.0136 }),
    },
  ],
  levels: [{ at: 20, name: 'chance' }],
});
