import type { Axis, Graph, Node, Shape } from '../ir.js';
import { sumOf } from './collect.js';
import { CommutingBuilder } from './commuting.js';
import { isNegation, isProduct, isSum } from './decisive.js';
import { remake } from './rewrite.js';
import { settledNodes, Usage } from './settled.js';
import {
  COLUMN,
  isEmpty,
  kindOf,
  MATRIX,
  NUMBER,
  negated,
  ONE,
  product,
  ROW,
  single,
  split,
  type Term,
  times,
  turned,
} from './terms.js';

/**
 * The same sums and products with less work on matrices, then on vectors: numbers are multiplied before
 * vectors and vectors before matrices, what is constant along an axis leaves the sum over it, terms with
 * the same vectors or matrices are collected, signs become subtractions. Nothing leaves a selection.
 *
 * What one simplification leaves as it was is not taken apart again by another that goes on from it.
 */
export class Simplification {
  readonly graph: Graph;
  /** Whether all came out as it was. */
  readonly isIdle: boolean;
  private readonly b = new CommutingBuilder();
  private readonly from: Graph;
  private readonly made = new Map<Node, Node>();
  private readonly usage: Usage;
  private readonly settled: ReadonlySet<Node>;
  /** Of the graph that came out. */
  private readonly after: { readonly usage: Usage; readonly settled: ReadonlySet<Node> };

  /** @param last The simplification that gave this graph, if one did. */
  constructor(graph: Graph, last?: Simplification) {
    this.from = graph;
    this.usage = last?.after.usage ?? new Usage(graph);
    this.settled = last?.after.settled ?? new Set();
    this.graph = this.whole();
    const usage = new Usage(this.graph);
    const settled = settledNodes({ graph, usage: this.usage, made: this.made }, usage);
    this.after = { usage, settled };
    this.isIdle = this.graph.outputs.every(({ node }) => settled.has(node));
  }

  private whole(): Graph {
    const { b, from } = this;
    for (const { name, shape } of from.inputs) b.input(name, shape);
    // In order: what comes first stays first, so that equal sums find each other.
    for (const node of from.nodes) if (!this.usage.isPart(node)) this.node(node);
    const outputs = from.outputs.map(({ name, node }) => ({ name, node: this.node(node) }));
    return b.build(from.name, outputs);
  }

  private node(old: Node): Node {
    const had = this.made.get(old);
    if (had) return had;
    const made = this.settled.has(old)
      ? this.copied(old)
      : this.b.broadcast(this.rewritten(old), old.shape);
    this.made.set(old, made);
    return made;
  }

  private copied(old: Node): Node {
    const operands = old.operands.map((each) =>
      this.usage.isPart(each) ? this.copied(each) : this.node(each),
    );
    return remake(this.b, old, operands);
  }

  private rewritten(old: Node): Node {
    const { operation, operands } = old;
    if (isSum(old) && !this.usage.isDecisive(old)) return sumOf(this.b, this.addends(old));
    if (isProduct(old)) return product(this.b, this.term(old));
    if (operation.op === 'sum') return sumOf(this.b, this.reduced(operands[0]!, operation.axis));
    if (operation.op === 'select') return this.selection(operands);
    if (operation.op === 'cumsum') return this.running(operands[0]!, operation.reverse);
    if (operation.op === 'binary' && operation.fn === 'power') {
      const power = this.power(operands[0]!, operands[1]!);
      if (power) return power;
    }
    return remake(
      this.b,
      old,
      operands.map((operand) => this.node(operand)),
    );
  }

  /** The parts of a sum, those of sums that are used nowhere else among them. */
  private addends({ operation, operands }: Node): Term[] {
    const [first, second] = operands as [Node, Node];
    const isDifference = operation.op === 'binary' && operation.fn === 'subtract';
    return [...this.addend(first, 1), ...this.addend(second, isDifference ? -1 : 1)];
  }

  private addend(old: Node, sign: 1 | -1): Term[] {
    if (isNegation(old)) return this.addend(old.operands[0]!, sign === 1 ? -1 : 1);
    const terms = isSum(old) && this.usage.isPart(old) ? this.addends(old) : [this.part(old)];
    return sign === 1 ? terms : terms.map(negated);
  }

  /** The factors of a value, those of products that are used nowhere else among them. */
  private term(old: Node): Term {
    const { operation, operands } = old;
    if (operation.op === 'constant') return { ...ONE, coefficient: operation.value };
    if (isNegation(old)) return negated(this.part(operands[0]!));
    if (!isProduct(old)) return atom(this.b, this.node(old));
    const [first, second] = operands as [Node, Node];
    if (operation.op === 'binary' && operation.fn === 'divide') {
      const above = this.part(first);
      const { operation: below } = second;
      if (below.op === 'constant' && below.value !== 0) {
        return { ...above, coefficient: above.coefficient / below.value };
      }
      return { ...above, divisors: [...above.divisors, this.node(second)] };
    }
    return times(this.part(first), this.part(second));
  }

