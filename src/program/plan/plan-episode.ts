import { GraphBuilder } from '../builder.js';
import { adjointOf, type Graph, gradientOf, type Node, type Program, type Slot } from '../ir.js';
import type { EpisodePlan, PlannedState } from './episode-plan.js';

export interface PlanOptions {
  /**
   * Whether decays of whole matrices and outer products with an unchanging side are put off. Default:
   * true. Without, a decay may be as strong as it likes.
   */
  readonly lazy?: boolean;
}

/** What a state was before the step, on the tape. */
const beforeStep = (state: string): string => `before ${state}`;

/** How the episodes of a program are to be computed, with the exact adjoint. */
export function planEpisode(program: Program, _options: PlanOptions = {}): EpisodePlan {
  const states = program.states.map((slot): PlannedState => ({ ...slot, role: 'kept' }));
  const used = new Set(program.stepAdjoint.nodes.flatMap(({ operation }) => inputName(operation)));
  const taped = program.states.filter(({ name }) => used.has(name));
  const tape = taped.map(({ name, shape }) => ({ name: beforeStep(name), shape }));
  const carried = carriedStates(program);
  const adjoints = program.states.map(({ name, shape }) => ({ name: adjointOf(name), shape }));
  return {
    program,
    states,
    enter: identity('enter', program.states),
    leave: identity('leave', program.states),
    forward: withTape(program, taped),
    tape,
    shrinking: [],
    carried,
    backward: accumulating(program, taped),
    leaveAdjoint: identity('adjoint of leave', adjoints),
    enterAdjoint: identity('adjoint of enter', adjoints),
    readout: program.readout,
    readoutAdjoint: program.readoutAdjoint,
    notes: [],
  };
}

function carriedStates(program: Program): PlannedState[] {
  return [
    ...program.states.map(
      ({ name, shape }): PlannedState => ({ name: adjointOf(name), shape, role: 'adjoint' }),
    ),
    ...program.parameters.map(
      (name): PlannedState => ({ name: gradientOf(name), shape: [1, 1], role: 'gradient' }),
    ),
  ];
}

function inputName(operation: Node['operation']): string[] {
  return operation.op === 'input' ? [operation.name] : [];
}

function identity(name: string, slots: readonly Slot[]): Graph {
  const builder = new GraphBuilder();
  const outputs = slots.map((slot) => ({
    name: slot.name,
    node: builder.input(slot.name, slot.shape),
  }));
  return builder.build(name, outputs);
}

function withTape(program: Program, taped: readonly Slot[]): Graph {
  const builder = new GraphBuilder();
  const seen = new Map<Node, Node>();
  const outputs = program.step.outputs.map(({ name, node }) => ({
    name,
    node: builder.adopt(node, seen),
  }));
  const before = taped.map(({ name, shape }) => ({
    name: beforeStep(name),
    node: builder.input(name, shape),
  }));
  return builder.build(program.step.name, [...outputs, ...before]);
}

function accumulating(program: Program, taped: readonly Slot[]): Graph {
  const builder = new GraphBuilder();
  const seen = new Map<Node, Node>();
  for (const node of program.stepAdjoint.nodes) {
    const { operation } = node;
    if (operation.op !== 'input' || !taped.some(({ name }) => name === operation.name)) continue;
    seen.set(node, builder.input(beforeStep(operation.name), node.shape));
  }
  const gradients = new Set(program.parameters.map(gradientOf));
  const outputs = program.stepAdjoint.outputs.map(({ name, node }) => {
    const share = builder.adopt(node, seen);
    return {
      name,
      node: gradients.has(name) ? builder.add(builder.input(name, [1, 1]), share) : share,
    };
  });
  return builder.build(program.stepAdjoint.name, outputs);
}
