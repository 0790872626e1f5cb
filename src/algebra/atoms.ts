import type { Moment } from '../language/ast.js';
import { type Extent, joinExtents, type Signal } from '../language/signals.js';
import type { Atom, ConditionForm, Polynomial } from './types.js';

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
  conditional: 10 * STEP,
  group: 11 * STEP,
} as const;

const UNIT_RANK = { ms: 0, step: 1, mV: 2 } as const;

export function unitAtom(name: 'ms' | 'mV' | 'step'): Atom {
  const rank = RANK.unit + UNIT_RANK[name];
  return { kind: 'unit', name, key: `1 ${name}`, rank, extent: 'global', event: false };
}

export function parameterAtom(name: string, extent: Extent): Atom {
  return { kind: 'parameter', name, key: name, rank: RANK.parameter, extent, event: false };
}

/** `position` is the signal's place in its table. */
export function signalAtom(
  { name, extent, event }: Pick<Signal, 'name' | 'extent' | 'event'>,
  moment: Moment | null,
  position: number,
): Atom {
  const text = name + momentText(moment);
  const rank = name === 'w' ? RANK.weight : RANK[extent] + position;
  return { kind: 'signal', name: text, moment, key: text, rank, extent, event };
}

/** Memory stands behind the signals of its extent. */
export function memoryAtom(name: string, reading: 'now' | 'before', extent: Extent): Atom {
  const key = reading === 'now' ? name : `${name}@before`;
  return {
    kind: 'memory',
    name,
    reading,
    key,
    rank: RANK[extent] + STEP / 2,
    extent,
    event: false,
  };
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
  const [extent, event] = [reductionExtent(callee), hasEvents(inner)];
  return { kind: 'reduction', callee, inner, range, key, rank, extent, event };
}

export function functionAtom(callee: string, args: readonly Polynomial[]): Atom {
  const key = `${callee}(${args.map((arg) => arg.key).join(',')})`;
  const extent = args.map(extentOf).reduce(joinExtents, 'global');
  return { kind: 'function', callee, args, key, rank: RANK.function, extent, event: false };
}

export function groupAtom(inner: Polynomial): Atom {
  const key = `{${inner.key}}`;
  return { kind: 'group', inner, key, rank: RANK.group, extent: extentOf(inner), event: false };
}

export function powerAtom(base: Polynomial, exponent: Polynomial): Atom {
  const key = `[${base.key}]^[${exponent.key}]`;
  const extent = joinExtents(extentOf(base), extentOf(exponent));
  return { kind: 'power', base, exponent, key, rank: RANK.power, extent, event: false };
}

/** `if condition then … else …`. */
export function conditionalAtom(
  condition: ConditionForm,
  then: Polynomial,
  otherwise: Polynomial = NONE,
): Atom {
  const branches = otherwise.monomials.length === 0 ? then.key : `${then.key},${otherwise.key}`;
  const key = `if(${condition.key},${branches})`;
  const extent = [extentOf(then), extentOf(otherwise)].reduce(
    joinExtents,
    conditionExtent(condition),
  );
  const rank = RANK.conditional;
  return { kind: 'conditional', condition, then, otherwise, key, rank, extent, event: false };
}

const NONE: Polynomial = { monomials: [], key: '0' };

function conditionExtent(condition: ConditionForm): Extent {
  return condition.kind === 'positive'
    ? extentOf(condition.value)
    : condition.parts.map(conditionExtent).reduce(joinExtents, 'global');
}

/** A sum of spikes is an event, too. */
function hasEvents({ monomials }: Polynomial): boolean {
  return monomials.some(({ factors }) => factors.some(({ atom }) => atom.event));
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
