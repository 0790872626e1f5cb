import type { Graph, Node, Output } from '../ir.js';

/** The graph of these outputs, with the inputs that they need and no others. */
export function graphOf(name: string, outputs: readonly Output[]): Graph {
  const nodes = [...nodesUnder(outputs.map(({ node }) => node))].sort((x, y) => x.id - y.id);
  const inputs = nodes.flatMap(({ operation, shape }) =>
    operation.op === 'input' ? [{ name: operation.name, shape }] : [],
  );
  return { name, inputs, nodes, outputs };
}

/** Nodes and all that they are computed from. */
export function nodesUnder(nodes: readonly Node[]): Set<Node> {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (found.has(node)) return;
    found.add(node);
    node.operands.forEach(visit);
  };
  nodes.forEach(visit);
  return found;
}
