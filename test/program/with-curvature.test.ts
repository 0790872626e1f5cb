import { expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { drawFeedForward } from '../../src/circuits/feed-forward.js';
import type { Arrays, Episode } from '../../src/engine/engine.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import type { Program } from '../../src/program/ir.js';
import {
  CURVATURE,
  hasCurvature,
  SLOPES,
  withCurvature,
} from '../../src/program/with-curvature.js';
import { begun, learningLayer, oneHot } from '../support/curved.js';
import { programOf } from '../support/program.js';

/** What the program with its curvature says, as a whole matrix. */
async function curvatureOf(program: Program, episode: Episode, at: readonly number[]) {
  const curved = withCurvature(program)!;
  const [result] = await prepareInterpreter(curved).run([begun(curved, episode)], at, {
    gradient: false,
  });
  expect(result!.divergence).toBeNull();
  const pairs = [...result!.outputs[CURVATURE]!];
  const matrix = at.map(() => at.map(() => 0));
  for (let i = 0; i < at.length; i++) {
    for (let j = i; j < at.length; j++) matrix[i]![j] = matrix[j]![i] = pairs.shift()!;
  }
  return { slopes: [...result!.outputs[SLOPES]!], matrix, loss: result!.loss };
}

/** Jᵀ H J, with differences of the outputs for J. */
async function byDifferences(
  program: Program,
  episode: Episode,
  at: readonly number[],
  output: string,
  hessian: (outputs: Arrays, x: Float64Array, y: Float64Array) => number,
) {
  const runner = prepareInterpreter(program);
  const run = async (values: readonly number[]) =>
    (await runner.run([episode], values, { gradient: false }))[0]!.outputs;
  const outputs = await run(at);
  const change = 1e-5;
  const columns = await Promise.all(
    at.map(async (_, k) => {
      const moved = (by: number) => run(at.map((value, i) => (i === k ? value + by : value)));
      const [above, below] = [await moved(change), await moved(-change)];
      return above[output]!.map((value, i) => (value - below[output]![i]!) / (2 * change));
    }),
  );
  return columns.map((x) => columns.map((y) => hessian(outputs, x, y)));
}

function expectNear(found: readonly number[][], wanted: readonly number[][]): void {
  const most = Math.max(...wanted.flat().map(Math.abs));
  expect(most).toBeGreaterThan(1e-6);
  found.forEach((row, i) => {
    row.forEach((each, j) => {
      expect(Math.abs(each - wanted[i]![j]!)).toBeLessThan(1e-6 * most);
    });
  });
}

it('of a cross-entropy is what differences of the answers say', async () => {
  const sizes = [4, 5, 3];
  const rule = `rule r { param a = 0.1 fit, b = 0.01 fit, c = 0.02 fit
    dw = -a * post.error * pre - b * w + c * post * (pre - sum_post(post * w)) }`;
  const program = programOf(rule, sizes, 2);
  const stream = new Stream(4, 'curvature');
  const numbers = (n: number) => Float64Array.from({ length: n }, () => stream.uniform());
  const episode: Episode = {
    start: drawFeedForward({ sizes, beta: 10, feedback: 'random' }, stream),
    steps: 4,
    stepInputs: { image: numbers(16), target: oneHot([0, 1, 2, 0], 3) },
    queryInputs: { 'query images': numbers(8), 'query targets': oneHot([1, 2], 3) },
  };
  const at = [0.2, 0.05, 0.03];
  const { slopes, matrix } = await curvatureOf(program, episode, at);
  const [back] = await prepareInterpreter(program).run([episode], at, { gradient: true });
  slopes.forEach((slope, k) => {
    expect(slope).toBeCloseTo(back!.gradient![k]!, 10);
  });
  const wanted = await byDifferences(program, episode, at, 'logits', ({ logits }, x, y) => {
    let sum = 0;
    for (let row = 0; row < 2; row++) {
      const own = (values: Float64Array) => [...values.subarray(3 * row, 3 * row + 3)];
      const exponentials = own(logits!).map(Math.exp);
      const whole = exponentials.reduce((a, b) => a + b, 0);
      const share = exponentials.map((each) => each / whole);
      const mean = (values: readonly number[]) =>
        values.reduce((all, value, k) => all + share[k]! * value, 0);
      const [one, other] = [own(x), own(y)];
      sum += mean(one.map((value, k) => value * other[k]!)) - mean(one) * mean(other);
    }
    return sum / 2;
  });
  expectNear(matrix, wanted);
});

it('of a squared error is what differences of the answers say', async () => {
  const { program, episodeOf } = learningLayer();
  const at = [0.15, 0.03];
  const episode = await episodeOf(0, [0.1, 0.02]);
  const { matrix } = await curvatureOf(program, episode, at);
  const wanted = await byDifferences(program, episode, at, 'answers', (_, x, y) =>
    x.reduce((sum, value, k) => sum + (value * y[k]!) / 3, 0),
  );
  expectNear(matrix, wanted);
});

it('is not known without costs in the read-out', () => {
  const { program } = learningLayer();
  expect(hasCurvature(program)).toBe(true);
  const { program: silent } = learningLayer({ queries: 0 });
  expect(withCurvature(silent)).toBeNull();
});
