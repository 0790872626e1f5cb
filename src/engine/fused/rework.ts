import { GraphBuilder } from '../../program/builder.js';
import type { Graph, Node } from '../../program/ir.js';

/** How the inputs and outputs of a graph are called; outputs without a name are left out. */
export interface Renaming {
  input?(name: string): string;
  output?(name: string): string | null;
}

/** The same graph under other names, without the outputs that nobody needs. */
export function renamed(graph: Graph, { input, output }: Renaming): Graph {
  const builder = new GraphBuilder();
  const seen = new Map<Node, Node>();
  for (const node of graph.nodes) {
    const { operation, shape } = node;
    if (operation.op === 'input') {
      seen.set(node, builder.input(input?.(operation.name) ?? operation.name, shape));
    }
  }
  const outputs = graph.outputs.flatMap(({ name, node }) => {
    const own = output ? output(name) : name;
    return own === null ? [] : [{ name: own, node: builder.adopt(node, seen) }];
  });
  return builder.build(graph.name, outputs);
}

/** One graph with the outputs of both, each name once: what they share is computed once. */
export function together(first: Graph, second: Graph): Graph {
  const builder = new GraphBuilder();
  const outputs = new Map<string, Node>();
  for (const graph of [first, second]) {
    const seen = new Map<Node, Node>();
    for (const { name, node } of graph.outputs) {
      if (!outputs.has(name)) outputs.set(name, builder.adopt(node, seen));
    }
  }
  return builder.build(
    first.name,
    [...outputs].map(([name, node]) => ({ name, node })),
  );
}

/**
 * Adds the number `flag`, carried from step to step: it stops being finite as soon as an output of these
 * names is not.
 */
export function watched(graph: Graph, names: readonly string[], flag: string): Graph {
  const builder = new GraphBuilder();
  const seen = new Map<Node, Node>();
  const outputs = graph.outputs.map(({ name, node }) => ({
    name,
    node: builder.adopt(node, seen),
  }));
  // x − x is 0 for finite numbers only.
  const faults = outputs
    .filter(({ name }) => names.includes(name))
    .map(({ node }) => builder.sumTo(builder.subtract(node, node), [1, 1]));
  const before = builder.input(flag, [1, 1]);
  const after = builder.total([before, ...faults]) ?? before;
  return builder.build(graph.name, [...outputs, { name: flag, node: after }]);
}
