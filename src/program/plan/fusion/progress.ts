import type { Node } from '../../ir.js';
import type { Family, Flow, Task } from './flow.js';
import { rankOf } from './kinds.js';

/** What has been computed so far. */
export class Progress {
  private readonly flow: Flow;
  /** Numbers, vectors and results of operations on whole arrays; matrices that are written down. */
  private readonly done = new Set<Node>();
  private readonly remaining: Set<Task>;
  private waiting: Node[];

  constructor(flow: Flow) {
    this.flow = flow;
    this.remaining = new Set(flow.tasks);
    this.waiting = flow.graph.nodes.filter((node) => {
      if (flow.role(node) === 'given') this.done.add(node);
      return flow.role(node) !== 'given' && flow.role(node) !== 'alias';
    });
  }

  isDone(node: Node): boolean {
    return this.done.has(node);
  }

  isFinished(task: Task): boolean {
    return !this.remaining.has(task);
  }

  /** Whether nothing is left that goes over matrices. */
  get isOver(): boolean {
    return this.remaining.size === 0;
  }

  families(): Family[] {
    return [...this.flow.families, ...this.flow.loose].filter(({ tasks }) => tasks.size > 0);
  }

  finish(task: Task): void {
    this.remaining.delete(task);
    this.done.add(task.node);
    for (const family of [...task.families, ...this.flow.loose]) family.tasks.delete(task);
  }

  /** A vector that was computed row by row in a sweep. */
  know(node: Node): void {
    this.done.add(node);
  }

  /**
   * Computes what needs no sweep: numbers, vectors and operations on whole arrays, as far as that goes.
   * Returns the latter, in order.
   */
  goOn(): Node[] {
    const whole: Node[] = [];
    this.waiting = this.waiting.filter((node) => {
      if (this.done.has(node)) return false;
      const role = this.flow.role(node);
      const isMatrix = rankOf(node.shape) === 'matrix';
      const needsSweep =
        (role === 'elementwise' && isMatrix) ||
        (role === 'reduction' && rankOf(node.operands[0]!.shape) === 'matrix');
      if (needsSweep || !this.flow.sources(node).every((source) => this.done.has(source.node))) {
        return true;
      }
      this.done.add(node);
      if (role === 'whole') whole.push(node);
      return false;
    });
    return whole;
  }
}
