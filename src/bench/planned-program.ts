import { prepareEvaluation } from '../engine/interpret/evaluate.js';
import { assembleProgram, type Lookup } from '../program/assemble.js';
import type { GraphBuilder } from '../program/builder.js';
import type { Graph, Node, Output } from '../program/ir.js';
import { planEpisode } from '../program/plan/plan-episode.js';
import type { BenchCase } from './cases/case.js';

/**
 * The same case with its program as the fused engine's plan has it: matrices held as what is left of a
 * decay and of outer products with an unchanging side, all else in vectors. Other engines can run it, with
 * the adjoint that is derived from it.
 */
export function asPlanned({ program, episode, parameters, ...rest }: BenchCase): BenchCase {
  const plan = planEpisode(program);
  const observed = new Set(program.observed.map(({ name }) => name));
  const kept = new Set([...plan.states.map(({ name }) => name), ...observed]);
  const planned = assembleProgram({
    ...program,
    // Held as the program has them, they keep their names.
    discrete: program.discrete.filter((name) => kept.has(name)),
    states: plan.states.map(({ name, shape }) => ({ name, shape })),
    initial: {},
    step: (builder, value) => {
      const outputs = within(builder, plan.forward, value);
      const wanted = [...plan.states, ...program.observed];
      return wanted.map(({ name }) => outputs.find((each) => each.name === name)!);
    },
    readout: (builder, value) => {
      const states = new Map(
        within(builder, plan.leave, value).map(({ name, node }) => [name, node]),
      );
      return within(builder, plan.readout, (name) => states.get(name) ?? value(name));
    },
  });
  const entering = prepareEvaluation(plan.enter);
  program.parameters.forEach((name, k) => {
    entering.bind(name, Float64Array.of(parameters[k]!));
  });
  for (const [name, values] of Object.entries(episode.start)) entering.bind(name, values);
  entering.run();
  const start = Object.fromEntries([
    ...program.constants.map(({ name }) => [name, episode.start[name]!] as const),
    ...plan.states.map(({ name }) => [name, Float64Array.from(entering.output(name))] as const),
  ]);
  return { ...rest, program: planned, parameters, episode: { ...episode, start } };
}

/** The outputs of a graph, its inputs being what they are called elsewhere. */
function within(builder: GraphBuilder, graph: Graph, value: Lookup): Output[] {
  const seen = new Map<Node, Node>();
  for (const node of graph.nodes) {
    if (node.operation.op === 'input') seen.set(node, value(node.operation.name));
  }
  return graph.outputs.map(({ name, node }) => ({ name, node: builder.adopt(node, seen) }));
}
