import type { Node } from '../../ir.js';
import type { Home, Kernel, KernelPlan } from '../kernels.js';
import { type Flow, replacements } from './flow.js';
import { rankOf } from './kinds.js';
import { computedIn, readIn, writtenIn } from './reads.js';

/** Memory for what outlives its kernel, outputs in place wherever nothing is overwritten too early. */
export function settle(flow: Flow, kernels: readonly Kernel[]): Omit<KernelPlan, 'graph'> {
  const homes = new Map<Node, Home>();
  for (const node of flow.graph.nodes) {
    const { operation } = node;
    if (operation.op === 'input') homes.set(node, { kind: 'input', name: operation.name });
  }
  for (const node of storedNodes(flow, kernels)) homes.set(node, { kind: 'scratch' });
  const replaced = new Map(replacements(flow.graph).map(({ node, input }) => [node, input]));
  const lastReads = lastReadsOf(flow, kernels, new Set(replaced.values()));
  const places = new Map<Node, number>();
  for (const [index, kernel] of kernels.entries()) {
    // A matrix may be computed in several kernels; it is written down in one.
    const stored =
      kernel.kind === 'sweep' ? new Set(kernel.stages.flatMap(({ stores }) => stores)) : undefined;
    for (const node of computedIn(kernel)) {
      if (rankOf(node.shape) !== 'matrix' || !stored || stored.has(node)) places.set(node, index);
    }
  }
  const copies: { from: Node; output: string }[] = [];
  for (const { name, node } of flow.graph.outputs) {
    const input = replaced.get(node);
    const last = input && lastReads.get(input);
    const index = places.get(node)!;
    const isFree =
      !last ||
      last.kernel < index ||
      (last.kernel === index && last.moment <= writtenIn(kernels[index]!, node));
    if (isFree) homes.set(node, { kind: 'output', name });
    else copies.push({ from: node, output: name });
  }
  return { kernels, homes, copies };
}

function storedNodes(flow: Flow, kernels: readonly Kernel[]): Set<Node> {
  const stored = new Set<Node>();
  for (const kernel of kernels) {
    const computed = new Set(computedIn(kernel));
    for (const node of computed) if (flow.held.has(node)) stored.add(node);
    for (const { node } of readIn(flow, kernel)) {
      const isThere = flow.role(node) === 'given' || computed.has(node);
      if (!isThere) stored.add(node);
    }
    if (kernel.kind === 'line') for (const node of kernel.reductions) stored.add(node);
    if (kernel.kind === 'whole') stored.add(kernel.node);
    if (kernel.kind === 'sweep') {
      for (const { stores, columnReductions } of kernel.stages) {
        for (const node of [...stores, ...columnReductions]) stored.add(node);
      }
    }
  }
  return stored;
}

interface Moment {
  readonly kernel: number;
  readonly moment: number;
}

function lastReadsOf(flow: Flow, kernels: readonly Kernel[], inputs: ReadonlySet<Node>) {
  const last = new Map<Node, Moment>();
  for (const [index, kernel] of kernels.entries()) {
    for (const { node, moment } of readIn(flow, kernel)) {
      if (!inputs.has(node)) continue;
      const before = last.get(node);
      const isLater = !before || before.kernel < index || before.moment < moment;
      if (isLater) last.set(node, { kernel: index, moment });
    }
  }
  return last;
}
