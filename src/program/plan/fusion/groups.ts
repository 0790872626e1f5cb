import type { Node } from '../../ir.js';
import type { Flow } from './flow.js';
import { lengthOf } from './kinds.js';

/** Operations on numbers (length 1) or on vectors of one length that one loop can do. */
export interface Group {
  readonly length: number;
  readonly nodes: readonly Node[];
}

/** Outputs that take the place of inputs: the input of each such output, and the output of each such input. */
export interface Replacements {
  readonly overwritten: ReadonlyMap<Node, Node>;
  readonly overwriting: ReadonlyMap<Node, Node>;
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
  /** The same the other way round. */
  private readonly overwriting: ReadonlyMap<Node, Node>;
  private readonly users = new Map<Node, Node[]>();
  private readonly left: Set<Node>;
  private readonly lengths: Map<number, Node[]>;
  /** What could be done now, by length, as long as nothing has changed for it. */
  private readonly prospects = new Map<number, Prospect>();

  constructor(
    flow: Flow,
    nodes: Iterable<Node>,
    roots: ReadonlySet<Node>,
    { overwritten, overwriting }: Replacements,
  ) {
    this.flow = flow;
    this.roots = roots;
    this.overwritten = overwritten;
    this.overwriting = overwriting;
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
      for (const node of group.nodes) this.reconsider(node);
      groups.push(group);
    }
    return groups;
  }

  /** A group that is complete, or else the largest. */
  private next(): Group {
    let largest: Group | undefined;
    let early: Group | undefined;
    for (const length of this.lengths.keys()) {
      const { ready, nodes, isComplete } = this.prospectOf(length);
      if (ready.length === 0) continue;
      early ??= { length, nodes: ready };
      if (nodes.length > 0 && isComplete) return { length, nodes };
      if (nodes.length > (largest?.nodes.length ?? 0)) largest = { length, nodes };
    }
    const group = largest ?? early;
    if (!group) throw new RangeError('operations on vectors wait for each other');
    return group;
  }

  private prospectOf(length: number): Prospect {
    const known = this.prospects.get(length);
    if (known) return known;
    const left = this.lengths.get(length)!.filter((node) => this.left.has(node));
    this.lengths.set(length, left);
    const ready = this.readyOf(left);
    const nodes = this.withoutEarly(ready);
    const prospect = { ready, nodes, isComplete: ready.length === left.length };
    this.prospects.set(length, prospect);
    return prospect;
  }

  /** Something else may be possible where a node was, where it was used, and where its operands wait. */
  private reconsider(node: Node): void {
    this.prospects.delete(lengthAlong(node));
    for (const user of this.users.get(node) ?? []) this.prospects.delete(lengthAlong(user));
    if (this.overwriting.size === 0) return;
    for (const source of this.flow.sources(node)) {
      const output = this.overwriting.get(source.node);
      if (output) this.prospects.delete(lengthAlong(output));
    }
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
    const isOurs = !isReduction(node) && !this.roots.has(node);
    const length = lengthAlong(node);
    let isUsed = false;
    let isUsedElsewhere = false;
    for (const user of this.users.get(node) ?? []) {
      if (!this.left.has(user)) continue;
      if (now.has(user)) return false;
      isUsed = true;
      if (lengthAlong(user) !== length) isUsedElsewhere = true;
    }
    return isUsed ? isOurs && !isUsedElsewhere : this.wouldOverwrite(node, now);
  }

  /** Whether what a node takes the place of is still to be read. */
  private wouldOverwrite(node: Node, now: ReadonlySet<Node>): boolean {
    const input = this.overwritten.get(node);
    if (input === undefined) return false;
    for (const user of this.users.get(input) ?? []) {
      if (this.left.has(user) && !now.has(user)) return true;
    }
    return false;
  }
}

/** A group in the making. */
interface Prospect {
  /** What needs nothing else. */
  readonly ready: readonly Node[];
  /** Without what is left to a later group. */
  readonly nodes: readonly Node[];
  /** Whether all of this length is ready. */
  readonly isComplete: boolean;
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
