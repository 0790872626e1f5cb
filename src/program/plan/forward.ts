import { GraphBuilder } from '../builder.js';
import type { Graph, Node, Program } from '../ir.js';
import type { Result, StepWithAdjoint } from './adjoint-step.js';
import { carriedOut, type Delay, delayedOutputs, delayOf, pendingStates } from './delay.js';
import type { PlannedState } from './episode-plan.js';
import { graphOf } from './graph-of.js';
import type { HeldStep } from './held-step.js';
import { Origins } from './origins.js';
import { keptQuietly, momentarySlots } from './quiet.js';

/** The forward iteration. */
export interface ForwardPlan {
  readonly graph: Graph;
  readonly states: readonly PlannedState[];
  readonly delays: readonly Delay[];
}

/** The step as a graph over what it carries, with what its adjoint needs among the outputs. */
export function planForward(
  program: Program,
  step: HeldStep,
  both: StepWithAdjoint,
  tape: readonly Result[],
): ForwardPlan {
  const b = new GraphBuilder();
  const seen = new Map<Node, Node>();
  const origins = new Origins(program);
  // What changes now and then had better change at once, so that other steps need not look at it.
  const rare = keptQuietly(both.next, momentarySlots(program));
  const delays = both.next.flatMap((next) =>
    rare.has(next.name) ? [] : (delayOf(both.builder, next, origins) ?? []),
  );
  for (const delay of delays) {
    const { name, shape } = delay.matrix;
    seen.set(both.builder.input(name, shape), carriedOut(b, delay));
  }
  const value = (node: Node): Node => b.adopt(node, seen);
  const next = both.next.flatMap(({ name, node }) => {
    const delay = delays.find(({ matrix }) => matrix.name === name);
    return delay ? delayedOutputs(b, delay, value) : [{ name, node: value(node) }];
  });
  const others = [...both.observed, ...tape].map(({ name, node }) => ({
    name,
    node: value(node),
  }));
  const states = step.states.map(({ name, shape, role }): PlannedState => ({ name, shape, role }));
  return {
    graph: graphOf(`step of ${program.name}`, [...next, ...others]),
    states: [...states, ...delays.flatMap(pendingStates)],
    delays,
  };
}
