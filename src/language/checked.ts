import type { Dimension } from '../base/dimension.js';
import type { Source, Span } from '../base/source.js';
import type { ChoiceLine, Expression, KeepLine, ParameterDefinition, Rule, Space } from './ast.js';
import type { Extent, Grade, SignalTable } from './signals.js';

/** A parameter with what the checker found out about it. */
export interface Parameter {
  readonly name: string;
  /** In base units: milliseconds, millivolts, or a plain number; `step` counts as one base unit of time. */
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
}

export interface Locality {
  readonly grade: Grade;
  /** What raised the rule to its grade, as written. */
  readonly because: { readonly text: string; readonly span: Span } | null;
}

/** A rule whose names, extents, units and locality are in order. */
export interface CheckedRule {
  readonly rule: Rule;
  readonly source: Source;
  readonly scope: Scope;
  /** The right side of `dw`, lets replaced. */
  readonly update: Expression;
  readonly locality: Locality;
  /** Signals read, in the table's order. */
  readonly reads: readonly string[];
}

export interface SpaceTerm {
  /** null for a term without a name. */
  readonly name: string | null;
  /** Lets replaced; choices still in place. */
  readonly alternatives: readonly Expression[];
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
  readonly terms: readonly SpaceTerm[];
  readonly limits: Limits;
  readonly drops: readonly Expression[];
  readonly keepLines: readonly KeepLine[];
}
