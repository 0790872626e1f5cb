import type { Node, Shape } from '../../ir.js';
import type { Kernel } from '../kernels.js';
import type { Flow } from './flow.js';

/** What a kernel reads, and when: of two moments in a kernel, the greater is the later. */
export interface Read {
  readonly node: Node;
  readonly shape: Shape;
  readonly moment: number;
}

/** All nodes that a kernel computes. */
export function computedIn(kernel: Kernel): readonly Node[] {
  switch (kernel.kind) {
    case 'numbers':
      return kernel.nodes;
    case 'line':
      return [...kernel.nodes, ...kernel.reductions];
    case 'whole':
      return [kernel.node];
    case 'sweep':
      return kernel.stages.flatMap(({ elements, rowReductions, columnReductions, rows }) => [
        ...elements,
        ...rowReductions,
        ...columnReductions,
        ...rows,
      ]);
  }
}

/** All operands of what a kernel computes, also those that it computes itself. */
export function readIn(flow: Flow, kernel: Kernel): Read[] {
  const of = (nodes: readonly Node[], moment: number): Read[] =>
    nodes.flatMap((node) => flow.sources(node).map((source) => ({ ...source, moment })));
  switch (kernel.kind) {
    case 'numbers':
      return kernel.nodes.flatMap((node, k) => of([node], k));
    case 'line':
    case 'whole':
      return of(computedIn(kernel), 0);
    case 'sweep': {
      const [m] = kernel.shape;
      return kernel.stages.flatMap(({ elements, rowReductions, columnReductions, rows }, stage) => [
        // What is read across is read for every block of rows again.
        ...of([...elements, ...rowReductions, ...columnReductions], 2 * stage).map((read) =>
          read.shape[0] === m ? read : { ...read, moment: Number.POSITIVE_INFINITY },
        ),
        ...of(rows, 2 * stage + 1),
      ]);
    }
  }
}

/** The last moment of a kernel at which what a node overwrites may be read. */
export function writtenIn(kernel: Kernel, node: Node): number {
  switch (kernel.kind) {
    case 'numbers':
      return kernel.nodes.indexOf(node);
    case 'line':
      return 0;
    case 'whole':
      return -1;
    case 'sweep': {
      for (const [stage, { stores, rowReductions, rows }] of kernel.stages.entries()) {
        if (stores.includes(node)) return 2 * stage;
        if (rowReductions.includes(node)) return 2 * stage - 1;
        if (rows.includes(node)) return 2 * stage + 1;
      }
      // Sums over rows are gathered from the beginning.
      return -1;
    }
  }
}
