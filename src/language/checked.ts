import type { Dimension } from '../base/dimension.js';
import type { Source, Span } from '../base/source.js';
import type {
  ChoiceLine,
  Clause,
  Expression,
  KeepLine,
  MemoryLine,
  ParameterDefinition,
  Rule,
  Space,
} from './ast.js';
import type { Extent, Grade, SignalTable } from './signals.js';

/** A parameter with what the checker found out about it. */
export interface Parameter {
  readonly name: string;
  /**
   * In base units: milliseconds, millivolts, or a plain number. `step` counts as one base unit of time
   * here; what a circuit whose steps have a length makes of it is found from `definition`.
   */
  readonly value: number;
  readonly dimension: Dimension;
  readonly extent: Extent;
  readonly fit: boolean;
  readonly definition: ParameterDefinition;
}

/** Everything an expression's names can mean once lets are replaced. */
export interface Scope {
  readonly table: SignalTable;
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** What memory lines define, in the order in which they take in their inputs. */
  readonly memories: ReadonlyMap<string, Memory>;
}

/** A memory as the expressions that read it see it. */
export interface Memory {
  readonly name: string;
  readonly kind: MemoryLine['kind'];
  /** That of its line, its clauses and its `since`. */
  readonly extent: Extent;
  readonly dimension: Dimension;
  readonly grade: Grade;
  /** The part of its line that raises it to its grade. */
  readonly because: Locality['because'];
  /** Signals read, directly or through other memory. */
  readonly reads: ReadonlySet<string>;
  /** Reads a quantity of the postsynaptic neurons: a sum over them carries it backwards. */
  readonly readsPost: boolean;
}

export interface Locality {
  readonly grade: Grade;
  /** What raised the rule to its grade, as written. */
  readonly because: { readonly text: string; readonly span: Span } | null;
}

/*
 * Expressions in checked lines have their lets written out, and say of every memory they read which
 * value is meant: `x@before` the one before this step's input came, `x` the present one. What the
 * language leaves unsaid (next to a spike, in a memory's own line, in what is sent, memory is read
 * before) is said there.
 */

/** A memory line in order. */
export interface CheckedMemory {
  readonly name: string;
  readonly kind: MemoryLine['kind'];
  readonly line: MemoryLine;
  /** When it takes in its input; all of them at once. */
  readonly clauses: readonly Clause[];
  /** What it takes in; of a state what it becomes; the constant 0 of a draw. */
  readonly value: Expression;
  /** `over` or `keeping`; null for the sum or plain mean since an event, and for other kinds. */
  readonly fading: { readonly kind: 'over' | 'keeping'; readonly value: Expression } | null;
  /** The event at which it starts again: `trial.start`, `pre.spike`; null if it never does. */
  readonly since: string | null;
  /** What it starts from (`from`, the A of a state); null: 0. */
  readonly from: Expression | null;
  /** Of a whiten, with lets written out; `gate` is null where it was left out. */
  readonly ridge: Expression | null;
  readonly gate: Expression | null;
  /** What it takes in are spikes: their average is a rate. */
  readonly ofSpikes: boolean;
}

/** A `dw`, `dw/dt` or `set w` line in order. */
export interface CheckedChange {
  readonly form: 'dw' | 'dw/dt' | 'set';
  readonly clauses: readonly Clause[];
  readonly value: Expression;
  readonly span: Span;
}

/** Limits of the weights. */
export interface CheckedBounds {
  /** `bound w in [low, high]`. */
  readonly range: { readonly low: Expression; readonly high: Expression } | null;
  /** `bound w keeping sign`. */
  readonly keepsSign: boolean;
}

/** A rule whose names, extents, units and locality are in order. */
export interface CheckedRule {
  readonly rule: Rule;
  readonly source: Source;
  readonly scope: Scope;
  /** In an order in which each comes after those whose present value it reads. */
  readonly memory: readonly CheckedMemory[];
  /** In the order of the text. */
  readonly changes: readonly CheckedChange[];
  readonly bounds: CheckedBounds;
  /** What is sent instead of `w`; null: `w`. */
  readonly transmit: Expression | null;
  /**
   * The right side of the only `dw`, for rules that are one `dw` without clauses and have no memory,
   * bounds or transmission. Elsewhere the first change's value: what can be shown of it, not the rule.
   */
  readonly update: Expression;
  readonly locality: Locality;
  /** Signals read, in the table's order; spikes and events of clauses included. */
  readonly reads: readonly string[];
}

export interface SpaceTerm {
  /** null for a term without a name. */
  readonly name: string | null;
  /**
   * Lets replaced; choices still in place, and memory read as written: only what is derived from the
   * choices shows where spikes stand, so `tagReads` follows then (next to a spike under `on`).
   */
  readonly alternatives: readonly Expression[];
  /** When the terms act. */
  readonly clauses: readonly Clause[];
  readonly span: Span;
}

/** Bounds of a space; absent ones do not bound. */
export interface Limits {
  readonly degree?: number;
  readonly power?: number;
  readonly complexity?: number;
  readonly locality?: Grade;
}

/** A space whose lines are in order; its terms are enumerated by the algebra. */
export interface CheckedSpace {
  readonly space: Space;
  readonly source: Source;
  readonly scope: Scope;
  readonly choices: ReadonlyMap<string, ChoiceLine>;
  /** As in a rule; a choice may not occur in it. */
  readonly memory: readonly CheckedMemory[];
  readonly bounds: CheckedBounds;
  readonly terms: readonly SpaceTerm[];
  readonly limits: Limits;
  /** Lets replaced; memory read as written, as in the terms. */
  readonly drops: readonly Expression[];
  readonly keepLines: readonly KeepLine[];
}
