import type { Extent } from '../language/signals.js';
import { absorbFractions } from './absorb.js';
import { insideOf } from './inside.js';
import { multiplyMonomials, splitMonomial } from './monomial.js';
import { Collector, single } from './polynomial.js';
import type { Atom, MachineForm, Monomial, Polynomial } from './types.js';

/**
 * The update as engines want it: outer products of a post and a pre vector, as few as grouping by
 * equal post products or by equal pre products gives; a decay of w by a number, per row, or per
 * column; and the rest, computed synapse by synapse.
 */
export function machineForm(p: Polynomial): MachineForm {
  const decay = new Collector();
  const rows = new Collector();
  const columns = new Collector();
  const dense = new Collector();
  const separable: Separated[] = [];
  for (const m of absorbFractions(p).monomials) {
    const { kept: synaptic, rest } = splitMonomial(m, (atom) => atom.extent === 'synapse');
    if (synaptic.factors.length === 0) separable.push(separated(m));
    else if (synaptic.key !== 'w' || rest.extent === 'synapse') dense.add(m);
    else if (rest.extent === 'post') rows.add(rest);
    else if (rest.extent === 'pre') columns.add(rest);
    else decay.add(rest);
  }
  return {
    outers: outerProducts(separable),
    decay: decay.polynomial(),
    rows: rows.polynomial(),
    columns: columns.polynomial(),
    dense: dense.polynomial(),
  };
}

interface Separated {
  readonly post: Monomial;
  readonly pre: Monomial;
  /** Coefficient and global factors. */
  readonly common: Monomial;
}

function separated(m: Monomial): Separated {
  const of = (extent: Extent) => (atom: Atom) => atom.extent === extent;
  const { kept: post, rest } = splitMonomial(m, of('post'));
  const { kept: pre, rest: common } = splitMonomial(rest, of('pre'));
  return { post, pre, common };
}

function outerProducts(parts: readonly Separated[]): MachineForm['outers'] {
  const byPost = grouped(
    parts,
    (part) => part.post,
    (part) => part.pre,
  );
  const byPre = grouped(
    parts,
    (part) => part.pre,
    (part) => part.post,
  );
  return byPost.length <= byPre.length
    ? byPost.map(({ shared, summed }) => ({ post: shared, pre: summed }))
    : byPre.map(({ shared, summed }) => ({ post: summed, pre: shared }));
}

function grouped(
  parts: readonly Separated[],
  sharedOf: (part: Separated) => Monomial,
  otherOf: (part: Separated) => Monomial,
): { shared: Polynomial; summed: Polynomial }[] {
  const groups = new Map<string, { shared: Monomial; summed: Collector }>();
  for (const part of parts) {
    const shared = sharedOf(part);
    let group = groups.get(shared.key);
    if (!group) {
      group = { shared, summed: new Collector() };
      groups.set(shared.key, group);
    }
    group.summed.add(multiplyMonomials(part.common, otherOf(part)));
  }
  return [...groups.values()].map(({ shared, summed }) => ({
    shared: single(shared),
    summed: summed.polynomial(),
  }));
}

export type Reduction = Extract<Atom, { kind: 'reduction' }>;

/** Every sum, mean and maximum an update needs. */
export function reductionsOf(form: MachineForm): Reduction[] {
  const sides = form.outers.flatMap(({ post, pre }) => [post, pre]);
  return reductionsIn([...sides, form.decay, form.rows, form.columns, form.dense]);
}

/** Every sum, mean and maximum in these, each once, what stands inside another before it. */
export function reductionsIn(sums: readonly Polynomial[]): Reduction[] {
  const found = new Map<string, Reduction>();
  const seen = new Set<Polynomial>();
  for (const p of sums) collect(p, found, seen);
  return [...found.values()];
}

function collect(p: Polynomial, into: Map<string, Reduction>, seen: Set<Polynomial>): void {
  if (seen.has(p)) return;
  seen.add(p);
  for (const { atom } of p.monomials.flatMap(({ factors }) => factors)) {
    for (const inner of insideOf(atom)) collect(inner, into, seen);
    if (atom.kind === 'reduction') into.set(atom.key, atom);
  }
}
