import type { Node } from '../../ir.js';
import type { Flow } from './flow.js';
import { lengthOf } from './kinds.js';

/** Operations on numbers (length 1) or on vectors of one length that one loop can do. */
export interface Group {
  readonly length: number;
  readonly nodes: readonly Node[];
}

/**
 * Splits operations on numbers and vectors into as few groups as the data flow allows, in order: those of
 * one length, as soon as none is missing. What only a later group of the same length uses is left to that
 * one, and so is a result that would overwrite what is still to be read.
 */
export class Grouping {
  private readonly flow: Flow;
  /** What is used elsewhere. */
  private readonly roots: ReadonlySet<Node>;
  /** The inputs that outputs of the same name would overwrite. */
  private readonly overwritten: ReadonlyMap<Node, Node>;
  private readonly users = new Map<Node, Node[]>();
  private readonly left: Set<Node>;
  private readonly lengths: Map<number, Node[]>;

  constructor(
    flow: Flow,
    nodes: Iterable<Node>,
    roots: ReadonlySet<Node>,
    overwritten: ReadonlyMap<Node, Node>,
  ) {
    this.flow = flow;
    this.roots = roots;
    this.overwritten = overwritten;
    this.left = new Set([...nodes].sort((a, b) => a.id - b.id));
    this.lengths = byLength(this.left);
    for (const node of this.left) {
      for (const source of flow.sources(node)) {
        const users = this.users.get(source.node);
        if (users) users.push(node);
        else this.users.set(source.node, [node]);
      }
    }
  }

  groups(): Group[] {
    const groups: Group[] = [];
    while (this.left.size > 0) {
      const group = this.next();
      for (const node of group.nodes) this.left.delete(node);
      groups.push(group);
    }
    return groups;
  }

  /** A group that is complete, or else the largest. */
  private next(): Group {
    let largest: Group | undefined;
    let early: Group | undefined;
    for (const [length, all] of this.lengths) {
      const left = all.filter((node) => this.left.has(node));
      this.lengths.set(length, left);
      const ready = this.readyOf(left);
      if (ready.length === 0) continue;
      early ??= { length, nodes: ready };
      const nodes = this.withoutEarly(ready);
      if (nodes.length > 0 && ready.length === left.length) return { length, nodes };
      if (nodes.length > (largest?.nodes.length ?? 0)) largest = { length, nodes };
    }
    const group = largest ?? early;
    if (!group) throw new RangeError('operations on vectors wait for each other');
    return group;
  }

  /** What needs nothing that is left, other than earlier elementwise operations of the same length. */
  private readyOf(nodes: readonly Node[]): Node[] {
    const within = new Set<Node>();
    return nodes.filter((node) => {
      const isReady = this.flow
        .sources(node)
        .every((source) => !this.left.has(source.node) || within.has(source.node));
      if (isReady && !isReduction(node)) within.add(node);
      return isReady;
    });
  }

  private withoutEarly(ready: readonly Node[]): Node[] {
    const now = new Set(ready);
    for (const node of [...ready].reverse()) if (this.canWait(node, now)) now.delete(node);
    return [...now];
  }

  private canWait(node: Node, now: ReadonlySet<Node>): boolean {
    const users = this.usersOf(node);
    if (users.some((user) => now.has(user))) return false;
    const input = this.overwritten.get(node);
    if (users.length === 0) {
      return input !== undefined && this.usersOf(input).some((user) => !now.has(user));
    }
    const length = lengthAlong(node);
    const isOurs = !isReduction(node) && !this.roots.has(node);
    return isOurs && users.every((user) => lengthAlong(user) === length);
  }

  private usersOf(node: Node): Node[] {
    return (this.users.get(node) ?? []).filter((user) => this.left.has(user));
  }
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
function lengthAlong(node: Node): number {
  return lengthOf(isReduction(node) ? node.operands[0]!.shape : node.shape);
}

/** Sums and maxima: known after the loop. */
export const isReduction = ({ operation }: Node): boolean =>
  operation.op === 'sum' || operation.op === 'max';
