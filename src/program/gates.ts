import type { Gate } from '../algebra/types.js';
import type { Node } from './ir.js';
import type { Making } from './slots.js';
import { stepsIn } from './steps.js';

/**
 * `[1, 1]`: 1 in the steps in which all gates are open, else 0; undefined where they always are.
 * Throws an `EngrammarError` for intervals that are no whole number of steps.
 */
export function gateNode(
  making: Making,
  gates: readonly Gate[],
  stepLength: number | null,
): Node | undefined {
  const nodes = gates
    .map((gate) => nodeOf(making, gate, stepLength))
    .filter((node) => node !== null);
  return nodes.length === 0
    ? undefined
    : nodes.reduce((all, node) => making.builder.multiply(all, node));
}

function nodeOf(making: Making, gate: Gate, stepLength: number | null): Node | null {
  if (gate.kind === 'at') return making.at(gate.event);
  if (gate.kind === 'during') return making.during(gate.phase);
  const steps = stepsIn(gate.time, gate.unit, stepLength);
  return steps === 1 ? null : making.every(steps);
}
