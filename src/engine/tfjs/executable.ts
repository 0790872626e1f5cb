import type { Graph, Node } from '../../program/ir.js';
import type { Batched, Kit } from './kit.js';
import { computeOf } from './operations.js';

/** Tensors by name. */
export type Tensors = { readonly [name: string]: Batched };

/** A graph as a list of tensor operations. */
export interface Executable {
  /**
   * Computes the outputs `[batch, rows, columns]` from the inputs, which stay the caller's; the outputs become so.
   * Everything else that is made on the way is disposed as soon as nothing needs it any more.
   */
  run(inputs: Tensors, batch: number): Record<string, Batched>;
  /** The most numbers of one task that are held at a time, inputs not counted. */
  readonly peak: number;
}

interface Instruction {
  readonly slot: number;
  readonly run: (values: readonly Batched[], batch: number) => Batched;
  /** Slots that no later instruction reads. */
  readonly free: readonly number[];
}

export interface CompileOptions {
  /** Dispose nothing on the way: the tape of `tf.grad` may need it. */
  readonly keepAll?: boolean;
}

/** Makes a graph executable; `kit` outlives the executable. */
export function compile(graph: Graph, kit: Kit, options: CompileOptions = {}): Executable {
  const slots = new Map(graph.nodes.map((node, i) => [node, i]));
  const slot = (node: Node): number => slots.get(node)!;
  const isMade = (node: Node): boolean => !isGiven(node);
  const results = new Set(graph.outputs.map(({ node }) => node));

  const lastReader = new Map<Node, Node>();
  for (const node of graph.nodes) {
    for (const operand of node.operands) lastReader.set(operand, node);
  }
  const instructions: Instruction[] = [];
  for (const node of graph.nodes.filter(isMade)) {
    const operands = node.operands.map(slot);
    const compute = computeOf(node, kit);
    const isOver = (operand: Node): boolean =>
      lastReader.get(operand) === node && isMade(operand) && !results.has(operand);
    instructions.push({
      slot: slot(node),
      run: (values, batch) =>
        compute(
          operands.map((i) => values[i]!),
          batch,
        ),
      free: options.keepAll ? [] : [...new Set(node.operands.filter(isOver))].map(slot),
    });
  }
  const given = graph.nodes.filter(isGiven);
  return {
    peak: peakOf(graph, instructions),
    run(inputs, batch) {
      const values: Batched[] = new Array(graph.nodes.length);
      for (const node of given) values[slot(node)] = lent(node, inputs, kit, batch);
      for (const instruction of instructions) {
        values[instruction.slot] = instruction.run(values, batch);
        for (const i of instruction.free) values[i]!.dispose();
      }
      return collect(graph, kit, (node) => values[slot(node)]!);
    },
  };
}

/** Inputs, and numbers stretched or not: tensors that are lent to the graph. */
function isGiven({ operation, operands }: Node): boolean {
  if (operation.op === 'broadcast') return operands[0]!.operation.op === 'constant';
  return operation.op === 'input' || operation.op === 'constant';
}

function lent(node: Node, inputs: Tensors, kit: Kit, batch: number): Batched {
  const { operation, operands, shape } = node;
  if (operation.op === 'input') {
    const tensor = inputs[operation.name];
    if (!tensor) throw new RangeError(`input ${operation.name} is missing`);
    return tensor;
  }
  const number = operation.op === 'constant' ? operation : operands[0]!.operation;
  if (number.op !== 'constant') throw new TypeError('not a constant');
  return kit.filled(number.value, batch, shape[0], shape[1]);
}

/** One tensor of its own for every output, also where it is an input, a constant, or twice the same node. */
function collect(graph: Graph, kit: Kit, value: (node: Node) => Batched): Record<string, Batched> {
  const taken = new Set<Node>();
  const outputs: Record<string, Batched> = {};
  for (const { name, node } of graph.outputs) {
    const isOwn = !isGiven(node) && !taken.has(node);
    outputs[name] = isOwn ? value(node) : kit.tf.clone(value(node));
    taken.add(node);
  }
  return outputs;
}

function peakOf(graph: Graph, instructions: readonly Instruction[]): number {
  const size = graph.nodes.map(({ shape }) => shape[0] * shape[1]);
  let held = 0;
  let peak = 0;
  for (const { slot, free } of instructions) {
    held += size[slot]!;
    peak = Math.max(peak, held);
    for (const i of free) held -= size[i]!;
  }
  return peak;
}
