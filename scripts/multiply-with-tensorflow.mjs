// Exit code 0 and the version on stdout when @tensorflow/tfjs-node is installed, loads its library
// and multiplies two matrices; otherwise 1 with one line on stderr that says why.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
try {
  // tfjs-node 4.22.0 calls these in nearly every operation; Node 22 warns of them, 23 lacks the first.
  Object.assign(require('node:util'), {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  const tf = require('@tensorflow/tfjs-node');
  const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()[0];
  if (product !== 11) throw new Error(`[1 2] × [3 4]ᵀ gives ${product} instead of 11`);
  if (tf.getBackend() !== 'tensorflow') throw new Error(`the backend is ${tf.getBackend()}`);
  console.log(`tfjs-node ${tf.version['tfjs-node']} multiplies with TensorFlow`);
} catch (error) {
  console.error(String(error.message).split('\n')[0]);
  process.exit(1);
}
