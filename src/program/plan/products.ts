import { type GraphBuilder, isConstant } from '../builder.js';
import type { Node } from '../ir.js';
import type { MatrixForm, MatrixForms } from './matrix-form.js';
import { isMatrix, withoutFactor } from './vectors.js';

/** Products of rows with sums of matrices and outer products, multiplied out. */
export class RowProducts {
  private readonly b: GraphBuilder;
  private readonly forms: MatrixForms;

  constructor(builder: GraphBuilder, forms: MatrixForms) {
    this.b = builder;
    this.forms = forms;
  }

  /** A row times a matrix, or times the transposed matrix. */
  rowTimes(vector: Node, form: MatrixForm, transposed: boolean): Node {
    const { b } = this;
    const { factor, rest } = withoutFactor(b, vector);
    const times = (matrix: Node): Node => {
      const isTransposed = matrix.operation.op === 'transpose';
      const plain = isTransposed ? matrix.operands[0]! : matrix;
      return b.matmul(rest, plain, false, transposed !== isTransposed);
    };
    const products = this.heldApart(form).map(([matrix, scale]) =>
      b.multiply(b.multiply(factor, scale), times(matrix)),
    );
    const outers = form.outers.map(({ left, right }) => {
      const [across, along] = transposed ? [right, left] : [left, right];
      return b.multiply(b.multiply(factor, this.inner(rest, across)), along);
    });
    const length = form.shape[transposed ? 0 : 1];
    return b.total([...products, ...outers]) ?? b.constant(0, [1, length]);
  }

  /** The matrices of a sum that are there anyway one by one; the others as one. */
  private heldApart(form: MatrixForm): (readonly [Node, Node])[] {
    const parts = [...form.parts];
    const isHeld = ([matrix]: readonly [Node, Node]): boolean => isInput(matrix);
    const others = parts.filter((part) => !isHeld(part));
    if (others.length < 2) return parts;
    const one = this.forms.written({ ...form, parts: new Map(others), outers: [] });
    return [...parts.filter(isHeld), [one, this.b.constant(1)]];
  }

  /** The inner product of two rows. */
  private inner(x: Node, y: Node): Node {
    const { b } = this;
    const { factor, rest } = withoutFactor(b, y);
    const product = isConstant(rest, 1)
      ? this.sumOfVector(x, 'columns')
      : b.matmul(x, rest, false, true);
    return b.multiply(factor, product);
  }

  sumOfVector(vector: Node, axis: 'rows' | 'columns'): Node {
    const { b } = this;
    const { factor, rest } = withoutFactor(b, vector);
    const turned = rest.shape[0] === 1 ? this.turnedAround(rest) : undefined;
    return b.multiply(factor, b.sum(turned ?? rest, axis));
  }

  /** What has the same sum as (x M) y where y Mᵀ is known: then x M may be needed by nobody. */
  private turnedAround({ operation, operands }: Node): Node | undefined {
    const { b } = this;
    if (operation.op !== 'binary' || operation.fn !== 'multiply') return undefined;
    const [x, y] = operands as [Node, Node];
    for (const [product, other] of [
      [x, y],
      [y, x],
    ] as const) {
      if (product.operation.op !== 'matmul' || !isMatrix(product.operands[1]!)) continue;
      const [vector, matrix] = product.operands as [Node, Node];
      const known = b.knownMatmul(other, matrix, false, !product.operation.transposeB);
      if (known) return b.multiply(vector, known);
    }
    return undefined;
  }

  /** The sum of a matrix over an axis. */
  sum(form: MatrixForm, axis: 'rows' | 'columns'): Node {
    const { b } = this;
    const sums = this.heldApart(form).map(([matrix, factor]) =>
      b.multiply(factor, b.sum(matrix, axis)),
    );
    const outers = form.outers.map(({ left, right }) =>
      axis === 'rows'
        ? b.multiply(this.sumOfVector(left, 'columns'), right)
        : b.transpose(b.multiply(this.sumOfVector(right, 'columns'), left)),
    );
    const shape = axis === 'rows' ? ([1, form.shape[1]] as const) : ([form.shape[0], 1] as const);
    return b.total([...sums, ...outers]) ?? b.constant(0, shape);
  }
}

/** Whether a matrix is an input, or an input transposed. */
export const isInput = ({ operation, operands }: Node): boolean =>
  operation.op === 'input' || (operation.op === 'transpose' && isInput(operands[0]!));
