import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';
import { unknownInput } from '../../base/diagnostics/circuit.js';
import { wrongLength } from '../../base/diagnostics/engine.js';
import { EngrammarError } from '../../base/result.js';
import type { CheckedRule } from '../../language/checked.js';
import { WEIGHT } from '../../language/signals.js';
import { adjointOf, gradientOf, type Shape } from '../../program/ir.js';
import type { Tf } from './backends.js';
import { compile, type Executable } from './executable.js';
import { type Batched, Kit } from './kit.js';
import {
  FIRST_STEP,
  type Given,
  type StepProgram,
  type StepSizes,
  stepProgram,
} from './step-program.js';

type Tensors = Readonly<Record<string, Tensor>>;

/** One step of a rule at one projection, on tensors. */
export interface StepOperation {
  /**
   * The new weights `w` and the new memory of the rule, by their names, in the shapes in which they were
   * given. Differentiable by the weights, memory, signals and parameters given. Throws an
   * `EngrammarError` for names that are none (E812) and for tensors missing or of another size (E704).
   */
  (given: Tensors): Record<string, Tensor>;
  /** All that may be given. Parameters (as written) and memory (as at the start) may be left out. */
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  /** Frees the constant tensors that it keeps. */
  dispose(): void;
}

/**
 * One step of a rule as a differentiable operation of TensorFlow.js: what its synapses see goes in, what
 * they become comes out. It computes on the backend that is active, and no number leaves that.
 *
 * Numbers are in the order of the language: weights are `[post, pre]`, and tensors may have any shape with
 * the right count, such as `[4]` or `[1, 4]`. Where `w` has n times the numbers of the projection, n
 * projections learn side by side: every other tensor has n times its numbers too, as in `[n, 4]`, or is
 * the same for all. Parameters are in base units: plain numbers, millivolts, milliseconds, or steps where
 * these have no length. What a rule sends instead of `w` (`transmit`) is no part of its step.
 */
export function stepOperation(tf: Tf, rule: CheckedRule, sizes: StepSizes): StepOperation {
  const step = new Step(tf, stepProgram(rule, sizes));
  return Object.assign((given: Tensors) => step.run(given), {
    inputs: step.inputs.map(({ name, shape }) => ({ name, shape })),
    dispose: () => step.dispose(),
  });
}

class Step {
  readonly inputs: readonly Given[];
  private readonly tf: Tf;
  private readonly made: StepProgram;
  private readonly kit: Kit;
  private readonly forward: Executable;
  private readonly backward: Executable;

  constructor(tf: Tf, made: StepProgram) {
    this.tf = tf;
    this.made = made;
    this.inputs = [...made.smooth, ...made.scheduled];
    // How things are done fastest depends on the backend, so one must have started.
    tf.backend();
    this.kit = new Kit(tf, tf.getBackend());
    const { step, stepAdjoint } = made.program;
    const outputs = made.carried.map(({ slot }) => step.outputs.find(({ name }) => name === slot)!);
    this.forward = compile({ ...step, outputs }, this.kit);
    this.backward = compile(stepAdjoint, this.kit);
  }

