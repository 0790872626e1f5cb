import { reductionsOf } from '../algebra/machine-form.js';
import { toNumber } from '../algebra/rational.js';
import type { Atom, ConditionForm, MachineForm, Monomial, Polynomial } from '../algebra/types.js';
import type { Moment } from '../language/ast.js';
import type { Extent } from '../language/signals.js';
import type { GraphBuilder } from './builder.js';
import type { Node, Shape, UnaryFunction } from './ir.js';
import { LoweredSums, type LoweredTerms, rangeOf } from './lower-sums.js';
import type { Frame, ProjectionSignals } from './projection-signals.js';

/**
 * The update ΔW `[postSize, preSize]` of a rule at one projection; times `scale`, one number, if given.
 *
 * Everything is associated vector first: (y yᵀ)W is y(Wᵀy)ᵀ, sums over the weights are
 * matrix-vector products, and all outer products become one product of stacked rows. Only what the
 * machine form calls dense is computed synapse by synapse. Says nothing of synapses that do not exist.
 */
export function lowerUpdate(
  builder: GraphBuilder,
  form: MachineForm,
  projection: ProjectionSignals,
  scale?: Node,
): Node {
  return new Lowering(builder, projection).update(form, scale);
}

/** The value of an expression of this extent, or something that stretches to its shape. */
export function lowerValue(
  builder: GraphBuilder,
  value: Polynomial,
  extent: Extent,
  projection: ProjectionSignals,
): Node {
  const lowering = new Lowering(builder, projection);
  return lowering.polynomial(value, extent === 'synapse' ? 'matrix' : 'row');
}

/** Makes nodes of polynomials. */
class Lowering implements LoweredTerms {
  readonly builder: GraphBuilder;
  readonly at: ProjectionSignals;
  private readonly sums: LoweredSums;

  constructor(builder: GraphBuilder, projection: ProjectionSignals) {
    this.builder = builder;
    this.at = projection;
    this.sums = new LoweredSums(this);
  }

  update(form: MachineForm, scale?: Node): Node {
    const { builder: b, at } = this;
    // Sums over one side first: a double sum then finds the matrix-vector products they made.
    for (const sum of reductionsOf(form)) if (rangeOf(sum) !== 'all') this.atom(sum);

    const parts: Node[] = [];
    const present = (p: Polynomial): boolean => p.monomials.length > 0;
    if (form.outers.length > 0) {
      const posts = form.outers.map(({ post }) => this.stretch(post, [1, at.postSize]));
      const pres = form.outers.map(({ pre }) => this.stretch(pre, [1, at.preSize], scale));
      parts.push(b.matmul(b.concat(posts), b.concat(pres), true, false));
    }
    const ofWeight = (p: Polynomial, frame: Frame): void => {
      if (present(p)) parts.push(b.multiply(this.polynomial(p, frame, scale), at.weight));
    };
    ofWeight(form.decay, 'row');
    ofWeight(form.rows, 'matrix');
    ofWeight(form.columns, 'matrix');
    if (present(form.dense)) parts.push(this.polynomial(form.dense, 'matrix', scale));
    const shape: Shape = [at.postSize, at.preSize];
    return b.broadcast(b.total(parts) ?? b.constant(0), shape);
  }

  /** As a row of this shape. */
  stretch(polynomial: Polynomial, shape: Shape, scale?: Node): Node {
    return this.builder.broadcast(this.polynomial(polynomial, 'row', scale), shape);
  }

  /** Times `scale` `[1, 1]`. */
  polynomial(polynomial: Polynomial, frame: Frame, scale?: Node): Node {
    const parts = polynomial.monomials.map((monomial) => this.monomial(monomial, frame, scale));
    return this.builder.total(parts) ?? this.builder.constant(0);
  }

  monomial(monomial: Monomial, frame: Frame, scale?: Node): Node {
    const { builder: b } = this;
    const coefficient = b.constant(toNumber(monomial.coefficient));
    // Scalars are multiplied first, so that each vector is touched once.
    const rank: Record<Extent, number> = { global: 0, post: 1, pre: 2, synapse: 3 };
    const factors = [...monomial.factors].sort((x, y) => rank[x.atom.extent] - rank[y.atom.extent]);
    let product = scale ? b.multiply(coefficient, scale) : coefficient;
    for (const { atom, exponent } of factors) {
      const value = this.power(this.oriented(atom, frame), Math.abs(exponent));
      product = exponent < 0 ? b.binary('divide', product, value) : b.multiply(product, value);
    }
    return product;
  }

  private power(base: Node, exponent: number): Node {
    const { builder: b } = this;
    if (exponent === 1) return base;
    if (exponent > 8) return b.binary('power', base, b.constant(exponent));
    const half = this.power(base, Math.floor(exponent / 2));
    const square = b.multiply(half, half);
    return exponent % 2 === 1 ? b.multiply(square, base) : square;
  }

  private oriented(atom: Atom, frame: Frame): Node {
    const node = this.atom(atom);
    return frame === 'matrix' && atom.extent === 'post' ? this.builder.transpose(node) : node;
  }

  /** The value in its own layout: a post atom is a row, a synapse atom a matrix. */
  private atom(atom: Atom): Node {
    const { builder: b, at } = this;
    const frame: Frame = atom.extent === 'synapse' ? 'matrix' : 'row';
    switch (atom.kind) {
      case 'signal':
        return this.signal(atom.name, atom.moment);
      case 'parameter':
        return at.parameter(atom.name);
      case 'memory':
        if (!at.memory) throw new RangeError(`no memory ${atom.name} here`);
        return at.memory(atom.name, atom.reading);
      case 'unit':
        // Values are in base units: milliseconds and millivolts, each of which is one.
        return b.constant(atom.name === 'step' ? (at.stepLength ?? 1) : 1);
      case 'group':
        return this.polynomial(atom.inner, frame);
      case 'power':
        return b.binary(
          'power',
          this.polynomial(atom.base, frame),
          this.polynomial(atom.exponent, frame),
        );
      case 'function':
        return this.call(
          atom.callee,
          atom.args.map((arg) => this.polynomial(arg, frame)),
        );
      case 'conditional':
        return b.select(
          this.condition(atom.condition, frame),
          this.polynomial(atom.then, frame),
          this.polynomial(atom.otherwise, frame),
        );
      case 'reduction':
        return this.sums.of(atom);
    }
  }

  private signal(name: string, moment: Moment | null): Node {
    if (name === 'w') return this.at.weight;
    return this.at.signal(name.split('@')[0]!, moment);
  }

  /** Not 0 where the condition holds. */
  private condition(condition: ConditionForm, frame: Frame): Node {
    const { builder: b } = this;
    if (condition.kind === 'positive') {
      const value = this.polynomial(condition.value, frame);
      if (!condition.orEqual) return b.unary('step', value);
      return b.subtract(b.constant(1), b.unary('step', b.unary('negate', value)));
    }
    const parts = condition.parts.map((part) => this.condition(part, frame));
    const join = condition.kind === 'and' ? 'multiply' : 'maximum';
    return parts.reduce((all, part) => b.binary(join, all, part));
  }

  private call(callee: string, args: readonly Node[]): Node {
    const { builder: b } = this;
    const [x, y, z] = args as [Node, Node, Node];
    if (callee === 'min') return b.binary('minimum', x, y);
    if (callee === 'max') return b.binary('maximum', x, y);
    if (callee === 'clip') return b.binary('minimum', b.binary('maximum', x, y), z);
    return b.unary(callee as UnaryFunction, x);
  }
}
