import type { Slot } from '../../program/ir.js';
import type { Arrays } from '../engine.js';

/**
 * The states of an episode by step, in memory that is laid out once.
 *
 * Without a backward pass two sets of arrays take turns. With one, every state is kept where that
 * fits the budget; otherwise every ⌈√T⌉-th is, and the segment between two of these is recomputed when
 * the backward pass comes to it.
 */
export class History {
  private readonly slots: readonly Slot[];
  /** Steps between states that are kept for good. */
  private readonly interval: number;
  private readonly kept: Arrays[] = [];
  /** The states of one segment, by their place in it. */
  private readonly segment: Arrays[] = [];
  private segmentHeld = 0;
  private readonly forwardOnly: boolean;

  constructor(slots: readonly Slot[], steps: number, backward: boolean, budgetBytes: number) {
    this.slots = slots;
    this.forwardOnly = !backward;
    const bytes = slots.reduce((sum, { shape }) => sum + 8 * shape[0] * shape[1], 0);
    this.interval = bytes * (steps + 1) <= budgetBytes ? 1 : Math.ceil(Math.sqrt(steps));
  }

  begin(start: Arrays): void {
    // The start names constants, too.
    this.kept[0] = Object.fromEntries(this.slots.map(({ name }) => [name, start[name]!]));
    this.segmentHeld = 0;
  }

  /** The states before step t, if they are held; undefined when their segment was overwritten. */
  at(t: number): Arrays | undefined {
    if (t === 0) return this.kept[0];
    if (this.forwardOnly) return this.segment[t % 2];
    const [quotient, rest] = [Math.floor(t / this.interval), t % this.interval];
    if (rest === 0) return this.kept[quotient];
    return this.segmentHeld === quotient ? this.segment[rest] : undefined;
  }

  /** Arrays to write the states before step t into (t > 0). */
  room(t: number): Arrays {
    if (this.forwardOnly) return this.allocated(this.segment, t % 2);
    const [quotient, rest] = [Math.floor(t / this.interval), t % this.interval];
    if (rest === 0) return this.allocated(this.kept, quotient);
    this.segmentHeld = quotient;
    return this.allocated(this.segment, rest);
  }

  /** The last step at or before t whose states are kept for good. */
  markBefore(t: number): number {
    return t - (t % this.interval);
  }

  private allocated(list: Arrays[], index: number): Arrays {
    list[index] ??= Object.fromEntries(
      this.slots.map(({ name, shape }) => [name, new Float64Array(shape[0] * shape[1])]),
    );
    return list[index]!;
  }
}