  run(tensors: Tensors): Record<string, Tensor> {
    this.refuseUnknown(tensors);
    const given = named(Object.entries(tensors));
    const { tf } = this;
    const { carried, smooth } = this.made;
    const batch = this.batchOf(given);
    const variable = smooth.filter(({ name }) => given[name]);
    return tf.tidy(() => {
      const operation = tf.customGrad((...received) => {
        const save = received.at(-1) as GradSaveFunc;
        // As given: what is made of them here is no part of the tape, should it want second derivatives.
        save(Object.values(given));
        const outputs = this.forward.run(this.inputsOf(given, batch), batch);
        const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
          const names = Object.keys(given);
          const then = named(names.map((name, k) => [name, saved[k]!]));
          const derivatives = this.derivatives(this.inputsOf(then, batch), dy, batch);
          return variable.map((each) => summedTo(tf, derivatives(each), given[each.name]!.shape));
        };
        return { value: this.packed(carried.map(({ slot }) => outputs[slot]!)), gradFunc };
      });
      const packed = operation(...variable.map(({ name }) => given[name]!));
      const results = this.unpacked(packed, batch);
      return Object.fromEntries(
        carried.map(({ name, shape }, k) => {
          const alone = batch === 1 ? [...shape] : [batch, ...shape];
          const isGiven = given[name]?.size === results[k]!.size;
          return [name, tf.reshape(results[k]!, isGiven ? given[name]!.shape : alone)];
        }),
      );
    });
  }

  dispose(): void {
    this.kit.dispose();
  }

  private refuseUnknown(given: Tensors): void {
    const known = this.inputs.map(({ name }) => name);
    const unknown = Object.keys(given).find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const circuit = `a step of ${this.made.program.name}`;
    throw new EngrammarError(unknownInput({ circuit, what: 'input', given: unknown, known }));
  }

  /** How many projections there are weights for. */
  private batchOf(given: Tensors): number {
    const [weights] = this.made.carried;
    const each = countOf(weights!.shape);
    const count = given[WEIGHT]?.size;
    if (count === undefined || count === 0 || count % each !== 0) this.misfit(weights!, count);
    return count! / each;
  }

  private misfit({ name, shape }: Given, count: number | undefined): never {
    const program = this.made.program.name;
    const expected = countOf(shape);
    throw new EngrammarError(wrongLength({ program, what: name, expected, given: count }));
  }

  /** Everything that a step reads, `[batch, rows, columns]`, by its slot. */
  private inputsOf(given: Tensors, batch: number): Record<string, Batched> {
    const { smooth, scheduled, constants } = this.made;
    const all = [...smooth, ...scheduled, ...constants];
    return Object.fromEntries(all.map((each) => [each.slot, this.placed(each, given, batch)]));
  }

  private placed(one: Given, given: Tensors, batch: number): Batched {
    const { tf } = this;
    const tensor = given[one.name] ?? this.unsaid(one, given);
    const each = countOf(one.shape);
    if (tensor.size !== each && tensor.size !== batch * each) this.misfit(one, tensor.size);
    const numbers = tensor.dtype === 'float32' ? tensor : tf.cast(tensor, 'float32');
    const own = tf.reshape(numbers, [tensor.size / each, ...one.shape]);
    return tensor.size === each && batch > 1 ? tf.tile(own, [batch, 1, 1]) : own;
  }

  /** What is meant where nothing is given. */
  private unsaid(one: Given, given: Tensors): Batched {
    const { program, carried } = this.made;
    const memory = carried.slice(1);
    const isFirst = memory.every(({ name }) => !given[name]);
    const isMemory = memory.includes(one);
    const value = one.slot === FIRST_STEP ? Number(isFirst) : program.initial[one.slot];
    if (value === undefined && !isMemory) this.misfit(one, undefined);
    if (typeof value === 'object') return this.tf.tensor([...value], [1, ...one.shape]);
    return this.kit.filled(value ?? 0, 1, ...one.shape);
  }

  /** The derivatives by what a step reads, from those by what it gives. */
  private derivatives(
    inputs: Record<string, Batched>,
    dy: Tensor,
    batch: number,
  ): (of: Given) => Batched {
    const { program, carried } = this.made;
    const after = new Map(
      this.unpacked(dy, batch).map((share, k) => [carried[k]!.slot, share] as const),
    );
    const adjoints = program.states.map(({ name, shape }) => [
      adjointOf(name),
      after.get(name) ?? this.kit.filled(0, batch, ...shape),
    ]);
    const all = this.backward.run({ ...inputs, ...Object.fromEntries(adjoints) }, batch);
    return ({ slot }) => (all[adjointOf(slot)] ?? all[gradientOf(slot)])!;
  }

  /** Operations have one result: several are laid one behind the other. */
  private packed(results: readonly Batched[]): Tensor {
    if (results.length === 1) return results[0]!;
    return this.tf.concat(results.map((each) => this.tf.reshape(each, [each.size])));
  }

  private unpacked(packed: Tensor, batch: number): Batched[] {
    const { tf } = this;
    const { carried } = this.made;
    if (carried.length === 1) return [packed];
    let start = 0;
    return carried.map(({ shape }) => {
      const size = batch * countOf(shape);
      const part = tf.slice(packed, [start], [size]);
      start += size;
      return tf.reshape(part, [batch, ...shape]);
    });
  }
}

/** Without a prototype: a parameter may be called `constructor`. */
function named(entries: readonly (readonly [string, Tensor])[]): Tensors {
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

const countOf = ([rows, columns]: Shape): number => rows * columns;

/** The derivative by what all projections shared is the sum of theirs. */
function summedTo(tf: Tf, derivative: Batched, shape: number[]): Tensor {
  const count = shape.reduce((product, side) => product * side, 1);
  const whole = derivative.size === count ? derivative : tf.sum(derivative, 0);
  return tf.reshape(whole, shape);
}
