import { GraphBuilder } from '../builder.js';
import { type Graph, gradientOf, type Node, type Program, type Slot } from '../ir.js';
import type { Result, StepWithAdjoint } from './adjoint-step.js';
import { carriedOut, type Delay, delayedOutputs, delayOf, pendingStates } from './delay.js';
import type { PlannedState } from './episode-plan.js';
import { graphOf, nodesUnder } from './graph-of.js';
import type { HeldStep } from './held-step.js';
import { Origins } from './origins.js';
import { remake } from './rewrite.js';
import { isKeptOnTape } from './tape.js';

/** The backward iteration, and what it needs of the forward one. */
export interface BackwardPlan {
  readonly graph: Graph;
  readonly carried: readonly PlannedState[];
  /** Nodes of the step to be left on the tape, under these names. */
  readonly tape: readonly Result[];
  /** The adjoint matrices whose updates are put off. */
  readonly delays: readonly Delay[];
}

/** The adjoint of a step as a graph over what it carries and what the step left. */
export function planBackward(
  program: Program,
  step: HeldStep,
  both: StepWithAdjoint,
): BackwardPlan {
  return new Backward(program, step, both).plan();
}

class Backward {
  private readonly b = new GraphBuilder();
  private readonly program: Program;
  private readonly step: HeldStep;
  private readonly both: StepWithAdjoint;
  private readonly origins: Origins;
  private readonly made = new Map<Node, Node>();
  private readonly ofStep: ReadonlySet<Node>;
  private readonly tape = new Map<Node, Result>();
  private readonly rebuilt = new Map<string, Node>();
  private readonly delays: Delay[] = [];

  constructor(program: Program, step: HeldStep, both: StepWithAdjoint) {
    this.program = program;
    this.step = step;
    this.both = both;
    this.origins = new Origins(program);
    const results = [...both.next, ...both.observed].map(({ node }) => node);
    this.ofStep = nodesUnder([...results, ...both.added.values(), ...both.factors.values()]);
  }

  plan(): BackwardPlan {
    const { b, both } = this;
    const source = both.builder;
    for (const adjoint of both.adjoints) {
      const delay = delayOf(source, adjoint, this.origins);
      if (!delay) continue;
      this.delays.push(delay);
      this.made.set(source.input(adjoint.name, adjoint.shape), carriedOut(b, delay));
    }
    const adjoints = both.adjoints.flatMap((adjoint) => this.adjointOutputs(adjoint));
    const gradients = both.gradients.map(({ name, shape, node }) => ({
      name,
      node: b.add(b.input(name, shape), this.value(node)),
    }));
    const rebuilt = [...this.rebuilt].map(([name, node]) => ({ name, node }));
    const outputs = [...rebuilt, ...adjoints, ...gradients];
    const graph = graphOf(`adjoint step of ${this.program.name}`, outputs);
    return {
      graph,
      carried: this.carried(),
      tape: [...this.tape.values()],
      delays: this.delays,
    };
  }

  private carried(): PlannedState[] {
    const shapes = new Map(this.step.states.map(({ name, shape }) => [name, shape]));
    return [
      ...[...this.rebuilt.keys()].map(
        (name): PlannedState => ({ name, shape: shapes.get(name)!, role: 'rebuilt' }),
      ),
      ...this.both.adjoints.map(
        ({ name, shape }): PlannedState => ({ name, shape, role: 'adjoint' }),
      ),
      ...this.delays.flatMap(pendingStates),
      ...this.program.parameters.map(
        (name): PlannedState => ({ name: gradientOf(name), shape: [1, 1], role: 'gradient' }),
      ),
    ];
  }

  private adjointOutputs({ name, node }: Result): { name: string; node: Node }[] {
    const delay = this.delays.find(({ matrix }) => matrix.name === name);
    return delay
      ? delayedOutputs(this.b, delay, (each) => this.value(each))
      : [{ name, node: this.value(node) }];
  }

  /** A node of the step or of its adjoint, from what the backward iteration has. */
  private value(node: Node): Node {
    const had = this.made.get(node);
    if (had) return had;
    const { operation } = node;
    const made =
      this.stateBefore(node) ??
      (this.ofStep.has(node) && isKeptOnTape(node)
        ? this.fromTape(node)
        : operation.op === 'input'
          ? this.b.input(operation.name, node.shape)
          : remake(
              this.b,
              node,
              node.operands.map((operand) => this.value(operand)),
            ));
    this.made.set(node, made);
    return made;
  }

  private stateBefore(node: Node): Node | undefined {
    const { operation } = node;
    if (operation.op !== 'input') return undefined;
    const state = this.step.states.find(({ name }) => name === operation.name);
    if (!state) return undefined;
    if (state.role !== 'rebuilt') return this.fromTape(node, `before ${state.name}`);
    const before = this.rebuild(state);
    this.rebuilt.set(state.name, before);
    return before;
  }

  /** A matrix as it was before the step: what the step did is undone. */
  private rebuild({ name, shape }: Slot): Node {
    const { b, both } = this;
    const [added, factor] = [both.added.get(name), both.factors.get(name)];
    const after = b.input(name, shape);
    const rest = added ? b.subtract(after, this.value(added)) : after;
    return factor ? b.multiply(b.unary('reciprocal', this.value(factor)), rest) : rest;
  }

  private fromTape(node: Node, name = `tape ${this.tape.size + 1}`): Node {
    this.tape.set(node, { name, shape: node.shape, node });
    return this.b.input(name, node.shape);
  }
}
