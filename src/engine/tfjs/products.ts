import type { Node } from '../../program/ir.js';
import type { Batched, Kit } from './kit.js';

type Product = (a: Batched, b: Batched, batch: number) => Batched;

/** Inner terms up to which a sum of outer products may beat the product kernel. */
const FEW_TERMS = 8;
/** Rows from which transposing first pays. */
const MANY_ROWS = 8;

/** The product of a matmul node in the way that is fastest on the backend. */
export function product(kit: Kit, node: Node, transposeA: boolean, transposeB: boolean): Product {
  const { tf, tactics } = kit;
  const [a, b] = node.operands as [Node, Node];
  const [rows, columns] = node.shape;
  const inner = a.shape[transposeA ? 0 : 1];
  const plain: Product = (x, y) => tf.matMul(x, y, transposeA, transposeB);
  const hasWork = rows * columns * inner >= 1024;
  if (tactics.outerByBroadcast && inner <= FEW_TERMS && rows > 1 && columns > 1 && hasWork) {
    return (x, y, batch) => outerSum(kit, { x, y, transposeA, transposeB, inner, node }, batch);
  }
  if (!tactics.vectorOnTheRight) return plain;
  if (rows === 1 && columns > 1) {
    // xM = (Mᵀxᵀ)ᵀ: the kernel repacks its right operand in every call, so that one should be the vector.
    const byColumn: Product = (x, m, batch) =>
      tf.tidy(() => {
        const column = tf.matMul(m, tf.reshape(x, [batch, inner, 1]), !transposeB, false);
        return tf.reshape(column, [batch, 1, columns]);
      });
    return (x, m, batch) => (batch === 1 ? byColumn : plain)(x, m, batch);
  }
  if ((transposeA || transposeB) && rows >= MANY_ROWS && columns > 1 && b.shape[0] > 1) {
    const turned: Product = (x, y) =>
      tf.tidy(() =>
        tf.matMul(
          transposeA ? tf.transpose(x, [0, 2, 1]) : x,
          transposeB ? tf.transpose(y, [0, 2, 1]) : y,
        ),
      );
    return (x, y, batch) => (batch === 1 ? turned : plain)(x, y, batch);
  }
  return plain;
}

interface OuterSum {
  readonly x: Batched;
  readonly y: Batched;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly inner: number;
  readonly node: Node;
}

/** Σ column k of A′ × row k of B′. */
function outerSum(kit: Kit, of: OuterSum, batch: number): Batched {
  const { tf } = kit;
  const [rows, columns] = of.node.shape;
  return tf.tidy(() => {
    const part = (whole: Batched, k: number, alongRows: boolean, length: number): Batched => {
      if (of.inner === 1) return whole;
      return alongRows
        ? tf.slice(whole, [0, k, 0], [batch, 1, length])
        : tf.slice(whole, [0, 0, k], [batch, length, 1]);
    };
    let sum: Batched | undefined;
    for (let k = 0; k < of.inner; k++) {
      const column = tf.reshape(part(of.x, k, of.transposeA, rows), [batch, rows, 1]);
      const row = tf.reshape(part(of.y, k, !of.transposeB, columns), [batch, 1, columns]);
      const outer = tf.mul(column, row);
      sum = sum ? tf.add(sum, outer) : outer;
    }
    return sum!;
  });
}
