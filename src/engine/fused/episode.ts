import { adjointOf, gradientOf } from '../../program/ir.js';
import { statesAsComputed } from '../divergence.js';
import type { Arrays, Divergence, Episode, EpisodeResult, RunOptions } from '../engine.js';
import type { Places, Region } from './layout.js';
import type { ForwardCalls, Machine } from './machine.js';
import { Recorder } from './recorder.js';
import { type Arrangement, arrange } from './segments.js';
import { StepInputs } from './step-inputs.js';

/** Steps from … up to (not including) to, between which planned states went on without a break. */
interface Segment {
  readonly from: number;
  readonly to: number;
}

/** A decay that is smaller than this part of what ends a segment came too suddenly to be put off. */
const TOO_STRONG = 0.1;

/** What a run came to; or that decays are too strong to be put off. */
export type Outcome = EpisodeResult | 'must not be put off';

/** One episode on a machine. */
export class EpisodeRun {
  private readonly machine: Machine;
  private readonly calls: ForwardCalls;
  private readonly episode: Episode;
  private readonly options: RunOptions;
  private readonly least: number;
  private readonly at: Arrangement;
  private readonly inputs: StepInputs;
  private readonly segments: Segment[] = [];
  private readonly recorder: Recorder | null;

  constructor(
    machine: Machine,
    episode: Episode,
    parameters: ArrayLike<number>,
    options: RunOptions,
    limits: { readonly memoryBudget: number; readonly least: number },
  ) {
    this.machine = machine;
    this.episode = episode;
    this.options = options;
    this.least = limits.least;
    const { program, plan, layout, memory } = machine;
    this.calls = options.gradient ? machine.gradient() : machine.forward();
    const observes = options.record?.slots.some((name) => layout.observed.has(name));
    if (observes) machine.look();
    this.recorder = options.record ? new Recorder(program, episode.steps, options.record) : null;
    const { memoryBudget } = limits;
    this.at = arrange(plan, layout, machine.free, episode.steps, options.gradient, memoryBudget);
    memory.reserve(this.at.snapshots);
    memory.claim(machine, machine.free, JSON.stringify(this.at));
    program.parameters.forEach((name, i) => {
      memory.write(layout.parameters.get(name)!, [parameters[i]!]);
    });
    this.put(layout.constants, episode.start);
    this.put(layout.queryInputs, episode.queryInputs);
    this.inputs = new StepInputs(program, episode, layout, memory, this.at);
  }

  results(): Outcome {
    const { machine, options } = this;
    const { program, memory, layout } = machine;
    if (!this.goForward()) return 'must not be put off';
    const areFinite = [...layout.states.values()].every((placed) => memory.isFinite(placed));
    if (!areFinite || !machine.remembersFinite()) {
      const found = this.located();
      // Not in the states of the program, then: in how they are held.
      if (!found && machine.plan.shrinking.length > 0) return 'must not be put off';
      // Only a start that is itself not finite, with no step to show it, is left.
      const step = Math.max(0, this.episode.steps - 1);
      return this.diverged(found ?? { step, where: program.states[0]?.name ?? 'loss' });
    }
    this.calls.readout(0, 0);
    const { loss, ...outputs } = this.take(layout.results);
    const bad = Object.keys(outputs).find((name) => !outputs[name]!.every(Number.isFinite));
    const wrong = bad ?? (Number.isFinite(loss![0]!) ? undefined : 'loss');
    if (wrong !== undefined) return this.diverged({ step: 'readout', where: wrong });
    const result: EpisodeResult = {
      loss: loss![0]!,
      outputs,
      ...(options.states && { states: this.take(layout.states) }),
      ...(this.recorder && { record: this.recorder.taken() }),
      divergence: null,
    };
    if (!options.gradient) return result;

    this.goBackward();
    const gradient = Float64Array.from(
      program.parameters,
      (name) => memory.read(layout.carried.get(gradientOf(name))!)[0]!,
    );
    const parameter = gradient.findIndex((share) => !Number.isFinite(share));
    if (parameter >= 0) {
      return this.diverged({ step: 'gradient', where: program.parameters[parameter]! });
    }
    if (!options.startGradient) return { ...result, gradient };
    const startGradient = Object.fromEntries(
      program.states.map(({ name }) => [name, memory.read(layout.adjoints.get(adjointOf(name))!)]),
    );
    const where = Object.keys(startGradient).find(
      (name) => !startGradient[name]!.every(Number.isFinite),
    );
    if (where !== undefined) return this.diverged({ step: 'gradient', where });
    return { ...result, gradient, startGradient };
  }

  private diverged(divergence: Divergence): EpisodeResult {
    const { step } = divergence;
    const steps = typeof step === 'number' ? step : undefined;
    const record = this.recorder?.taken(steps);
    return { loss: Number.NaN, outputs: {}, ...(record && { record }), divergence };
  }

