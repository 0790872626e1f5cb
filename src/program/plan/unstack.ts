import type { GraphBuilder } from '../builder.js';
import type { Graph, Node } from '../ir.js';
import { remake, rewriteGraph } from './rewrite.js';

/** Parts of several rows each up to which a value is taken apart, and rows up to which it is. */
const FEW_PARTS = 8;
const FEW_ROWS = 64;
/** Rows of a factor up to which a product is made row by row, in one sweep over the other factor … */
const FEW_FACTOR_ROWS = 8;
/** … if that has so many rows and columns. */
const LARGE_SIDE = 16;

/**
 * Takes apart what was put under one another: what is computed from a `concat` row by row is computed
 * from its parts, a product over stacked rows (`[a; c]ᵀ[b; d]`) is a sum of products, and a `slice` is
 * the part it takes. A `concat` stays only where a whole is needed: in an output, or in an operation
 * that mixes rows. A product of few rows with a large matrix is one of vectors with it, row by row;
 * sets of many rows stay together.
 */
export function unstack(graph: Graph): Graph {
  if (!graph.nodes.some(isOfRows)) return graph;
  return rewriteGraph(graph, (b, node, operands) => {
    const { operation } = node;
    if (operation.op === 'slice') return rowsOf(b, operands[0]!, operation.start, node.shape[0]);
    if (operation.op === 'concat') return b.concat(operands.flatMap(partsOf));
    if (operation.op === 'matmul') return productApart(b, node, operands);
    return operands.some(isStacked) ? apart(b, node, operands) : undefined;
  });
}

/** Whether a node puts rows together, takes some, or multiplies few. */
function isOfRows({ operation, operands, shape }: Node): boolean {
  if (operation.op !== 'matmul') return operation.op === 'concat' || operation.op === 'slice';
  const [A, B] = operands as [Node, Node];
  return isFew(A.shape[0], operation.transposeA ? shape : B.shape);
}

const isFew = (rows: number, [one, other]: readonly [number, number]): boolean =>
  rows > 1 && rows <= FEW_FACTOR_ROWS && Math.min(one, other) >= LARGE_SIDE;

/** Rows under one another; not numbers put together to a column. */
function isStacked({ operation, operands, shape }: Node): boolean {
  if (operation.op !== 'concat') return false;
  const areRows = operands.every((part) => part.shape[0] === 1);
  return areRows ? shape[0] <= FEW_ROWS : shape[1] > 1 && operands.length <= FEW_PARTS;
}

const partsOf = (node: Node): readonly Node[] =>
  node.operation.op === 'concat' ? node.operands : [node];

/** The node made of the parts of its operands; undefined where that cannot be. */
function apart(b: GraphBuilder, node: Node, operands: readonly Node[]): Node | undefined {
  const { operation, shape } = node;
  const [first] = operands as [Node];
  switch (operation.op) {
    case 'unary':
    case 'binary':
    case 'select':
      return rowByRow(b, node, operands);
    case 'sum':
    case 'max': {
      const { axis, op } = operation;
      const reduced = first.operands.map((part) => b[op](part, axis));
      if (axis === 'columns') return b.concat(reduced);
      return reduced.reduce((x, y) => b.binary(op === 'sum' ? 'add' : 'maximum', x, y));
    }
    case 'softmax':
    case 'logsumexp':
      return b.concat(first.operands.map((part) => b[operation.op](part)));
    case 'broadcast':
      if (shape[0] !== first.shape[0]) return undefined;
      return b.concat(first.operands.map((part) => b.broadcast(part, [part.shape[0], shape[1]])));
    default:
      return undefined;
  }
}

/** A product of stacked rows, or of few. */
function productApart(
  b: GraphBuilder,
  { operation, shape }: Node,
  operands: readonly Node[],
): Node | undefined {
  if (operation.op !== 'matmul') return undefined;
  const { transposeA, transposeB } = operation;
  const [A, B] = operands as [Node, Node];
  if (transposeA) {
    if (transposeB) return undefined;
    const stacked = [A, B].filter(isStacked);
    const cuts = isFew(A.shape[0], shape)
      ? rowsApart(A)
      : stacked.length > 0 && commonCuts(stacked);
    if (!cuts) return undefined;
    const factors = cuts.map((cut) => [A, B].map((factor) => rowsOf(b, factor, ...cut)));
    return b.total(factors.map(([left, right]) => b.matmul(left!, right!, true, false)));
  }
  const cuts = isFew(A.shape[0], B.shape) ? rowsApart(A) : isStacked(A) && commonCuts([A]);
  if (!cuts) return undefined;
  return b.concat(cuts.map((cut) => b.matmul(rowsOf(b, A, ...cut), B, false, transposeB)));
}

function rowByRow(b: GraphBuilder, node: Node, operands: readonly Node[]): Node | undefined {
  const columns = node.shape[1];
  const stacked = operands.filter(isStacked);
  // A vector of numbers is one loop, unless all of it is there number by number.
  if (columns > 1 && stacked.every(({ shape }) => shape[1] === 1)) return undefined;
  return b.concat(
    commonCuts(stacked).map((cut) => {
      const parts = operands.map((operand) =>
        operand.shape[0] === 1 ? operand : rowsOf(b, operand, ...cut),
      );
      return b.broadcast(remake(b, node, parts), [cut[1], columns]);
    }),
  );
}

/** First row and number of rows. */
type Cut = readonly [start: number, count: number];

const rowsApart = (node: Node): Cut[] =>
  Array.from({ length: node.shape[0] }, (_, row) => [row, 1] as const);

/** The parts of all of them. */
function commonCuts(stacked: readonly Node[]): Cut[] {
  const starts = new Set<number>();
  const rows = stacked[0]!.shape[0];
  for (const { operands } of stacked) {
    let at = 0;
    for (const part of operands) {
      starts.add(at);
      at += part.shape[0];
    }
  }
  const sorted = [...starts].sort((x, y) => x - y);
  return sorted.map((start, i) => [start, (sorted[i + 1] ?? rows) - start] as const);
}

/** Rows of a value, computed without the others where that is no more work. */
function rowsOf(b: GraphBuilder, node: Node, start: number, count: number): Node {
  if (start === 0 && count === node.shape[0]) return node;
  const { operation, operands } = node;
  const here = (operand: Node): Node =>
    operand.shape[0] === 1 ? operand : rowsOf(b, operand, start, count);
  const columns = node.shape[1];
  switch (operation.op) {
    case 'concat': {
      const taken: Node[] = [];
      let at = 0;
      for (const part of operands) {
        const [from, to] = [Math.max(start, at), Math.min(start + count, at + part.shape[0])];
        if (from < to) taken.push(rowsOf(b, part, from - at, to - from));
        at += part.shape[0];
      }
      return b.concat(taken);
    }
    case 'slice':
      return rowsOf(b, operands[0]!, operation.start + start, count);
    case 'unary':
    case 'binary':
    case 'select':
      return b.broadcast(remake(b, node, operands.map(here)), [count, columns]);
    case 'broadcast':
      return b.broadcast(here(operands[0]!), [count, columns]);
    default:
      return b.slice(node, start, count);
  }
}
