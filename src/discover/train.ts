import type { Episode, EpisodeResult, Runner } from '../engine/engine.js';
import type { Circuit, Measures } from '../program/circuit.js';
import { type AdamState, adamStep, startAdam } from './adam.js';
import { type Estimated, type Evolution, estimateGradient } from './evolution.js';
import { type NewtonState, newtonStep, startNewton } from './gauss-newton.js';

/** Where a search by meta-gradient stands; plain data, so that it can be saved and resumed. */
export interface TrainingState {
  /** Meta-steps made. */
  readonly step: number;
  /** In scaled units: the rule's coefficient is `scales[k] × coefficients[k]`. */
  readonly coefficients: readonly number[];
  /** The last ones with which an episode stayed finite; the start as long as there were none. */
  readonly finite: readonly number[];
  readonly adam: AdamState;
  /** Where steps are those of Gauss and Newton. */
  readonly newton?: NewtonState;
  /** Sum of the coefficients over the averaged steps, and their number. */
  readonly sum: readonly number[];
  readonly summed: number;
  /** Episodes whose numbers stopped being finite. */
  readonly diverged: number;
}

export interface TrainingOptions {
  /** Meta-steps in all. */
  readonly steps: number;
  /** Episodes a meta-step. */
  readonly batch: number;
  readonly rate: number;
  /** 'cosine': the rate falls to zero along half a cosine, so that the search settles. */
  readonly schedule: 'constant' | 'cosine';
  readonly penalty: number;
  readonly form: 'subgradient' | 'proximal';
  /** Largest norm of the meta-gradient, in scaled units; longer ones are shortened to it. */
  readonly clip: number;
  /** Share of the steps, the last ones, whose coefficients are averaged. */
  readonly averaged: number;
  /** Per coefficient, the size of one scaled unit. */
  readonly scales: readonly number[];
  /** Which of them the penalty is on; all if not given. */
  readonly penalised?: readonly boolean[];
  /** Estimates the gradient from changed coefficients instead of derivatives. */
  readonly evolution?: Evolution;
  /** The program with its curvature: then steps are those of Gauss and Newton, without rate, clip and penalty. */
  readonly curved?: Runner;
  /** Where the applied values may be; anywhere if not given. */
  readonly ranges?: readonly (readonly [low: number, high: number] | null)[];
}

/** What happened in one meta-step. */
export interface TrainingRecord {
  readonly step: number;
  /** Mean over the finite episodes; null when none was. */
  readonly loss: number | null;
  readonly accuracy: number | null;
  /** Of the rule (not scaled), before the step. */
  readonly coefficients: readonly number[];
  readonly diverged: number;
  /** Means over the finite episodes, where the circuit measures anything. */
  readonly measures?: Measures;
}

export interface LabelledEpisode {
  readonly episode: Episode;
  /** Accuracy of an episode from its outputs, in [0, 1]; null where nothing is asked. */
  readonly accuracy: ((outputs: Readonly<Record<string, Float64Array>>) => number) | null;
  readonly measures?: Circuit['measures'];
}

export function startTraining(start: readonly number[]): TrainingState {
  return {
    step: 0,
    coefficients: start,
    finite: start,
    adam: startAdam(start.length),
    sum: start.map(() => 0),
    summed: 0,
    diverged: 0,
  };
}

/**
 * The meta-learner of Shervani-Tabar & Rosenbaum 2023: one Adam step on the coefficients after
 * each batch of episodes, along the exact gradient of the query loss through the whole episode. Episodes
 * that diverge are left out and counted. Where all of a batch do, there is nothing to follow: the
 * coefficients go half-way back to the last ones with which an episode stayed finite.
 */
export async function trainStep(
  state: TrainingState,
  runner: Runner,
  episodes: readonly LabelledEpisode[],
  options: TrainingOptions,
): Promise<{ state: TrainingState; record: TrainingRecord }> {
  const { scales } = options;
  const applied = state.coefficients.map((value, k) => value * scales[k]!);
  const { results, diverged, moved } = await move(
    state,
    runner,
    episodes.map(({ episode }) => episode),
    options,
  );
  const finite = results.flatMap((result, i) => (result.divergence ? [] : [{ result, i }]));
  const isAsked = episodes.every(({ accuracy }) => accuracy !== null);
  const record: TrainingRecord = {
    step: state.step,
    loss: finite.length > 0 ? mean(finite.map(({ result }) => result.loss)) : null,
    accuracy:
      finite.length > 0 && isAsked
        ? mean(finite.map(({ result, i }) => episodes[i]!.accuracy!(result.outputs)))
        : null,
    coefficients: applied,
    diverged: results.length - finite.length + diverged,
    ...measuredIn(
      finite
        .map(({ result, i }) => episodes[i]!.measures?.(result.outputs))
        .filter((each) => each !== undefined),
    ),
  };
  const next = moved?.coefficients ?? midpoint(state.coefficients, state.finite);
  const coefficients = next.map((value, k) => inRange(value, k, options));
  const newton = moved?.newton ?? state.newton;
  const isAveraged = state.step >= Math.floor(options.steps * (1 - options.averaged));
  return {
    record,
    state: {
      step: state.step + 1,
      coefficients,
      finite: moved ? state.coefficients : state.finite,
      adam: moved?.adam ?? state.adam,
      ...(newton && { newton }),
      sum: isAveraged ? state.sum.map((s, k) => s + coefficients[k]!) : state.sum,
      summed: state.summed + (isAveraged ? 1 : 0),
      diverged: state.diverged + record.diverged,
    },
  };
}

