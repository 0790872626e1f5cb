import type { Node, Shape } from '../../ir.js';
import { type Draft, draftOf, type Material, materialOf, NEVER } from './draft.js';
import type { Family, Flow, Task } from './flow.js';
import { sameShape } from './kinds.js';
import { nextTasks } from './levels.js';
import { Progress } from './progress.js';

/** What goes over matrices, in order: sweeps, and operations on whole arrays. */
export type Step = Draft | Node;

/**
 * As few sweeps over every matrix as the data flow allows: a family is swept when all that could go into
 * its next sweep is ready. Where families wait for each other, one of the smallest goes ahead.
 */
export function scheduleSweeps(flow: Flow): Step[] {
  return new Scheduler(flow).steps();
}

/** A family, and what could be swept now. */
interface Prospect {
  readonly family: Family;
  readonly draft: Draft;
}

class Scheduler {
  private readonly flow: Flow;
  private readonly progress: Progress;
  private readonly materials: { readonly shape: Shape; readonly material: Material }[] = [];
  private readonly next = new Map<Family, Set<Task>>();

  constructor(flow: Flow) {
    this.flow = flow;
    this.progress = new Progress(flow);
  }

  steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      steps.push(...this.progress.goOn());
      if (this.progress.isOver) return steps;
      const draft = this.choose();
      steps.push(draft);
      this.carryOut(draft);
    }
  }

  private choose(): Draft {
    const possible: Prospect[] = [];
    for (const family of this.flow.families) {
      if (!this.isOpen(family)) continue;
      const prospect = this.prospect(family);
      if (prospect.draft.tasks.size === 0) continue;
      if (this.missing(prospect).length === 0) return this.widened(prospect);
      possible.push(prospect);
    }
    // What needs a second matrix may go along with that one instead.
    const ready = possible.find((prospect) =>
      this.missing(prospect).every(({ families }) => families.size > 1),
    );
    if (ready) return this.widened(ready);
    // What reads no matrix goes along with what does, unless others wait for it.
    const loose = this.flow.loose.map((family) => this.prospect(family));
    possible.push(...loose.filter(({ draft }) => draft.tasks.size > 0));
    return possible.length > 0 ? this.smallest(possible).draft : this.giveWay();
  }

  /** Whether a sweep over matrices of its shape has anything left to do. */
  private isOpen({ tasks, shape }: Family): boolean {
    if (tasks.size > 0) return true;
    return this.flow.loose.some((loose) => loose.tasks.size > 0 && sameShape(loose.shape, shape));
  }

  private prospect(family: Family): Prospect {
    return { family, draft: this.draft(new Set([family]), family.shape) };
  }

  /** What a sweep now would be too early for. */
  private missing({ family, draft }: Prospect): Task[] {
    // Nothing can be missing where all goes along.
    if ([...family.tasks].every((task) => draft.tasks.has(task))) return [];
    return [...this.nextOf(family)].filter((task) => !draft.tasks.has(task));
  }

  private draft(families: ReadonlySet<Family>, shape: Shape): Draft {
    return draftOf(this.material(shape), this.flow, families, shape, this.progress);
  }

  private material(shape: Shape): Material {
    const known = this.materials.find((each) => sameShape(each.shape, shape));
    if (known) return known.material;
    const material = materialOf(this.flow, shape);
    this.materials.push({ shape, material });
    return material;
  }

  private nextOf(family: Family): Set<Task> {
    const tasks = this.next.get(family) ?? nextTasks(this.flow, family, this.progress);
    this.next.set(family, tasks);
    return tasks;
  }

  /** Matrices that are read anyway are swept together with the first, if they were to be swept now. */
  private widened({ family, draft }: Prospect): Draft {
    const together = new Set([family]);
    for (let best = draft; ; ) {
      const size = together.size;
      for (const task of best.tasks.keys()) {
        for (const other of task.families) {
          if (together.has(other)) continue;
          if (this.missing(this.prospect(other)).length === 0) together.add(other);
        }
      }
      if (together.size === size) return best;
      best = this.draft(together, draft.shape);
    }
  }

  /** Of what others wait for, the one that costs least to be swept once more. */
  private smallest(possible: readonly Prospect[]): Prospect {
    const all = [...this.flow.families, ...this.flow.loose];
    const missing = all.flatMap((family) => this.missing(this.prospect(family)));
    const needed = this.needs(missing);
    const useful = possible.filter(({ draft }) =>
      [...draft.tasks.keys()].some(({ node }) => needed.has(node)),
    );
    const cost = ({ family }: Prospect): number =>
      this.flow.loose.includes(family) ? 0 : family.shape[0] * family.shape[1];
    const candidates = useful.length > 0 ? useful : possible;
    return candidates.reduce((least, each) => (cost(each) < cost(least) ? each : least));
  }

  /** All that some tasks are computed from and that is not there yet. */
  private needs(tasks: readonly Task[]): Set<Node> {
    const needed = new Set<Node>();
    const visit = (node: Node): void => {
      if (needed.has(node) || this.progress.isDone(node)) return;
      needed.add(node);
      for (const source of this.flow.sources(node)) visit(source.node);
    };
    for (const task of tasks) {
      for (const source of this.flow.sources(task.node)) visit(source.node);
      for (const reader of task.after) visit('kind' in reader ? reader.node : reader);
    }
    return needed;
  }

  /** Stores in place that wait for what waits for them are made elsewhere instead. */
  private giveWay(): Draft {
    const task = this.flow.tasks.find(
      (each) => each.after.length > 0 && !this.progress.isFinished(each),
    );
    if (!task) throw new RangeError(`${this.flow.graph.name}: sweeps wait for each other`);
    task.after.length = 0;
    this.next.clear();
    return this.choose();
  }

  private carryOut({ shape, tasks, rows }: Draft): void {
    const touched = new Set([...tasks.keys()].flatMap(({ families }) => [...families]));
    for (const family of [...touched, ...this.flow.loose]) this.next.delete(family);
    for (const task of tasks.keys()) this.progress.finish(task);
    for (const node of rowsOf(this.flow, { shape, tasks, rows })) this.progress.know(node);
  }
}

/** The vectors that later stages of a sweep need and that it computes row by row. */
export function rowsOf(flow: Flow, { shape, tasks, rows }: Draft): Set<Node> {
  const found = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    const isMatrix = sameShape(node.shape, shape);
    const isRows = rows.has(node) && rows.get(node) !== NEVER;
    if (flow.role(node) !== 'elementwise' || (!isMatrix && !isRows)) return;
    if (!isMatrix) found.add(node);
    for (const source of flow.sources(node)) visit(source.node);
  };
  for (const { kind, matrix, node } of tasks.keys()) visit(kind === 'store' ? node : matrix.node);
  return found;
}
