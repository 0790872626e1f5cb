import fc from 'fast-check';
import { binary, called, measured, named, negated } from '../../src/algebra/build-expression.js';
import { type Condition, type Expression, NOWHERE } from '../../src/language/ast.js';
import type { Scope } from '../../src/language/checked.js';
import type { Extent } from '../../src/language/signals.js';

/** Random expressions that are in order: known names, sums over what varies. */

export interface GeneratorOptions {
  /** How deep expressions nest at most; 4 gives rules of about 10 to 40 names. */
  readonly depth: number;
  /** Divisors, also sums as divisors. */
  readonly division: boolean;
  /** `sum_`, `mean_` and `max_`. */
  readonly sums: boolean;
  /** Functions such as `tanh`. */
  readonly functions: boolean;
  /** `if`. Default: none. */
  readonly conditionals?: boolean;
}

export const EVERYTHING: GeneratorOptions = {
  depth: 4,
  division: true,
  sums: true,
  functions: true,
};

/** Extents an expression of this extent may contain. */
const WITHIN: Record<Extent, readonly Extent[]> = {
  global: ['global'],
  pre: ['global', 'pre'],
  post: ['global', 'post'],
  synapse: ['global', 'pre', 'post', 'synapse'],
};

/**
 * Expressions over the scope's signals and parameters, of any extent (as the right side of `dw`) or
 * none larger than a given one.
 */
export function expressions(
  scope: Scope,
  options: GeneratorOptions = EVERYTHING,
  extent: Extent = 'synapse',
): fc.Arbitrary<Expression> {
  return new Generator(scope, options).within(extent, options.depth);
}

const NUMBERS = ['1', '2', '3', '0.5', '0.25', '1.5', '0.1', '0.01', '10'];
const SMOOTH = ['tanh', 'sigmoid', 'exp', 'softplus', 'abs', 'relu', 'step', 'sign'];

class Generator {
  private readonly scope: Scope;
  private readonly options: GeneratorOptions;
  private readonly made = new Map<string, fc.Arbitrary<Expression>>();

  constructor(scope: Scope, options: GeneratorOptions) {
    this.scope = scope;
    this.options = options;
  }

  /** Expressions that contain nothing of a larger extent. */
  within(extent: Extent, depth: number): fc.Arbitrary<Expression> {
    const key = `${extent}${depth}`;
    const had = this.made.get(key);
    if (had) return had;
    const made = depth === 0 ? this.leaf(extent) : this.compound(extent, depth - 1);
    this.made.set(key, made);
    return made;
  }

