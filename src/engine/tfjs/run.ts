import type { Program } from '../../program/ir.js';
import { statesAsComputed } from '../divergence.js';
import type { Arrays, Divergence, Episode, EpisodeResult, RunOptions } from '../engine.js';
import { forgetfulStates } from '../stickiness.js';
import { type Batch, packBatch } from './batch.js';
import { type Backward, BatchedEpisode, type Executables } from './episode.js';
import type { Tensors } from './executable.js';
import type { Kit } from './kit.js';
import { Recorder } from './recorder.js';

/** What stays the same from run to run. */
export interface Prepared {
  readonly kit: Kit;
  readonly program: Program;
  readonly graphs: Executables;
}

type Derivatives = Required<Pick<EpisodeResult, 'gradient'>> & Pick<EpisodeResult, 'startGradient'>;

/** Runs episodes of equal length as one batch. */
export async function runBatch(
  prepared: Prepared,
  episodes: readonly Episode[],
  parameters: ArrayLike<number>,
  options: RunOptions,
  interval: number,
): Promise<EpisodeResult[]> {
  const batch = packBatch(prepared.program, episodes);
  const run = new EpisodeRun(prepared, batch, parameters);
  try {
    return await run.results(options, interval);
  } finally {
    run.dispose();
  }
}

class EpisodeRun {
  private readonly kit: Kit;
  private readonly program: Program;
  private readonly batch: Batch;
  private readonly episode: BatchedEpisode;

  constructor({ kit, program, graphs }: Prepared, batch: Batch, parameters: ArrayLike<number>) {
    this.kit = kit;
    this.program = program;
    this.batch = batch;
    const forgetful = forgetfulStates(program.step, program.states);
    this.episode = new BatchedEpisode(kit, program, graphs, forgetful, batch, parameters);
  }

  dispose(): void {
    this.episode.dispose();
  }

  async results(options: RunOptions, interval: number): Promise<EpisodeResult[]> {
    const { tf } = this.kit;
    const recorder = options.record && new Recorder(this.program, this.batch, options.record);
    const watch = recorder?.after.bind(recorder);
    const forward = this.episode.forward(options.gradient ? interval : 0, watch);
    const diverged = (task: number, divergence: Divergence): EpisodeResult => ({
      loss: Number.NaN,
      outputs: {},
      ...(recorder && { record: recorder.taken(task, divergence) }),
      divergence,
    });
    try {
      const finite = await forward.finite.data();
      const tasks = Array.from({ length: this.batch.size }, (_, task) => task);
      const bad = tasks.filter((task) => !Number.isFinite(finite[task]!));
      const divergences = await this.locate(bad);
      if (bad.length === tasks.length) {
        return tasks.map((task) => diverged(task, divergences.get(task)!));
      }

      const read = await this.readOut(forward.last);
      const back = options.gradient
        ? await this.derivatives(this.episode.backward(forward, interval), options)
        : undefined;
      const states = options.states ? await this.download(forward.last) : undefined;
      return tasks.map((task) => {
        const own = back?.[task];
        const divergence = divergences.get(task) ?? this.firstNonFinite(read[task]!, own);
        if (divergence) return diverged(task, divergence);
        const { loss, ...outputs } = read[task]!;
        return {
          loss: loss![0]!,
          outputs,
          ...own,
          ...(states && { states: states[task]! }),
          ...(recorder && { record: recorder.taken(task, null) }),
          divergence: null,
        };
      });
    } finally {
      tf.dispose([forward.kept.map((states) => ({ ...states })), { ...forward.last }]);
      forward.finite.dispose();
    }
  }

  /** Runs the steps again, looking after each, until the first non-finite state of all these tasks is found. */
  private async locate(tasks: readonly number[]): Promise<Map<number, Divergence>> {
    const { tf } = this.kit;
    const found = new Map<number, Divergence>();
    if (tasks.length === 0) return found;
    const inOrder = statesAsComputed(this.program);
    let states = this.episode.start();
    try {
      for (let t = 0; t < this.batch.steps && found.size < tasks.length; t++) {
        const next = this.episode.step(states, t);
        tf.dispose({ ...states });
        states = next;
        for (const { name } of inOrder) {
          const flags = await this.nonFinite(states, name);
          for (const task of tasks) {
            if (flags[task] && !found.has(task)) found.set(task, { step: t, where: name });
          }
        }
      }
    } finally {
      tf.dispose({ ...states });
    }
    // Only a start that is itself not finite, with no step to show it, is left.
    const where = this.program.states[0]?.name ?? 'loss';
    const step = Math.max(0, this.batch.steps - 1);
    for (const task of tasks) if (!found.has(task)) found.set(task, { step, where });
    return found;
  }

  private async nonFinite(states: Tensors, name: string): Promise<boolean[]> {
    const slots = this.program.states.filter((slot) => slot.name === name);
    const zeros = this.kit.filled(0, this.batch.size, 1, 1);
    const flags = this.kit.tf.tidy(() =>
      this.episode.checked(this.kit.tf.reshape(zeros, [this.batch.size]), states, slots),
    );
    const values = await flags.data();
    flags.dispose();
    return Array.from(values, (value) => !Number.isFinite(value));
  }

  /** Outputs of the read-out, the loss among them, by task. */
  private async readOut(last: Tensors): Promise<Arrays[]> {
    const outputs = this.episode.readout(last);
    try {
      return await this.download(outputs);
    } finally {
      this.kit.tf.dispose({ ...outputs });
    }
  }

  /** By task; what `backward` left is disposed. */
  private async derivatives(
    { shares, adjoints }: Backward,
    { startGradient }: RunOptions,
  ): Promise<Derivatives[]> {
    const { size } = this.batch;
    const count = this.program.parameters.length;
    const sums = Array.from({ length: size }, () => new Float64Array(count));
    try {
      for (const share of shares) {
        const values = await share.data();
        const each = values.length / size;
        for (let k = 0; k < values.length; k++) {
          // Within a task the shares of all steps follow one another.
          const task = Math.floor(k / each);
          sums[task]![(k - task * each) % count]! += values[k]!;
        }
      }
      if (!startGradient) return sums.map((gradient) => ({ gradient }));
      const starts = await this.download(adjoints);
      return sums.map((gradient, task) => ({ gradient, startGradient: starts[task]! }));
    } finally {
      this.kit.tf.dispose([[...shares], { ...adjoints }]);
    }
  }

  private async download(tensors: Tensors): Promise<Arrays[]> {
    const tasks = Array.from({ length: this.batch.size }, (): Record<string, Float64Array> => ({}));
    for (const [name, tensor] of Object.entries(tensors)) {
      const values = await tensor.data();
      const each = values.length / this.batch.size;
      tasks.forEach((arrays, task) => {
        arrays[name] = Float64Array.from(values.subarray(task * each, (task + 1) * each));
      });
    }
    return tasks;
  }

  private firstNonFinite(read: Arrays, own: Derivatives | undefined): Divergence | null {
    // The loss last: an output tells more.
    const names = this.program.readout.outputs.map(({ name }) => name);
    const others = names.filter((name) => name !== 'loss');
    const where = [...others, 'loss'].find((name) => !read[name]!.every(Number.isFinite));
    if (where !== undefined) return { step: 'readout', where };
    const parameter = own?.gradient.findIndex((share) => !Number.isFinite(share)) ?? -1;
    if (parameter >= 0) return { step: 'gradient', where: this.program.parameters[parameter]! };
    const starts = Object.entries(own?.startGradient ?? {});
    const state = starts.find(([, values]) => !values.every(Number.isFinite));
    return state ? { step: 'gradient', where: state[0] } : null;
  }
}
