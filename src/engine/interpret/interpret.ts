import { EngrammarError } from '../../base/result.js';
import { adjointOf, gradientOf, type Program, type Slot } from '../../program/ir.js';
import { statesAsComputed } from '../divergence.js';
import type {
  Arrays,
  Divergence,
  Engine,
  Episode,
  EpisodeResult,
  Runner,
  RunOptions,
} from '../engine.js';
import { misfit } from '../fit.js';
import { type Evaluation, prepareEvaluation } from './evaluate.js';
import { History } from './history.js';
import { Recorder } from './recorder.js';

/** Bytes of weight history kept for the backward pass before it is recomputed in segments instead. */
const HISTORY_BYTES = 512 * 2 ** 20;

/** The float64 interpreter: plain loops, one task after another. The oracle of all other engines. */
export const interpreter: Engine = {
  name: 'interpret',
  backend: null,
  precision: 'float64',
  prepare: async (program) => prepareInterpreter(program),
};

/** As `interpreter.prepare`, for callers that cannot wait. */
export function prepareInterpreter(program: Program, historyBytes = HISTORY_BYTES): Runner {
  const episode = new InterpretedEpisode(program, historyBytes);
  const runNow: NonNullable<Runner['runNow']> = (episodes, parameters, options) => {
    const problem = misfit(program, episodes, parameters, options);
    if (problem) throw new EngrammarError(problem);
    return episodes.map((one) => episode.run(one, parameters, options));
  };
  return {
    program,
    run: async (...given) => runNow(...given),
    runNow,
    dispose: () => {},
  };
}

class InterpretedEpisode {
  private readonly program: Program;
  private readonly slots: readonly Slot[];
  private readonly asComputed: readonly string[];
  private readonly historyBytes: number;
  private history: { readonly key: string; readonly value: History } | null = null;
  private readonly step: Evaluation;
  private readonly readout: Evaluation;
  /** Made when first asked for: a run without gradients needs neither. */
  private backward: { step: Evaluation; readout: Evaluation } | null = null;

  constructor(program: Program, historyBytes: number) {
    this.program = program;
    this.slots = program.states;
    this.asComputed = statesAsComputed(program).map(({ name }) => name);
    this.historyBytes = historyBytes;
    this.step = prepareEvaluation(program.step);
    this.readout = prepareEvaluation(program.readout);
  }

  run(episode: Episode, parameters: ArrayLike<number>, options: RunOptions): EpisodeResult {
    const { program } = this;
    const bindShared = (evaluation: Evaluation): void => {
      program.parameters.forEach((name, i) => {
        evaluation.bind(name, Float64Array.of(parameters[i]!));
      });
      for (const { name } of program.constants) evaluation.bind(name, episode.start[name]!);
    };
    bindShared(this.step);
    bindShared(this.readout);

    const history = this.historyFor(episode.steps, options.gradient);
    history.begin(episode.start);
    const recorder = options.record && new Recorder(program, episode.steps, options.record);
    const recorded = (): { record?: Arrays } => (recorder ? { record: recorder.taken() } : {});
    const diverged = (divergence: Divergence): EpisodeResult => ({
      loss: Number.NaN,
      outputs: {},
      ...recorded(),
      divergence,
    });
    for (let t = 0; t < episode.steps; t++) {
      const next = this.advance(episode, t, history);
      const where = firstNonFinite(next, this.asComputed);
      if (where !== null) return diverged({ step: t, where });
      recorder?.after(t + 1, this.step);
    }
    const last = history.at(episode.steps)!;
    const read = this.readOut(episode, last);
    const badOutput = firstNonFinite(read.outputs) ?? (Number.isFinite(read.loss) ? null : 'loss');
    if (badOutput !== null) return diverged({ step: 'readout', where: badOutput });
    const states = options.states ? copyOf(last) : undefined;
    const result = { ...read, ...(states && { states }), ...recorded() };
    if (!options.gradient) return { ...result, divergence: null };

    this.backward ??= {
      step: prepareEvaluation(program.stepAdjoint),
      readout: prepareEvaluation(program.readoutAdjoint),
    };
    bindShared(this.backward.step);
    bindShared(this.backward.readout);
    const { gradient, adjoints } = this.differentiate(episode, history, this.backward);
    const bad = gradient.findIndex((share) => !Number.isFinite(share));
    if (bad >= 0) return diverged({ step: 'gradient', where: program.parameters[bad]! });
    if (!options.startGradient) return { ...result, gradient, divergence: null };
    const badStart = firstNonFinite(adjoints);
    if (badStart !== null) return diverged({ step: 'gradient', where: badStart });
    return { ...result, gradient, startGradient: adjoints, divergence: null };
  }

