import type { Span } from '../base/source.js';

/**
 * The syntax tree of the language: what the grammar builds, with no meaning added. Every node has the
 * span of its text; trees made by the algebra use `NOWHERE`. Nodes are never changed once built.
 */

export const NOWHERE: Span = { start: 0, end: 0 };

export type UnitName = 'ms' | 's' | 'step' | 'Hz' | 'mV';

/** A number as written, with its unit: `8e-5 per mV per mV` is text "8e-5", unit null, per [mV, mV]. */
export interface Measure {
  readonly text: string;
  readonly number: number;
  readonly unit: UnitName | null;
  readonly per: readonly UnitName[];
}

export interface NumberExpression {
  readonly kind: 'number';
  readonly measure: Measure;
  readonly span: Span;
}

/** `@free`, `@before`, `@previous` (named) or `@13.7 ms` (a delay). */
export type Moment =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'delay'; readonly delay: Measure };

/** A signal, parameter, memory or choice: `w`, `post.error`, `pre.spike@13.7 ms`. */
export interface NameExpression {
  readonly kind: 'name';
  readonly name: string;
  readonly member: string | null;
  readonly moment: Moment | null;
  readonly span: Span;
}

export interface CallExpression {
  readonly kind: 'call';
  readonly callee: string;
  readonly calleeSpan: Span;
  readonly args: readonly Expression[];
  readonly span: Span;
}

export interface NegateExpression {
  readonly kind: 'negate';
  readonly operand: Expression;
  readonly span: Span;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '^';

export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

export interface IfExpression {
  readonly kind: 'if';
  readonly condition: Condition;
  readonly then: Expression;
  readonly otherwise: Expression;
  readonly span: Span;
}

export type Expression =
  | NumberExpression
  | NameExpression
  | CallExpression
  | NegateExpression
  | BinaryExpression
  | IfExpression;

export type Condition =
  | {
      readonly kind: 'compare';
      readonly operator: '<' | '>' | '<=' | '>=';
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: 'and' | 'or';
      readonly left: Condition;
      readonly right: Condition;
      readonly span: Span;
    };

/** `on EVENT:`, `at EVENT:`, `every 10 steps:`, `during PHASE:`. */
export type Clause =
  | { readonly kind: 'on' | 'at'; readonly event: NameExpression; readonly span: Span }
  | { readonly kind: 'every'; readonly interval: Measure; readonly span: Span }
  | { readonly kind: 'during'; readonly phase: string; readonly span: Span };

export interface NoteLine {
  readonly kind: 'note';
  readonly word: 'about' | 'cite';
  /** One entry per string; printing keeps them apart, reading joins them with a space. */
  readonly texts: readonly string[];
  readonly span: Span;
}

/** An end of a range: a measure, or ±inf. */
export type Edge = Measure;

export interface ParameterDefinition {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Measure;
  /** Half-width of the 95 % interval a discovery found (`±`). */
  readonly spread: Measure | null;
  readonly range: readonly [Edge, Edge] | null;
  readonly scope: string | null;
  readonly fit: boolean;
  readonly span: Span;
}

export interface ParameterLine {
  readonly kind: 'param';
  readonly definitions: readonly ParameterDefinition[];
  readonly span: Span;
}

export interface LetLine {
  readonly kind: 'let';
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Expression;
  readonly span: Span;
}

export type MemoryLine =
  | {
      readonly kind: 'trace' | 'average';
      readonly clauses: readonly Clause[];
      readonly name: string;
      readonly nameSpan: Span;
      readonly value: Expression;
      readonly fading: { readonly kind: 'over' | 'keeping'; readonly value: Expression } | null;
      readonly since: NameExpression | null;
      readonly from: Expression | null;
      readonly span: Span;
    }
  | {
      readonly kind: 'state';
      readonly clauses: readonly Clause[];
      readonly name: string;
      readonly nameSpan: Span;
      readonly start: Expression;
      readonly value: Expression;
      readonly since: NameExpression | null;
      readonly span: Span;
    }
  | {
      readonly kind: 'whiten';
      readonly clauses: readonly Clause[];
      readonly name: string;
      readonly nameSpan: Span;
      readonly value: Expression;
      readonly ridge: Expression;
      readonly gate: Expression | null;
      readonly span: Span;
    }
  | {
      readonly kind: 'draw';
      readonly clauses: readonly Clause[];
      readonly name: string;
      readonly nameSpan: Span;
      readonly distribution: string;
      readonly scope: string;
      readonly span: Span;
    };

/** `dw = E`, `dw/dt = E` or `set w = E`, behind any number of clauses. */
export interface ChangeLine {
  readonly kind: 'change';
  readonly form: 'dw' | 'dw/dt' | 'set';
  readonly clauses: readonly Clause[];
  readonly value: Expression;
  readonly span: Span;
}

export type BoundLine =
  | {
      readonly kind: 'bound';
      readonly low: Expression;
      readonly high: Expression;
      readonly span: Span;
    }
  | { readonly kind: 'keeping sign'; readonly span: Span };

export interface TransmitLine {
  readonly kind: 'transmit';
  readonly value: Expression;
  readonly span: Span;
}

export interface ChoiceLine {
  readonly kind: 'choice';
  readonly name: string;
  readonly nameSpan: Span;
  readonly formals: readonly string[];
  readonly alternatives: readonly Expression[];
  readonly span: Span;
}

export interface TermLine {
  readonly kind: 'term';
  readonly clauses: readonly Clause[];
  readonly name: string | null;
  readonly alternatives: readonly Expression[];
  readonly span: Span;
}

export interface KeepLine {
  readonly kind: 'keep';
  readonly limits: readonly {
    readonly what: string;
    readonly whatSpan: Span;
    /** A number (degree, power, complexity) or a word (locality). */
    readonly limit: number | string;
    readonly span: Span;
  }[];
  readonly span: Span;
}

export interface DropLine {
  readonly kind: 'drop';
  readonly expressions: readonly Expression[];
  readonly span: Span;
}

export type RuleLine =
  | NoteLine
  | ParameterLine
  | LetLine
  | MemoryLine
  | ChangeLine
  | BoundLine
  | TransmitLine;

export type SpaceLine =
  | NoteLine
  | ParameterLine
  | LetLine
  | MemoryLine
  | BoundLine
  | ChoiceLine
  | TermLine
  | KeepLine
  | DropLine;

export interface Rule {
  readonly kind: 'rule';
  readonly name: string;
  readonly nameSpan: Span;
  /** Projections named after `for`; empty when the rule names none. */
  readonly targets: readonly string[];
  readonly lines: readonly RuleLine[];
  readonly span: Span;
}

export interface Space {
  readonly kind: 'space';
  readonly name: string;
  readonly nameSpan: Span;
  readonly lines: readonly SpaceLine[];
  readonly span: Span;
}

export type Item = Rule | Space;
