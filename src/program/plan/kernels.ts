import type { Graph, Node, Shape } from '../ir.js';

/**
 * A graph as loops: what an engine without a dispatcher carries out, kernel after kernel.
 *
 * The graph is *canonical*: elementwise operations with stretched operands, `sum` and `max` over an axis,
 * transposes of vectors (which move nothing), `broadcast`; and, rarely, products of two matrices,
 * transposes of matrices, `cumsum`, `concat`, `slice`. Products with a vector are a multiplication and a
 * sum, outer products a multiplication.
 */
export interface KernelPlan {
  readonly graph: Graph;
  readonly kernels: readonly Kernel[];
  /** Nodes that have memory of their own. What is missing lives within one kernel, or is a constant. */
  readonly homes: ReadonlyMap<Node, Home>;
  /** Outputs that no kernel writes in place; carried out in this order after all kernels. */
  readonly copies: readonly { readonly from: Node; readonly output: string }[];
}

export type Home =
  /** An input of the graph, where it is. */
  | { readonly kind: 'input'; readonly name: string }
  /** Written at once to where an output of this name is kept: the input of that name is needed no more. */
  | { readonly kind: 'output'; readonly name: string }
  | { readonly kind: 'scratch' };

export type Kernel = Numbers | Line | Sweep | Whole;

/** Operations on numbers `[1, 1]`, in order. */
export interface Numbers {
  readonly kind: 'numbers';
  readonly nodes: readonly Node[];
}

/** One loop over vectors of a length, rows or columns alike. */
export interface Line {
  readonly kind: 'line';
  readonly length: number;
  /** Elementwise, in order; operands are earlier ones, stored vectors, or numbers. */
  readonly nodes: readonly Node[];
  /** Sums and maxima of vectors, `[1, 1]`: known after the loop. */
  readonly reductions: readonly Node[];
}

/** One pass over matrices of a shape, in blocks of rows; every block goes through all stages. */
export interface Sweep {
  readonly kind: 'sweep';
  readonly shape: Shape;
  readonly stages: readonly Stage[];
}

/** One loop over the columns of a block of rows. */
export interface Stage {
  /**
   * Elementwise `[m, n]`, in order. Operands: earlier ones of this or (by computing them again or by
   * loading what was stored) an earlier stage, matrices; `[1, n]` vectors; `[m, 1]` vectors, also those
   * of `rows` of earlier stages; numbers.
   */
  readonly elements: readonly Node[];
  /** Sums and maxima over columns, `[m, 1]`: known for the block after this stage's loop. */
  readonly rowReductions: readonly Node[];
  /** Sums and maxima over rows, `[1, n]`: known after the sweep. */
  readonly columnReductions: readonly Node[];
  /** Elementwise on the block's part of vectors of m numbers, after the loop (`[m, 1]` or `[1, m]`). */
  readonly rows: readonly Node[];
}

/** An operation on whole arrays: product of matrices, transpose, cumsum, concat, slice. */
export interface Whole {
  readonly kind: 'whole';
  readonly node: Node;
}
