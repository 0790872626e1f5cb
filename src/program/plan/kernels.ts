import type { Graph, Node, Shape } from '../ir.js';

/**
 * A graph as loops: what an engine without a dispatcher carries out, kernel after kernel.
 *
 * The graph is *canonical*: elementwise operations with stretched operands, `sum` and `max` over an axis,
 * transposes of vectors (which move nothing), `broadcast`; and, rarely, products of two matrices,
 * transposes of matrices, `cumsum`, `concat`, `slice`. Products with a vector are a multiplication and a
 * sum, outer products a multiplication.
 *
 * Operands are read through `reference`: a transposed vector is the vector, a stretched array the array,
 * so neither is in any list, with one exception. Where a stretched array (also to the shape that it has:
 * a copy) is an output or the operand of a `Whole`, its `broadcast` is listed and stored like any other
 * elementwise operation; whoever else uses it still reads what was stretched. Constants are in no list,
 * except that a number which is an output or the operand of a `Whole` is in one of `Numbers`.
 *
 * What is listed in a kernel is computed there; an operand that is not listed before in the same kernel
 * (in a `Stage`: the same stage; vectors of `rows` and `rowReductions`: any earlier stage) is loaded from
 * its home. Within one iteration of a loop, loads come before stores.
 */
export interface KernelPlan {
  /** The canonical graph, with copies added so that no two outputs are one node and none is an input. */
  readonly graph: Graph;
  readonly kernels: readonly Kernel[];
  /** Nodes that have memory of their own. What is missing lives within one kernel, or is a constant. */
  readonly homes: ReadonlyMap<Node, Home>;
  /** Outputs that no kernel writes in place, from scratch; carried out after all kernels. */
  readonly copies: readonly { readonly from: Node; readonly output: string }[];
}

export type Home =
  /** An input of the graph, where it is. */
  | { readonly kind: 'input'; readonly name: string }
  /** Written at once to where an output of this name is kept: the input of that name is needed no more. */
  | { readonly kind: 'output'; readonly name: string }
  | { readonly kind: 'scratch' };

export type Kernel = Numbers | Line | Sweep | Whole;

/** Operations on numbers `[1, 1]`, in order. Those with a home are stored. */
export interface Numbers {
  readonly kind: 'numbers';
  readonly nodes: readonly Node[];
}

/** One loop over vectors of a length, rows or columns alike. */
export interface Line {
  readonly kind: 'line';
  readonly length: number;
  /** Elementwise, in order; operands are earlier ones, stored vectors, or numbers. Those with a home are stored. */
  readonly nodes: readonly Node[];
  /** Sums and maxima of vectors, `[1, 1]`: known after the loop, and always stored. */
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
   * Elementwise `[m, n]`, in order: all that this stage computes, so a cheap expression is in several
   * lists. Operands: earlier ones of this list, stored matrices, also those of earlier stages; `[1, n]`
   * vectors; `[m, 1]` vectors, also those of `rows` and `rowReductions` of earlier stages; numbers.
   */
  readonly elements: readonly Node[];
  /** Those of `elements` that are written to their home here. Nothing is stored twice. */
  readonly stores: readonly Node[];
  /** Sums and maxima over columns, `[m, 1]`: known for the block after this stage's loop. Stored if with a home. */
  readonly rowReductions: readonly Node[];
  /** Sums and maxima over rows, `[1, n]`: known after the sweep, and always stored. */
  readonly columnReductions: readonly Node[];
  /** Elementwise on the block's part of vectors of m numbers, after the loop (`[m, 1]` or `[1, m]`). Stored if with a home. */
  readonly rows: readonly Node[];
}

/**
 * An operation on whole arrays: product of matrices, transpose, cumsum, concat, slice. It is always stored,
 * and so is every one of its operands (see `heldBy`).
 */
export interface Whole {
  readonly kind: 'whole';
  readonly node: Node;
}

/** Everything that a kernel computes, as often as it does. */
export function computedIn(kernel: Kernel): readonly Node[] {
  switch (kernel.kind) {
    case 'numbers':
      return kernel.nodes;
    case 'line':
      return [...kernel.nodes, ...kernel.reductions];
    case 'sweep':
      return kernel.stages.flatMap(({ elements, rowReductions, columnReductions, rows }) => [
        ...elements,
        ...rowReductions,
        ...columnReductions,
        ...rows,
      ]);
    case 'whole':
      return [kernel.node];
  }
}

/**
 * Where an operand's values are: the node that holds them, and the shape to read them in (that of the
 * operand before it was stretched, rows and columns exchanged where a vector was transposed).
 */
export interface Reference {
  readonly node: Node;
  readonly shape: Shape;
}

export function reference(operand: Node): Reference {
  let node = operand;
  while (node.operation.op === 'broadcast') node = node.operands[0]!;
  if (!isVectorTranspose(node)) return { node, shape: node.shape };
  const { node: held, shape } = reference(node.operands[0]!);
  return { node: held, shape: [shape[1], shape[0]] };
}

/** A transpose that moves nothing in memory. */
export function isVectorTranspose({ operation, shape }: Node): boolean {
  return operation.op === 'transpose' && (shape[0] === 1 || shape[1] === 1);
}

/** The node whose home has the values of an operand of a `Whole`, in the operand's shape or transposed. */
export function heldBy(operand: Node): Node {
  return isVectorTranspose(operand) ? heldBy(operand.operands[0]!) : operand;
}
