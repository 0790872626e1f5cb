import type { Moment } from '../language/ast.js';
import { type Extent, joinExtents } from '../language/signals.js';
import type { Atom, Polynomial } from './types.js';

/**
 * Making atoms. Their ranks give the printing order of a product: parameters, then global, post,
 * pre and synapse signals, w, sums, functions, and what prints in brackets.
 */

const STEP = 1000;
const RANK = {
  unit: 0,
  parameter: STEP,
  global: 2 * STEP,
  post: 3 * STEP,
  pre: 4 * STEP,
  synapse: 5 * STEP,
  weight: 6 * STEP,
  reduction: 7 * STEP,
  function: 8 * STEP,
  power: 9 * STEP,
  group: 10 * STEP,
} as const;

const UNIT_RANK = { ms: 0, step: 1, mV: 2 } as const;

export function unitAtom(name: 'ms' | 'mV' | 'step'): Atom {
  const rank = RANK.unit + UNIT_RANK[name];
  return { kind: 'unit', name, key: `1 ${name}`, rank, extent: 'global' };
}

export function parameterAtom(name: string, extent: Extent): Atom {
  return { kind: 'parameter', name, key: name, rank: RANK.parameter, extent };
}

/** `position` is the signal's place in its table. */
export function signalAtom(
  name: string,
  moment: Moment | null,
  extent: Extent,
  position: number,
): Atom {
  const text = name + momentText(moment);
  const rank = name === 'w' ? RANK.weight : RANK[extent] + position;
  return { kind: 'signal', name: text, moment, key: text, rank, extent };
}

export function momentText(moment: Moment | null): string {
  if (moment === null) return '';
  if (moment.kind === 'named') return `@${moment.name}`;
  const { text, unit, per } = moment.delay;
  return `@${[text, unit ?? '', ...per.map((u) => `per ${u}`)].filter(Boolean).join(' ')}`;
}

/** The extent each reduction gives. */
export function reductionExtent(callee: string): Extent {
  if (callee.endsWith('_upto_post')) return 'synapse';
  if (callee.endsWith('_pre')) return 'post';
  return callee.endsWith('_post') ? 'pre' : 'global';
}

const REDUCTIONS = [
  'sum_pre',
  'sum_post',
  'sum_all',
  'sum_upto_post',
  'mean_pre',
  'mean_post',
  'mean_all',
  'max_pre',
  'max_post',
  'max_all',
];

export function isReduction(callee: string): boolean {
  return REDUCTIONS.includes(callee);
}

export function reductionAtom(callee: string, inner: Polynomial, range: Extent): Atom {
  const key = `${callee}(${inner.key}${callee.endsWith('_all') ? `;${range}` : ''})`;
  const rank = RANK.reduction + REDUCTIONS.indexOf(callee);
  return { kind: 'reduction', callee, inner, range, key, rank, extent: reductionExtent(callee) };
}

export function functionAtom(callee: string, args: readonly Polynomial[]): Atom {
  const key = `${callee}(${args.map((arg) => arg.key).join(',')})`;
  const extent = args.map(extentOf).reduce(joinExtents, 'global');
  return { kind: 'function', callee, args, key, rank: RANK.function, extent };
}

export function groupAtom(inner: Polynomial): Atom {
  const key = `{${inner.key}}`;
  return { kind: 'group', inner, key, rank: RANK.group, extent: extentOf(inner) };
}

export function powerAtom(base: Polynomial, exponent: Polynomial): Atom {
  const key = `[${base.key}]^[${exponent.key}]`;
  const extent = joinExtents(extentOf(base), extentOf(exponent));
  return { kind: 'power', base, exponent, key, rank: RANK.power, extent };
}

/** The union of the extents of its monomials. */
export function extentOf(polynomial: Polynomial): Extent {
  let extent: Extent = 'global';
  for (const monomial of polynomial.monomials) extent = joinExtents(extent, monomial.extent);
  return extent;
}

/** Printing order; 0 only for the same atom. */
export function compareAtoms(a: Atom, b: Atom): number {
  if (a === b) return 0;
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
