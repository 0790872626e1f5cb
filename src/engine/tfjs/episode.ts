import { adjointOf, gradientOf, type Program, type Slot } from '../../program/ir.js';
import type { Batch } from './batch.js';
import type { Executable, Tensors } from './executable.js';
import type { Batched, Kit } from './kit.js';

/** The four graphs of a program, ready. */
export interface Executables {
  readonly step: Executable;
  readonly readout: Executable;
  readonly stepAdjoint: Executable;
  readonly readoutAdjoint: Executable;
}

/** What the forward pass leaves. All tensors belong to whoever holds it. */
export interface Forward {
  /** States before steps 0, interval, 2·interval, …; empty when no backward pass is to follow. */
  readonly kept: Tensors[];
  readonly last: Tensors;
  /** `[tasks]`: 0, or NaN where a state of the task was not finite. */
  readonly finite: Batched;
}

/** What the backward pass leaves. All tensors belong to whoever holds it. */
export interface Backward {
  /** Shares of the gradient, `[tasks, n · parameters, 1]` each, to be summed over n and over the list. */
  readonly shares: Batched[];
  /** d loss / d start of every state. */
  readonly adjoints: Tensors;
}

/** Is shown the states and observed values after so many steps; they stay the episode's. */
export type Watcher = (steps: number, values: Tensors) => void;

/** Runs the steps of a batch of episodes and their adjoints. Synchronous; to be used within one turn of a backend. */
export class BatchedEpisode {
  private readonly kit: Kit;
  private readonly program: Program;
  private readonly graphs: Executables;
  private readonly forgetful: readonly Slot[];
  private readonly batch: Batch;
  /** Parameters and constants. */
  private readonly fixed: Tensors;

  constructor(
    kit: Kit,
    program: Program,
    graphs: Executables,
    forgetful: readonly Slot[],
    batch: Batch,
    parameters: ArrayLike<number>,
  ) {
    this.kit = kit;
    this.program = program;
    this.graphs = graphs;
    this.forgetful = forgetful;
    this.batch = batch;
    const fixed: Record<string, Batched> = this.upload(program.constants, batch.start);
    program.parameters.forEach((name, i) => {
      const values = new Float32Array(batch.size).fill(parameters[i]!);
      fixed[name] = kit.tf.tensor3d(values, [batch.size, 1, 1]);
    });
    this.fixed = fixed;
  }

  dispose(): void {
    this.kit.tf.dispose({ ...this.fixed });
  }

  start(): Tensors {
    return this.upload(this.program.states, this.batch.start);
  }

  /** The states after step t; those before it stay the caller's. */
  step(states: Tensors, t: number, watch?: Watcher): Tensors {
    return this.kit.tf.tidy(() => {
      const inputs = { ...this.fixed, ...states, ...this.stepInputs(t) };
      const values = this.graphs.step.run(inputs, this.batch.size);
      watch?.(t + 1, values);
      for (const { name } of this.program.observed) {
        values[name]!.dispose();
        delete values[name];
      }
      return values;
    });
  }

  /** All steps. States are kept every `interval` steps, or not at all for 0. */
  forward(interval: number, watch?: Watcher): Forward {
    const { tf } = this.kit;
    return tf.tidy(() => {
      const kept: Tensors[] = [];
      let states = this.start();
      let finite = tf.zeros([this.batch.size]);
      for (let t = 0; t < this.batch.steps; t++) {
        const isKept = interval > 0 && t % interval === 0;
        if (isKept) kept.push(states);
        const next = this.step(states, t, watch);
        if (!isKept) tf.dispose({ ...states });
        states = next;
        if (this.forgetful.length > 0) finite = this.checked(finite, states, this.forgetful);
      }
      return { kept, last: states, finite: this.checked(finite, states, this.program.states) };
    });
  }

  /** `[tasks]`: NaN for the tasks in which one of these states is not finite. */
  checked(finite: Batched, states: Tensors, slots: readonly Slot[]): Batched {
    const { tf } = this.kit;
    return tf.tidy(() => {
      let sum = finite;
      for (const { name } of slots) {
        const state = states[name]!;
        sum = tf.add(sum, tf.sum(tf.sub(state, state), [1, 2]));
      }
      return sum;
    });
  }