  private leaf(extent: Extent): fc.Arbitrary<Expression> {
    const { table, parameters } = this.scope;
    const names = [...table.signals, ...parameters.values()]
      .filter((known) => WITHIN[extent].includes(known.extent))
      .map((known) => named(known.name));
    const numbers = NUMBERS.map((text) => measured(text));
    return fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...names) },
      { weight: 1, arbitrary: fc.constantFrom(...numbers) },
    );
  }

  /** A signal that varies over exactly this extent. */
  private signalOf(extent: Extent): fc.Arbitrary<Expression> {
    const signals = this.scope.table.signals.filter((signal) => signal.extent === extent);
    return fc.constantFrom(...signals.map((signal) => named(signal.name)));
  }

  private compound(extent: Extent, depth: number): fc.Arbitrary<Expression> {
    const inner = this.within(extent, depth);
    const two = fc.tuple(inner, inner);
    const exponent = fc.constantFrom(...['2', '3'].map((text) => measured(text)));
    const choices: fc.WeightedArbitrary<Expression>[] = [
      { weight: 2, arbitrary: this.leaf(extent) },
      { weight: 4, arbitrary: two.map(([a, b]) => binary('*', a, b)) },
      { weight: 3, arbitrary: two.map(([a, b]) => binary('+', a, b)) },
      { weight: 3, arbitrary: two.map(([a, b]) => binary('-', a, b)) },
      { weight: 1, arbitrary: inner.map(negated) },
      { weight: 1, arbitrary: fc.tuple(inner, exponent).map(([a, n]) => binary('^', a, n)) },
    ];
    if (this.options.division) {
      const divisor = this.divisor(extent);
      choices.push({
        weight: 1,
        arbitrary: fc.tuple(inner, divisor).map(([a, b]) => binary('/', a, b)),
      });
    }
    if (this.options.functions) choices.push({ weight: 1, arbitrary: this.functionOf(inner) });
    if (this.options.conditionals) {
      choices.push({ weight: 3, arbitrary: this.conditional(extent, inner) });
    }
    if (this.options.sums) choices.push({ weight: 2, arbitrary: this.sum(extent, depth) });
    return fc.oneof(...choices);
  }

  /** A name, a name plus a number, the sum of two names, or a power of one of these. */
  private divisor(extent: Extent): fc.Arbitrary<Expression> {
    const leaf = this.leaf(extent);
    const base = fc.oneof(
      leaf,
      fc.tuple(leaf, leaf).map(([a, b]) => binary('+', a, b)),
      fc.tuple(leaf, leaf).map(([a, b]) => binary('+', binary('^', a, measured('2')), b)),
    );
    return fc.oneof(
      { weight: 4, arbitrary: base },
      { weight: 1, arbitrary: base.map((a) => binary('^', a, measured('2'))) },
    );
  }

  private functionOf(inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
    return fc.oneof(
      fc.tuple(fc.constantFrom(...SMOOTH), inner).map(([name, a]) => called(name, [a])),
      fc
        .tuple(fc.constantFrom('min', 'max'), inner, inner)
        .map(([name, a, b]) => called(name, [a, b])),
      inner.map((a) => called('clip', [a, measured('-1'), measured('2')])),
    );
  }

  private conditional(extent: Extent, inner: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
    const leaf = this.leaf(extent);
    const operator = fc.constantFrom('<', '>', '<=', '>=');
    const compared = fc.tuple(operator, leaf, leaf).map(
      ([op, left, right]): Condition => ({
        kind: 'compare',
        operator: op as '<',
        left,
        right,
        span: NOWHERE,
      }),
    );
    const joined = fc
      .tuple(fc.constantFrom('and', 'or'), compared, compared)
      .map(
        ([kind, left, right]): Condition => ({ kind: kind as 'and', left, right, span: NOWHERE }),
      );
    const condition = fc.oneof(
      { weight: 3, arbitrary: compared },
      { weight: 1, arbitrary: joined },
    );
    const otherwise = fc.oneof(inner, fc.constant(measured('0')));
    return fc
      .tuple(condition, inner, otherwise)
      .map(([c, then, no]) => ({ kind: 'if', condition: c, then, otherwise: no, span: NOWHERE }));
  }

  private sum(extent: Extent, depth: number): fc.Arbitrary<Expression> {
    const below = Math.min(depth, 2);
    const any = this.within('synapse', below);
    const kinds: fc.Arbitrary<Expression>[] = [];
    const oneSided = (names: string[]): void => {
      kinds.push(fc.tuple(fc.constantFrom(...names), any).map(([name, a]) => called(name, [a])));
    };
    if (WITHIN[extent].includes('post')) oneSided(['sum_pre', 'sum_pre', 'mean_pre', 'max_pre']);
    if (WITHIN[extent].includes('pre')) oneSided(['sum_post', 'sum_post', 'mean_post', 'max_post']);
    if (extent === 'synapse') oneSided(['sum_upto_post']);
    for (const range of ['pre', 'post', 'synapse'] as const) {
      const ranged = fc
        .tuple(this.signalOf(range), this.within(range, Math.min(below, 1)))
        .map(([signal, a]) => binary('*', signal, a));
      const names = fc.constantFrom('sum_all', 'sum_all', 'mean_all', 'max_all');
      kinds.push(fc.tuple(names, ranged).map(([name, a]) => called(name, [a])));
    }
    return fc.oneof(...kinds);
  }
}
