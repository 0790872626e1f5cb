import { type GraphBuilder, isConstant } from '../builder.js';
import type { Node, Shape } from '../ir.js';
import { collectOuters, type Outer } from './outers.js';
import { isZero } from './vectors.js';

/** A matrix as a sum: numbers `[1, 1]` times matrices, and outer products. */
export interface MatrixForm {
  readonly shape: Shape;
  /** What each matrix is multiplied by. */
  readonly parts: ReadonlyMap<Node, Node>;
  readonly outers: readonly Outer[];
}

/** Arithmetic on sums of matrices and outer products, with the nodes of one builder. */
export class MatrixForms {
  private readonly b: GraphBuilder;

  constructor(builder: GraphBuilder) {
    this.b = builder;
  }

  zero(shape: Shape): MatrixForm {
    return { shape, parts: new Map(), outers: [] };
  }

  /** The matrix itself. */
  whole(node: Node): MatrixForm {
    if (isZero(node)) return this.zero(node.shape);
    return { shape: node.shape, parts: new Map([[node, this.b.constant(1)]]), outers: [] };
  }

  /** A row, column or number stretched to a matrix. */
  stretched(node: Node, shape: Shape): MatrixForm {
    const { b } = this;
    if (isZero(node)) return this.zero(shape);
    const ones = (length: number): Node => b.constant(1, [1, length]);
    const isColumn = node.shape[0] > 1;
    const left = isColumn ? b.transpose(node) : ones(shape[0]);
    const right = isColumn ? ones(shape[1]) : b.broadcast(node, [1, shape[1]]);
    return { shape, parts: new Map(), outers: [{ left, right }] };
  }

  outer(left: Node, right: Node): MatrixForm {
    const shape: Shape = [left.shape[1], right.shape[1]];
    return { shape, parts: new Map(), outers: [{ left, right }] };
  }

  add(x: MatrixForm, y: MatrixForm): MatrixForm {
    const parts = new Map(x.parts);
    for (const [matrix, factor] of y.parts) {
      const had = parts.get(matrix);
      const sum = had ? this.b.add(had, factor) : factor;
      if (isZero(sum)) parts.delete(matrix);
      else parts.set(matrix, sum);
    }
    return { shape: x.shape, parts, outers: [...x.outers, ...y.outers] };
  }

  /** Times a number. */
  scaled(form: MatrixForm, factor: Node): MatrixForm {
    const { b } = this;
    if (isConstant(factor, 1)) return form;
    return this.mapped(
      form,
      (had) => b.multiply(factor, had),
      ({ left, right }) => ({ left, right: b.multiply(factor, right) }),
    );
  }

  mapped(
    form: MatrixForm,
    factorOf: (factor: Node) => Node,
    outerOf: (outer: Outer) => Outer,
  ): MatrixForm {
    const parts = [...form.parts].map(([matrix, factor]) => [matrix, factorOf(factor)] as const);
    return {
      shape: form.shape,
      parts: new Map(parts.filter(([, factor]) => !isZero(factor))),
      outers: form.outers.map(outerOf).filter(({ left, right }) => !isZero(left) && !isZero(right)),
    };
  }

  transposed({ shape, parts, outers }: MatrixForm): MatrixForm {
    return {
      shape: [shape[1], shape[0]],
      parts: new Map([...parts].map(([matrix, factor]) => [this.b.transpose(matrix), factor])),
      outers: outers.map(({ left, right }) => ({ left: right, right: left })),
    };
  }

  /** The sum written out, with as few outer products as possible. */
  written(form: MatrixForm): Node {
    const { b } = this;
    const outers = collectOuters(b, form.outers);
    const parts = [...form.parts].map(([matrix, factor]) => b.multiply(factor, matrix));
    const products = outers.map(({ left, right }) => b.matmul(left, right, true, false));
    return b.total([...parts, ...products]) ?? b.constant(0, form.shape);
  }
}
