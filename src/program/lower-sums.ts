import type { Reduction } from '../algebra/machine-form.js';
import { ONE } from '../algebra/rational.js';
import type { Monomial, Polynomial } from '../algebra/types.js';
import type { Extent } from '../language/signals.js';
import type { GraphBuilder } from './builder.js';
import type { Node, Shape } from './ir.js';
import type { Frame, ProjectionSignals } from './projection-signals.js';

/** Below any value that is compared, and finite in single precision too. */
const LEAST = -3e38;

/** What is inside a sum becomes nodes by whoever lowers the whole. */
export interface LoweredTerms {
  readonly builder: GraphBuilder;
  readonly at: ProjectionSignals;
  /** As a row of this shape. */
  stretch(polynomial: Polynomial, shape: Shape): Node;
  polynomial(polynomial: Polynomial, frame: Frame): Node;
  monomial(monomial: Monomial, frame: Frame): Node;
}

/**
 * Sums, means and maxima over the existing synapses of a projection. Vectors are summed by
 * matrix-vector products: Σ_j w_ij x_j is Wx, and where synapses are missing Σ_j x_j is Mx with M
 * the synapses that exist. Only what varies over synapses otherwise is summed synapse by synapse.
 */
export class LoweredSums {
  private readonly known = new Map<string, Node>();
  private readonly lowering: LoweredTerms;

  constructor(lowering: LoweredTerms) {
    this.lowering = lowering;
  }

  of(atom: Reduction): Node {
    const had = this.known.get(atom.key);
    if (had) return had;
    const made = this.reduction(atom);
    this.known.set(atom.key, made);
    return made;
  }

  private reduction(atom: Reduction): Node {
    const { builder: b } = this.lowering;
    const kind = atom.callee.split('_')[0]!;
    const range = rangeOf(atom);
    if (range === 'upto') return b.cumsum(this.existing(this.inMatrix(atom.inner), 0));
    if (kind === 'sum') {
      const product = this.weightedSum(atom, range);
      if (product) return product;
    }
    if (range === 'all') return this.overAll(kind, atom);
    return this.lowering.at.mask
      ? this.overExisting(kind, range, atom.inner, this.lowering.at.mask)
      : this.overWhole(kind, range, atom.inner);
  }

  private overAll(kind: string, atom: Reduction): Node {
    const { builder: b, at } = this.lowering;
    const [m, n] = [at.postSize, at.preSize];
    if (atom.range !== 'synapse') {
      const values = this.lowering.stretch(atom.inner, atom.range === 'post' ? [1, m] : [1, n]);
      return this.reduce(kind, values, 'columns');
    }
    const values = this.inMatrix(atom.inner);
    if (!at.mask) return this.reduce(kind, this.reduce(kind, values, 'columns'), 'rows');
    const count = b.sum(b.sum(at.mask, 'columns'), 'rows');
    const over = (fn: 'sum' | 'max', from: number): Node =>
      b[fn](b[fn](this.existing(values, from), 'columns'), 'rows');
    if (kind === 'max') return b.select(count, over('max', LEAST), b.constant(0));
    const total = over('sum', 0);
    return kind === 'mean' ? b.binary('divide', total, this.atLeastOne(count)) : total;
  }

  /** Along one side where every synapse exists. */
  private overWhole(kind: string, range: 'pre' | 'post', inner: Polynomial): Node {
    const { builder: b, at } = this.lowering;
    const extent = extentOf(inner);
    if (extent === range || extent === 'global') {
      const whole: Shape = [1, range === 'pre' ? at.preSize : at.postSize];
      return this.reduce(kind, this.lowering.stretch(inner, whole), 'columns');
    }
    const values = this.inMatrix(inner);
    return range === 'pre'
      ? b.transpose(this.reduce(kind, values, 'columns'))
      : this.reduce(kind, values, 'rows');
  }

  /** Along one side over the synapses that exist; 0 over none. */
  private overExisting(kind: string, range: 'pre' | 'post', inner: Polynomial, mask: Node): Node {
    const { builder: b, at } = this.lowering;
    const row: Shape = [1, range === 'pre' ? at.preSize : at.postSize];
    const reached = (values: Node): Node => b.matmul(values, mask, false, range === 'pre');
    const along = (fn: 'sum' | 'max', from: number): Node => {
      const values = this.existing(this.inMatrix(inner), from);
      return range === 'pre' ? b.transpose(b[fn](values, 'columns')) : b[fn](values, 'rows');
    };
    const count = (): Node => reached(b.constant(1, row));
    if (kind === 'max') return b.select(count(), along('max', LEAST), b.constant(0));
    const extent = extentOf(inner);
    const isVector = extent === range || extent === 'global';
    const total = isVector ? reached(this.lowering.stretch(inner, row)) : along('sum', 0);
    return kind === 'mean' ? b.binary('divide', total, this.atLeastOne(count())) : total;
  }

  private atLeastOne(count: Node): Node {
    return this.lowering.builder.binary('maximum', count, this.lowering.builder.constant(1));
  }

  /** `otherwise` where there is no synapse. */
  private existing(values: Node, otherwise: number): Node {
    const { builder: b, at } = this.lowering;
    return at.mask ? b.select(at.mask, values, b.constant(otherwise)) : values;
  }

  private inMatrix(inner: Polynomial): Node {
    const { builder, at } = this.lowering;
    const shape: Shape = [at.postSize, at.preSize];
    return builder.broadcast(this.lowering.polynomial(inner, 'matrix'), shape);
  }

  private reduce(kind: string, values: Node, axis: 'rows' | 'columns'): Node {
    const { builder: b } = this.lowering;
    if (kind === 'max') return b.max(values, axis);
    const total = b.sum(values, axis);
    const count = values.shape[axis === 'rows' ? 0 : 1];
    return kind === 'mean' ? b.multiply(b.constant(1 / count), total) : total;
  }

  /** Σ p·w·q as matrix-vector products, where the summand is that; undefined otherwise. */
  private weightedSum(atom: Reduction, range: 'pre' | 'post' | 'all'): Node | undefined {
    const { builder: b, at } = this.lowering;
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
    const lowered = (extents: Extent, coefficient = monomial.coefficient, frame: Frame = 'row') => {
      const factors = monomial.factors.filter(({ atom: a }) => a.extent === extents);
      return this.lowering.monomial({ ...monomial, coefficient, factors }, frame);
    };
    const part = (extent: Extent, size: number): Node =>
      b.broadcast(lowered(extent, ONE), [1, size]);
    const scale = (node: Node): Node => b.multiply(lowered('global'), node);
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

export function rangeOf(atom: Reduction): Range {
  if (atom.callee === 'sum_upto_post') return 'upto';
  return atom.callee.split('_')[1] as Range;
}

function extentOf(polynomial: Polynomial): Extent {
  const extents = new Set(polynomial.monomials.map(({ extent }) => extent));
  extents.delete('global');
  if (extents.size === 0) return 'global';
  return extents.size === 1 ? [...extents][0]! : 'synapse';
}
