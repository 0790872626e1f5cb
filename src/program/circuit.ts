import type { Stream } from '../base/random.js';
import type { SignalTable } from '../language/signals.js';
import type { GraphBuilder } from './builder.js';
import type { Node, Output, Shape, Slot } from './ir.js';

/**
 * What a network has to say to carry rules: its synapses, its own dynamics, and what its synapses see.
 * Everything else (memory, clauses, bounds, masks, streams, gradients, engines) follows from the rule
 * and is woven in by `weave`. A circuit knows no rule, and no signal it offers is already a product of
 * a presynaptic and a postsynaptic factor.
 */
export interface Circuit {
  /** As programs print it: `feed-forward 196-48-10 (random feedback)`. */
  readonly name: string;
  readonly projections: readonly Projection[];
  /** What each kind of projection offers to a rule. */
  readonly tables: Readonly<Record<string, SignalTable>>;
  /** What changes from step to step besides weights and memory (voltages, activities), each stream its own. */
  readonly states: readonly Slot[];
  /** Fixed within an episode and shared by all streams (feedback weights nobody changes). */
  readonly constants: readonly Slot[];
  /** What arrives anew in every step, each stream its own. */
  readonly stepInputs: readonly Slot[];
  /** What the read-out is shown. */
  readonly queryInputs: readonly Slot[];
  /** Length of a step in milliseconds; null where the circuit counts steps. */
  readonly stepLength: number | null;
  /** Phases in which no weight changes, whatever its rule says. Memory goes on. Default: none. */
  readonly still?: readonly string[];
  /** One step of one stream, before any learning. */
  step(builder: GraphBuilder, now: CircuitNow): CircuitStep;
  /** `loss` `[1, 1]` first, then whatever a task wants to see. Values are those after the last step. */
  readout(builder: GraphBuilder, now: CircuitEnd): readonly Output[];
  /** What outputs of the read-out tell of the network besides loss and answers, for people. */
  measures?(outputs: Readonly<Record<string, Float64Array>>): Measures;
  /** Initial weights, masks, constants and states by slot name; what is left out is 0 (a mask: 1). */
  draw(stream: Stream): Readonly<Record<string, Float64Array>>;
}

/** Numbers by what is measured and where (one for each layer); null where it is not defined. */
export type Measures = Readonly<Record<string, readonly (number | null)[]>>;

/** The synapses from one population to another: one weight matrix `[postSize, preSize]`. */
export interface Projection {
  /** Unique in its circuit; the name of the weights' slot: `W1`, `recurrent`. */
  readonly name: string;
  /** What a rule is `for`: `forward`, `recurrent`, `bias`. */
  readonly kind: string;
  readonly preSize: number;
  readonly postSize: number;
  /** Whether some synapses do not exist: the constant `maskOf(name)` is 1 for those that do, else 0. */
  readonly masked: boolean;
  /**
   * Whether it is the copy of another, with the same start, rule and signals: what is sent through it is the
   * same, but no derivative goes through it. Default: false.
   */
  readonly isCopy?: boolean;
}

/** The constant that says which synapses of a projection exist. */
export const maskOf = (projection: string): string => `mask ${projection}`;

/** What a circuit's step is made from. */
export interface CircuitNow {
  /** A state (as it was after the last step), constant or step input of the circuit. */
  value(name: string): Node;
  /** What the synapses of a projection send, `[post, pre]`: the weights at the start of the step, or the value of a `transmit` line. */
  weight(projection: string): Node;
  /** `[1, 1]`: 1 in the steps of this phase, else 0. */
  during(phase: string): Node;
  /** `[1, 1]`: 1 in the step in which this scheduled event falls (`trial.start`, `free.end`), else 0. */
  at(event: string): Node;
}

/** What a circuit's read-out is made from. */
export interface CircuitEnd {
  /** A constant or query input; a state of the stream asked for (the first, if none is named). */
  value(name: string, stream?: number): Node;
  weight(projection: string): Node;
  readonly streams: number;
}

export interface CircuitStep {
  /** The next value of every state of the circuit, under its name. */
  readonly states: readonly Output[];
  /**
   * What the synapses of a projection see: pre `[1, preSize]`, post `[1, postSize]`, synapse
   * `[postSize, preSize]`, global `[1, 1]`. Asked only for signals of the projection's table, and never
   * for `w`, `dt`, `pre.size` and `post.size`, which are known anyway.
   */
  signal(projection: Projection, name: string): Node;
  /** What is worth recording besides states (`rate`, `spikes`), by name. */
  readonly observed?: readonly Output[];
}

/** How the steps of an episode fall into trials. */
export interface Timeline {
  readonly trials: readonly Trial[];
}

export interface Trial {
  readonly steps: number;
  /** One after the other from the trial's first step; what is left over belongs to no phase. */
  readonly phases?: readonly { readonly name: string; readonly steps: number }[];
  /** Further events, by the step of the trial (from 0) in which they fall. */
  readonly events?: readonly { readonly name: string; readonly step: number }[];
}

/** The shape of a quantity of this extent at a projection. */
export function shapeOf(
  extent: 'global' | 'pre' | 'post' | 'synapse',
  { preSize, postSize }: Pick<Projection, 'preSize' | 'postSize'>,
): Shape {
  if (extent === 'global') return [1, 1];
  if (extent === 'pre') return [1, preSize];
  return extent === 'post' ? [1, postSize] : [postSize, preSize];
}