  /** All segments; false where a decay leaves nothing that could be rebuilt. */
  private goForward(): boolean {
    const { machine, episode, at, calls } = this;
    const { layout } = machine;
    const { gradient } = this.options;
    this.put(layout.states, episode.start);
    machine.forget();
    for (let from = 0; from < episode.steps; ) {
      if (gradient && !at.keepsAll) this.keep(layout.stateRegion, this.segments.length);
      calls.enter(0, 0);
      const to = this.advance(from, Math.min(episode.steps, from + at.segment));
      if (this.smallest() < this.least * TOO_STRONG) return false;
      if (gradient && at.keepsAll && to < episode.steps) {
        this.keep(layout.plannedRegion, this.segments.length);
      }
      this.segments.push({ from, to });
      calls.leave(0, 0);
      from = to;
    }
    return true;
  }

  /** Steps of a segment up to `to`, or until a decay has become small; gives the step reached. */
  private advance(from: number, to: number): number {
    const { machine, recorder, calls } = this;
    const { layout, memory } = machine;
    const tapeFrom = this.at.keepsAll ? 0 : from;
    let t = from;
    while (t < to) {
      let goal = Math.min(to, this.inputs.end(t));
      const pause = recorder ? recorder.next(t) : Number.POSITIVE_INFINITY;
      if (pause <= goal) {
        // What is observed is computed from the states before its step.
        const isNext = t === pause - 1 || !recorder!.observes;
        goal = isNext ? pause : pause - 1;
        if (isNext && recorder!.observes) {
          machine.look()(this.inputs.addressOf(t), 0);
          recorder!.take(pause, layout.observed, memory);
        }
      }
      t += calls.forward(this.inputs.addressOf(t), this.tapeOf(t - tapeFrom), goal - t);
      if (t === pause) {
        calls.leave(0, 0);
        recorder!.take(t, layout.states, memory);
      }
      if (!(this.smallest() >= this.least)) break;
    }
    return t;
  }

  private goBackward(): void {
    const { machine, at } = this;
    const { layout } = machine;
    const calls = machine.gradient();
    for (let k = this.segments.length - 1; k >= 0; k--) {
      const { from, to } = this.segments[k]!;
      const isLast = k === this.segments.length - 1;
      const tapeFrom = at.keepsAll ? 0 : from;
      if (!isLast && at.keepsAll) this.restore(layout.plannedRegion, k);
      if (!isLast && !at.keepsAll) {
        this.restore(layout.stateRegion, k);
        calls.enter(0, 0);
        calls.forward(this.inputs.addressOf(from), this.tapeOf(0), to - from);
      }
      calls.leaveAdjoint(0, 0);
      calls.backward(this.inputs.addressOf(to - 1), this.tapeOf(to - 1 - tapeFrom), to - from);
      calls.enterAdjoint(0, 0);
    }
  }

  /** The step and state at which numbers ceased to be finite: step by step, looking after each. */
  private located(): Divergence | null {
    const { machine, episode, calls } = this;
    const { layout, memory } = machine;
    const names = statesAsComputed(machine.program).map(({ name }) => name);
    this.put(layout.states, episode.start);
    for (const { from, to } of this.segments) {
      calls.enter(0, 0);
      for (let t = from; t < to; t++) {
        calls.forward(this.inputs.addressOf(t), this.tapeOf(0), 1);
        calls.leave(0, 0);
        const where = names.find((name) => !memory.isFinite(layout.states.get(name)!));
        if (where !== undefined) return { step: t, where };
      }
    }
    return null;
  }

  private put(places: Places, arrays: Arrays): void {
    for (const [name, placed] of places) this.machine.memory.write(placed, arrays[name]!);
  }

  private take(places: Places): Record<string, Float64Array> {
    const { memory } = this.machine;
    return Object.fromEntries([...places].map(([name, placed]) => [name, memory.read(placed)]));
  }

  private keep(region: Region, k: number): void {
    const { memory } = this.machine;
    const to = this.at.snapshots + k * region.bytes;
    memory.reserve(to + region.bytes);
    memory.copy(region, to);
  }

  private restore(region: Region, k: number): void {
    const { from, bytes } = region;
    this.machine.memory.copy({ from: this.at.snapshots + k * bytes, bytes }, from);
  }

  /** The least of the decays that are put off. */
  private smallest(): number {
    const { plan, layout, memory } = this.machine;
    let least = Number.POSITIVE_INFINITY;
    for (const name of plan.shrinking) {
      least = Math.min(least, Math.abs(memory.numberAt(layout.planned.get(name)!.place.offset)));
    }
    return least;
  }

  /** Of a step, counted from the first whose tape is kept. */
  private tapeOf(step: number): number {
    return this.at.tape + step * this.machine.layout.tapeBytes;
  }
}
