import { adjointOf, type Graph, type Node, type Program, type Slot } from '../ir.js';

/** A side of an array: 0 rows, 1 columns. */
export type Side = 0 | 1;

/** Which axis of the program a side of an array runs along: equal numbers, equal axis. */
export interface Axes {
  /** Of a slot; undefined where the side has length 1. */
  ofSlot(name: string, side: Side): number | undefined;
  /** Of a node of one of the program's graphs. */
  ofNode(node: Node, side: Side): number | undefined;
  /** Whether positions along it mean something beyond being matched: rows that are stacked, counted, cut. */
  isFixed(axis: number): boolean;
}

/**
 * Finds out which sides of a program's arrays belong together: they are added element by element,
 * multiplied and summed over, or handed on. The pixels of an image and the columns of the weights they
 * meet are one axis. Told by all its graphs, or by some of them.
 */
export function axesOf(program: Program, graphs = graphsOf(program)): Axes {
  const merged = new Merged();
  const slots = new Map<string, readonly [number, number]>();
  const nodes = new Map<Node, readonly [number, number]>();
  const declare = ({ name, shape }: Slot): void => {
    if (!slots.has(name)) slots.set(name, [merged.fresh(shape[0]), merged.fresh(shape[1])]);
  };
  const { states, constants, stepInputs, queryInputs, observed } = program;
  for (const slot of [...states, ...constants, ...stepInputs, ...queryInputs, ...observed]) {
    declare(slot);
  }
  for (const { name, shape } of states) {
    declare({ name: adjointOf(name), shape });
    join(merged, slots.get(name)!, slots.get(adjointOf(name))!);
  }
  for (const graph of graphs) {
    for (const node of graph.nodes) {
      const own = [merged.fresh(node.shape[0]), merged.fresh(node.shape[1])] as const;
      nodes.set(node, own);
      relate(node, own, (operand) => nodes.get(operand)!, merged);
      const named = node.operation.op === 'input' ? slots.get(node.operation.name) : undefined;
      if (named) join(merged, own, named);
    }
    for (const { name, node } of graph.outputs) {
      const named = slots.get(name);
      if (named) join(merged, nodes.get(node)!, named);
    }
  }
  const find = (axis: number | undefined): number | undefined =>
    axis === undefined || merged.isSingle(axis) ? undefined : merged.find(axis);
  return {
    ofSlot: (name, side) => find(slots.get(name)?.[side]),
    ofNode: (node, side) => find(nodes.get(node)?.[side]),
    isFixed: (axis) => merged.isFixed(axis),
  };
}

const graphsOf = (program: Program): readonly Graph[] => [
  program.step,
  program.readout,
  program.stepAdjoint,
  program.readoutAdjoint,
];

function join(merged: Merged, a: readonly [number, number], b: readonly [number, number]): void {
  merged.join(a[0], b[0]);
  merged.join(a[1], b[1]);
}

/** Joins the sides of a node with those of its operands. */
function relate(
  node: Node,
  own: readonly [number, number],
  of: (node: Node) => readonly [number, number],
  merged: Merged,
): void {
  const { operation, operands } = node;
  const sides = operands.map(of);
  switch (operation.op) {
    case 'input':
    case 'constant':
      return;
    case 'matmul': {
      const [a, b] = sides as [readonly [number, number], readonly [number, number]];
      const { transposeA, transposeB } = operation;
      merged.join(own[0], a[transposeA ? 1 : 0]);
      merged.join(own[1], b[transposeB ? 0 : 1]);
      merged.join(a[transposeA ? 0 : 1], b[transposeB ? 1 : 0]);
      return;
    }
    case 'transpose':
      merged.join(own[0], sides[0]![1]);
      merged.join(own[1], sides[0]![0]);
      return;
    case 'sum':
    case 'max':
    case 'logsumexp': {
      const kept = operation.op !== 'logsumexp' && operation.axis === 'rows' ? 1 : 0;
      merged.join(own[kept], sides[0]![kept]);
      return;
    }
    case 'concat':
    case 'slice':
    case 'cumsum':
      for (const side of sides) {
        merged.join(own[1], side[1]);
        merged.fix(side[0]);
      }
      merged.fix(own[0]);
      return;
    default:
      for (const side of sides) join(merged, own, side);
  }
}

/** Sets of axes that turned out to be one (a union-find); sides of length 1 belong to none. */
class Merged {
  private readonly parents: number[] = [];
  private readonly single: boolean[] = [];
  private readonly fixed: boolean[] = [];

  fresh(length: number): number {
    this.single.push(length === 1);
    this.fixed.push(false);
    return this.parents.push(this.parents.length) - 1;
  }

  find(axis: number): number {
    let root = axis;
    while (this.parents[root] !== root) root = this.parents[root]!;
    for (let at = axis; at !== root; ) {
      const next = this.parents[at]!;
      this.parents[at] = root;
      at = next;
    }
    return root;
  }

  join(a: number, b: number): void {
    // What is stretched along an axis does not belong to it.
    if (this.single[a] || this.single[b]) return;
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return;
    this.parents[x] = y;
    this.fixed[y] = this.fixed[x]! || this.fixed[y]!;
  }

  fix(axis: number): void {
    if (!this.single[axis]) this.fixed[this.find(axis)] = true;
  }

  isSingle(axis: number): boolean {
    return this.single[axis]!;
  }

  isFixed(axis: number): boolean {
    return this.fixed[this.find(axis)]!;
  }
}
