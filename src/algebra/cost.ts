import { machineForm, type Reduction, reductionsIn, reductionsOf } from './machine-form.js';
import { splitMonomial } from './monomial.js';
import { single } from './polynomial.js';
import { sumsIn } from './rule-form.js';
import type { MachineForm, Polynomial, RuleForm } from './types.js';

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
  return costOf([form], [], 0);
}

/**
 * The cost of a step in which every line acts: all changes, one pass for each memory that has a value
 * at every synapse, one for a weight that is set and one for what is sent instead of the weight.
 */
export function ruleCost({ changes, memory, transmit }: RuleForm): UpdateCost {
  const added = changes.filter(({ form }) => form === 'dw').map(({ value }) => machineForm(value));
  const set = changes.filter(({ form }) => form === 'set').map(({ value }) => value);
  const ofSynapses = memory.filter(({ extent }) => extent === 'synapse').length;
  const others = [...set, ...memory.flatMap(sumsIn), ...(transmit ? [transmit] : [])];
  return costOf(added, others, set.length + ofSynapses + (transmit ? 1 : 0));
}

/** `others` are sums that are computed besides; only what they sum up counts. */
function costOf(
  forms: readonly MachineForm[],
  others: readonly Polynomial[],
  passes: number,
): UpdateCost {
  const needed = [...forms.flatMap(reductionsOf), ...reductionsIn(others)];
  const sums = new Map(needed.map((sum) => [sum.key, sum]));
  const { products, dense } = countSums([...sums.values()]);
  const scales = forms.flatMap(({ decay, rows, columns }) => [decay, rows, columns]);
  const total = (count: (form: MachineForm) => number): number =>
    forms.reduce((sum, form) => sum + count(form), 0);
  return {
    outerProducts: total(({ outers }) => outers.length),
    matrixVectorProducts: products,
    densePasses: passes + dense + total((form) => form.dense.monomials.length),
    scalesWeights: scales.some((p) => p.monomials.length > 0),
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
