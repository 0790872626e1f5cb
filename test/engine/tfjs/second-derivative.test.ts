import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { Tf } from '../../../src/engine/tfjs/backends.js';
import { stepOperation } from '../../../src/engine/tfjs/step-operation.js';
import { checkedText } from '../../support/checked-text.js';
import { testWith } from '../../support/requirements.js';

/** The whole of TensorFlow.js, with the derivatives of its operations; it comes along with the native one. */
const WHOLE = '@tensorflow/tfjs';

testWith('tensorflow', 'the derivative of a step can be differentiated again', async () => {
  const tf = (await import(/* @vite-ignore */ WHOLE)) as Tf;
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const text = `rule remembering {
    param eta = 0.1
    trace x = pre keeping 0.5
    dw = eta * post * (x - (if post > 0 then post * w else 0))
  }`;
  const step = stepOperation(tf, checkedText(text), { preSize: 4, postSize: 3 });
  const own = (w: Tensor, pre: Tensor, post: Tensor, eta: Tensor): Scalar => {
    const first = step({ w, pre, post, eta });
    return tf.sum(tf.square(step({ ...first, pre, post, eta }).w!));
  };
  const formula = (w: Tensor, pre: Tensor, post: Tensor, eta: Tensor): Scalar => {
    const y = tf.reshape(post, [3, 1]);
    const changed = (old: Tensor, x: Tensor): Tensor =>
      tf.add(old, tf.mul(eta, tf.mul(y, tf.sub(x, tf.mul(tf.relu(y), old)))));
    const once = changed(w, tf.reshape(pre, [1, 4]));
    return tf.sum(tf.square(changed(once, tf.reshape(tf.mul(1.5, pre), [1, 4]))));
  };
  const normal = (shape: number[], seed: number): Tensor =>
    tf.randomNormal(shape, 0, 1, 'float32', seed);
  const xs = [normal([3, 4], 1), normal([4], 2), normal([3], 3), tf.scalar(0.3)];
  type Loss = (...given: Tensor[]) => Scalar;
  const twice = (f: Loss): Float32Array[] => {
    const lengths: Loss = (...given) => {
      const shares = tf.grads(f)(given);
      return tf.addN(shares.map((share) => tf.sum(tf.square(share))));
    };
    return tf
      .grads(lengths)(xs)
      .map((share) => share.dataSync() as Float32Array);
  };
  const wanted = twice(formula as Loss);
  twice(own as Loss).forEach((found, k) => {
    const most = Math.max(...wanted[k]!.map(Math.abs));
    found.forEach((number, i) => {
      expect(Math.abs(number - wanted[k]![i]!)).toBeLessThan(1e-5 * most);
    });
  });
  step.dispose();
});
