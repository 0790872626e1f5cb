import type { Program, Slot } from '../program/ir.js';

/**
 * The states in the order in which a step computes them. Of those that are not finite after a step the
 * first is none that another one spoiled: memory comes before the weights that it changes.
 */
export function statesAsComputed({ step, states }: Pick<Program, 'step' | 'states'>): Slot[] {
  const places = new Map(step.nodes.map((node, place) => [node, place]));
  const madeAt = new Map(step.outputs.map(({ name, node }) => [name, places.get(node) ?? 0]));
  return [...states].sort((a, b) => madeAt.get(a.name)! - madeAt.get(b.name)!);
}
