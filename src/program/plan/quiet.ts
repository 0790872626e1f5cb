import { isConstant } from '../builder.js';
import type { Graph, Node, Program } from '../ir.js';
import { fuseGraph } from './fuse.js';
import type { KernelPlan } from './kernels.js';
import { matricesOf } from './matrices.js';
import { rewriteGraph } from './rewrite.js';

/**
 * Step inputs that are 1 in a few steps only and 0 in the others: events, `every n steps`, the first step.
 * Where all of them are 0 a step is *quiet*.
 */
export function momentarySlots({ schedule }: Program): string[] {
  return schedule.flatMap(({ slot, when }) =>
    when.kind === 'event' || when.kind === 'every' || when.kind === 'first' ? [slot] : [],
  );
}

/**
 * The graph where some inputs are 0: what they gate is gone, all else is computed as before. What one of
 * them multiplies stays unless it is an input or a sum of inputs: it might be infinite, and the product NaN.
 */
function quietGraph(graph: Graph, slots: readonly string[]): Graph {
  const names = new Set(slots);
  return rewriteGraph(graph, (b, { operation, operands, shape }, made) => {
    const isZero = (k: number): boolean => isConstant(made[k]!, 0);
    switch (operation.op) {
      case 'input':
        return names.has(operation.name) ? b.constant(0) : undefined;
      case 'transpose':
        return isZero(0) ? b.constant(0, shape) : undefined;
      case 'matmul':
        return isZero(0) || isZero(1) ? b.constant(0, shape) : undefined;
      case 'binary':
        if (operation.fn === 'multiply') {
          const k = [0, 1].find((each) => isZero(each) && !isTame(made[1 - each]!));
          const factor = k === undefined ? undefined : operands[k]!;
          if (!factor || isConstant(factor, 0) || hasSelect(factor)) return undefined;
          return b.multiply(b.adopt(factor, new Map()), made[1 - k!]!);
        }
        // x − x asks whether a result is finite: what a step leaves alone was looked at before.
        return operation.fn === 'subtract' &&
          operands[0] === operands[1] &&
          operands[0]!.operation.op !== 'input' &&
          made[0]!.operation.op === 'input'
          ? b.constant(0, shape)
          : undefined;
      default:
        return undefined;
    }
  });
}

const TAME = new Set<string>(['add', 'subtract', 'minimum', 'maximum']);

/** Whether it is finite as long as inputs are. */
function isTame({ operation, operands }: Node): boolean {
  switch (operation.op) {
    case 'input':
    case 'constant':
      return true;
    case 'broadcast':
    case 'transpose':
      return operands.every(isTame);
    case 'binary':
      return TAME.has(operation.fn) && operands.every(isTame);
    default:
      return false;
  }
}

const hasSelect = (node: Node): boolean =>
  nodesBelow(node).some(({ operation }) => operation.op === 'select');

/** Whether a matrix stays what it is in quiet steps. */
export function isQuietly(node: Node, input: Node, slots: readonly string[]): boolean {
  if (slots.length === 0 || input.operation.op !== 'input') return false;
  const { name } = input.operation;
  const graph = {
    name,
    inputs: [],
    nodes: nodesBelow(node),
    outputs: [{ name, node }],
  };
  const { operation } = quietGraph(graph, slots).outputs[0]!.node;
  return operation.op === 'input' && operation.name === name;
}

/** The kernels of quiet steps, of a canonical graph; undefined where they go over matrices as much as others. */
export function quietKernels(
  canonical: Graph,
  all: KernelPlan,
  slots: readonly string[],
  ready: (graph: Graph) => Graph,
): KernelPlan | undefined {
  if (slots.length === 0) return undefined;
  const plan = fuseGraph(ready(quietGraph(canonical, slots)));
  return trafficOf(plan) <= MOST_OF_TRAFFIC * trafficOf(all) ? plan : undefined;
}

const MOST_OF_TRAFFIC = 0.8;

/** Numbers of matrices that sweeps read and write. */
function trafficOf(plan: KernelPlan): number {
  return plan.kernels.reduce((sum, kernel) => {
    if (kernel.kind !== 'sweep') return sum;
    const { read, written } = matricesOf(plan, kernel);
    return sum + (read.size + written.size) * kernel.shape[0] * kernel.shape[1];
  }, 0);
}

/** With all that it is made of, operands first. */
function nodesBelow(node: Node): Node[] {
  const seen = new Set<Node>();
  const visit = (each: Node): void => {
    if (seen.has(each)) return;
    for (const operand of each.operands) visit(operand);
    seen.add(each);
  };
  visit(node);
  return [...seen];
}
