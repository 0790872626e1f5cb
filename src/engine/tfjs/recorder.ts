import type { Program } from '../../program/ir.js';
import type { Arrays, Divergence, RunOptions } from '../engine.js';
import { sizeOf } from '../fit.js';
import type { Batch } from './batch.js';
import type { Tensors } from './executable.js';

/** Brings states and observed values out of the backend while a batch of episodes runs. */
export class Recorder {
  private readonly every: number;
  private readonly tasks: number;
  private readonly slots: readonly { readonly name: string; readonly size: number }[];
  /** By task. */
  private readonly arrays: readonly Arrays[];

  constructor(program: Program, batch: Batch, record: NonNullable<RunOptions['record']>) {
    this.every = record.every;
    this.tasks = batch.size;
    this.slots = [...program.states, ...program.observed]
      .filter(({ name }) => record.slots.includes(name))
      .map((slot) => ({ name: slot.name, size: sizeOf(slot) }));
    const times = Math.floor(batch.steps / this.every);
    this.arrays = Array.from({ length: this.tasks }, () =>
      Object.fromEntries(
        this.slots.map(({ name, size }) => [name, new Float64Array(times * size)]),
      ),
    );
  }

  after(steps: number, values: Tensors): void {
    if (steps % this.every !== 0) return;
    const before = steps / this.every - 1;
    for (const { name, size } of this.slots) {
      const all = values[name]!.dataSync();
      this.arrays.forEach((arrays, task) => {
        arrays[name]!.set(all.subarray(task * size, (task + 1) * size), before * size);
      });
    }
  }

  /** What was recorded of a task before it diverged. */
  taken(task: number, divergence: Divergence | null): Arrays {
    const arrays = this.arrays[task]!;
    if (typeof divergence?.step !== 'number') return arrays;
    const times = Math.floor(divergence.step / this.every);
    return Object.fromEntries(
      this.slots.map(({ name, size }) => [name, arrays[name]!.slice(0, times * size)]),
    );
  }
}
