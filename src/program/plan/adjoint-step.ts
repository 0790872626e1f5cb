import { GraphBuilder } from '../builder.js';
import { differentiate } from '../differentiate.js';
import { adjointOf, gradientOf, type Node, type Program, type Slot } from '../ir.js';
import { Distributor } from './distribute.js';
import type { HeldState, HeldStep } from './held-step.js';
import type { MatrixForm } from './matrix-form.js';
import { isMatrix } from './vectors.js';

/** A value that a step computes; a matrix also as a sum. */
export interface Result extends Slot {
  readonly node: Node;
  readonly form?: MatrixForm;
}

/** The held step and its adjoint in one builder: what both compute is the same node. */
export interface StepWithAdjoint {
  readonly builder: GraphBuilder;
  /** What the held states become, in their order. */
  readonly next: readonly Result[];
  /** What the step adds to rebuilt matrices, by their names. */
  readonly added: ReadonlyMap<string, Node>;
  /** What it multiplies their rows or columns by before that. */
  readonly factors: ReadonlyMap<string, Node>;
  readonly observed: readonly Result[];
  /** The adjoints of the smooth held states before the step, in their order. */
  readonly adjoints: readonly Result[];
  /** This step's share of the gradient, one for each parameter. */
  readonly gradients: readonly Result[];
}

/** Derives the adjoint of the held step. */
export function withAdjoint(program: Program, step: HeldStep): StepWithAdjoint {
  const { builder: b } = step;
  const smooth = step.states.filter(({ isSmooth }) => isSmooth);
  const input = ({ name, shape }: Slot): Node => b.input(name, shape);
  const seeds = smooth.map(({ name, shape, next }: HeldState) => ({
    node: next,
    adjoint: b.input(adjointOf(name), shape),
  }));
  const parameters = program.parameters.map((name) => b.input(name, [1, 1]));
  const wanted = [...smooth.map(input), ...parameters];
  const derivatives = differentiate(b, seeds, wanted);

  const results = [
    ...step.states.flatMap(({ next, added, factor }) => [next, added ?? [], factor ?? []].flat()),
    ...step.observed.map(({ node }) => node),
    ...derivatives,
  ];
  const distributor = new Distributor(new GraphBuilder(), results);
  const settle = (name: string, node: Node): Result => ({
    name,
    shape: node.shape,
    node: distributor.value(node),
    ...(isMatrix(node) && { form: distributor.form(node) }),
  });
  const values = (of: (state: HeldState) => Node | undefined): ReadonlyMap<string, Node> =>
    new Map(
      step.states.flatMap((state) => {
        const node = of(state);
        return node ? [[state.name, distributor.value(node)] as const] : [];
      }),
    );
  return {
    builder: distributor.builder,
    next: step.states.map(({ name, next }) => settle(name, next)),
    added: values(({ added }) => added),
    factors: values(({ factor }) => factor),
    observed: step.observed.map(({ name, node }) => settle(name, node)),
    adjoints: smooth.map(({ name }, k) => settle(adjointOf(name), derivatives[k]!)),
    gradients: program.parameters.map((name, k) =>
      settle(gradientOf(name), derivatives[smooth.length + k]!),
    ),
  };
}
