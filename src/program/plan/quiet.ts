import { isConstant } from '../builder.js';
import type { Graph, Node, Output, Program } from '../ir.js';
import { fuseGraph } from './fuse.js';
import { graphOf, nodesUnder } from './graph-of.js';
import type { KernelPlan } from './kernels.js';
import { matricesOf } from './matrices.js';
import { rewriteGraph } from './rewrite.js';
import { isMatrix } from './vectors.js';

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
  [...nodesUnder([node])].some(({ operation }) => operation.op === 'select');

/** Names of the matrices among the results of a step that quiet steps leave as they are. */
export function keptQuietly(results: readonly Output[], slots: readonly string[]): Set<string> {
  const matrices = slots.length === 0 ? [] : results.filter(({ node }) => isMatrix(node));
  if (matrices.length === 0) return new Set();
  const { outputs } = quietGraph(graphOf('what quiet steps keep', matrices), slots);
  const kept = outputs.filter(
    ({ name, node: { operation } }) => operation.op === 'input' && operation.name === name,
  );
  return new Set(kept.map(({ name }) => name));
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
