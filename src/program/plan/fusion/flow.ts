import type { Graph, Node, Shape } from '../../ir.js';
import { heldBy, type Reference, reference } from '../kernels.js';
import { type Rank, type Role, rankOf, roleOf, sameShape } from './kinds.js';

/**
 * What has to go over a matrix: a sum or maximum over its columns (`row`: a number each row) or over its
 * rows (`column`), or writing it down.
 */
export interface Task {
  readonly kind: 'row' | 'column' | 'store';
  readonly node: Node;
  /** The matrix at hand as an elementwise expression, stretched to `shape`. */
  readonly matrix: Reference;
  readonly shape: Shape;
  /** Empty where no matrix is read from memory. */
  readonly families: ReadonlySet<Family>;
  /** For a store in place: what reads the input that is overwritten. Emptied where that cannot be. */
  readonly after: (Task | Node)[];
}

/** A matrix in memory, with what replaces it in place and what is computed from it alone and stored. */
export interface Family {
  readonly shape: Shape;
  readonly tasks: Set<Task>;
}

/** Something to be computed. */
export interface Item {
  readonly node: Node;
  readonly role: 'elementwise' | 'reduction' | 'whole';
  readonly rank: Rank;
  readonly sources: readonly Reference[];
  /** Over a matrix: part of a sweep. */
  readonly needsSweep: boolean;
}

/** A graph seen as work to be done. */
export interface Flow {
  readonly graph: Graph;
  readonly items: readonly Item[];
  /** Outputs, and operands of operations on whole arrays. */
  readonly held: ReadonlySet<Node>;
  readonly tasks: readonly Task[];
  readonly families: readonly Family[];
  /** For each shape, what reads no matrix. */
  readonly loose: readonly Family[];
  role(node: Node): Role;
  /** What a node's values are computed from, as they are read. */
  sources(node: Node): readonly Reference[];
  /** Whether a matrix is written down at some time. */
  isStored(node: Node): boolean;
}

export function flowOf(graph: Graph): Flow {
  const held = heldNodes(graph);
  const roles = new Map<Node, Role>(graph.nodes.map((node) => [node, roleOf(node, held)]));
  const role = (node: Node): Role => roles.get(node)!;
  const known = new Map<Node, readonly Reference[]>();
  for (const node of graph.nodes) known.set(node, sourcesOf(node, role(node)));
  const sources = (node: Node): readonly Reference[] => known.get(node)!;
  const isStored = (node: Node): boolean =>
    held.has(node) && role(node) === 'elementwise' && rankOf(node.shape) === 'matrix';
  const families = new Families(graph, sources, role, isStored);
  const made = graph.nodes.flatMap((node) => {
    const kind = taskKind(node, role(node), isStored(node));
    return kind ? [families.task(node, kind)] : [];
  });
  const tasks = withOrder(graph, made, { sources, role, isStored });
  for (const task of tasks) for (const family of families.of(task)) family.tasks.add(task);
  const all = families.all();
  const items = graph.nodes.flatMap((node) => itemOf(node, role(node), sources(node)));
  return { graph, items, held, tasks, ...all, role, sources, isStored };
}

function itemOf(node: Node, role: Role, sources: readonly Reference[]): Item[] {
  if (role === 'given' || role === 'alias') return [];
  const rank = rankOf(node.shape);
  const over = role === 'reduction' ? rankOf(node.operands[0]!.shape) : rank;
  const needsSweep = role !== 'whole' && over === 'matrix';
  return [{ node, role, rank, sources, needsSweep }];
}

function heldNodes(graph: Graph): Set<Node> {
  const held = new Set(graph.outputs.map(({ node }) => node));
  for (const node of graph.nodes) {
    if (roleOf(node, held) !== 'whole') continue;
    for (const operand of node.operands) held.add(heldBy(operand));
  }
  return held;
}

function sourcesOf(node: Node, role: Role): Reference[] {
  if (role === 'whole') {
    return node.operands.map((operand) => ({ node: heldBy(operand), shape: operand.shape }));
  }
  return role === 'elementwise' || role === 'reduction' ? node.operands.map(reference) : [];
}

function taskKind(node: Node, role: Role, isStored: boolean): Task['kind'] | undefined {
  if (isStored) return 'store';
  if (role !== 'reduction' || rankOf(node.operands[0]!.shape) !== 'matrix') return undefined;
  const { operation } = node;
  return 'axis' in operation && operation.axis === 'columns' ? 'row' : 'column';
}

type Parts = Pick<Flow, 'sources' | 'role' | 'isStored'>;

/** Finds out which matrices in memory an expression is made of. */
class Families {
  private readonly families = new Map<Node, Family>();
  private readonly loose = new Map<string, Family>();
  private readonly below = new Map<Node, ReadonlySet<Family>>();
  private readonly replaced = new Map<Node, Node>();
  private readonly sources: Parts['sources'];
  private readonly role: Parts['role'];
  private readonly isStored: Parts['isStored'];

