import type { Node, Shape } from '../../ir.js';
import type { Family, Flow, Task } from './flow.js';
import { lengthOf, sameShape } from './kinds.js';
import type { Progress } from './progress.js';

/**
 * The tasks of a family that could go into its next sweep if all else were done that does not need that
 * very sweep.
 *
 * The level of a task is the number of sweeps of this family that must come before the one it is in. What
 * a sweep knows row by row (sums over columns, and what is computed elementwise from them) may be used in
 * the same sweep, row by row; everything else after it.
 */
export function nextTasks(flow: Flow, family: Family, progress: Progress): Set<Task> {
  const [m] = family.shape;
  const tasks = new Map<Node, Task>();
  for (const task of family.tasks) if (task.kind !== 'store') tasks.set(task.node, task);
  const stores = new Map<Node, Task>();
  for (const task of family.tasks) if (task.kind === 'store') stores.set(task.node, task);
  /** Sweeps before a value is known everywhere, and before it is known row by row. */
  const after = new Int32Array(progress.size);
  const within = new Int32Array(progress.size);
  const level = (node: Node, shape: Shape): number =>
    (isByRow(shape, family.shape) ? within : after)[node.id]!;
  const levels = new Map<Task, number>();
  for (const { node, role, rank, sources } of flow.items) {
    if (progress.isDone(node)) continue;
    let all = 0;
    for (const source of sources) all = Math.max(all, after[source.node.id]!);
    after[node.id] = all;
    within[node.id] = all;
    const task = tasks.get(node);
    if (task) {
      const { matrix } = task;
      const at = level(matrix.node, matrix.shape);
      levels.set(task, at);
      within[node.id] = task.kind === 'row' ? at : at + 1;
      after[node.id] = at + 1;
    } else if (role === 'elementwise') {
      const isRows = rank !== 'matrix' && lengthOf(node.shape) === m;
      if (isRows || sameShape(node.shape, family.shape)) {
        let rows = 0;
        for (const source of sources) {
          const isAlong = isRows && lengthOf(source.shape) === m;
          const at = isAlong ? within[source.node.id]! : level(source.node, source.shape);
          rows = Math.max(rows, at);
        }
        within[node.id] = rows;
      }
    } else if (role === 'whole') {
      for (const source of sources) {
        if (!stores.has(source.node)) continue;
        after[node.id] = Math.max(after[node.id]!, within[source.node.id]! + 1);
      }
      within[node.id] = after[node.id]!;
    }
  }
  for (const [node, store] of stores) {
    let at = within[node.id]!;
    for (const reader of store.after) {
      if ('kind' in reader) at = Math.max(at, levels.get(reader) ?? within[reader.node.id]!);
      else at = Math.max(at, after[reader.id]!);
    }
    levels.set(store, at);
  }
  return new Set([...levels].flatMap(([task, at]) => (at === 0 ? [task] : [])));
}

/** Whether an operand of a sweep is read where its own row is at hand: a matrix, or a number each row. */
export const isByRow = (shape: Shape, [m, n]: Shape): boolean =>
  shape[0] === m && (shape[1] === 1 || shape[1] === n);
