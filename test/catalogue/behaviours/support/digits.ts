import { unwrap } from '../../../../src/base/result.js';
import { feedForward } from '../../../../src/circuits/feed-forward.js';
import type { Arrays } from '../../../../src/engine/engine.js';
import { loadDigits } from '../../../../src/tasks/digits.js';
import { accuracyOf, fewShotEpisode } from '../../../../src/tasks/episodes.js';
import { poolImages } from '../../../../src/tasks/pool.js';
import { wholePool } from '../../../../src/tasks/sampler.js';
import { prepareSimulation } from '../../../../src/tasks/simulate.js';
import { orthonormality } from './network.js';
import type { RuleFor } from './run.js';
import { dot, type Matrix, mean } from './vectors.js';

/** A network of five layers, its softplus, and tasks with five of the ten digits. */
const [SIZES, BETA] = [[49, 40, 30, 20, 10], 10];
/** Means of 4 × 4 pixels are made longer, so that images are about as long as with 28 × 28 pixels. */
const BRIGHTNESS = 4;
const FEW = { ways: 5, shots: 40, queries: 10 };

interface FewShotScore {
  readonly accuracy: number;
  readonly loss: number;
  /** Orthonormality error of the hidden layers, means over the query images; before learning and after. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** How well a network that starts anew learns digits of which it sees 40 of each: means over tasks. */
export async function fewShot(rule: RuleFor, tasks: number): Promise<FewShotScore> {
  const set = unwrap(poolImages(unwrap(loadDigits()), 4));
  const circuit = feedForward({
    sizes: SIZES,
    beta: BETA,
    feedback: 'random',
    queries: FEW.ways * FEW.queries,
  });
  const simulator = await prepareSimulation({
    circuit,
    rules: { forward: rule(circuit.tables.forward!) },
  });
  const scores: FewShotScore[] = [];
  for (let task = 0; task < tasks; task++) {
    const { episode, labels } = unwrap(
      fewShotEpisode(wholePool(set), FEW, circuit, 1, 'score', task),
    );
    const done = await simulator.run({
      timeline: { trials: [{ steps: episode.steps }] },
      stepInputs: brighter(episode.stepInputs, 'image'),
      queryInputs: brighter(episode.queryInputs, 'query images'),
      start: episode.start,
      seed: 1,
    });
    const images = rows(brighter(episode.queryInputs, 'query images')['query images']!, SIZES[0]!);
    scores.push({
      accuracy: accuracyOf(done.outputs.logits ?? new Float64Array(labels.length * 10), labels),
      loss: done.loss,
      before: errors(episode.start, images),
      after: errors(done.states, images),
    });
  }
  simulator.dispose();
  const over = (of: (score: FewShotScore) => number): number => mean(scores.map(of));
  return {
    accuracy: over(({ accuracy }) => accuracy),
    loss: over(({ loss }) => loss),
    before: [0, 1, 2].map((l) => over(({ before }) => before[l]!)),
    after: [0, 1, 2].map((l) => over(({ after }) => after[l]!)),
  };
}

const brighter = (given: Arrays, name: string): Arrays => ({
  ...given,
  [name]: given[name]!.map((pixel) => BRIGHTNESS * pixel),
});

const rows = (values: Float64Array, columns: number): number[][] =>
  Array.from({ length: values.length / columns }, (_, k) => [
    ...values.subarray(k * columns, (k + 1) * columns),
  ]);

/** Of every hidden layer. */
function errors(weights: Readonly<Record<string, Float64Array>>, images: Matrix): number[] {
  let activity = images;
  return [1, 2, 3].map((l) => {
    const w = rows(weights[`W${l}`] ?? new Float64Array(), SIZES[l - 1]!);
    const next = activity.map((y) =>
      w.map((row) => Math.log1p(Math.exp(BETA * dot(row, y))) / BETA),
    );
    const error = mean(activity.map((y, k) => orthonormality(w, y, next[k]!)));
    activity = next;
    return error;
  });
}
