import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { type FeedForwardOptions, feedForward } from '../../src/circuits/feed-forward.js';
import { feedForwardTable } from '../../src/circuits/feed-forward-tables.js';
import { simulate } from '../../src/tasks/simulate.js';
import { checkedText } from '../support/checked-text.js';

const SIZES = [5, 4, 3];
const BETA = 2;
const STEPS = 6;

type Matrix = number[][];
const matrix = (values: Float64Array, rows: number): Matrix => {
  const columns = values.length / rows;
  return Array.from({ length: rows }, (_, i) => [...values.slice(i * columns, (i + 1) * columns)]);
};
const flat = (m: Matrix): number[] => m.flat();
const softplus = (u: number): number => Math.log1p(Math.exp(BETA * u)) / BETA;
const slope = (y: number): number => 1 - Math.exp(-BETA * y);
const times = (m: Matrix, x: number[]): number[] =>
  m.map((row) => row.reduce((sum, w, j) => sum + w * x[j]!, 0));
const softmax = (u: number[]): number[] => {
  const e = u.map((x) => Math.exp(x - Math.max(...u)));
  return e.map((x) => x / e.reduce((a, b) => a + b));
};

function inputs() {
  const stream = new Stream(5, 'inputs');
  const image = Float64Array.from({ length: STEPS * 5 }, () => stream.uniform(0.1, 1));
  const target = new Float64Array(STEPS * 3);
  for (let t = 0; t < STEPS; t++) target[t * 3 + stream.integer(3)] = 1;
  return { image, target };
}

/** Every layer's activity, and its error, by the loops of the textbook. */
function pass(
  image: number[],
  target: number[],
  [w1, w2]: [Matrix, Matrix],
  [b1, b2]: [number[], number[]],
  back: (output: number[], hidden: () => number[]) => [number[], number[]],
) {
  const hidden = times(w1, image).map((u, i) => softplus(u + b1[i]!));
  const output = softmax(times(w2, hidden).map((u, i) => u + b2[i]!));
  const error = output.map((y, i) => y - target[i]!);
  let errorOfHidden: number[] = [];
  const [toHidden, toImage] = back(error, () => errorOfHidden);
  errorOfHidden = toHidden.map((l, i) => l * slope(hidden[i]!));
  return { image, hidden, output, error, toHidden, toImage, errorOfHidden };
}

/** Bᵀe for B `[upper, lower]`. */
const down = (b: Matrix, e: number[]): number[] =>
  b[0]!.map((_, j) => e.reduce((sum, x, i) => sum + x * b[i]![j]!, 0));

const ENGINES = [
  ['interpret', { name: 'interpret' }, 1e-12],
  ['tfjs cpu', { name: 'tfjs', backend: 'cpu' }, 2e-6],
] as const;

function expectClose(found: ArrayLike<number>, wanted: number[], tolerance: number): void {
  expect(found.length).toBe(wanted.length);
  const worst = Math.max(...wanted.map((x, k) => Math.abs(x - found[k]!)));
  expect(worst).toBeLessThan(tolerance);
}

