import type { Program } from '../../program/ir.js';
import type { Episode } from '../engine.js';
import type { Layout } from './layout.js';
import type { FusedMemory } from './memory.js';
import type { Arrangement } from './segments.js';

/**
 * The inputs of an episode's steps in memory, converted and padded: of as many steps as there is room for,
 * put there when the first of them is needed, so that they are still in a cache when the steps are made.
 */
export class StepInputs {
  private readonly program: Program;
  private readonly episode: Episode;
  private readonly layout: Layout;
  private readonly memory: FusedMemory;
  private readonly at: Arrangement;
  /** The first of the steps whose inputs are there. */
  private from = -1;

  constructor(
    program: Program,
    episode: Episode,
    layout: Layout,
    memory: FusedMemory,
    at: Arrangement,
  ) {
    this.program = program;
    this.episode = episode;
    this.layout = layout;
    this.memory = memory;
    this.at = at;
  }

  /** The step up to (not including) which inputs are there together with those of this step. */
  end(step: number): number {
    return Math.min(this.episode.steps, this.first(step) + this.at.heldSteps);
  }

  /** The address of a step's inputs; those that were there for other steps may be gone. */
  addressOf(step: number): number {
    const first = this.first(step);
    if (first !== this.from && step < this.episode.steps) this.put(first);
    return this.at.stepInputs + (step - first) * this.layout.stepBytes;
  }

  private first(step: number): number {
    return step - (step % this.at.heldSteps);
  }

  private put(from: number): void {
    const { layout, memory, episode, at } = this;
    for (const { name, shape } of this.program.stepInputs) {
      const size = shape[0] * shape[1];
      const values = episode.stepInputs[name]!.subarray(from * size, this.end(from) * size);
      memory.writeSteps(layout.stepInputs.get(name)!, values, at.stepInputs, layout.stepBytes);
    }
    this.from = from;
  }
}
