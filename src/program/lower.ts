import { type Reduction, reductionsOf } from '../algebra/machine-form.js';
import { ONE, toNumber } from '../algebra/rational.js';
import type { Atom, MachineForm, Monomial, Polynomial } from '../algebra/types.js';
import type { Extent } from '../language/signals.js';
import type { GraphBuilder } from './builder.js';
import type { Node, Shape, UnaryFunction } from './ir.js';

/** What one projection offers to a rule while its update is lowered: one stream, full connectivity. */
export interface ProjectionSignals {
  /** Presynaptic and postsynaptic neurons. */
  readonly preSize: number;
  readonly postSize: number;
  /** The weights, `[post, pre]`. */
  readonly weight: Node;
  /**
   * A signal by the name a rule uses: pre `[1, preSize]`, post `[1, postSize]`,
   * synapse `[postSize, preSize]`, global `[1, 1]`.
   */
  signal(name: string): Node;
  /** A parameter, `[1, 1]`. */
  parameter(name: string): Node;
}

/**
 * The update ΔW `[postSize, preSize]` of a rule at one projection.
 *
 * Everything is associated vector first: (y yᵀ)W is y(Wᵀy)ᵀ, sums over the weights are
 * matrix-vector products, and all outer products become one product of stacked rows. Only what the
 * machine form calls dense is computed synapse by synapse.
 */
export function lowerUpdate(
  builder: GraphBuilder,
  form: MachineForm,
  projection: ProjectionSignals,
): Node {
  return new Lowering(builder, projection).update(form);
}

/** How a quantity lies in memory: vectors as rows, or broadcast against the weight matrix. */
type Frame = 'row' | 'matrix';

class Lowering {
  private readonly reductions = new Map<string, Node>();
  private readonly b: GraphBuilder;
  private readonly at: ProjectionSignals;

  constructor(builder: GraphBuilder, projection: ProjectionSignals) {
    this.b = builder;
    this.at = projection;
  }

  update(form: MachineForm): Node {
    const { b, at } = this;
    // Sums over one side first: a double sum then finds the matrix-vector products they made.
    for (const sum of reductionsOf(form)) if (rangeOf(sum) !== 'all') this.atom(sum);

    const parts: Node[] = [];
    const present = (p: Polynomial): boolean => p.monomials.length > 0;
    if (form.outers.length > 0) {
      const posts = form.outers.map(({ post }) => this.stretch(post, [1, at.postSize]));
      const pres = form.outers.map(({ pre }) => this.stretch(pre, [1, at.preSize]));
      parts.push(b.matmul(b.concat(posts), b.concat(pres), true, false));
    }
    if (present(form.decay)) parts.push(b.multiply(this.polynomial(form.decay, 'row'), at.weight));
    if (present(form.rows)) parts.push(b.multiply(this.polynomial(form.rows, 'matrix'), at.weight));
    if (present(form.columns)) {
      parts.push(b.multiply(this.polynomial(form.columns, 'matrix'), at.weight));
    }
    if (present(form.dense)) parts.push(this.polynomial(form.dense, 'matrix'));
    const shape: Shape = [at.postSize, at.preSize];
    return b.broadcast(b.total(parts) ?? b.constant(0), shape);
  }

  private stretch(polynomial: Polynomial, shape: Shape): Node {
    return this.b.broadcast(this.polynomial(polynomial, 'row'), shape);
  }

  private polynomial(polynomial: Polynomial, frame: Frame): Node {
    const parts = polynomial.monomials.map((monomial) => this.monomial(monomial, frame));
    return this.b.total(parts) ?? this.b.constant(0);
  }

  private monomial(monomial: Monomial, frame: Frame): Node {
    const { b } = this;
    const coefficient = toNumber(monomial.coefficient);
    // Scalars are multiplied first, so that each vector is touched once.
    const rank: Record<Extent, number> = { global: 0, post: 1, pre: 2, synapse: 3 };
    const factors = [...monomial.factors].sort((x, y) => rank[x.atom.extent] - rank[y.atom.extent]);
    let product = b.constant(coefficient);
    for (const { atom, exponent } of factors) {
      const value = this.power(this.oriented(atom, frame), Math.abs(exponent));
      product = exponent < 0 ? b.binary('divide', product, value) : b.multiply(product, value);
    }
    return product;
  }

  private power(base: Node, exponent: number): Node {
    const { b } = this;
    if (exponent === 1) return base;
    if (exponent > 8) return b.binary('power', base, b.constant(exponent));
    const half = this.power(base, Math.floor(exponent / 2));
    const square = b.multiply(half, half);
    return exponent % 2 === 1 ? b.multiply(square, base) : square;
  }

  private oriented(atom: Atom, frame: Frame): Node {
    const node = this.atom(atom);
    return frame === 'matrix' && atom.extent === 'post' ? this.b.transpose(node) : node;
  }

