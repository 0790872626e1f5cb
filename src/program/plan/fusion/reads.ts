import type { Node } from '../../ir.js';
import type { Kernel } from '../kernels.js';
import type { Flow } from './flow.js';

/** What a kernel reads, and when: of two moments in a kernel, the greater is the later. */
export interface Read {
  readonly node: Node;
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
  const reads: Read[] = [];
  const add = (nodes: readonly Node[], moment: number, rows?: number): void => {
    for (const node of nodes) {
      for (const { node: from, shape } of flow.sources(node)) {
        // What is read across is read for every block of rows again.
        const isAgain = rows !== undefined && shape[0] !== rows;
        reads.push({ node: from, moment: isAgain ? Number.POSITIVE_INFINITY : moment });
      }
    }
  };
  switch (kernel.kind) {
    case 'numbers':
      kernel.nodes.forEach((node, k) => {
        add([node], k);
      });
      break;
    case 'line':
    case 'whole':
      add(computedIn(kernel), 0);
      break;
    case 'sweep':
      for (const [stage, lists] of kernel.stages.entries()) {
        const { elements, rowReductions, columnReductions, rows } = lists;
        for (const nodes of [elements, rowReductions, columnReductions]) {
          add(nodes, 2 * stage, kernel.shape[0]);
        }
        add(rows, 2 * stage + 1);
      }
  }
  return reads;
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
