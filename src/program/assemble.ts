import { GraphBuilder } from './builder.js';
import { differentiate } from './differentiate.js';
import {
  adjointOf,
  type Graph,
  gradientOf,
  type Node,
  type Output,
  type Program,
  type Slot,
} from './ir.js';
import { stackOuterProducts } from './passes.js';

/** Values by name, in the builder at hand. */
export type Lookup = (name: string) => Node;

type Slots = 'parameters' | 'states' | 'constants' | 'stepInputs' | 'queryInputs';

/** A program before its graphs are built. */
export interface ProgramParts
  extends Pick<Program, 'name' | Slots>,
    Partial<Pick<Program, 'observed' | 'schedule' | 'initial'>> {
  /** States that no derivative goes through: that of the loss by them is 0. */
  readonly discrete?: readonly string[];
  /** The next value of every state, in their order, then the observed slots, under their names. */
  step(builder: GraphBuilder, value: Lookup): readonly Output[];
  /** `loss` `[1, 1]` first, then whatever a task wants to see. */
  readout(builder: GraphBuilder, value: Lookup): readonly Output[];
}

/**
 * Builds the four graphs of a program: step and read-out, and their exact adjoints, these when they are first
 * asked for, since many runs need no derivatives.
 */
export function assembleProgram(parts: ProgramParts): Program {
  const { name, parameters, states, constants, stepInputs, queryInputs } = parts;
  const isSmooth = (slot: { readonly name: string }): boolean =>
    !(parts.discrete ?? []).includes(slot.name);
  const scalars: Slot[] = parameters.map((parameter) => ({ name: parameter, shape: [1, 1] }));
  const shared = [...scalars, ...states, ...constants];

  const step = (adjoint: boolean): Graph => {
    const { builder, value } = begin([...shared, ...stepInputs]);
    const outputs = parts.step(builder, value);
    if (!adjoint) return stackOuterProducts(builder.build(`step of ${name}`, outputs));
    const next = outputs.slice(0, states.length).map(({ name: state, node }) => ({
      name: state,
      node,
      adjoint: builder.input(adjointOf(state), node.shape),
    }));
    const derivatives = derivativesOf(builder, next.filter(isSmooth), value);
    return stackOuterProducts(builder.build(`adjoint step of ${name}`, derivatives));
  };

  const readout = (adjoint: boolean): Graph => {
    const { builder, value } = begin([...shared, ...queryInputs]);
    const outputs = parts.readout(builder, value);
    if (!adjoint) return builder.build(`read-out of ${name}`, outputs);
    const loss = outputs[0]!;
    const seeds = [{ node: loss.node, adjoint: builder.constant(1) }];
    const derivatives = derivativesOf(builder, seeds, value);
    return stackOuterProducts(builder.build(`adjoint read-out of ${name}`, [loss, ...derivatives]));
  };

  const derivativesOf = (
    builder: GraphBuilder,
    seeds: Parameters<typeof differentiate>[1],
    value: Lookup,
  ): Output[] => {
    const slots = [...states, ...scalars];
    const smooth = slots.filter(isSmooth);
    const nodes = differentiate(
      builder,
      seeds,
      smooth.map((slot) => value(slot.name)),
    );
    const found = new Map(smooth.map((slot, i) => [slot, nodes[i]!]));
    return slots.map((slot, i) => ({
      name: i < states.length ? adjointOf(slot.name) : gradientOf(slot.name),
      node: found.get(slot) ?? builder.constant(0, slot.shape),
    }));
  };

  const adjoints: { step?: Graph; readout?: Graph } = {};
  return {
    name,
    parameters,
    states,
    discrete: parts.discrete ?? [],
    constants,
    stepInputs,
    queryInputs,
    observed: parts.observed ?? [],
    schedule: parts.schedule ?? [],
    initial: parts.initial ?? {},
    step: step(false),
    readout: readout(false),
    get stepAdjoint() {
      adjoints.step ??= step(true);
      return adjoints.step;
    },
    get readoutAdjoint() {
      adjoints.readout ??= readout(true);
      return adjoints.readout;
    },
  };
}

function begin(slots: readonly Slot[]): { builder: GraphBuilder; value: Lookup } {
  const builder = new GraphBuilder();
  const values = new Map(slots.map((slot) => [slot.name, builder.input(slot.name, slot.shape)]));
  const value: Lookup = (name) => {
    const node = values.get(name);
    if (!node) throw new RangeError(`the program has no ${name}`);
    return node;
  };
  return { builder, value };
}
