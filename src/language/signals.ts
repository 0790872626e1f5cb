import type { Dimension } from '../base/dimension.js';

/** What a quantity has one value of: the projection, each presynaptic (j), postsynaptic (i) neuron, or each synapse. */
export type Extent = 'global' | 'pre' | 'post' | 'synapse';

/** Grades of locality, from the most local; a rule has the highest grade of what it reads. */
export const GRADES = [
  'synapse',
  'neuron',
  'modulated',
  'feedback',
  'transport',
  'global',
] as const;
export type Grade = (typeof GRADES)[number];

/** One name a rule may read. Locality follows from `grade`, never from the name. */
export interface Signal {
  /** As written in a rule: `w`, `pre`, `post.error`. */
  readonly name: string;
  readonly extent: Extent;
  readonly grade: Grade;
  readonly dimension: Dimension;
  /** A spike count: may gate and be summed, may not pass through functions. */
  readonly event: boolean;
  /** LaTeX without its index: `y`, `e`, `\phi'(u)`; the index i or j is added by extent. */
  readonly symbol: string;
  /** LaTeX of the whole vector or matrix in the matrix form: `y`, `x`, `W`. */
  readonly matrixSymbol: string;
  /** One sentence for `engrammar signals`. */
  readonly meaning: string;
}

/** The word of the grammar for the weight itself: `set w`, `bound w`, what is sent. */
export const WEIGHT = 'w';

/** What a circuit (or the whole vocabulary) offers to rules. Order matters: it is the printing order. */
export interface SignalTable {
  /** The circuit's name, or "every circuit". */
  readonly name: string;
  readonly signals: readonly Signal[];
  /** Projections a rule may be `for`; empty means any. */
  readonly projections: readonly string[];
  /** Phases a trial may have: `during PHASE`, `PHASE.start`, `PHASE.end`, `post@PHASE`. */
  readonly phases: readonly string[];
  /** Scheduled events besides those of the trial and of its phases: `relax.end`. */
  readonly events: readonly string[];
  /**
   * What time is counted in: where a circuit counts steps the only unit of time is `step`, elsewhere a
   * step lasts `dt` milliseconds; `either` before a circuit is named.
   */
  readonly time: 'steps' | 'milliseconds' | 'either';
}

/** Every scheduled event of a table, `trial.start` first. */
export function scheduledEvents({ phases, events }: SignalTable): string[] {
  const ends = ['trial', ...phases].flatMap((each) => [`${each}.start`, `${each}.end`]);
  return [...ends, ...events];
}

export function signalNamed(table: SignalTable, name: string): Signal | undefined {
  return table.signals.find((signal) => signal.name === name);
}

/** Fixed in a circuit, such as `dt`: the same everywhere, and nothing has to bring it. */
export function isConstant({ extent, grade }: Signal): boolean {
  return extent === 'global' && grade === 'synapse';
}

/** The extent of an expression whose parts have these extents: their union. */
export function joinExtents(a: Extent, b: Extent): Extent {
  if (a === b || b === 'global') return a;
  return a === 'global' ? b : 'synapse';
}

export function higherGrade(a: Grade, b: Grade): Grade {
  return GRADES.indexOf(a) >= GRADES.indexOf(b) ? a : b;
}
