import { Stream } from '../../src/base/random.js';
import type { Condition, Expression } from '../../src/language/ast.js';
import { partsOf } from '../../src/language/check/walk.js';
import type { Scope } from '../../src/language/checked.js';
import { type Extent, joinExtents } from '../../src/language/signals.js';
import { type Bounded, FUNCTIONS, number, raisedTo, SUM } from './bounded.js';

/** A small network with random values and random synapses, to evaluate rules by their definition. */
export interface Network {
  readonly scope: Scope;
  readonly preSize: number;
  readonly postSize: number;
  /** `exists[i][j]`: a synapse from j to i. */
  readonly exists: readonly (readonly boolean[])[];
  /** By name, `[post][pre]`; a signal of smaller extent repeats its values. */
  readonly values: ReadonlyMap<string, readonly (readonly number[])[]>;
  /** Values of sums already found, by what is summed and for which neuron. */
  readonly known: Map<object, Map<number, Bounded>>;
}

/** Values are between 0.3 and 2 in size, of both signs; about three of four synapses exist. */
export function randomNetwork(scope: Scope, seed: number, preSize = 3, postSize = 4): Network {
  const stream = new Stream(seed, 'network');
  const values = new Map<string, number[][]>();
  const draw = (): number => stream.uniform(0.3, 2) * (stream.uniform() < 0.35 ? -1 : 1);
  const matrix = (extent: Extent): number[][] => {
    const drawn = Array.from({ length: postSize }, () => Array.from({ length: preSize }, draw));
    return drawn.map((row, i) =>
      row.map((_, j) => {
        const at = extent === 'pre' || extent === 'global' ? 0 : i;
        return drawn[at]![extent === 'post' || extent === 'global' ? 0 : j]!;
      }),
    );
  };
  for (const signal of scope.table.signals) values.set(signal.name, matrix(signal.extent));
  for (const parameter of scope.parameters.values()) {
    values.set(parameter.name, matrix(parameter.extent));
  }
  const sizes = { 'pre.size': preSize, 'post.size': postSize };
  for (const [name, size] of Object.entries(sizes)) {
    values.set(
      name,
      Array.from({ length: postSize }, () => Array(preSize).fill(size)),
    );
  }
  const exists = Array.from({ length: postSize }, () =>
    Array.from({ length: preSize }, () => stream.uniform() < 0.75),
  );
  exists[0]![0] = true;
  return { scope, preSize, postSize, exists, values, known: new Map() };
}

/** The extent of an expression as written. */
export function extentOfExpression(e: Expression, scope: Scope): Extent {
  switch (e.kind) {
    case 'number':
      return 'global';
    case 'name': {
      const name = fullName(e);
      const signal = scope.table.signals.find((s) => s.name === name);
      return (signal ?? scope.parameters.get(name))!.extent;
    }
    case 'negate':
      return extentOfExpression(e.operand, scope);
    case 'binary':
      return joinExtents(extentOfExpression(e.left, scope), extentOfExpression(e.right, scope));
    case 'call': {
      if (/_upto_post$/.test(e.callee)) return 'synapse';
      const [, side] = /^(?:sum|mean|max)_(pre|post|all)$/.exec(e.callee) ?? [];
      if (side) return side === 'pre' ? 'post' : side === 'post' ? 'pre' : 'global';
      return e.args.map((a) => extentOfExpression(a, scope)).reduce(joinExtents, 'global');
    }
    case 'if':
      return [...partsOf(e)].map((a) => extentOfExpression(a, scope)).reduce(joinExtents, 'global');
  }
}

export const fullName = (e: { name: string; member: string | null }): string =>
  e.member === null ? e.name : `${e.name}.${e.member}`;

/**
 * The value of an expression at the synapse from j to i, by the definition of the language, with a
 * bound on its rounding error.
 */
