import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import type { Divergence } from '../engine/engine.js';
import { openSettled, type SettledEngine } from '../engine/fallback.js';
import type { Circuit } from '../program/circuit.js';
import type { Program } from '../program/ir.js';
import { stepsOf } from '../program/schedule.js';
import { inputsBetween } from '../tasks/inputs/made.js';
import { prepareSimulation, type SimulationResult, type Simulator } from '../tasks/simulate.js';
import { type RuleTexts, readRuleTexts } from './attached.js';
import { type Descent, descended } from './descent.js';
import { type Course, Following } from './following.js';
import { type EpisodeKind, type Setup, type Study, type StudyEpisode, setupOf } from './study.js';

/** Rules on the circuit of a study, run on some of its episodes: plain data, for a thread of its own. */
export interface MeasureJob {
  readonly id: string;
  readonly study: Study;
  readonly rules: RuleTexts;
  readonly values: Readonly<Record<string, number>>;
  /** What goes down the gradient of each trial besides; null: nothing. */
  readonly descent: Descent | null;
  readonly engine: SettledEngine;
  readonly episodes: EpisodeKind;
  /** Episodes from … up to (not including) to. */
  readonly from: number;
  readonly to: number;
}

/** What an episode came to. */
export interface MeasuredEpisode {
  readonly figures: Readonly<Record<string, number>>;
  /** What changed from trial to trial; nothing where there is one trial. */
  readonly courses: Readonly<Record<string, Course>>;
}

/** One entry an episode; where its numbers stopped being finite, the place, in steps of the whole episode. */
export type Measured = readonly (MeasuredEpisode | Divergence)[];

/** Whether the episode stayed finite. */
export const isMeasured = (each: Measured[number]): each is MeasuredEpisode => 'figures' in each;

/** What a running job tells: shares of an episode as they are done, and what there is to say. */
export type MeasureProgress = number | Diagnostic;

/** Runs a job. Throws an `EngrammarError`. */
export async function measure(
  job: MeasureJob,
  report: (progress: MeasureProgress) => void,
): Promise<Measured> {
  const { study, engine, values } = job;
  const setup = setupOf(study);
  const simulator = await prepareSimulation({
    circuit: setup.circuit,
    rules: readRuleTexts(job.id, job.rules, setup.circuit),
    values,
    engine: await openSettled(engine, report),
  });
  try {
    const measured: (MeasuredEpisode | Divergence)[] = [];
    for (let index = job.from; index < job.to; index++) {
      const episode = setup.episode(job.episodes, index);
      measured.push(
        await measureEpisode(setup, simulator, episode, { report, descent: job.descent }),
      );
    }
    return measured;
  } finally {
    simulator.dispose();
  }
}

/** The figures of one episode, and how they came about. */
async function measureEpisode(
  { circuit, together }: Setup,
  simulator: Simulator,
  episode: StudyEpisode,
  {
    report,
    descent,
  }: { readonly report: (episodes: number) => void; readonly descent: Descent | null },
): Promise<MeasuredEpisode | Divergence> {
  if (together === null) {
    const { loss, outputs, divergence } = await simulator.run({ ...episode, seed: 0 });
    report(1);
    if (divergence) return divergence;
    const figures = { ...(episode.accuracy && { accuracy: episode.accuracy(outputs) }), loss };
    return { figures, courses: {} };
  }
  const losses: number[] = [];
  let last: SimulationResult | null = null;
  const seed = episode.chance.bits();
  const { program } = simulator;
  const following = new Following(program, episode, together);
  // Each step down the gradient is one of a trial.
  const single = descent ? episode.timeline.trials.length : together;
  const pauses = following.looksSeldom && numbersOf(program) <= FEW_NUMBERS ? MORE_PARTS : PARTS;
  for (const part of partsOf(episode, single, pauses)) {
    const { trials } = part.timeline;
    const result = await simulator.run({
      ...part,
      ...following.recordOf(trials),
      ...(episode.queryInputs && { queryInputs: episode.queryInputs }),
      start: { ...episode.start, ...last?.states },
      seed,
      gradient: descent !== null,
    });
    report(part.share);
    if (result.divergence) {
      const { step, where } = result.divergence;
      return { step: typeof step === 'number' ? part.stepsBefore + step : step, where };
    }
    losses.push(result.loss);
    following.take(trials, result);
    const start = episode.start;
    last = descent ? { ...result, states: descended(result, { circuit, start }, descent) } : result;
  }
  const figures = {
    ...(hasLoss(program) && {
      ...(losses.length > together && { 'first loss': mean(losses.slice(0, together)) }),
      loss: mean(losses.slice(-together)),
    }),
    ...figuresOf(circuit, program, last),
  };
  return { figures, courses: following.courses() };
}

/**
 * Parts of an episode, one after the other: single trials where their losses are wanted (the first and
 * the last that belong together), and some larger parts between, so that it is seen how far it is.
 */
function* partsOf(episode: StudyEpisode, together: number, parts: number) {
  const { trials } = episode.timeline;
  const whole = stepsOf(episode.timeline);
  const size = Math.max(1, Math.ceil(trials.length / parts));
  let stepsBefore = 0;
  for (let from = 0; from < trials.length; ) {
    const end = trials.length - together;
    const isSingle = from < together || from >= end;
    const to = isSingle ? from + 1 : Math.min(from + size, end);
    const part = { trials: trials.slice(from, to) };
    const steps = stepsOf(part);
    yield {
      timeline: part,
      stepInputs: inputsBetween(episode, { from: stepsBefore, to: stepsBefore + steps, whole }),
      continued: from > 0,
      stepsBefore,
      share: (to - from) / trials.length,
    };
    stepsBefore += steps;
    from = to;
  }
}

const PARTS = 20;
/** Where a number is followed that is known only between parts, and a pause costs next to nothing. */
const MORE_PARTS = 100;
/** States that are taken out of an engine and put back in a pause, and what is asked there, in numbers. */
const FEW_NUMBERS = 1e5;

const numbersOf = ({ states, queryInputs }: Program): number =>
  [...states, ...queryInputs].reduce((sum, { shape: [rows, columns] }) => sum + rows * columns, 0);

/** Some circuits have no loss of their own: it is 0 whatever happens. */
function hasLoss({ readout }: Program): boolean {
  const loss = readout.outputs.find(({ name }) => name === 'loss')!.node;
  return loss.operation.op !== 'constant';
}

/**
 * What the circuit measures, layer by layer; where it measures nothing, norms of the weights and what the
 * read-out says: a number, or the mean of several.
 */
function figuresOf(
  { projections, measures }: Circuit,
  { readout }: Program,
  result: SimulationResult | null,
): Record<string, number> {
  if (!result) return {};
  if (measures) {
    const all = Object.entries(measures(result.outputs));
    return Object.fromEntries(
      all.flatMap(([name, values]) =>
        values.flatMap((value, k) =>
          value === null ? [] : [[`${name} ${k + 1}`, value] as const],
        ),
      ),
    );
  }
  const norms = projections.map(({ name }) => [`norm of ${name}`, norm(result.states[name]!)]);
  const outputs = readout.outputs.filter(({ name }) => name !== 'loss' && result.outputs[name]);
  const said = outputs.map(({ name }) => {
    const values = result.outputs[name]!;
    return [values.length === 1 ? name : `mean of ${name}`, mean([...values])];
  });
  return Object.fromEntries([...norms, ...said]);
}

const norm = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
