import { GraphBuilder } from '../builder.js';
import { differentiate } from '../differentiate.js';
import { adjointOf, type Graph, type Node, type Output, type Program, type Slot } from '../ir.js';
import type { BackwardPlan } from './backward.js';
import { carriedOut, type Delay } from './delay.js';
import { Distributor } from './distribute.js';
import type { ForwardPlan } from './forward.js';
import { graphOf } from './graph-of.js';
import { type HeldStep, heldForm } from './held-step.js';
import { type MatrixForm, MatrixForms } from './matrix-form.js';

/** Makes held states of the program's: all of a matrix is held, nothing has decayed, nothing pends. */
export function enterGraph(program: Program, step: HeldStep, forward: ForwardPlan): Graph {
  const b = new GraphBuilder();
  const heldOf = new Map(step.holdings.map(({ held, state }) => [held, state]));
  const outputs = forward.states.map(({ name, shape, role }): Output => {
    const state = heldOf.get(name);
    if (state) return { name, node: b.input(state.name, shape) };
    if (role === 'kept') return { name, node: b.input(name, shape) };
    return { name, node: b.constant(role === 'decay' ? 1 : 0, shape) };
  });
  return graphOf(`entering ${program.name}`, outputs);
}

/** Makes the program's states of held ones. */
export function leaveGraph(program: Program, step: HeldStep, forward: ForwardPlan): Graph {
  const b = new GraphBuilder();
  const { nodes } = stateNodes(b, program, step);
  const target = new GraphBuilder();
  const current = new Distributor(target, nodes, currentForms(target, forward.delays));
  return graphOf(
    `leaving ${program.name}`,
    program.states.map(({ name }, k) => ({ name, node: current.value(nodes[k]!) })),
  );
}

/** What the backward iteration starts from at the end of a segment. */
export function leaveAdjointGraph(
  program: Program,
  step: HeldStep,
  forward: ForwardPlan,
  backward: BackwardPlan,
): Graph {
  const b = new GraphBuilder();
  const { nodes, smooth } = stateNodes(b, program, step);
  const seeds = program.states
    .map(({ name, shape }, k) => ({ name, shape, node: nodes[k]! }))
    .filter(({ name }) => !program.discrete.includes(name))
    .map(({ name, shape, node }) => ({ node, adjoint: b.input(adjointOf(name), shape) }));
  const derivatives = differentiate(
    b,
    seeds,
    smooth.map(({ name, shape }) => b.input(name, shape)),
  );
  const found = new Map(smooth.map(({ name }, k) => [adjointOf(name), derivatives[k]!]));
  const results = [...found.values()];
  const target = new GraphBuilder();
  const current = new Distributor(target, results, currentForms(target, forward.delays));
  const outputs = backward.carried
    .filter(({ role }) => role !== 'gradient')
    .map(({ name, shape, role }): Output => {
      if (role === 'pending') return { name, node: target.constant(0, shape) };
      if (role === 'rebuilt') return { name, node: current.value(b.input(name, shape)) };
      return { name, node: current.value(found.get(name)!) };
    });
  return graphOf(`adjoint of leaving ${program.name}`, outputs);
}

/** The adjoints of the program's states from those of the held ones. */
export function enterAdjointGraph(program: Program, step: HeldStep, backward: BackwardPlan): Graph {
  const b = new GraphBuilder();
  const outputs = program.states.map(({ name, shape }): Output => {
    const output = adjointOf(name);
    if (program.discrete.includes(name)) return { name: output, node: b.constant(0, shape) };
    const holding = step.holdings.find(({ state }) => state.name === name);
    const carried = adjointOf(holding?.held ?? name);
    const delay = backward.delays.find(({ matrix }) => matrix.name === carried);
    return { name: output, node: delay ? carriedOut(b, delay) : b.input(carried, shape) };
  });
  return graphOf(`adjoint of entering ${program.name}`, outputs);
}

/** The states of the program in terms of held ones, and the held ones that carry a derivative. */
function stateNodes(
  b: GraphBuilder,
  program: Program,
  step: HeldStep,
): { nodes: Node[]; smooth: readonly Slot[] } {
  const forms = new MatrixForms(b);
  const nodes = program.states.map((state) => {
    const holding = step.holdings.find((each) => each.state === state);
    return holding ? forms.written(heldForm(b, holding)) : b.input(state.name, state.shape);
  });
  return { nodes, smooth: step.states.filter(({ isSmooth }) => isSmooth) };
}

/** Matrices with what is pending carried out. */
function currentForms(b: GraphBuilder, delays: readonly Delay[]): ReadonlyMap<string, MatrixForm> {
  const forms = new MatrixForms(b);
  return new Map(
    delays.map((delay) => [delay.matrix.name, forms.whole(carriedOut(b, delay))] as const),
  );
}
