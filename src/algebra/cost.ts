import { type Reduction, reductionsOf } from './machine-form.js';
import { splitMonomial } from './monomial.js';
import { single } from './polynomial.js';
import type { MachineForm } from './types.js';

/** What an update costs at one projection of m × n synapses, in passes over all synapses. */
export interface UpdateCost {
  /** Post vector times pre vector, added to the weights: together one pass, m·n operations each. */
  readonly outerProducts: number;
  /** Weights (or another synaptic quantity) times a vector: one pass each. */
  readonly matrixVectorProducts: number;
  /** Quantities computed synapse by synapse, beyond outer products and decay: one pass each. */
  readonly densePasses: number;
  /** Whether the weights are scaled, by a number, per row, or per column. */
  readonly scalesWeights: boolean;
}

/**
 * Counts each matrix-vector product once, however many terms use it: Σ post·w·pre over all
 * synapses uses Wᵀ post where `sum_post(post * w)` already needs it.
 */
export function updateCost(form: MachineForm): UpdateCost {
  const { products, dense } = countSums(reductionsOf(form));
  return {
    outerProducts: form.outers.length,
    matrixVectorProducts: products,
    densePasses: dense + form.dense.monomials.length,
    scalesWeights: [form.decay, form.rows, form.columns].some((p) => p.monomials.length > 0),
  };
}

/** The two products Σ post·s·pre can be made of: s·pre, then a dot product, or sᵀ·post. */
interface TwoWays {
  readonly forward: string;
  readonly backward: string;
}

function countSums(sums: readonly Reduction[]): { products: number; dense: number } {
  const products = new Set<string>();
  const either: TwoWays[] = [];
  let dense = 0;
  for (const sum of sums) {
    const ways = waysOf(sum);
    if (ways === 'vectors') continue;
    if (ways === 'dense') dense += 1;
    else if (sum.callee === 'sum_pre') products.add(ways.forward);
    else if (sum.callee === 'sum_post') products.add(ways.backward);
    else either.push(ways);
  }
  for (const { forward, backward } of either) {
    if (!products.has(forward)) products.add(backward);
  }
  return { products: products.size, dense };
}

function waysOf({ callee, inner }: Reduction): TwoWays | 'vectors' | 'dense' {
  const [m, ...others] = inner.monomials;
  const synaptic = inner.monomials.some(({ factors }) =>
    factors.some(({ atom }) => atom.extent === 'synapse'),
  );
  if (callee === 'sum_upto_post') return 'dense';
  if (!synaptic) return 'vectors';
  if (!m || others.length > 0 || !callee.startsWith('sum_')) return 'dense';
  const { kept: synapse, rest } = splitMonomial(m, (atom) => atom.extent === 'synapse');
  const part = (side: 'pre' | 'post'): string =>
    single(splitMonomial(rest, (atom) => atom.extent === side).kept).key;
  return {
    forward: `${synapse.key} . ${part('pre')}`,
    backward: `${part('post')} . ${synapse.key}`,
  };
}

/** In words: "3 outer products, 1 matrix-vector product and a scaling of the weights". */
export function describeCost(cost: UpdateCost): string {
  const counted = (n: number, one: string, many: string): string[] =>
    n === 0 ? [] : [`${n} ${n === 1 ? one : many}`];
  const parts = [
    ...counted(cost.outerProducts, 'outer product', 'outer products'),
    ...counted(cost.matrixVectorProducts, 'matrix-vector product', 'matrix-vector products'),
    ...counted(cost.densePasses, 'pass synapse by synapse', 'passes synapse by synapse'),
    ...(cost.scalesWeights ? ['a scaling of the weights'] : []),
  ];
  if (parts.length === 0) return 'nothing to compute';
  const last = parts.pop()!;
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}
