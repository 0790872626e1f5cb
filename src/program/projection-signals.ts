import type { Moment } from '../language/ast.js';
import type { Node } from './ir.js';

/** What one projection offers to a rule while a part of the rule is lowered, in one stream. */
export interface ProjectionSignals {
  /** Presynaptic and postsynaptic neurons. */
  readonly preSize: number;
  readonly postSize: number;
  /** The weights, `[post, pre]`: 0 where there is no synapse. */
  readonly weight: Node;
  /** `[post, pre]`: 1 where there is a synapse, else 0. Left out where every synapse exists. */
  readonly mask?: Node;
  /** How long a step lasts in base units of time: milliseconds, or 1 where steps are counted (the default). */
  readonly stepLength?: number;
  /**
   * A signal by the name a rule uses, without its moment: pre `[1, preSize]`, post `[1, postSize]`,
   * synapse `[postSize, preSize]`, global `[1, 1]`.
   */
  signal(name: string, moment: Moment | null): Node;
  /** A parameter; its shape by extent, as that of signals. */
  parameter(name: string): Node;
  /** A memory of the rule, as it is now or as it was before this step's input came. */
  memory?(name: string, reading: 'now' | 'before'): Node;
}

/** The same place, of which some things are otherwise. */
export function signalsWith(
  signals: ProjectionSignals,
  changed: Partial<Pick<ProjectionSignals, 'weight' | 'memory'>>,
): ProjectionSignals {
  const { preSize, postSize, weight, mask, stepLength, memory } = signals;
  return {
    preSize,
    postSize,
    weight,
    ...(mask && { mask }),
    ...(stepLength !== undefined && { stepLength }),
    signal: (name, moment) => signals.signal(name, moment),
    parameter: (name) => signals.parameter(name),
    ...(memory && { memory: memory.bind(signals) }),
    ...changed,
  };
}

/** How a quantity lies in memory: vectors as rows, or broadcast against the weight matrix. */
export type Frame = 'row' | 'matrix';
