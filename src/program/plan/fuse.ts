import type { Graph, Node } from '../ir.js';
import { type Home, heldBy, isVectorTranspose, type Kernel, type KernelPlan } from './kernels.js';

/** The loops of a canonical graph: as few passes over its matrices as the data flow allows. */
export function fuseGraph(canonical: Graph): KernelPlan {
  const graph = ownOutputs(canonical);
  const held = new Set(graph.outputs.map(({ node }) => node));
  for (const node of graph.nodes) {
    if (isWhole(node)) for (const operand of node.operands) held.add(heldBy(operand));
  }
  const homes = new Map<Node, Home>();
  const kernels: Kernel[] = [];
  for (const node of graph.nodes) {
    const { operation } = node;
    if (operation.op === 'input') {
      homes.set(node, { kind: 'input', name: operation.name });
      continue;
    }
    const kernel = kernelOf(node, held);
    if (!kernel) continue;
    kernels.push(kernel);
    homes.set(node, { kind: 'scratch' });
  }
  const copies = graph.outputs.map(({ name, node }) => ({ from: node, output: name }));
  return { graph, kernels, homes, copies };
}

function kernelOf(node: Node, held: ReadonlySet<Node>): Kernel | undefined {
  const { operation, shape } = node;
  const [rows, columns] = shape;
  const isMatrix = rows > 1 && columns > 1;
  const isNumber = rows === 1 && columns === 1;
  const length = Math.max(rows, columns);
  if (isVectorTranspose(node)) return undefined;
  switch (operation.op) {
    case 'constant':
      return held.has(node) ? { kind: 'numbers', nodes: [node] } : undefined;
    case 'unary':
    case 'binary':
    case 'select':
    case 'broadcast': {
      if (operation.op === 'broadcast' && !held.has(node)) return undefined;
      if (isNumber) return { kind: 'numbers', nodes: [node] };
      if (!isMatrix) return { kind: 'line', length, nodes: [node], reductions: [] };
      const stage = { elements: [node], stores: [node], rows: [] };
      return {
        kind: 'sweep',
        shape,
        stages: [{ ...stage, rowReductions: [], columnReductions: [] }],
      };
    }
    case 'sum':
    case 'max': {
      const from = node.operands[0]!.shape;
      if (from[0] === 1 || from[1] === 1) {
        return { kind: 'line', length: from[0] * from[1], nodes: [], reductions: [node] };
      }
      const [rowReductions, columnReductions] =
        operation.axis === 'columns' ? [[node], []] : [[], [node]];
      const stage = { elements: [], stores: [], rows: [], rowReductions, columnReductions };
      return { kind: 'sweep', shape: from, stages: [stage] };
    }
    default:
      return { kind: 'whole', node };
  }
}

const ELEMENTWISE = new Set(['unary', 'binary', 'select', 'broadcast', 'sum', 'max']);

const isWhole = (node: Node): boolean =>
  !ELEMENTWISE.has(node.operation.op) &&
  node.operation.op !== 'input' &&
  node.operation.op !== 'constant' &&
  !isVectorTranspose(node);

/** The same graph with a node of its own, computed by a kernel, for every output. */
function ownOutputs(graph: Graph): Graph {
  const nodes = [...graph.nodes];
  let id = Math.max(-1, ...nodes.map((node) => node.id));
  const taken = new Set<Node>();
  const outputs = graph.outputs.map(({ name, node }) => {
    const own =
      !taken.has(node) && node.operation.op !== 'input' && !isVectorTranspose(node)
        ? node
        : {
            id: ++id,
            operation: { op: 'broadcast' } as const,
            operands: [node],
            shape: node.shape,
          };
    if (own !== node) nodes.push(own);
    taken.add(own);
    return { name, node: own };
  });
  return { ...graph, nodes, outputs };
}
