import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';
import type { BinaryFunction, Node, Shape, UnaryFunction } from '../../program/ir.js';
import type { Batched, Kit } from './kit.js';
import { product } from './products.js';

/** Computes a node of a graph from its operands, all `[tasks, rows, columns]`. */
export type Compute = (operands: readonly Batched[], batch: number) => Batched;

/**
 * The tensor operation of a node (not of an input or a constant). Made of operations that TensorFlow.js can
 * differentiate, so that its tape may serve as an independent check.
 */
export function computeOf(node: Node, kit: Kit): Compute {
  const { tf } = kit;
  const { operation, operands, shape } = node;
  const [first] = operands as [Node];
  switch (operation.op) {
    case 'input':
    case 'constant':
      throw new TypeError(`${operation.op} is not computed`);
    case 'unary': {
      const unary = unaryFunction(operation.fn, kit);
      return ([a]) => unary(a!);
    }
    case 'binary':
      return binary(node, operation.fn, kit);
    case 'matmul': {
      const multiply = product(kit, node, operation.transposeA, operation.transposeB);
      return ([a, b], batch) => multiply(a!, b!, batch);
    }
    case 'transpose':
      // One row or one column: the numbers lie in the same order either way.
      if (shape[0] === 1 || shape[1] === 1) {
        return ([a], batch) => tf.reshape(a!, [batch, ...shape]);
      }
      return ([a]) => tf.transpose(a!, [0, 2, 1]);
    case 'sum': {
      const rows = first.shape[0];
      if (operation.axis === 'rows' && kit.tactics.sumByProduct) {
        return ([a], batch) => tf.matMul(kit.filled(1, batch, 1, rows), a!);
      }
      return ([a]) => tf.sum(a!, operation.axis === 'rows' ? 1 : 2, true);
    }
    case 'max':
      return ([a]) => tf.max(a!, operation.axis === 'rows' ? 1 : 2, true);
    case 'cumsum':
      // Along the last axis, where the library's own derivative is right.
      return ([a]) =>
        tf.tidy(() => {
          const turned = tf.transpose(a!, [0, 2, 1]);
          return tf.transpose(tf.cumsum(turned, 2, false, operation.reverse), [0, 2, 1]);
        });
    case 'softmax':
      return ([a]) => tf.softmax(a!, 2);
    case 'logsumexp':
      return ([a]) => tf.logSumExp(a!, 2, true);
    case 'concat':
      return (parts) => tf.concat([...parts], 1);
    case 'slice': {
      const [rows, columns] = shape;
      return ([a], batch) => tf.slice(a!, [0, operation.start, 0], [batch, rows, columns]);
    }
    case 'select':
      return select(node, kit);
    case 'broadcast':
      return ([a], batch) => stretch(kit, a!, first.shape, shape, batch);
  }
}

function unaryFunction(fn: UnaryFunction, { tf }: Kit): (a: Tensor) => Tensor {
  switch (fn) {
    case 'negate':
      return tf.neg;
    case 'sign':
      return (a) => tf.tidy(() => tf.add(tf.sign(a), zeroOrNaN(tf, a)));
    case 'step':
      return (a) => tf.step(a);
    default:
      return tf[fn];
  }
}

/** `a` with sides of length 1 stretched. */
function stretch(kit: Kit, a: Batched, from: Shape, to: Shape, batch: number): Batched {
  const { tf } = kit;
  const [rows, columns] = to;
  if (from[0] === rows && from[1] === columns) return tf.clone(a);
  if (!kit.tactics.stretchFirst) return tf.add(a, kit.filled(0, batch, rows, columns));
  if (from[0] === rows) return tf.matMul(a, kit.filled(1, batch, 1, columns));
  if (from[1] === columns) return tf.matMul(kit.filled(1, batch, rows, 1), a);
  return tf.tidy(() => {
    const all = tf.matMul(kit.filled(1, batch, rows * columns, 1), a);
    return tf.reshape(all, [batch, rows, columns]);
  });
}

/**
 * Where the mask is not 0 the one, elsewhere the other. What is not chosen does not count, not even in the
 * derivative that the tape finds: the library's own would multiply it by 0, and has none for comparisons.
 */
