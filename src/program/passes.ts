import { GraphBuilder } from './builder.js';
import type { Graph, Node } from './ir.js';

/**
 * Writes sums of outer products as one product of stacked factors:
 * aᵀb + cᵀd becomes [a; c]ᵀ[b; d], so that an engine sweeps the matrix once however many terms a
 * rule has. Only products over few rows (`streams`) are stacked; a product over many is a
 * matrix product in its own right.
 */
export function stackOuterProducts(graph: Graph): Graph {
  const builder = new GraphBuilder();
  const uses = countUses(graph);
  const seen = new Map<Node, Node>();
  const rewrite = (node: Node): Node => {
    const had = seen.get(node);
    if (had) return had;
    const made = isSum(node) ? stackedSum(node) : undefined;
    if (made) seen.set(node, made);
    else for (const operand of node.operands) rewrite(operand);
    return made ?? builder.adopt(node, seen);
  };

  const stackedSum = (node: Node): Node | undefined => {
    const parts = addends(node, uses);
    const outers = parts.filter(isOuter);
    if (outers.length < 2) return undefined;
    const rest = parts.filter((part) => !isOuter(part)).map(rewrite);
    const left = builder.concat(outers.map((outer) => rewrite(outer.operands[0]!)));
    const right = builder.concat(outers.map((outer) => rewrite(outer.operands[1]!)));
    const stacked = builder.matmul(left, right, true, false);
    const remainder = builder.total(rest);
    return remainder ? builder.add(remainder, stacked) : stacked;
  };

  for (const { name, shape } of graph.inputs) builder.input(name, shape);
  const outputs = graph.outputs.map(({ name, node }) => ({ name, node: rewrite(node) }));
  return builder.build(graph.name, outputs);
}

const FEW_ROWS = 8;

function isSum(node: Node): boolean {
  return node.operation.op === 'binary' && node.operation.fn === 'add';
}

function isOuter(node: Node): boolean {
  const { operation, operands } = node;
  return (
    operation.op === 'matmul' &&
    operation.transposeA &&
    !operation.transposeB &&
    operands[0]!.shape[0] <= FEW_ROWS
  );
}

/** The parts of a nested sum of equal shapes; a sum used elsewhere too stays a part. */
function addends(node: Node, uses: ReadonlyMap<Node, number>): Node[] {
  const [rows, columns] = node.shape;
  const parts: Node[] = [];
  const visit = (part: Node, top: boolean): void => {
    const whole = part.shape[0] === rows && part.shape[1] === columns;
    if (isSum(part) && whole && (top || uses.get(part) === 1)) {
      for (const operand of part.operands) visit(operand, false);
    } else parts.push(part);
  };
  visit(node, true);
  return parts;
}

function countUses(graph: Graph): Map<Node, number> {
  const uses = new Map<Node, number>();
  const count = (node: Node): void => void uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const node of graph.nodes) node.operands.forEach(count);
  for (const output of graph.outputs) count(output.node);
  return uses;
}