  /** All outputs of the read-out. */
  readout(states: Tensors): Tensors {
    return this.kit.tf.tidy(() =>
      this.graphs.readout.run(this.readoutInputs(states), this.batch.size),
    );
  }

  /** From the last states back to the first. */
  backward(forward: Forward, interval: number): Backward {
    const { tf } = this.kit;
    return tf.tidy(() => {
      const outputs = this.graphs.readoutAdjoint.run(
        this.readoutInputs(forward.last),
        this.batch.size,
      );
      const shares: Batched[] = [];
      if (this.program.parameters.length > 0) shares.push(this.gradient(outputs));
      let adjoints = this.adjoints(outputs);
      for (let k = forward.kept.length - 1; k >= 0; k--) {
        const from = k * interval;
        const to = Math.min(from + interval, this.batch.steps);
        const back = this.backwardSegment(forward.kept[k]!, from, to, adjoints);
        tf.dispose({ ...adjoints });
        adjoints = back.adjoints;
        shares.push(...back.shares);
      }
      return { shares, adjoints };
    });
  }

  /** Steps to − 1 … from, with the states between recomputed from those before `from`. */
  private backwardSegment(
    first: Tensors,
    from: number,
    to: number,
    after: Tensors,
  ): { adjoints: Tensors; shares: Batched[] } {
    const { tf } = this.kit;
    return tf.tidy(() => {
      const states: Tensors[] = [first];
      for (let t = from; t < to - 1; t++) states.push(this.step(states[t - from]!, t));
      const shares: Batched[] = [];
      let adjoints = after;
      for (let t = to - 1; t >= from; t--) {
        const before = states.pop()!;
        const back = this.stepBack(before, t, adjoints);
        if (t > from) tf.dispose({ ...before });
        if (adjoints !== after) tf.dispose({ ...adjoints });
        adjoints = back.adjoints;
        shares.push(...back.share);
      }
      return { adjoints, shares: shares.length > 1 ? [tf.concat(shares, 1)] : shares };
    });
  }

  private stepBack(
    states: Tensors,
    t: number,
    adjoints: Tensors,
  ): { adjoints: Tensors; share: Batched[] } {
    return this.kit.tf.tidy(() => {
      const inputs: Record<string, Batched> = {
        ...this.fixed,
        ...states,
        ...this.stepInputs(t),
      };
      for (const { name } of this.program.states) inputs[adjointOf(name)] = adjoints[name]!;
      const outputs = this.graphs.stepAdjoint.run(inputs, this.batch.size);
      const share = this.program.parameters.length > 0 ? [this.gradient(outputs)] : [];
      return { adjoints: this.adjoints(outputs), share };
    });
  }

  private adjoints(outputs: Tensors): Tensors {
    return Object.fromEntries(
      this.program.states.map(({ name }) => [name, outputs[adjointOf(name)]!]),
    );
  }

  private gradient(outputs: Tensors): Batched {
    const parts = this.program.parameters.map((name) => outputs[gradientOf(name)]!);
    return parts.length === 1 ? parts[0]! : this.kit.tf.concat(parts, 1);
  }

  private readoutInputs(states: Tensors): Tensors {
    const query = this.upload(this.program.queryInputs, this.batch.queryInputs);
    return { ...this.fixed, ...states, ...query };
  }

  private stepInputs(t: number): Tensors {
    return this.upload(this.program.stepInputs, this.batch.stepInputs, t);
  }

  /** Tensors of the t-th stretch of packed arrays. */
  private upload(
    slots: readonly Slot[],
    arrays: Readonly<Record<string, Float32Array>>,
    t = 0,
  ): Record<string, Batched> {
    const { size } = this.batch;
    return Object.fromEntries(
      slots.map(({ name, shape: [rows, columns] }) => {
        const length = size * rows * columns;
        const values = arrays[name]!.subarray(t * length, (t + 1) * length);
        return [name, this.kit.tf.tensor3d(values, [size, rows, columns])];
      }),
    );
  }
}
