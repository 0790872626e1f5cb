import type { GraphBuilder } from '../builder.js';
import type { Graph, Node } from '../ir.js';
import { remake, rewriteGraph } from './rewrite.js';

/** Parts up to which rows are taken apart: more are better off as a matrix. */
const FEW_PARTS = 8;

/**
 * Takes apart what was put under one another: what is computed from a `concat` row by row is computed
 * from its parts, a product over stacked rows (`[a; c]ᵀ[b; d]`) is a sum of products, and a `slice` is
 * the part it takes. A `concat` stays only where a whole is needed: in an output, or in an operation
 * that mixes rows.
 */
export function unstack(graph: Graph): Graph {
  return rewriteGraph(graph, (b, node, operands) => {
    const { operation } = node;
    if (operation.op === 'slice') return rowsOf(b, operands[0]!, operation.start, node.shape[0]);
    if (operation.op === 'concat') return b.concat(operands.flatMap(partsOf));
    if (!operands.some(isStacked)) return undefined;
    return apart(b, node, operands);
  });
}

const isStacked = ({ operation }: Node): boolean => operation.op === 'concat';

const partsOf = (node: Node): readonly Node[] => (isStacked(node) ? node.operands : [node]);

/** The node made of the parts of its operands; undefined where that cannot be or is no gain. */
function apart(b: GraphBuilder, node: Node, operands: readonly Node[]): Node | undefined {
  const { operation, shape } = node;
  const [first, second] = operands as [Node, Node];
  switch (operation.op) {
    case 'unary':
    case 'binary':
    case 'select':
      return rowByRow(b, node, operands);
    case 'matmul': {
      const { transposeA, transposeB } = operation;
      if (transposeA && !transposeB) {
        const cuts = commonCuts([first, second]);
        if (!cuts) return undefined;
        return b.total(
          cuts.map(([start, count]) =>
            b.matmul(rowsOf(b, first, start, count), rowsOf(b, second, start, count), true, false),
          ),
        );
      }
      if (transposeA || !isStacked(first) || !isFew(first)) return undefined;
      return b.concat(first.operands.map((part) => b.matmul(part, second, false, transposeB)));
    }
    case 'sum':
    case 'max': {
      const { axis, op } = operation;
      if (!isFew(first)) return undefined;
      const reduced = first.operands.map((part) => b[op](part, axis));
      if (axis === 'columns') return b.concat(reduced);
      return reduced.reduce((x, y) => b.binary(op === 'sum' ? 'add' : 'maximum', x, y));
    }
    case 'softmax':
    case 'logsumexp': {
      const { op } = operation;
      return isFew(first) ? b.concat(first.operands.map((part) => b[op](part))) : undefined;
    }
    case 'broadcast': {
      if (shape[0] !== first.shape[0] || !isFew(first)) return undefined;
      const parts = first.operands.map((part) => b.broadcast(part, [part.shape[0], shape[1]]));
      return b.concat(parts);
    }
    default:
      return undefined;
  }
}

const isFew = (node: Node): boolean => node.operands.length <= FEW_PARTS;

function rowByRow(b: GraphBuilder, node: Node, operands: readonly Node[]): Node | undefined {
  const whole = operands.filter(({ shape }) => shape[0] === node.shape[0]);
  const cuts = commonCuts(whole);
  if (!cuts) return undefined;
  return b.concat(
    cuts.map(([start, count]) => {
      const parts = operands.map((operand) =>
        operand.shape[0] === 1 ? operand : rowsOf(b, operand, start, count),
      );
      return b.broadcast(remake(b, { ...node, shape: [count, node.shape[1]] }, parts), [
        count,
        node.shape[1],
      ]);
    }),
  );
}

/** Where all are cut: start and number of rows of each part; undefined for too many. */
function commonCuts(nodes: readonly Node[]): (readonly [number, number])[] | undefined {
  const starts = new Set<number>([0]);
  const rows = nodes[0]!.shape[0];
  for (const node of nodes) {
    let at = 0;
    for (const part of partsOf(node)) {
      starts.add(at);
      at += part.shape[0];
    }
  }
  if (starts.size > FEW_PARTS) return undefined;
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
    case 'select': {
      const part = remake(b, node, operands.map(here));
      return b.broadcast(part, [count, columns]);
    }
    case 'broadcast':
      return b.broadcast(here(operands[0]!), [count, columns]);
    default:
      return b.slice(node, start, count);
  }
}