export function evaluateAt(e: Expression, network: Network, i: number, j: number): Bounded {
  const at = (inner: Expression): Bounded => evaluateAt(inner, network, i, j);
  switch (e.kind) {
    case 'number':
      return number(e.measure.number);
    case 'name':
      return number(network.values.get(fullName(e))![i]![j]!);
    case 'negate':
      return FUNCTIONS.negate!(at(e.operand));
    case 'binary':
      if (e.operator === '^') return raisedTo(at(e.left), at(e.right));
      return FUNCTIONS[e.operator]!(at(e.left), at(e.right));
    case 'call': {
      const [argument] = e.args;
      if (!REDUCTION.test(e.callee)) return FUNCTIONS[e.callee]!(...e.args.map(at));
      const range = e.callee.endsWith('_all')
        ? extentOfExpression(argument!, network.scope)
        : 'pre';
      return reduced(e, e.callee, range, network, i, j, (k, l) =>
        evaluateAt(argument!, network, k, l),
      );
    }
    case 'if': {
      const holds = holdsAt(e.condition, at);
      if (holds === null) return UNCLEAR;
      return at(holds ? e.then : e.otherwise);
    }
  }
}

const UNCLEAR: Bounded = { value: Number.NaN, error: Number.NaN };

/** null where rounding may decide. */
function holdsAt(condition: Condition, at: (e: Expression) => Bounded): boolean | null {
  if (condition.kind !== 'compare') {
    const [a, b] = [holdsAt(condition.left, at), holdsAt(condition.right, at)];
    const decisive = condition.kind === 'or';
    if (a === decisive || b === decisive) return decisive;
    return a === null || b === null ? null : !decisive;
  }
  const difference = FUNCTIONS['-']!(at(condition.left), at(condition.right));
  return isAbove(
    condition.operator.startsWith('>') ? difference : FUNCTIONS.negate!(difference),
    condition.operator.length > 1,
  );
}

/** Whether a value is above 0, or at 0 where that counts; null where rounding may decide. */
export function isAbove({ value, error }: Bounded, orEqual: boolean): boolean | null {
  if (value === 0 && error === 0) return orEqual;
  return Math.abs(value) > 4 * error ? value > 0 : null;
}

const REDUCTION = /^(sum|mean|max)_(pre|post|all|upto_post)$/;

/**
 * A sum, mean or maximum of `valueAt` at the synapse from j to i; 0 over nothing. `what` identifies
 * it, so that it is found once for each neuron.
 */
export function reduced(
  what: object,
  callee: string,
  range: Extent,
  network: Network,
  i: number,
  j: number,
  valueAt: (k: number, l: number) => Bounded,
): Bounded {
  const { known } = network;
  const found = known.get(what) ?? new Map<number, Bounded>();
  known.set(what, found);
  const side = callee.endsWith('_pre') ? i : callee.endsWith('_all') ? 0 : j;
  const place = callee.endsWith('_upto_post') ? i * network.preSize + j : side;
  let value = found.get(place);
  if (!value) {
    const values = placesOf(callee, range, network, i, j).map(([k, l]) => valueAt(k, l));
    value = combined(callee, values);
    found.set(place, value);
  }
  return value;
}

function combined(callee: string, values: readonly Bounded[]): Bounded {
  if (values.length === 0) return number(0);
  if (callee.startsWith('max_')) return values.reduce((a, b) => FUNCTIONS.max!(a, b));
  const sum = SUM(values);
  return callee.startsWith('mean_') ? FUNCTIONS['/']!(sum, number(values.length)) : sum;
}

/** Where a reduction at the synapse from j to i looks; `range` matters for `_all` only. */
function placesOf(
  callee: string,
  range: Extent,
  { exists, preSize, postSize }: Network,
  i: number,
  j: number,
): [number, number][] {
  const posts = Array.from({ length: postSize }, (_, k) => k);
  const pres = Array.from({ length: preSize }, (_, k) => k);
  const there = ([k, l]: [number, number]): boolean => exists[k]![l]!;
  if (callee.endsWith('_pre')) return pres.map((l): [number, number] => [i, l]).filter(there);
  if (callee.endsWith('_upto_post')) {
    return posts
      .filter((k) => k <= i)
      .map((k): [number, number] => [k, j])
      .filter(there);
  }
  if (callee.endsWith('_post')) return posts.map((k): [number, number] => [k, j]).filter(there);
  if (range === 'pre') return pres.map((l) => [0, l]);
  if (range === 'post') return posts.map((k) => [k, 0]);
  return posts.flatMap((k) => pres.map((l): [number, number] => [k, l])).filter(there);
}

/** Values at every existing synapse, in order of i, then j. */
export function evaluateExpression(e: Expression, network: Network): Bounded[] {
  return synapses(network).map(([i, j]) => evaluateAt(e, network, i, j));
}

export function synapses(network: Network): [number, number][] {
  return placesOf('sum_all', 'synapse', network, 0, 0);
}
