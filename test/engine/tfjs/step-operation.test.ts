import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { unknownInput } from '../../../src/base/diagnostics/circuit.js';
import { wrongLength } from '../../../src/base/diagnostics/engine.js';
import type { EngrammarError } from '../../../src/base/result.js';
import { loadBackend, type Tf } from '../../../src/engine/tfjs/backends.js';
import { stepOperation } from '../../../src/engine/tfjs/step-operation.js';
import { checkedText } from '../../support/checked-text.js';
import { describeBackends } from './backends.js';

const OJA = 'rule oja { param eta = 0.01 dw = eta * post * (pre - post * w) }';
const TRACED = `rule traced {
  param eta = 0.1, tau = 3 steps, size = 0.5 per post
  trace x = pre over tau
  dw = eta * size * post * x
}`;

type Named = Record<string, Tensor>;
type Loss = (...xs: Tensor[]) => Scalar;

describeBackends('a step of a rule is the formula written in operations, on', (backend) => {
  let tf: Tf;
  beforeAll(async () => {
    tf = (await loadBackend(backend)).tf;
    await tf.setBackend(backend);
  });

  const normal = (shape: number[], seed: number): Tensor =>
    tf.randomNormal(shape, 0, 1, 'float32', seed);

  /** Value and derivatives of two functions of the same tensors, which must agree. */
  function expectEqual(one: Loss, other: Loss, xs: Tensor[]): void {
    const [a, b] = [one, other].map((f) => {
      const { value, grads } = tf.valueAndGrads(f)(xs);
      return [value, ...grads].map((each) => ({ shape: each.shape, numbers: each.dataSync() }));
    });
    a!.forEach(({ shape, numbers }, k) => {
      expect(shape).toEqual(b![k]!.shape);
      const most = Math.max(...b![k]!.numbers.map(Math.abs));
      expect(most).toBeGreaterThan(0);
      numbers.forEach((number, i) => {
        expect(Math.abs(number - b![k]!.numbers[i]!)).toBeLessThan(2e-5 * most);
      });
    });
  }

  it('with one result', () => {
    const oja = stepOperation(tf, checkedText(OJA), { preSize: 4, postSize: 3 });
    const c = normal([3, 4], 9);
    const loss =
      (step: (given: Named) => Tensor) => (w: Tensor, pre: Tensor, post: Tensor, eta: Tensor) => {
        let weights = w;
        for (let t = 0; t < 3; t++) weights = step({ w: weights, pre, post, eta });
        return tf.sum(tf.mul(c, tf.square(weights))) as Scalar;
      };
    const formula = ({ w, pre, post, eta }: Named): Tensor => {
      const y = tf.reshape(post!, [3, 1]);
      const change = tf.mul(y, tf.sub(tf.reshape(pre!, [1, 4]), tf.mul(y, w!)));
      return tf.add(w!, tf.mul(eta!, change));
    };
    const xs = [normal([3, 4], 1), normal([4], 2), normal([1, 3], 3), tf.scalar(0.1)];
    expectEqual(loss((given) => oja(given).w!) as Loss, loss(formula) as Loss, xs);
    oja.dispose();
  });

  it('with memory, a parameter for each neuron, and several projections that share parameters', () => {
    const traced = stepOperation(tf, checkedText(TRACED), { preSize: 4, postSize: 3 });
    expect(traced.inputs.map(({ name }) => name)).toEqual([
      'w',
      'x',
      'pre',
      'post',
      'size',
      'eta',
      'tau',
    ]);
    const own = (w: Tensor, pre: Tensor, post: Tensor, gain: Tensor, eta: Tensor, tau: Tensor) => {
      let state: Named = { w };
      for (let t = 0; t < 3; t++) state = traced({ ...state, pre, post, size: gain, eta, tau });
      expect([state.w!.shape, state.x!.shape]).toEqual([
        [2, 3, 4],
        [2, 1, 4],
      ]);
      return tf.add(tf.sum(tf.square(state.w!)), tf.sum(state.x!)) as Scalar;
    };
    const formula = (
      w: Tensor,
      pre: Tensor,
      post: Tensor,
      gain: Tensor,
      eta: Tensor,
      tau: Tensor,
    ) => {
      let x: Tensor = tf.zeros([2, 1, 4]);
      let weights = w;
      const kept = tf.exp(tf.neg(tf.reciprocal(tf.reshape(tau, [1, 1, 1]))));
      for (let t = 0; t < 3; t++) {
        x = tf.add(tf.mul(kept, x), tf.reshape(pre, [2, 1, 4]));
        const y = tf.mul(tf.reshape(gain, [1, 3, 1]), tf.reshape(post, [2, 3, 1]));
        weights = tf.add(weights, tf.mul(tf.mul(tf.reshape(eta, [1, 1, 1]), y), x));
      }
      return tf.add(tf.sum(tf.square(weights)), tf.sum(x)) as Scalar;
    };
    const xs = [
      normal([2, 3, 4], 1),
      normal([2, 4], 2),
      normal([2, 3], 3),
      normal([3], 4),
      tf.scalar(0.1),
      tf.tensor1d([2.5]),
    ];
    expectEqual(own as Loss, formula as Loss, xs);
    traced.dispose();
  });

  it('and holds no memory', () => {
    const before = tf.memory().numTensors;
    const traced = stepOperation(tf, checkedText(TRACED), { preSize: 4, postSize: 3 });
    const [w, pre, post] = [normal([3, 4], 1), normal([4], 2), normal([3], 3)] as const;
    const optimizer = tf.train.sgd(0.1);
    const eta = tf.tidy(() => tf.variable(tf.scalar(0.1)));
    const train = (): void => {
      const loss = () => {
        let state: Named = { w };
        for (let t = 0; t < 3; t++) state = traced({ ...state, pre, post, eta });
        return tf.sum(tf.square(state.w!)) as Scalar;
      };
      optimizer.minimize(loss, false, [eta]);
      tf.dispose(traced({ w, pre, post }));
    };
    train();
    const held = tf.memory();
    const first = eta.dataSync()[0]!;
    for (let k = 0; k < 5; k++) train();
    expect(eta.dataSync()[0]).not.toBe(first);
    expect(tf.memory().numTensors).toBe(held.numTensors);
    expect(tf.memory().numDataBuffers).toBe(held.numDataBuffers);
    traced.dispose();
    optimizer.dispose();
    tf.dispose([w, pre, post, eta]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('for numbers of other types too', () => {
    const hebb = stepOperation(tf, checkedText('rule hebb { dw = pre.spike * post }'), {
      preSize: 2,
      postSize: 1,
    });
    const spikes = tf.tensor1d([true, false], 'bool');
    const { w } = hebb({
      w: tf.zeros([2], 'int32'),
      'pre.spike': spikes,
      post: tf.scalar(3, 'int32'),
    });
    expect([w!.dtype, w!.shape, [...w!.dataSync()]]).toEqual(['float32', [2], [3, 0]]);
  });
});

describe('a step of a rule', () => {
  const sizes = { preSize: 4, postSize: 3 };
  it('says what is missing, misnamed or of the wrong size', async () => {
    const { tf } = await loadBackend('cpu');
    await tf.setBackend('cpu');
    const oja = stepOperation(tf, checkedText(OJA), sizes);
    const [w, pre, post] = [tf.zeros([3, 4]), tf.zeros([4]), tf.zeros([3])];
    const refused = (given: Named): unknown => {
      try {
        oja(given);
      } catch (error) {
        return (error as EngrammarError).diagnostics[0];
      }
      return null;
    };
    const program = 'oja on 4-3';
    const wrong = (what: string, expected: number, given: number | undefined) =>
      wrongLength({ program, what, expected, given });
    expect(refused({ w, pre, post })).toBeNull();
    expect(refused({ w, pre })).toEqual(wrong('post', 3, undefined));
    expect(refused({ pre, post })).toEqual(wrong('w', 12, undefined));
    expect(refused({ w: tf.zeros([13]), pre, post })).toEqual(wrong('w', 12, 13));
    expect(refused({ w: tf.zeros([24]), pre, post: tf.zeros([9]) })).toEqual(wrong('post', 3, 9));
    const known = ['w', 'pre', 'post', 'eta'];
    expect(refused({ w, pre, post, rate: tf.scalar(1) })).toEqual(
      unknownInput({ circuit: `a step of ${program}`, what: 'input', given: 'rate', known }),
    );
  });
});