  /** Memory is laid out once for a length of episode, and used again. */
  private historyFor(steps: number, backward: boolean): History {
    const key = `${steps} ${backward}`;
    if (this.history?.key !== key) {
      this.history = { key, value: new History(this.slots, steps, backward, this.historyBytes) };
    }
    return this.history.value;
  }

  /** Step t: from the states before it to those after it, both in the history. */
  private advance(episode: Episode, t: number, history: History): Arrays {
    this.bindStep(this.step, episode, t, history.at(t)!);
    this.step.run();
    const next = history.room(t + 1);
    for (const { name } of this.slots) next[name]!.set(this.step.output(name));
    return next;
  }

  private bindStep(evaluation: Evaluation, episode: Episode, t: number, states: Arrays): void {
    for (const { name, shape } of this.program.stepInputs) {
      const size = shape[0] * shape[1];
      evaluation.bind(name, episode.stepInputs[name]!.subarray(t * size, (t + 1) * size));
    }
    for (const { name } of this.program.states) evaluation.bind(name, states[name]!);
  }

  private bindReadout(evaluation: Evaluation, episode: Episode, states: Arrays): void {
    for (const { name } of this.program.queryInputs) {
      evaluation.bind(name, episode.queryInputs[name]!);
    }
    for (const { name } of this.program.states) evaluation.bind(name, states[name]!);
  }

  private readOut(episode: Episode, states: Arrays): { loss: number; outputs: Arrays } {
    this.bindReadout(this.readout, episode, states);
    this.readout.run();
    const others = this.program.readout.outputs.slice(1);
    return {
      loss: this.readout.output('loss')[0]!,
      outputs: Object.fromEntries(
        others.map(({ name }) => [name, this.readout.output(name).slice()]),
      ),
    };
  }

  private differentiate(
    episode: Episode,
    history: History,
    backward: { step: Evaluation; readout: Evaluation },
  ): { gradient: Float64Array; adjoints: Arrays } {
    const { parameters, states } = this.program;
    const gradient = new Float64Array(parameters.length);
    const adjoints = Object.fromEntries(
      states.map(({ name, shape }) => [name, new Float64Array(shape[0] * shape[1])]),
    );
    const take = (evaluation: Evaluation): void => {
      for (const { name } of states) adjoints[name]!.set(evaluation.output(adjointOf(name)));
      parameters.forEach((name, i) => {
        gradient[i]! += evaluation.output(gradientOf(name))[0]!;
      });
    };
    this.bindReadout(backward.readout, episode, history.at(episode.steps)!);
    backward.readout.run();
    take(backward.readout);
    for (let t = episode.steps - 1; t >= 0; t--) {
      if (!history.at(t)) {
        for (let s = history.markBefore(t); s < t; s++) this.advance(episode, s, history);
      }
      this.bindStep(backward.step, episode, t, history.at(t)!);
      for (const { name } of states) backward.step.bind(adjointOf(name), adjoints[name]!);
      backward.step.run();
      take(backward.step);
    }
    return { gradient, adjoints };
  }
}

function copyOf(arrays: Arrays): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, values.slice()]));
}

function firstNonFinite(
  arrays: Arrays,
  names: readonly string[] = Object.keys(arrays),
): string | null {
  for (const name of names) {
    const values = arrays[name]!;
    // x − x is 0 for finite numbers only.
    for (let k = 0; k < values.length; k++) if (values[k]! - values[k]! !== 0) return name;
  }
  return null;
}