describe.each(ENGINES)('on %s', (_, engine, tolerance) => {
  test('direct feedback brings the output error to every layer, the image included', async () => {
    const options: FeedForwardOptions = { sizes: SIZES, beta: BETA, feedback: 'direct' };
    const circuit = feedForward({ ...options, queries: 0 });
    const text = 'rule direct { dw = -0.3 * post.error * pre + 0.1 * pre.error * post }';
    const start = circuit.draw(new Stream(2, 'start'));
    expect(circuit.constants).toEqual([
      { name: 'D1', shape: [3, 5] },
      { name: 'D2', shape: [3, 4] },
    ]);
    const given = inputs();
    const result = await simulate({
      circuit,
      rules: { forward: checkedText(text, circuit.tables.forward) },
      timeline: { trials: [{ steps: STEPS }] },
      stepInputs: given,
      start,
      seed: 0,
      engine,
    });
    const w: [Matrix, Matrix] = [matrix(start.W1!, 4), matrix(start.W2!, 3)];
    const [d1, d2] = [matrix(start.D1!, 3), matrix(start.D2!, 3)];
    for (let t = 0; t < STEPS; t++) {
      const image = [...given.image.slice(t * 5, t * 5 + 5)];
      const target = [...given.target.slice(t * 3, t * 3 + 3)];
      const zero: [number[], number[]] = [
        [0, 0, 0, 0],
        [0, 0, 0],
      ];
      const back = (e: number[]): [number[], number[]] => [down(d2, e), down(d1, e)];
      const { hidden, output, error, toImage, errorOfHidden } = pass(image, target, w, zero, back);
      const errorOfImage = toImage.map((l, j) => l * slope(image[j]!));
      const learn = (m: Matrix, e: number[], y: number[], x: number[], ex: number[]): void =>
        m.forEach((row, i) => {
          row.forEach((_w, j) => {
            row[j]! += -0.3 * e[i]! * x[j]! + 0.1 * ex[j]! * y[i]!;
          });
        });
      learn(w[0], errorOfHidden, hidden, image, errorOfImage);
      learn(w[1], error, output, hidden, errorOfHidden);
    }
    expectClose(result.states.W1!, flat(w[0]), tolerance);
    expectClose(result.states.W2!, flat(w[1]), tolerance);
  });

  test('plastic feedback learns by a rule of its own, and so do biases', async () => {
    const options: FeedForwardOptions = {
      sizes: SIZES,
      beta: BETA,
      feedback: 'plastic',
      bias: true,
    };
    const circuit = feedForward({ ...options, queries: 0 });
    const rule = (text: string, kind: string) => checkedText(text, circuit.tables[kind]);
    const start = circuit.draw(new Stream(2, 'start'));
    const given = inputs();
    const result = await simulate({
      circuit,
      rules: {
        forward: rule(
          'rule up for forward { param eta = 0.3, decay = 0.01 dw = -eta * post.error * pre - decay * w }',
          'forward',
        ),
        feedback: rule(
          'rule down for feedback { param eta = 0.3, decay = 0.01 dw = -eta * pre.error * post - decay * w }',
          'feedback',
        ),
        bias: rule('rule tilt for bias { param eta = 0.1 dw = -eta * post.error * pre }', 'bias'),
      },
      timeline: { trials: [{ steps: STEPS }] },
      stepInputs: given,
      start,
      seed: 0,
      engine,
    });
    const w: [Matrix, Matrix] = [matrix(start.W1!, 4), matrix(start.W2!, 3)];
    // As projections they are [lower, upper].
    const b: [Matrix, Matrix] = [matrix(start.B1!, 5), matrix(start.B2!, 4)];
    const bias: [number[], number[]] = [
      [0, 0, 0, 0],
      [0, 0, 0],
    ];
    for (let t = 0; t < STEPS; t++) {
      const image = [...given.image.slice(t * 5, t * 5 + 5)];
      const target = [...given.target.slice(t * 3, t * 3 + 3)];
      const back = (e: number[]): [number[], number[]] => [times(b[1], e), []];
      const { hidden, error, errorOfHidden } = pass(image, target, w, bias, back);
      const learn = (up: Matrix, backward: Matrix, e: number[], x: number[]): void => {
        for (let i = 0; i < e.length; i++) {
          for (let j = 0; j < x.length; j++) {
            up[i]![j]! += -0.3 * e[i]! * x[j]! - 0.01 * up[i]![j]!;
            backward[j]![i]! += -0.3 * e[i]! * x[j]! - 0.01 * backward[j]![i]!;
          }
        }
      };
      learn(w[0], b[0], errorOfHidden, image);
      learn(w[1], b[1], error, hidden);
      bias[0] = bias[0].map((c, i) => c - 0.1 * errorOfHidden[i]!);
      bias[1] = bias[1].map((c, i) => c - 0.1 * error[i]!);
    }
    expectClose(result.states.W1!, flat(w[0]), tolerance);
    expectClose(result.states.W2!, flat(w[1]), tolerance);
    expectClose(result.states.B1!, flat(b[0]), tolerance);
    expectClose(result.states.B2!, flat(b[1]), tolerance);
    expectClose(result.states.bias1!, bias[0], tolerance);
    expectClose(result.states.bias2!, bias[1], tolerance);
  });
});

describe('feedback weights', () => {
  test('that nobody teaches give what fixed ones give', async () => {
    const text = 'rule up { dw = -0.3 * post.error * pre }';
    const run = async (feedback: 'random' | 'plastic') => {
      const circuit = feedForward({ sizes: SIZES, beta: BETA, feedback, queries: 0 });
      const rules = { forward: checkedText(text, circuit.tables.forward) };
      const timeline = { trials: [{ steps: STEPS }] };
      const start = circuit.draw(new Stream(3, 'start'));
      return (await simulate({ circuit, rules, timeline, stepInputs: inputs(), start, seed: 0 }))
        .states;
    };
    const [random, plastic] = [await run('random'), await run('plastic')];
    expectClose(plastic.W1!, [...random.W1!], 1e-14);
    expect(plastic.W1).not.toEqual(
      feedForward({ sizes: SIZES, beta: BETA, feedback: 'random', queries: 0 }).draw(
        new Stream(3, 'start'),
      ).W1,
    );
  });

  test('are no projection where they are fixed, and offer their two neurons where they are not', () => {
    const kinds = (feedback: FeedForwardOptions['feedback'], bias: boolean) => [
      ...new Set(
        feedForward({ sizes: SIZES, beta: 1, feedback, bias, queries: 0 }).projections.map(
          ({ kind }) => kind,
        ),
      ),
    ];
    expect(kinds('random', false)).toEqual(['forward']);
    expect(kinds('direct', true)).toEqual(['forward', 'bias']);
    expect(kinds('plastic', true)).toEqual(['forward', 'feedback', 'bias']);
    const names = feedForwardTable('plastic', 'feedback').signals.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['pre.error', 'post', 'post.slope']));
    const bias = feedForwardTable('random', 'bias', true).signals.map(({ name }) => name);
    expect(bias).toContain('pre');
    expect(bias).not.toContain('pre.error');
  });
});
