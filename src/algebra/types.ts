import type { Clause, Expression, Moment } from '../language/ast.js';
import type { Extent, Grade } from '../language/signals.js';

/** An exact fraction in lowest terms, denominator positive. Decimals in rules are exact fractions. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * What a monomial is made of. Two atoms are the same exactly when their keys are equal. `rank` is
 * the place in the printing order (docs/language.md §13); ties are broken by key.
 */
export type Atom = {
  readonly key: string;
  readonly rank: number;
  readonly extent: Extent;
  /** A spike count, or a sum of them: where it is a factor, memory is read as it was before. */
  readonly event: boolean;
} /** A signal with its moment, if any, as written: `post.error`, `post@previous`. */ & (
  | { readonly kind: 'signal'; readonly name: string; readonly moment: Moment | null }
  | { readonly kind: 'parameter'; readonly name: string }
  /** A memory, read as it is now or as it was before this step's input came. */
  | { readonly kind: 'memory'; readonly name: string; readonly reading: 'now' | 'before' }
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
  /**
   * `if`: where the condition holds the one, elsewhere the other. In normal forms `otherwise` is 0 and
   * `then` is 1, or what may have no value where the condition does not hold (a quotient, a root).
   * No spikes inside.
   */
  | {
      readonly kind: 'conditional';
      readonly condition: ConditionForm;
      readonly then: Polynomial;
      readonly otherwise: Polynomial;
    }
  /** A sum standing as a whole: as a divisor (negative exponent). Its content is scaled to a fixed form. */
  | { readonly kind: 'group'; readonly inner: Polynomial }
  /** A power whose exponent is not a whole number. */
  | { readonly kind: 'power'; readonly base: Polynomial; readonly exponent: Polynomial }
);

/** A condition in normal form. */
export type ConditionForm =
  /** `value` > 0, or ≥ 0 where `orEqual`; scaled by a positive number to a fixed form. */
  | {
      readonly kind: 'positive';
      readonly value: Polynomial;
      readonly orEqual: boolean;
      readonly key: string;
    }
  | {
      readonly kind: 'and' | 'or';
      readonly parts: readonly ConditionForm[];
      readonly key: string;
    };

/** coefficient × product of atoms to whole powers (negative ones are divisors; 0 never occurs). */
export interface Monomial {
  readonly coefficient: Rational;
  /** Sorted by the printing order of atoms (docs/language.md §13). */
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

/** A condition on the moment at which a line acts: 1 in the steps in which it holds, else 0. */
export type Gate =
  /** In the step in which the event falls: `trial.end`, `free.end`, `relax.end`. */
  | { readonly kind: 'at'; readonly event: string }
  /** In every step of the phase. */
  | { readonly kind: 'during'; readonly phase: string }
  /** In steps n, 2n, … of a trial, where n steps last this long. */
  | { readonly kind: 'every'; readonly time: number; readonly unit: 'step' | 'ms' };

/** An event that a neuron or a schedule sends: `trial.start`, `pre.spike` (perhaps delayed). */
export type RestartEvent =
  | { readonly kind: 'scheduled'; readonly event: string }
  | { readonly kind: 'spike'; readonly spike: Atom };

/** A memory line in normal form. */
export interface MemoryForm {
  readonly name: string;
  readonly kind: 'trace' | 'average' | 'state' | 'whiten' | 'draw';
  readonly extent: Extent;
  /** Sorted, none twice. */
  readonly gates: readonly Gate[];
  /**
   * Spike counts that must not be 0 for the line to act. What a trace adds `on` a spike also has the
   * spike as a factor; only a trace `keeping` has it here too, since it does not fade while it does
   * not act.
   */
  readonly spikes: readonly Atom[];
  /** What it takes in; of a state what it becomes. */
  readonly value: Polynomial;
  readonly fading: { readonly kind: 'over' | 'keeping'; readonly value: Polynomial } | null;
  readonly since: RestartEvent | null;
  readonly from: Polynomial;
  /** An average of spikes is a rate: what comes in is divided by dt. */
  readonly ofSpikes: boolean;
  /** Of a whiten: its P starts at I / ridge and moves by `gate` (1 where it was left out). Null elsewhere. */
  readonly whitening: { readonly ridge: Polynomial; readonly gate: Polynomial } | null;
  /** Of a draw; null elsewhere. */
  readonly distribution: 'normal' | 'uniform' | null;
}

/** What a rule does under one set of gates. Spikes of `on` are factors of the value of a `dw`. */
export interface ChangeForm {
  /** `dw/dt` is a `dw` with the factor dt. */
  readonly form: 'dw' | 'set';
  /** Sorted, none twice. */
  readonly gates: readonly Gate[];
  /** Of a `set` that acts `on` spikes: spike counts that must not be 0. None for `dw`. */
  readonly spikes: readonly Atom[];
  readonly value: Polynomial;
}

/** A whole rule in normal form: what programs are made from and rules are compared by. */
export interface RuleForm {
  /** One for each form and set of gates; none whose value is 0, except that of `set`. */
  readonly changes: readonly ChangeForm[];
  /** Only what is read, each after those whose present value it reads. */
  readonly memory: readonly MemoryForm[];
  readonly range: { readonly low: Polynomial; readonly high: Polynomial } | null;
  readonly keepsSign: boolean;
  /** What is sent instead of the weight; null: the weight. */
  readonly transmit: Polynomial | null;
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
  /** Of its line, as written. */
  readonly clauses: readonly Clause[];
  /** When it acts, other than `on` spikes, which are factors of the normal form. */
  readonly gates: readonly Gate[];
  /** As written (choices replaced), with its clauses, canonical spacing and brackets. */
  readonly text: string;
  readonly canonical: string;
  /** With the spikes of `on` clauses as factors. */
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
