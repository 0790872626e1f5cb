import type { Node } from '../../ir.js';
import type { Flow, Item, Task } from './flow.js';

/** What has been computed so far. */
export class Progress {
  private readonly flow: Flow;
  /** Numbers, vectors and results of operations on whole arrays; matrices that are written down. */
  private readonly done: Uint8Array;
  private readonly remaining: Set<Task>;
  private waiting: readonly Item[];

  constructor(flow: Flow) {
    this.flow = flow;
    this.remaining = new Set(flow.tasks);
    this.waiting = flow.items.filter(({ needsSweep }) => !needsSweep);
    this.done = new Uint8Array(
      1 + flow.graph.nodes.reduce((most, { id }) => Math.max(most, id), 0),
    );
    for (const node of flow.graph.nodes) if (flow.role(node) === 'given') this.know(node);
  }

  /** Numbers of nodes are below this. */
  get size(): number {
    return this.done.length;
  }

  isDone(node: Node): boolean {
    return this.done[node.id] === 1;
  }

  isFinished(task: Task): boolean {
    return !this.remaining.has(task);
  }

  /** Whether nothing is left that goes over matrices. */
  get isOver(): boolean {
    return this.remaining.size === 0;
  }

  finish(task: Task): void {
    this.remaining.delete(task);
    this.know(task.node);
    for (const family of [...task.families, ...this.flow.loose]) family.tasks.delete(task);
  }

  /** Also of a vector that was computed row by row in a sweep. */
  know(node: Node): void {
    this.done[node.id] = 1;
  }

  /**
   * Computes what needs no sweep: numbers, vectors and operations on whole arrays, as far as that goes.
   * Returns the latter, in order.
   */
  goOn(): Node[] {
    const whole: Node[] = [];
    this.waiting = this.waiting.filter(({ node, role, sources }) => {
      if (this.isDone(node)) return false;
      if (!sources.every((source) => this.isDone(source.node))) return true;
      this.know(node);
      if (role === 'whole') whole.push(node);
      return false;
    });
    return whole;
  }
}
