import type { Program } from '../../program/ir.js';
import type { Arrays, RunOptions } from '../engine.js';
import { sizeOf } from '../fit.js';
import type { Evaluation } from './evaluate.js';

/** Copies states and observed values while an episode runs. */
export class Recorder {
  private readonly every: number;
  private readonly slots: readonly { readonly name: string; readonly size: number }[];
  private readonly arrays: Readonly<Record<string, Float64Array>>;
  private count = 0;

  constructor(program: Program, steps: number, record: NonNullable<RunOptions['record']>) {
    this.every = record.every;
    this.slots = [...program.states, ...program.observed]
      .filter(({ name }) => record.slots.includes(name))
      .map((slot) => ({ name: slot.name, size: sizeOf(slot) }));
    const times = Math.floor(steps / this.every);
    this.arrays = Object.fromEntries(
      this.slots.map(({ name, size }) => [name, new Float64Array(times * size)]),
    );
  }

  /** To be called after so many steps, before the step's values are overwritten. */
  after(steps: number, step: Evaluation): void {
    if (steps % this.every !== 0) return;
    for (const { name, size } of this.slots) {
      this.arrays[name]!.set(step.output(name), this.count * size);
    }
    this.count += 1;
  }

  /** What was recorded so far. */
  taken(): Arrays {
    return Object.fromEntries(
      this.slots.map(({ name, size }) => [name, this.arrays[name]!.slice(0, this.count * size)]),
    );
  }
}
