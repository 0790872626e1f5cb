import type { Expression, Moment } from '../language/ast.js';
import type { Extent, Grade } from '../language/signals.js';

/** An exact fraction in lowest terms, denominator positive. Decimals in rules are exact fractions. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * What a monomial is made of. Two atoms are the same exactly when their keys are equal. `rank` is
 * the place in the printing order (language design §13); ties are broken by key.
 */
export type Atom = {
  readonly key: string;
  readonly rank: number;
  readonly extent: Extent;
} /** A signal with its moment, if any, as written: `post.error`, `post@previous`. */ & (
  | { readonly kind: 'signal'; readonly name: string; readonly moment: Moment | null }
  | { readonly kind: 'parameter'; readonly name: string }
  /** A base unit (its value is 1): quantities are numbers of these. */
  | { readonly kind: 'unit'; readonly name: 'ms' | 'mV' | 'step' }
  /** A sum, mean or maximum over this projection. `inner` is one monomial for sums, freed of what does not vary over the index. */
  | {
      readonly kind: 'reduction';
      readonly callee: string;
      readonly inner: Polynomial;
      /** What `sum_all` and its kin range over: the extent of what was summed as written. */
      readonly range: Extent;
    }
  | { readonly kind: 'function'; readonly callee: string; readonly args: readonly Polynomial[] }
  /** A sum standing as a whole: as a divisor (negative exponent). Its content is scaled to a fixed form. */
  | { readonly kind: 'group'; readonly inner: Polynomial }
  /** A power whose exponent is not a whole number. */
  | { readonly kind: 'power'; readonly base: Polynomial; readonly exponent: Polynomial }
);

/** coefficient × product of atoms to whole powers (negative ones are divisors; 0 never occurs). */
export interface Monomial {
  readonly coefficient: Rational;
  /** Sorted by the printing order of atoms (language design §13). */
  readonly factors: readonly { readonly atom: Atom; readonly exponent: number }[];
  /** Identifies the product without its coefficient. */
  readonly key: string;
  /** Union of the extents of its factors. */
  readonly extent: Extent;
}

/** The normal form: a sum of monomials with different keys and coefficients other than 0, in a fixed order. */
export interface Polynomial {
  readonly monomials: readonly Monomial[];
  /** Equal exactly when the polynomials are identical, coefficients included. */
  readonly key: string;
}

/**
 * An update as an engine wants it:
 * ΔW = Σ post ⊗ pre + decay·W + diag(rows)·W + W·diag(columns) + dense.
 */
export interface MachineForm {
  /** In every pair `post` has extent post or global, `pre` extent pre or global; as few pairs as grouping by either side gives. */
  readonly outers: readonly { readonly post: Polynomial; readonly pre: Polynomial }[];
  /** Global. */
  readonly decay: Polynomial;
  /** Extent post. */
  readonly rows: Polynomial;
  /** Extent pre. */
  readonly columns: Polynomial;
  /** What has none of these forms (w², |w|, …), to be computed synapse by synapse. */
  readonly dense: Polynomial;
}

/** One term of a library. */
export interface Term {
  /** Its name in the space, or t1, t2, … */
  readonly id: string;
  readonly expression: Expression;
  /** As written (choices replaced), canonical spacing and brackets. */
  readonly text: string;
  readonly canonical: string;
  readonly normalForm: Polynomial;
  readonly complexity: number;
  readonly degree: number;
  readonly power: number;
  readonly locality: Grade;
}

/** A space enumerated. */
export interface TermLibrary {
  /** Ways of choosing that were tried. */
  readonly derived: number;
  /** Equal to an earlier term up to a constant factor (or zero). */
  readonly merged: number;
  /** Removed by `drop`. */
  readonly dropped: number;
  /** Removed by `keep`. */
  readonly outsideBounds: number;
  readonly terms: readonly Term[];
  /** Linear dependences among the terms, as sets of ids with coefficients that sum to zero; reported, not removed. */
  readonly dependences: readonly (readonly {
    readonly id: string;
    readonly coefficient: number;
  }[])[];
}
