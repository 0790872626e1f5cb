import type { Node, Shape } from '../../ir.js';
import type { Family, Flow, Item, Task } from './flow.js';
import { lengthOf, sameShape } from './kinds.js';
import { isByRow } from './levels.js';
import type { Progress } from './progress.js';

/** A sweep as it could take place now: which task in which stage. */
export interface Draft {
  readonly shape: Shape;
  readonly tasks: ReadonlyMap<Task, number>;
  /** The stage after whose loop a vector is known row by row. */
  readonly rows: ReadonlyMap<Node, number>;
}

/** What of a shape a sweep may know row by row, or has to compute. */
export type Material = readonly Item[];

export function materialOf(flow: Flow, shape: Shape): Material {
  return flow.items.filter(({ node, role, rank }) => {
    if (role === 'whole') return false;
    if (role === 'reduction') return sameShape(node.operands[0]!.shape, shape);
    const isRows = rank === 'vector' && lengthOf(node.shape) === shape[0];
    return isRows || sameShape(node.shape, shape);
  });
}

export const NEVER = Number.POSITIVE_INFINITY;

/** The sweep over some families of one shape that takes along all that is ready. */
export function draftOf(
  material: Material,
  flow: Flow,
  families: ReadonlySet<Family>,
  shape: Shape,
  progress: Progress,
): Draft {
  const candidates = new Map<Node, Task>();
  const stores: Task[] = [];
  for (const family of [...families, ...flow.loose]) {
    if (!sameShape(family.shape, shape)) continue;
    for (const task of family.tasks) {
      if (task.kind === 'store') stores.push(task);
      else candidates.set(task.node, task);
    }
  }
  const tasks = new Map<Task, number>();
  const rows = new Map<Node, number>();
  /** The first stage that can compute a matrix. */
  const first = new Map<Node, number>();
  const stageFor = (node: Node, seen: Shape): number => {
    if (progress.isDone(node)) return 0;
    if (!isByRow(seen, shape)) return NEVER;
    return seen[1] === 1 ? (rows.get(node) ?? NEVER) + 1 : (first.get(node) ?? NEVER);
  };
  for (const { node, role, rank, sources } of material) {
    if (progress.isDone(node)) continue;
    const task = candidates.get(node);
    if (task) {
      const stage = stageFor(task.matrix.node, task.matrix.shape);
      if (stage === NEVER) continue;
      tasks.set(task, stage);
      if (task.kind === 'row') rows.set(node, stage);
    } else if (role === 'elementwise') {
      if (rank === 'matrix') {
        first.set(
          node,
          sources.reduce((most, source) => Math.max(most, stageFor(source.node, source.shape)), 0),
        );
      } else {
        const known = sources.map((source) =>
          progress.isDone(source.node) ? 0 : (rows.get(source.node) ?? NEVER),
        );
        rows.set(node, Math.max(0, ...known));
      }
    }
  }
  for (const store of stores) {
    const stage = first.get(store.node) ?? NEVER;
    if (stage !== NEVER) tasks.set(store, stage);
  }
  postpone(tasks, stores, progress);
  return { shape, tasks, rows };
}

/** Stores in place go to the stage of the last that reads what they overwrite, or not into this sweep. */
function postpone(tasks: Map<Task, number>, stores: readonly Task[], progress: Progress): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const store of stores) {
      const stage = tasks.get(store);
      if (stage === undefined) continue;
      const last = Math.max(
        stage,
        ...store.after.map((reader) => {
          if (!('kind' in reader)) return progress.isDone(reader) ? 0 : NEVER;
          return progress.isFinished(reader) ? 0 : (tasks.get(reader) ?? NEVER);
        }),
      );
      if (last === stage) continue;
      changed = true;
      if (last === NEVER) tasks.delete(store);
      else tasks.set(store, last);
    }
  }
}