  constructor(
    graph: Graph,
    sources: Parts['sources'],
    role: Parts['role'],
    isStored: Parts['isStored'],
  ) {
    this.sources = sources;
    this.role = role;
    this.isStored = isStored;
    for (const { node, input } of replacements(graph)) this.replaced.set(node, input);
  }

  task(node: Node, kind: Task['kind']): Task {
    if (kind === 'store') {
      const { shape } = node;
      // What is overwritten is there to be read once more.
      const families = new Set([...this.expression(node), ...this.target(node)]);
      return { kind, node, matrix: { node, shape }, shape, families, after: [] };
    }
    const matrix = this.sources(node)[0]!;
    const { shape } = node.operands[0]!;
    return { kind, node, matrix, shape, families: this.matrix(matrix.node, shape), after: [] };
  }

  /** Those that a task belongs to. */
  of({ families, shape }: Task): Iterable<Family> {
    return families.size > 0 ? families : [made(this.loose, String(shape), shape)];
  }

  all(): { families: Family[]; loose: Family[] } {
    const inUse = (all: Iterable<Family>): Family[] =>
      [...new Set(all)].filter(({ tasks }) => tasks.size > 0);
    return { families: inUse(this.families.values()), loose: inUse(this.loose.values()) };
  }

  /** What has to be read to have a matrix. */
  private matrix(node: Node, shape: Shape): ReadonlySet<Family> {
    if (!sameShape(node.shape, shape)) return new Set();
    const had = this.below.get(node);
    if (had) return had;
    const isExpression = this.role(node) === 'elementwise' && !this.isStored(node);
    const found = isExpression ? this.expression(node) : new Set([this.family(node)]);
    this.below.set(node, found);
    return found;
  }

  private expression(node: Node): ReadonlySet<Family> {
    const found = new Set<Family>();
    for (const source of this.sources(node)) {
      for (const family of this.matrix(source.node, node.shape)) found.add(family);
    }
    return found;
  }

  private family(node: Node): Family {
    const had = this.families.get(node);
    if (had) return had;
    const [target] = this.target(node);
    const [only, other] = this.isStored(node) ? [...this.expression(node)] : [];
    const family = target ?? (only && !other ? only : made(this.families, node, node.shape));
    this.families.set(node, family);
    return family;
  }

  /** That of the input that a matrix takes the place of. */
  private target(node: Node): Family[] {
    const place = this.replaced.get(node);
    const isOne = place && sameShape(place.shape, node.shape);
    return isOne ? [made(this.families, place, place.shape)] : [];
  }
}

function made<Key>(families: Map<Key, Family>, key: Key, shape: Shape): Family {
  const family = families.get(key) ?? { shape, tasks: new Set() };
  families.set(key, family);
  return family;
}

/** Outputs that have the name of an input. */
export function replacements(graph: Graph): { readonly node: Node; readonly input: Node }[] {
  const inputs = new Map(
    graph.nodes.flatMap((node) =>
      node.operation.op === 'input' ? [[node.operation.name, node] as const] : [],
    ),
  );
  return graph.outputs.flatMap(({ name, node }) => {
    const input = inputs.get(name);
    return input ? [{ node, input }] : [];
  });
}

/** Stores in place come after, or go together with, what reads the input that they overwrite. */
function withOrder(graph: Graph, tasks: readonly Task[], parts: Parts): Task[] {
  const replaced = new Map(
    replacements(graph)
      .filter(({ node }) => parts.isStored(node))
      .map(({ node, input }) => [node, input]),
  );
  const after = new Map<Task, (Task | Node)[]>();
  const made = tasks.map((task) => {
    const own: (Task | Node)[] = [];
    const copy = { ...task, after: own };
    if (task.kind === 'store' && replaced.has(task.node)) after.set(copy, own);
    return copy;
  });
  for (const [store, list] of after) {
    const reads = readersOf(replaced.get(store.node)!, store.node, parts);
    for (const task of made) {
      if (task === store) continue;
      const expression = task.kind === 'store' ? parts.sources(task.node) : [task.matrix];
      if (expression.some(({ node }) => reads(node))) list.push(task);
    }
    for (const node of graph.nodes) {
      if (parts.role(node) !== 'whole') continue;
      if (parts.sources(node).some((source) => source.node === replaced.get(store.node))) {
        list.push(node);
      }
    }
  }
  return made;
}

/** Whether the values of an expression hang on an input, other than through matrices that are stored. */
function readersOf(input: Node, store: Node, parts: Parts): (node: Node) => boolean {
  const known = new Map<Node, boolean>([
    [input, true],
    [store, false],
  ]);
  const reads = (node: Node): boolean => {
    const had = known.get(node);
    if (had !== undefined) return had;
    const isExpression =
      parts.role(node) === 'elementwise' &&
      !parts.isStored(node) &&
      sameShape(node.shape, input.shape);
    const found = isExpression && parts.sources(node).some((source) => reads(source.node));
    known.set(node, found);
    return found;
  };
  return reads;
}
