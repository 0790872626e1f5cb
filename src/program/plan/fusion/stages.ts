import type { Node } from '../../ir.js';
import type { Stage, Sweep } from '../kernels.js';
import type { Draft } from './draft.js';
import type { Flow, Task } from './flow.js';
import { rankOf, sameShape } from './kinds.js';
import { rowsOf } from './sweeps.js';

/**
 * Sweeps in detail: what every stage computes. A matrix that is not needed in memory is computed wherever
 * it is used; but where that takes a costly function more than once, its values are kept.
 */
export function detailSweeps(flow: Flow, drafts: readonly Draft[]): Sweep[] {
  const first = new Detailer(flow, new Set()).sweeps(drafts);
  const uses = new Map<Node, number>();
  for (const { stages } of first) {
    for (const { elements } of stages) {
      for (const node of elements) uses.set(node, (uses.get(node) ?? 0) + 1);
    }
  }
  const kept = [...uses].flatMap(([node, count]) =>
    count > 1 && isCostly(node) && !flow.isStored(node) ? [node] : [],
  );
  return kept.length === 0 ? first : new Detailer(flow, new Set(kept)).sweeps(drafts);
}

const COSTLY = new Set(['exp', 'log', 'tanh', 'sigmoid', 'softplus', 'power']);

/** Costs more to compute than to write down and read again. */
const isCostly = ({ operation }: Node): boolean => 'fn' in operation && COSTLY.has(operation.fn);

class Detailer {
  private readonly flow: Flow;
  private readonly kept: ReadonlySet<Node>;
  private readonly stored = new Set<Node>();

  constructor(flow: Flow, kept: ReadonlySet<Node>) {
    this.flow = flow;
    this.kept = kept;
  }

  sweeps(drafts: readonly Draft[]): Sweep[] {
    return drafts.map((draft) => {
      const rows = [...rowsOf(this.flow, draft)].sort((a, b) => a.id - b.id);
      const last = Math.max(...draft.tasks.values());
      const stages = Array.from({ length: last + 1 }, (_, stage) => {
        const tasks = [...draft.tasks].flatMap(([task, at]) => (at === stage ? [task] : []));
        const known = rows.filter((node) => draft.rows.get(node) === stage);
        return this.stage(tasks, known, draft);
      });
      return { kind: 'sweep', shape: draft.shape, stages };
    });
  }

  private stage(tasks: readonly Task[], rows: readonly Node[], { shape }: Draft): Stage {
    const elements = new Set<Node>();
    const stores = tasks.flatMap(({ kind, node }) => (kind === 'store' ? [node] : []));
    const visit = (node: Node): void => {
      const isExpression =
        this.flow.role(node) === 'elementwise' &&
        rankOf(node.shape) === 'matrix' &&
        sameShape(node.shape, shape);
      if (!isExpression || elements.has(node) || this.stored.has(node)) return;
      for (const source of this.flow.sources(node)) visit(source.node);
      elements.add(node);
      if (this.kept.has(node) && !stores.includes(node)) stores.push(node);
    };
    for (const { kind, node, matrix } of tasks) visit(kind === 'store' ? node : matrix.node);
    for (const node of stores) this.stored.add(node);
    const of = (kind: Task['kind']): Node[] =>
      tasks.flatMap((task) => (task.kind === kind ? [task.node] : []));
    return {
      elements: [...elements],
      stores,
      rowReductions: of('row'),
      columnReductions: of('column'),
      rows,
    };
  }
}
