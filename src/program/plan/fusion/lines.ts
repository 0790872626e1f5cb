import type { Node } from '../../ir.js';
import type { Kernel, Line, Numbers } from '../kernels.js';
import type { Flow } from './flow.js';
import { lengthOf, rankOf } from './kinds.js';
import { computedIn, readIn } from './reads.js';

/** Most operations in one loop over vectors: more would not stay in registers. */
const LONGEST_LINE = 96;

/**
 * Kernels for all that is neither over matrices nor done there, each before the first that needs it: as
 * few loops over vectors, and lists of operations on numbers, as the data flow allows.
 */
export function insertLines(flow: Flow, sweeps: readonly Kernel[]): Kernel[] {
  const ours = new Set(flow.graph.nodes.filter((node) => isOurs(flow, node)));
  for (const kernel of sweeps) for (const node of computedIn(kernel)) ours.delete(node);
  const kernels: Kernel[] = [];
  const computeAll = (roots: Iterable<Node>): void => {
    const needed = neededFor(flow, roots, ours);
    for (const node of needed) ours.delete(node);
    kernels.push(...grouped(flow, needed));
  };
  for (const kernel of sweeps) {
    computeAll(readIn(flow, kernel).map(({ node }) => node));
    kernels.push(kernel);
  }
  computeAll(flow.graph.outputs.map(({ node }) => node));
  return kernels;
}

function isOurs(flow: Flow, node: Node): boolean {
  const role = flow.role(node);
  if (role === 'elementwise') return rankOf(node.shape) !== 'matrix';
  return role === 'reduction' && rankOf(node.operands[0]!.shape) !== 'matrix';
}

function neededFor(flow: Flow, roots: Iterable<Node>, ours: ReadonlySet<Node>): Set<Node> {
  const needed = new Set<Node>();
  const visit = (node: Node): void => {
    if (needed.has(node) || !ours.has(node)) return;
    for (const source of flow.sources(node)) visit(source.node);
    needed.add(node);
  };
  for (const root of roots) visit(root);
  return needed;
}

/** Groups of operations that can run together: those of one length, as soon as none is missing. */
function grouped(flow: Flow, nodes: ReadonlySet<Node>): Kernel[] {
  const kernels: Kernel[] = [];
  const left = new Set([...nodes].sort((a, b) => a.id - b.id));
  while (left.size > 0) {
    const groups = byLength(left);
    const prospects = [...groups].map(([length, group]) => {
      const ready = readyTogether(flow, group, left);
      return { length, ready, missing: group.length - ready.length };
    });
    const possible = prospects.filter(({ ready }) => ready.length > 0);
    const best =
      possible.find(({ missing }) => missing === 0) ??
      possible.reduce((most, each) => (each.ready.length > most.ready.length ? each : most));
    for (const node of best.ready) left.delete(node);
    kernels.push(...(best.length === 1 ? numbers(best.ready) : lines(best.length, best.ready)));
  }
  return kernels;
}

function byLength(nodes: Iterable<Node>): Map<number, Node[]> {
  const groups = new Map<number, Node[]>();
  for (const node of nodes) {
    const length = lengthAlong(node);
    const group = groups.get(length);
    if (group) group.push(node);
    else groups.set(length, [node]);
  }
  return groups;
}

/** The length of the loop that an operation is in. */
function lengthAlong({ operation, operands, shape }: Node): number {
  const isReduction = operation.op === 'sum' || operation.op === 'max';
  return lengthOf(isReduction ? operands[0]!.shape : shape);
}

/** What of a group needs nothing that is left, other than earlier elementwise operations of the group. */
function readyTogether(flow: Flow, group: readonly Node[], left: ReadonlySet<Node>): Node[] {
  const within = new Set<Node>();
  return group.filter((node) => {
    const isReady = flow
      .sources(node)
      .every((source) => !left.has(source.node) || within.has(source.node));
    if (isReady && flow.role(node) === 'elementwise') within.add(node);
    return isReady;
  });
}

const numbers = (nodes: readonly Node[]): Numbers[] => [{ kind: 'numbers', nodes }];

function lines(length: number, group: readonly Node[]): Line[] {
  const nodes = group.filter(({ operation }) => operation.op !== 'sum' && operation.op !== 'max');
  const reductions = group.filter((node) => !nodes.includes(node));
  const count = Math.max(1, Math.ceil(nodes.length / LONGEST_LINE));
  const size = Math.ceil(nodes.length / count);
  return Array.from({ length: count }, (_, k) => ({
    kind: 'line',
    length,
    nodes: nodes.slice(k * size, (k + 1) * size),
    reductions: k === count - 1 ? reductions : [],
  }));
}
