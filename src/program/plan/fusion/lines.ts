import type { Node } from '../../ir.js';
import type { Kernel, Line } from '../kernels.js';
import { type Flow, replacements } from './flow.js';
import { type Group, Grouping, isReduction } from './groups.js';
import { computedIn, readIn } from './reads.js';

/** Most operations in one loop over vectors: more would not stay in registers. */
const LONGEST_LINE = 96;

/**
 * Kernels for all that is neither over matrices nor done there, each before the first that needs it: as
 * few loops over vectors, and lists of operations on numbers, as the data flow allows.
 */
export function insertLines(flow: Flow, sweeps: readonly Kernel[]): Kernel[] {
  const ours = new Set(
    flow.items.flatMap(({ node, role, needsSweep }) =>
      needsSweep || role === 'whole' ? [] : [node],
    ),
  );
  for (const kernel of sweeps) for (const node of computedIn(kernel)) ours.delete(node);
  const replaced = replacements(flow.graph);
  const overwritten = new Map(replaced.map(({ node, input }) => [node, input]));
  const overwriting = new Map(replaced.map(({ node, input }) => [input, node]));
  const kernels: Kernel[] = [];
  const compute = (roots: ReadonlySet<Node>): void => {
    const needed = neededFor(flow, roots, ours);
    for (const node of needed) ours.delete(node);
    const groups = new Grouping(flow, needed, roots, { overwritten, overwriting }).groups();
    kernels.push(...groups.flatMap(kernelsOf));
  };
  for (const kernel of sweeps) {
    compute(new Set(readIn(flow, kernel).map(({ node }) => node)));
    kernels.push(kernel);
  }
  compute(new Set(flow.graph.outputs.map(({ node }) => node)));
  return kernels;
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

function kernelsOf({ length, nodes }: Group): Kernel[] {
  if (length === 1) return [{ kind: 'numbers', nodes }];
  const elementwise = nodes.filter((node) => !isReduction(node));
  const reductions = nodes.filter(isReduction);
  const count = Math.max(1, Math.ceil(elementwise.length / LONGEST_LINE));
  const size = Math.ceil(elementwise.length / count);
  return Array.from(
    { length: count },
    (_, k): Line => ({
      kind: 'line',
      length,
      nodes: elementwise.slice(k * size, (k + 1) * size),
      reductions: k === count - 1 ? reductions : [],
    }),
  );
}
