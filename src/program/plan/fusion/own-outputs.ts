import type { Graph, Node } from '../../ir.js';
import { isVectorTranspose } from '../kernels.js';

/**
 * The same graph with a node of its own for every output, one that a kernel computes: an output that is
 * an input, a transposed vector or another output as well becomes a copy.
 */
export function ownOutputs(graph: Graph): Graph {
  const nodes = [...graph.nodes];
  let id = nodes.reduce((most, node) => Math.max(most, node.id), -1);
  const taken = new Set<Node>();
  const outputs = graph.outputs.map(({ name, node }) => {
    const isOwn = !taken.has(node) && node.operation.op !== 'input' && !isVectorTranspose(node);
    const own = isOwn ? node : copyOf(node, ++id);
    if (!isOwn) nodes.push(own);
    taken.add(own);
    return { name, node: own };
  });
  return { ...graph, nodes, outputs };
}

function copyOf(node: Node, id: number): Node {
  return { id, operation: { op: 'broadcast' }, operands: [node], shape: node.shape };
}
