import { GraphBuilder } from '../builder.js';
import type { Axis, Graph, Node } from '../ir.js';
import { sumOf } from './collect.js';
import { remake } from './rewrite.js';
import {
  isEmpty,
  kindOf,
  negated,
  ONE,
  product,
  single,
  split,
  type Term,
  times,
} from './terms.js';

/**
 * The same sums and products with less work on matrices, then on vectors: numbers are multiplied before
 * vectors and vectors before matrices, what is constant along an axis leaves the sum over it, terms with
 * the same vectors or matrices are collected, signs become subtractions. Nothing leaves a selection.
 */
export function simplify(graph: Graph): Graph {
  return new Simplifying(graph).graph();
}

class Simplifying {
  private readonly b = new GraphBuilder();
  private readonly from: Graph;
  private readonly uses = new Map<Node, number>();
  private readonly made = new Map<Node, Node>();
  private readonly decisive: ReadonlySet<Node>;

  constructor(graph: Graph) {
    this.from = graph;
    this.decisive = decisiveSums(graph);
    const use = (node: Node): void => void this.uses.set(node, (this.uses.get(node) ?? 0) + 1);
    for (const { operands } of graph.nodes) operands.forEach(use);
    for (const { node } of graph.outputs) use(node);
  }

  graph(): Graph {
    const { b, from } = this;
    for (const { name, shape } of from.inputs) b.input(name, shape);
    // In order: what comes first stays first, so that equal sums find each other.
    for (const node of from.nodes) if (!this.isPart(node)) this.node(node);
    const outputs = from.outputs.map(({ name, node }) => ({ name, node: this.node(node) }));
    return b.build(from.name, outputs);
  }

  /** Made only if what uses it does not take it apart. */
  private isPart(old: Node): boolean {
    if (this.uses.get(old) !== 1) return false;
    return isProduct(old) || (isSum(old) && !this.decisive.has(old));
  }

  private node(old: Node): Node {
    const had = this.made.get(old);
    if (had) return had;
    const made = this.b.broadcast(this.rewritten(old), old.shape);
    this.made.set(old, made);
    return made;
  }

  private rewritten(old: Node): Node {
    const { operation, operands } = old;
    if (isSum(old) && !this.decisive.has(old)) return sumOf(this.b, this.addends(old));
    if (isProduct(old)) return product(this.b, this.term(old));
    if (operation.op === 'sum') return this.reduced(operands[0]!, operation.axis);
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
    const terms = isSum(old) && this.isPart(old) ? this.addends(old) : [this.part(old)];
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
      old.operation.op === 'constant' || isNegation(old) || (isProduct(old) && this.isPart(old));
    return flattens ? this.term(old) : atom(this.b, this.node(old));
  }

  private reduced(old: Node, axis: Axis): Node {
    const { b } = this;
    const along = old.shape[axis === 'rows' ? 0 : 1];
    const fixed = axis === 'rows' ? 'row' : 'column';
    // Sums of vectors need no sweep over a matrix.
    if (isSum(old) && kindOf(old) === 'matrix' && this.isPart(old)) {
      const terms = this.addends(old);
      const isVector = (term: Term): boolean =>
        ![...term.factors, ...term.divisors].some((node) => kindOf(node) === 'matrix');
      if (terms.every(isVector)) {
        return sumOf(
          b,
          terms.map((term) => this.reducedTerm(term, fixed, axis, along)),
        );
      }
    }
    return product(b, this.reducedTerm(this.term(old), fixed, axis, along));
  }

  /** What is constant along the axis, times the sum of the rest. */
  private reducedTerm(term: Term, fixed: 'row' | 'column', axis: Axis, along: number): Term {
    const [varying, constant] = split(
      term,
      (node) => kindOf(node) !== fixed && kindOf(node) !== 'number',
    );
    if (isEmpty(varying)) return times(constant, { ...ONE, coefficient: along });
    return times(constant, single(this.b.sum(product(this.b, varying), axis)));
  }

  /** Down the rows: what is the same in all of them is a factor. */
  private running(old: Node, reverse: boolean): Node {
    const { b } = this;
    const [varying, constant] = split(this.term(old), (node) =>
      ['column', 'matrix'].includes(kindOf(node)),
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
function atom(b: GraphBuilder, node: Node): Term {
  const { operation, operands } = node;
  const [inner] = operands;
  if (isNegation(node)) return negated(single(inner!));
  if (operation.op !== 'transpose' || !isNegation(inner!)) return single(node);
  return negated(single(b.transpose(inner!.operands[0]!)));
}

const JUMPING: readonly string[] = [
  ...['abs', 'sign', 'relu', 'step', 'log', 'sqrt', 'minimum', 'maximum'],
];

/**
 * Sums whose last bit may decide: of something that was absorbed by rounding, 1 - (1 + x) is 0 but
 * (1 - 1) - x is not. These are computed as they are written.
 */
function decisiveSums({ nodes }: Graph): Set<Node> {
  const found = new Set<Node>();
  const decides = (node: Node): void => {
    if (isSum(node)) found.add(node);
    else if (isNegation(node) || node.operation.op === 'transpose') decides(node.operands[0]!);
  };
  for (const { operation, operands } of nodes) {
    const { op } = operation;
    if (op === 'select' || op === 'max') decides(operands[0]!);
    else if ((op === 'unary' || op === 'binary') && JUMPING.includes(operation.fn)) {
      operands.forEach(decides);
    }
  }
  return found;
}

const isNegation = ({ operation }: Node): boolean =>
  operation.op === 'unary' && operation.fn === 'negate';

const isSum = ({ operation }: Node): boolean =>
  operation.op === 'binary' && (operation.fn === 'add' || operation.fn === 'subtract');

const isProduct = (node: Node): boolean =>
  isNegation(node) ||
  (node.operation.op === 'binary' &&
    (node.operation.fn === 'multiply' || node.operation.fn === 'divide'));