  private part(old: Node): Term {
    const flattens =
      old.operation.op === 'constant' ||
      isNegation(old) ||
      (isProduct(old) && this.usage.isPart(old));
    return flattens ? this.term(old) : atom(this.b, this.node(old));
  }

  /** What a sum over an axis adds up to. */
  private reduced(old: Node, axis: Axis): Term[] {
    const { operation, operands } = old;
    const fold = (term: Term): Term => this.folded(term, axis, along(old.shape, axis));
    // Sums of vectors need no sweep over a matrix.
    if (isSum(old) && kindOf(old) === MATRIX && this.usage.isPart(old)) {
      const terms = this.addends(old);
      if (terms.every(isWithoutMatrix)) return terms.map(fold);
    }
    if (operation.op === 'select') {
      const selection = this.reducedSelection(operands, axis);
      if (selection) return [selection];
    }
    // Over both axes: over columns first, which takes no memory.
    const inner = operands[0];
    if (operation.op === 'sum' && kindOf(inner!) === MATRIX && this.usage.isUsedOnce(old)) {
      const rows = this.reduced(inner!, 'columns').map((term) => turned(this.b, term));
      return rows.map((term) => this.folded(term, 'columns', inner!.shape[0]));
    }
    return [fold(this.term(old))];
  }

  /** What is constant along the axis, times the sum of the rest. */
  private folded(term: Term, axis: Axis, length: number): Term {
    const fixed = axis === 'rows' ? ROW : COLUMN;
    const [varying, constant] = split(
      term,
      (node) => kindOf(node) !== fixed && kindOf(node) !== NUMBER,
    );
    if (isEmpty(varying)) return times(constant, { ...ONE, coefficient: length });
    return times(constant, single(this.b.sum(product(this.b, varying), axis)));
  }

  /** What was selected by the same condition already is known. */
  private selection(operands: readonly Node[]): Node {
    const [condition, ...branches] = operands.map((operand) => this.node(operand));
    const [chosen, otherwise] = branches.map((branch, k) => {
      const { operation, operands: inner } = branch;
      return operation.op === 'select' && inner[0] === condition ? inner[k + 1]! : branch;
    });
    return this.b.select(condition!, chosen!, otherwise!);
  }

  /** Where the same is selected all along the axis, and one of both is constant along it. */
  private reducedSelection(operands: readonly Node[], axis: Axis): Term | undefined {
    const [condition, ...branches] = operands as [Node, Node, Node];
    const length = Math.max(...operands.map(({ shape }) => along(shape, axis)));
    const isFixed = ({ shape }: Node): boolean => along(shape, axis) === 1;
    if (!isFixed(condition) || !branches.some(isFixed)) return undefined;
    const { b } = this;
    const [chosen, first, second] = [
      this.node(condition),
      ...branches.map((branch) =>
        isFixed(branch)
          ? b.multiply(b.constant(length), this.node(branch))
          : sumOf(b, this.reduced(branch, axis)),
      ),
    ] as [Node, Node, Node];
    const asRow = (node: Node): Node => (axis === 'columns' ? b.transpose(node) : node);
    return single(asRow(b.select(asRow(chosen), asRow(first), asRow(second))));
  }

  /** Down the rows: what is the same in all of them is a factor. */
  private running(old: Node, reverse: boolean): Node {
    const { b } = this;
    const inside = old.operation.op === 'broadcast' ? old.operands[0]! : old;
    const [varying, constant] = split(
      this.term(inside),
      (node) => kindOf(node) === COLUMN || kindOf(node) === MATRIX,
    );
    const value = isEmpty(varying) ? b.constant(1, [old.shape[0], 1]) : product(b, varying);
    return product(b, times(constant, single(b.cumsum(value, reverse))));
  }

  private power(base: Node, exponent: Node): Node | undefined {
    if (exponent.operation.op !== 'constant') return undefined;
    const x = this.node(base);
    switch (exponent.operation.value) {
      case -1:
        return this.b.unary('reciprocal', x);
      case 0:
        return this.b.constant(1);
      case 1:
        return x;
      case 2:
        return this.b.multiply(x, x);
      default:
        return undefined;
    }
  }
}

/** A value as it is, but for its sign. */
function atom(b: CommutingBuilder, node: Node): Term {
  const { operation, operands } = node;
  const [inner] = operands;
  if (isNegation(node)) return negated(single(inner!));
  if (operation.op !== 'transpose' || !isNegation(inner!)) return single(node);
  return negated(single(b.transpose(inner!.operands[0]!)));
}

/** Length along an axis. */
const along = (shape: Shape, axis: Axis): number => shape[axis === 'rows' ? 0 : 1];

const isWithoutMatrix = ({ factors, divisors }: Term): boolean =>
  ![...factors, ...divisors].some((node) => kindOf(node) === MATRIX);
