import type { Graph, Node, Shape } from '../../program/ir.js';
import * as kernels from './kernels.js';

/** A graph with memory laid out: set the inputs, run, read the outputs. */
export interface Evaluation {
  /** Points an input at an array (not copied) of `rows × columns` numbers. Unused inputs are ignored. */
  bind(input: string, values: Float64Array): void;
  run(): void;
  /** The array of an output; overwritten by the next run. */
  output(name: string): Float64Array;
}

type Kernel = () => void;

/** Lays out one array a node and one loop an operation, in the graph's order. */
export function prepareEvaluation(graph: Graph): Evaluation {
  // By the node's number: looked up several times an operation, so not in a map.
  const values: Float64Array[] = [];
  const value = (node: Node): Float64Array => values[node.id]!;
  const inputs = new Map<string, Node>();
  const kernelsInOrder: Kernel[] = [];
  const folded = accumulatedProducts(graph);
  for (const node of graph.nodes) {
    const { operation, shape } = node;
    if (operation.op === 'input') inputs.set(operation.name, node);
    else if (!folded.has(node)) {
      const out = new Float64Array(shape[0] * shape[1]);
      values[node.id] = out;
      if (operation.op === 'constant') out.fill(operation.value);
      else kernelsInOrder.push(kernelOf(node, out, value, folded));
    }
  }
  const outputs = new Map(graph.outputs.map(({ name, node }) => [name, node]));
  return {
    bind(input, array) {
      const node = inputs.get(input);
      if (!node) return;
      const [rows, columns] = node.shape;
      if (array.length !== rows * columns) {
        throw new RangeError(`${input}: ${array.length} numbers for [${rows}, ${columns}]`);
      }
      values[node.id] = array;
    },
    run() {
      for (const kernel of kernelsInOrder) kernel();
    },
    output(name) {
      return value(outputs.get(name)!);
    },
  };
}

/**
 * Matrix products that are only used as an addend: they are added to the other addend in place
 * instead of being written out first.
 */
function accumulatedProducts(graph: Graph): Set<Node> {
  const uses = new Map<Node, number>();
  const used = [
    ...graph.nodes.flatMap((node) => node.operands),
    ...graph.outputs.map(({ node }) => node),
  ];
  for (const node of used) uses.set(node, (uses.get(node) ?? 0) + 1);
  const folded = new Set<Node>();
  for (const { operation, operands, shape } of graph.nodes) {
    if (operation.op !== 'binary' || operation.fn !== 'add') continue;
    const [a, b] = operands as [Node, Node];
    const product = [b, a].find(
      (node) =>
        node.operation.op === 'matmul' && !node.operation.transposeB && uses.get(node) === 1,
    );
    if (product && isWhole(a, shape) && isWhole(b, shape)) folded.add(product);
  }
  return folded;
}

/** The loop of one node. Arrays are looked up at run time, since inputs are bound anew each step. */
function kernelOf(
  node: Node,
  out: Float64Array,
  value: (node: Node) => Float64Array,
  folded: ReadonlySet<Node>,
): Kernel {
  const { operation, operands, shape } = node;
  const [a, b] = operands as [Node, Node];
  switch (operation.op) {
    case 'input':
    case 'constant':
      return () => {};
    case 'unary': {
      const f = kernels.unaryFunctions[operation.fn];
      return () => {
        const from = value(a);
        for (let k = 0; k < out.length; k++) out[k] = f(from[k]!);
      };
    }
    case 'binary':
      return accumulateKernel(node, out, value, folded) ?? binaryKernel(node, out, value);
    case 'matmul': {
      const { transposeA, transposeB } = operation;
      const inner = a.shape[transposeA ? 0 : 1];
      const sizes = [shape[0], inner, shape[1]] as const;
      const form = { sizes, transposeA, transposeB };
      return () => kernels.matmul(out, value(a), value(b), form);
    }
    case 'transpose':
      return () => kernels.transpose(out, value(a), a.shape);
    case 'sum': {
      const sum = operation.axis === 'rows' ? kernels.sumRows : kernels.sumColumns;
      return () => sum(out, value(a), a.shape);
    }
    case 'max': {
      const max = operation.axis === 'rows' ? kernels.maxRows : kernels.maxColumns;
      return () => max(out, value(a), a.shape);
    }
    case 'cumsum':
      return () => kernels.cumsum(out, value(a), a.shape, operation.reverse);
    case 'softmax':
      return () => kernels.softmax(out, value(a), a.shape);
    case 'logsumexp':
      return () => kernels.logsumexp(out, value(a), a.shape);
    case 'concat':
      return () => {
        let at = 0;
        for (const part of operands) {
          out.set(value(part), at);
          at += part.shape[0] * part.shape[1];
        }
      };
    case 'slice': {
      const from = operation.start * shape[1];
      return () => out.set(value(a).subarray(from, from + out.length));
    }
    case 'select':
      return selectKernel(node, out, value);
    case 'broadcast':
      return () => kernels.stretch((x) => x, out, shape, value(a), a.shape, value(a), a.shape);
  }
}

/** out = addend + product, for an addition whose product was folded into it. */
function accumulateKernel(
  node: Node,
  out: Float64Array,
  value: (node: Node) => Float64Array,
  folded: ReadonlySet<Node>,
): Kernel | undefined {
  const product = node.operands.find((operand) => folded.has(operand));
  const addend = node.operands.find((operand) => operand !== product);
  if (!product || !addend || product.operation.op !== 'matmul') return undefined;
  const [a, b] = product.operands as [Node, Node];
  const { transposeA, transposeB } = product.operation;
  const sizes = [node.shape[0], a.shape[transposeA ? 0 : 1], node.shape[1]] as const;
  const form = { sizes, transposeA, transposeB, accumulate: true };
  return () => {
    out.set(value(addend));
    kernels.matmul(out, value(a), value(b), form);
  };
}

function selectKernel(node: Node, out: Float64Array, value: (node: Node) => Float64Array): Kernel {
  const { operands, shape } = node;
  const [mask, a, b] = operands as [Node, Node, Node];
  const everywhere = (): void =>
    kernels.select(out, shape, value(mask), mask.shape, value(a), a.shape, value(b), b.shape);
  if (!isNumber(mask) || !isWhole(a, shape) || !isWhole(b, shape)) return everywhere;
  // A clause: the same for the whole matrix.
  return () => {
    const chosen = value(mask)[0]!;
    if (Number.isNaN(chosen)) out.fill(chosen);
    else out.set(value(chosen === 0 ? b : a));
  };
}

const isNumber = ({ shape }: Node): boolean => shape[0] * shape[1] === 1;

const isWhole = (operand: Node, shape: Shape): boolean =>
  operand.shape[0] === shape[0] && operand.shape[1] === shape[1];

function binaryKernel(node: Node, out: Float64Array, value: (node: Node) => Float64Array): Kernel {
  const { operation, operands, shape } = node;
  const [a, b] = operands as [Node, Node];
  if (operation.op !== 'binary') throw new TypeError('not a binary operation');
  const f = kernels.binaryFunctions[operation.fn];
  if (isWhole(a, shape) && isWhole(b, shape)) {
    const loop = kernels.wholeFunctions[operation.fn];
    if (loop) return () => loop(out, value(a), value(b));
  }
  if (operation.fn === 'multiply' && isNumber(a)) {
    return () => kernels.scale(out, value(a)[0]!, value(b));
  }
  if (operation.fn === 'multiply' && isNumber(b)) {
    return () => kernels.scale(out, value(b)[0]!, value(a));
  }
  return () => kernels.stretch(f, out, shape, value(a), a.shape, value(b), b.shape);
}