function select(node: Node, kit: Kit): Compute {
  const { tf } = kit;
  const { shape } = node;
  const isFixed = node.operands[0]!.operation.op === 'input' || isNumber(node.operands[0]!);
  const choose = tf.customGrad((...given) => {
    const [mask, a, b, save] = given as [Tensor, Tensor, Tensor, GradSaveFunc];
    save([mask]);
    const picked = tf.where(tf.notEqual(mask, tf.zerosLike(mask)), a, b);
    // A mask that is not a number decides nothing.
    const value = isFixed ? picked : tf.add(picked, tf.sub(mask, mask));
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const zeros = tf.zerosLike(dy);
      const chosen = tf.notEqual(saved[0]!, zeros);
      return [zeros, tf.where(chosen, dy, zeros), tf.where(chosen, zeros, dy)];
    };
    return { value, gradFunc };
  });
  return (values, batch) =>
    tf.tidy(() => {
      const whole = values.map((value, k) => {
        const operand = node.operands[k]!;
        const isWhole = operand.shape[0] === shape[0] && operand.shape[1] === shape[1];
        return isWhole ? value : stretch(kit, value, operand.shape, shape, batch);
      });
      return choose(...whole);
    });
}

function isNumber({ operation, operands }: Node): boolean {
  return operation.op === 'constant' || (operation.op === 'broadcast' && isNumber(operands[0]!));
}

function binary(node: Node, fn: BinaryFunction, kit: Kit): Compute {
  const { tf, tactics } = kit;
  const { shape } = node;
  const [left, right] = node.operands as [Node, Node];
  const apply = binaryFunction(fn, kit, [left, right]);
  // The library's derivatives of minimum and maximum are wrong where it stretches an operand.
  const needsWhole = tactics.stretchFirst || fn === 'minimum' || fn === 'maximum';
  if (!needsWhole) return ([a, b]) => apply(a!, b!);
  const [rows, columns] = shape;
  const isScalar = (operand: Node): boolean =>
    operand.shape[0] === 1 && operand.shape[1] === 1 && operand.operation.op !== 'constant';
  if (fn === 'multiply' && isScalar(right) && rows * columns > 1) {
    return ([a, b], batch) => scale(kit, a!, b!, shape, batch);
  }
  if (fn === 'multiply' && isScalar(left) && rows * columns > 1) {
    return ([a, b], batch) => scale(kit, b!, a!, shape, batch);
  }
  const whole = (operand: Node, value: Batched, batch: number): Batched => {
    if (operand.operation.op === 'constant') {
      return kit.filled(operand.operation.value, batch, rows, columns);
    }
    const isWhole = operand.shape[0] === rows && operand.shape[1] === columns;
    return isWhole ? value : stretch(kit, value, operand.shape, shape, batch);
  };
  return ([a, b], batch) => tf.tidy(() => apply(whole(left, a!, batch), whole(right, b!, batch)));
}

/** Matrix × scalar as a product, for backends whose elementwise kernels are slow on unequal shapes. */
function scale(kit: Kit, a: Batched, scalar: Batched, shape: Shape, batch: number): Batched {
  const { tf } = kit;
  const [rows, columns] = shape;
  return tf.tidy(() => {
    const column = tf.reshape(a, [batch, rows * columns, 1]);
    return tf.reshape(tf.matMul(column, scalar), [batch, rows, columns]);
  });
}

function binaryFunction(
  fn: BinaryFunction,
  { tf, tactics }: Kit,
  operands: readonly [Node, Node],
): (a: Tensor, b: Tensor) => Tensor {
  const keepNaN = (f: (a: Tensor, b: Tensor) => Tensor) => {
    if (!tactics.losesNaN) return f;
    const [isFixedA, isFixedB] = operands.map(({ operation }) => operation.op === 'constant');
    return (a: Tensor, b: Tensor): Tensor =>
      tf.tidy(() => {
        let result = f(a, b);
        if (!isFixedA) result = tf.add(result, zeroOrNaN(tf, a));
        if (!isFixedB) result = tf.add(result, zeroOrNaN(tf, b));
        return result;
      });
  };
  switch (fn) {
    case 'add':
      return tf.add;
    case 'subtract':
      return tf.sub;
    case 'multiply':
      return tf.mul;
    case 'divide':
      return tf.div;
    case 'power':
      return keepNaN(tf.pow);
    case 'minimum':
      return keepNaN(tf.minimum);
    case 'maximum':
      return keepNaN(tf.maximum);
  }
}

/** 0 where a number is, infinite or not, NaN where none is: `step` is 0, 1 or NaN on every backend. */
function zeroOrNaN(tf: Kit['tf'], a: Tensor): Tensor {
  return tf.tidy(() => {
    const side = tf.step(a);
    return tf.sub(side, side);
  });
}