  /** The value in its own layout: a post atom is a row, a synapse atom a matrix. */
  private atom(atom: Atom): Node {
    const { b, at } = this;
    const frame: Frame = atom.extent === 'synapse' ? 'matrix' : 'row';
    switch (atom.kind) {
      case 'signal':
        return atom.name === 'w' ? at.weight : at.signal(atom.name);
      case 'parameter':
        return at.parameter(atom.name);
      case 'unit':
        // Values are in base units, of which each is one.
        return b.constant(1);
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
      case 'reduction': {
        const known = this.reductions.get(atom.key);
        if (known) return known;
        const made = this.reduction(atom);
        this.reductions.set(atom.key, made);
        return made;
      }
    }
  }

  private call(callee: string, args: readonly Node[]): Node {
    const { b } = this;
    const [x, y, z] = args as [Node, Node, Node];
    if (callee === 'min') return b.binary('minimum', x, y);
    if (callee === 'max') return b.binary('maximum', x, y);
    if (callee === 'clip') return b.binary('minimum', b.binary('maximum', x, y), z);
    return b.unary(callee as UnaryFunction, x);
  }

  private reduction(atom: Reduction): Node {
    const { b, at } = this;
    const kind = atom.callee.split('_')[0]!;
    const range = rangeOf(atom);
    const [m, n] = [at.postSize, at.preSize];
    if (range === 'upto') return b.cumsum(this.inMatrix(atom.inner));
    if (kind === 'sum') {
      const product = this.weightedSum(atom, range);
      if (product) return product;
    }
    if (range === 'all') {
      const whole: Shape =
        atom.range === 'synapse' ? [m, n] : atom.range === 'post' ? [1, m] : [1, n];
      const frame: Frame = atom.range === 'synapse' ? 'matrix' : 'row';
      const values = b.broadcast(this.polynomial(atom.inner, frame), whole);
      return this.reduce(kind, this.reduce(kind, values, 'columns'), 'rows');
    }
    const extent = extentOf(atom.inner);
    if (extent === range || extent === 'global') {
      const whole: Shape = [1, range === 'pre' ? n : m];
      return this.reduce(kind, this.stretch(atom.inner, whole), 'columns');
    }
    const values = this.inMatrix(atom.inner);
    return range === 'pre'
      ? b.transpose(this.reduce(kind, values, 'columns'))
      : this.reduce(kind, values, 'rows');
  }

  private inMatrix(inner: Polynomial): Node {
    const shape: Shape = [this.at.postSize, this.at.preSize];
    return this.b.broadcast(this.polynomial(inner, 'matrix'), shape);
  }

  private reduce(kind: string, values: Node, axis: 'rows' | 'columns'): Node {
    const { b } = this;
    if (kind === 'max') return b.max(values, axis);
    const total = b.sum(values, axis);
    const count = values.shape[axis === 'rows' ? 0 : 1];
    return kind === 'mean' ? b.multiply(b.constant(1 / count), total) : total;
  }

  /** Σ p·w·q as matrix-vector products, where the summand is that; undefined otherwise. */
  private weightedSum(atom: Reduction, range: Range): Node | undefined {
    const { b, at } = this;
    const [monomial, ...others] = atom.inner.monomials;
    if (!monomial || others.length > 0) return undefined;
    const synaptic = monomial.factors.filter(({ atom: a }) => a.extent === 'synapse');
    const [weight] = synaptic;
    const isPlain =
      synaptic.length === 1 &&
      weight!.exponent === 1 &&
      weight!.atom.kind === 'signal' &&
      weight!.atom.name === 'w';
    if (!isPlain) return undefined;
    const part = (extent: Extent, size: number): Node => {
      const factors = monomial.factors.filter(({ atom: a }) => a.extent === extent);
      return b.broadcast(this.monomial({ ...monomial, coefficient: ONE, factors }, 'row'), [
        1,
        size,
      ]);
    };
    const scale = (node: Node): Node => {
      const factors = monomial.factors.filter(({ atom: a }) => a.extent === 'global');
      return b.multiply(this.monomial({ ...monomial, factors }, 'row'), node);
    };
    const post = part('post', at.postSize);
    const pre = part('pre', at.preSize);
    if (range === 'pre') return scale(b.multiply(post, b.matmul(pre, at.weight, false, true)));
    if (range === 'post') return scale(b.multiply(pre, b.matmul(post, at.weight)));
    // yᵀWx: whichever product this step has already; else Wᵀy.
    const forward = b.knownMatmul(pre, at.weight, false, true);
    return forward
      ? scale(b.sum(b.multiply(forward, post), 'columns'))
      : scale(b.sum(b.multiply(b.matmul(post, at.weight), pre), 'columns'));
  }
}

type Range = 'pre' | 'post' | 'all' | 'upto';

function rangeOf(atom: Reduction): Range {
  if (atom.callee === 'sum_upto_post') return 'upto';
  return atom.callee.split('_')[1] as Range;
}

function extentOf(polynomial: Polynomial): Extent {
  const extents = new Set(polynomial.monomials.map(({ extent }) => extent));
  extents.delete('global');
  if (extents.size === 0) return 'global';
  return extents.size === 1 ? [...extents][0]! : 'synapse';
}
