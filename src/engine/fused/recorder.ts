import type { Program } from '../../program/ir.js';
import type { Arrays, RunOptions } from '../engine.js';
import { sizeOf } from '../fit.js';
import type { Places } from './layout.js';
import type { FusedMemory } from './memory.js';

/** Copies states and observed values while an episode runs. */
export class Recorder {
  /** Whether there is something that only the step itself knows. */
  readonly observes: boolean;
  private readonly every: number;
  private readonly sizes: ReadonlyMap<string, number>;
  private readonly arrays: Readonly<Record<string, Float64Array>>;

  constructor(program: Program, steps: number, record: NonNullable<RunOptions['record']>) {
    this.every = record.every;
    const slots = [...program.states, ...program.observed].filter(({ name }) =>
      record.slots.includes(name),
    );
    this.sizes = new Map(slots.map((slot) => [slot.name, sizeOf(slot)]));
    this.observes = program.observed.some(({ name }) => this.sizes.has(name));
    const times = Math.floor(steps / this.every);
    this.arrays = Object.fromEntries(
      [...this.sizes].map(([name, size]) => [name, new Float64Array(times * size)]),
    );
  }

  /** The number of steps, more than `steps`, after which there is something to record. */
  next(steps: number): number {
    return (Math.floor(steps / this.every) + 1) * this.every;
  }

  /** Takes those of these arrays that are recorded, as they are after so many steps. */
  take(steps: number, places: Places, memory: FusedMemory): void {
    const before = steps / this.every - 1;
    for (const [name, size] of this.sizes) {
      const placed = places.get(name);
      if (placed) this.arrays[name]!.set(memory.read(placed), before * size);
    }
  }

  /** What was recorded of an episode, or of as many steps of it. */
  taken(steps = Number.POSITIVE_INFINITY): Arrays {
    const times = Math.floor(steps / this.every);
    return Object.fromEntries(
      Object.entries(this.arrays).map(([name, values]) => {
        const size = this.sizes.get(name)!;
        return [name, times * size < values.length ? values.slice(0, times * size) : values];
      }),
    );
  }
}
