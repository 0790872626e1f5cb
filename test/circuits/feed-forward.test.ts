import { describe, expect, test } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { drawFeedForward } from '../../src/circuits/feed-forward.js';
import { feedForwardTable } from '../../src/circuits/feed-forward-tables.js';
import { prepareEvaluation } from '../../src/engine/interpret/evaluate.js';
import { prepareInterpreter } from '../../src/engine/interpret/interpret.js';
import { signalNamed } from '../../src/language/signals.js';
import { adjointOf } from '../../src/program/ir.js';
import { programOf } from '../support/program.js';

const SIZES = [7, 6, 5, 4];
const GRADIENT = 'rule gradient { param eta = 1 dw = -eta * post.error * pre }';

function episode(feedback: 'random' | 'symmetric') {
  const stream = new Stream(8, 'feed-forward');
  const image = Float64Array.from({ length: 7 }, () => stream.uniform());
  const target = Float64Array.of(0, 0, 1, 0);
  return {
    start: drawFeedForward({ sizes: SIZES, beta: 10, feedback }, stream),
    steps: 1,
    stepInputs: { image, target },
    queryInputs: { 'query images': image, 'query targets': target },
  };
}

describe('the feed-forward circuit', () => {
  test('with symmetric feedback the gradient rule is exact backpropagation', async () => {
    const program = programOf(GRADIENT, SIZES, 1, 'symmetric');
    const one = episode('symmetric');
    const [result] = await prepareInterpreter(program).run([one], [], {
      gradient: false,
      states: true,
    });
    // The derivative of the cross-entropy of the same image, by the read-out's own adjoint.
    const readout = prepareEvaluation(program.readoutAdjoint);
    for (const [name, values] of Object.entries({ ...one.start, ...one.queryInputs })) {
      readout.bind(name, values);
    }
    readout.run();
    for (const { name } of program.states) {
      const derivative = readout.output(adjointOf(name));
      expect(Math.max(...derivative.map(Math.abs))).toBeGreaterThan(1e-3);
      derivative.forEach((slope, k) => {
        const change = result!.states![name]![k]! - one.start[name]![k]!;
        expect(change).toBeCloseTo(-slope, 12);
      });
    }
  });

  test('with random feedback it is not, but for the last layer', async () => {
    const [random, symmetric] = await Promise.all(
      (['random', 'symmetric'] as const).map(async (feedback) => {
        const program = programOf(GRADIENT, SIZES, 1, feedback);
        const [result] = await prepareInterpreter(program).run([episode(feedback)], [], {
          gradient: false,
          states: true,
        });
        return result!.states!;
      }),
    );
    expect(random!.W3).toEqual(symmetric!.W3);
    expect(random!.W2).not.toEqual(symmetric!.W2);
  });

  test('weights are Glorot uniform, the same for both kinds of feedback, new for every stream', () => {
    const draw = (feedback: 'random' | 'symmetric', seed: number) =>
      drawFeedForward({ sizes: [300, 200, 100], beta: 10, feedback }, new Stream(seed, 'draw'));
    const [random, symmetric] = [draw('random', 1), draw('symmetric', 1)];
    expect(Object.keys(random)).toEqual(['W1', 'W2', 'B1', 'B2']);
    expect(Object.keys(symmetric)).toEqual(['W1', 'W2']);
    expect(random.W1).toEqual(symmetric.W1);
    expect(random.B1).not.toEqual(random.W1);
    expect(draw('random', 2).W1).not.toEqual(random.W1);
    const bound = Math.sqrt(6 / 500);
    const sizes = random.W1!.map(Math.abs);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(bound);
    expect(Math.max(...sizes)).toBeGreaterThan(0.999 * bound);
    // The mean size of U(−a, a) is a/2.
    const mean = sizes.reduce((sum, x) => sum + x, 0) / sizes.length;
    expect(mean).toBeCloseTo(bound / 2, 3);
  });

  test('errors are local to the feedback pathway, or transported where feedback is symmetric', () => {
    const grade = (feedback: 'random' | 'symmetric', name: string) =>
      signalNamed(feedForwardTable(feedback), name)!.grade;
    expect(grade('random', 'post.error')).toBe('feedback');
    expect(grade('symmetric', 'post.error')).toBe('transport');
    expect(grade('symmetric', 'pre')).toBe('synapse');
  });
});
