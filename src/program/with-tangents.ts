import { assembleProgram } from './assemble.js';
import type { GraphBuilder } from './builder.js';
import type { Graph, Node, Output, Program, Slot } from './ir.js';
import { tangentsOf } from './tangents.js';

/** A way in which an episode may change: with a parameter, or with its start only. */
export interface Direction {
  readonly name: string;
  /** The parameter that grows by 1 per unit; null where only the start changes. */
  readonly parameter: string | null;
}

/** How a state or an observed slot changes in a direction. */
export const tangentName = (slot: string, direction: string): string =>
  `tangent of ${slot} by ${direction}`;

/**
 * The program with its derivatives carried forward beside it: for every direction and every state a
 * state of the same shape (`tangentName`), which starts at the derivative of the start (0 for a
 * parameter that the start does not depend on), and for every observed slot one that is observed too.
 * So the derivative of a whole course in a few directions comes from one run, however long it is. The
 * gradient of the loss stays what it was.
 */
export function withTangents(program: Program, directions: readonly Direction[]): Program {
  const smooth = program.states.filter(({ name }) => !program.discrete.includes(name));
  const tangentSlots = (slots: readonly Slot[]): Slot[] =>
    directions.flatMap(({ name: direction }) =>
      slots.map(({ name, shape }) => ({ name: tangentName(name, direction), shape })),
    );
  const added = tangentSlots(smooth);
  return assembleProgram({
    ...program,
    name: `${program.name} with ${directions.length} tangents`,
    states: [...program.states, ...added],
    discrete: [...program.discrete, ...added.map(({ name }) => name)],
    observed: [...program.observed, ...tangentSlots(program.observed)],
    step(b, value) {
      const outputs = copied(program.step, b, value);
      const next = new Map(outputs.map(({ name, node }) => [name, node]));
      const followed = [...smooth, ...program.observed].map(({ name }) => name);
      const tangents = directions.map(({ name: direction, parameter }) => {
        const seeds = smooth.map(({ name }) => ({
          node: value(name),
          tangent: value(tangentName(name, direction)),
        }));
        if (parameter !== null) seeds.push({ node: value(parameter), tangent: b.constant(1) });
        const nodes = tangentsOf(
          b,
          seeds,
          followed.map((name) => next.get(name)!),
        );
        return followed.map((name, k) => ({
          name: tangentName(name, direction),
          node: nodes[k]!,
        }));
      });
      const ofStates = tangents.flatMap((each) => each.slice(0, smooth.length));
      const ofObserved = tangents.flatMap((each) => each.slice(smooth.length));
      const states = outputs.slice(0, program.states.length);
      return [...states, ...ofStates, ...outputs.slice(program.states.length), ...ofObserved];
    },
    readout: (b, value) => copied(program.readout, b, value),
  });
}

/** The outputs of a graph, in another builder. */
export function copied(graph: Graph, b: GraphBuilder, value: (name: string) => Node): Output[] {
  const seen = new Map<Node, Node>();
  for (const node of graph.nodes) {
    if (node.operation.op === 'input') seen.set(node, value(node.operation.name));
  }
  return graph.outputs.map(({ name, node }) => ({ name, node: b.adopt(node, seen) }));
}