/** What was run, and where it leads; `moved` is null where nothing stayed finite. */
interface Moved {
  readonly results: readonly EpisodeResult[];
  /** Of episodes that ran beside these. */
  readonly diverged: number;
  readonly moved:
    | (Partial<Pick<TrainingState, 'adam' | 'newton'>> & Pick<TrainingState, 'coefficients'>)
    | null;
}

async function move(
  state: TrainingState,
  runner: Runner,
  episodes: readonly Episode[],
  options: TrainingOptions,
): Promise<Moved> {
  const { scales, evolution, curved } = options;
  const within = (scaled: readonly number[]): number[] =>
    scaled.map((value, k) => inRange(value, k, options) * scales[k]!);
  if (curved) {
    const { newton = startNewton(scales.length), coefficients } = state;
    const how = { scales, applied: within, share: shareAt(state.step, options) };
    const at = { coefficients, newton };
    const found = await newtonStep({ curved, plain: runner }, episodes, at, how);
    const { results, diverged } = found;
    const moved = found.coefficients && { coefficients: found.coefficients, newton: found.newton };
    return { results, diverged, moved };
  }
  const { results, gradient, diverged } = evolution
    ? await estimateGradient(runner, episodes, state, within, evolution)
    : await differentiated(
        runner,
        episodes,
        state.coefficients.map((value, k) => value * scales[k]!),
        scales,
      );
  if (!gradient) return { results, diverged, moved: null };
  const rate = options.rate * shareAt(state.step, options);
  const { coefficients, state: adam } = adamStep(
    state.coefficients,
    clipped(gradient, options.clip),
    state.adam,
    { ...options, rate },
  );
  return { results, diverged, moved: { coefficients, adam } };
}

/** The mean of the exact gradients of the episodes that stay finite. */
async function differentiated(
  runner: Runner,
  episodes: readonly Episode[],
  applied: readonly number[],
  scales: readonly number[],
): Promise<Estimated> {
  const results = await runner.run(episodes, applied, { gradient: true });
  const finite = results.flatMap(({ gradient, divergence }) =>
    gradient && !divergence ? [gradient] : [],
  );
  const gradient = scales.map(
    (scale, k) => (scale * total(finite.map((each) => each[k]!))) / finite.length,
  );
  return { results, gradient: finite.length > 0 ? gradient : null, diverged: 0 };
}

/**
 * The coefficients a finished search gives, in scaled units: the mean over its last steps, since
 * single iterates carry the noise of their last few tasks. A coefficient that was exactly zero at
 * the end is exactly zero.
 */
export function trainedCoefficients(state: TrainingState): number[] {
  if (state.summed === 0) return [...state.coefficients];
  return state.coefficients.map((last, k) => (last === 0 ? 0 : state.sum[k]! / state.summed));
}

function measuredIn(all: readonly Measures[]): Pick<TrainingRecord, 'measures'> {
  const [first] = all;
  if (!first) return {};
  const meanAt = (name: string, k: number): number | null => {
    const values = all.flatMap((each) => each[name]![k] ?? []);
    return values.length === 0 ? null : mean(values);
  };
  return {
    measures: Object.fromEntries(
      Object.entries(first).map(([name, places]) => [name, places.map((_, k) => meanAt(name, k))]),
    ),
  };
}

function inRange(value: number, k: number, { ranges, scales }: TrainingOptions): number {
  const range = ranges?.[k];
  if (!range) return value;
  return Math.min(Math.max(value, range[0] / scales[k]!), range[1] / scales[k]!);
}

/** Of the rate, or of a whole step. */
function shareAt(step: number, { schedule, steps }: TrainingOptions): number {
  return schedule === 'constant' ? 1 : (1 + Math.cos((Math.PI * step) / steps)) / 2;
}

function clipped(gradient: readonly number[], most: number): number[] {
  const norm = Math.hypot(...gradient);
  return norm > most ? gradient.map((share) => (share * most) / norm) : [...gradient];
}

const midpoint = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((value, k) => (value + b[k]!) / 2);

const total = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0);
const mean = (values: readonly number[]): number => total(values) / values.length;
