import type { Arrays, Episode, EpisodeResult, Runner } from '../engine/engine.js';
import type { Program } from '../program/ir.js';
import { CURVATURE, SLOPES } from '../program/with-curvature.js';

/** So many coefficients at most: all pairs of their derivatives are carried forward. */
export const MOST_NEWTON = 8;

/** What a step leaves for the next one; plain data. */
export interface NewtonState {
  /** In units of each coefficient's own curvature. */
  readonly damping: number;
  /** Running mean of the matrices of the batches, in scaled units, row by row. */
  readonly curvature: readonly number[];
}

/** Where a step led. */
export interface NewtonStep {
  /** Of the coefficients as they were. */
  readonly results: readonly EpisodeResult[];
  /** Null where no episode stayed finite. */
  readonly coefficients: readonly number[] | null;
  readonly newton: NewtonState;
  /** Episodes with coefficients that were tried, and did not stay finite. */
  readonly diverged: number;
}

/** Damping at first, its limits, and how it changes (Marquardt 1963). */
const DAMPING = { first: 1e-2, least: 1e-6, most: 1e6, better: 1 / 3, worse: 4 };
/** Steps tried in a batch, each shorter than the one before. */
const TRIALS = 4;
/** Share of the earlier batches in the running mean of the curvature. */
const MEMORY = 0.9;
/** Shares of the fall that was foreseen: below the first damping grows, above the second it shrinks. */
const TRUST = [0.25, 0.75] as const;

export const startNewton = (size: number): NewtonState => ({
  damping: DAMPING.first,
  curvature: new Array(size * size).fill(0),
});

/**
 * One step of Levenberg and Marquardt on a batch of episodes: along the mean of their derivatives, with
 * the Gauss–Newton matrix of this batch and, fading, of those before it, damped until the loss of the same
 * episodes falls. `curved` is the program of `plain` with its curvature; `applied` turns scaled
 * coefficients into those of the rule, within their ranges; `share` of the whole step is made.
 */
export async function newtonStep(
  { curved, plain }: { readonly curved: Runner; readonly plain: Runner },
  episodes: readonly Episode[],
  { coefficients, newton }: { readonly coefficients: readonly number[]; newton: NewtonState },
  {
    scales,
    applied,
    share,
  }: {
    readonly scales: readonly number[];
    readonly applied: (scaled: readonly number[]) => number[];
    readonly share: number;
  },
): Promise<NewtonStep> {
  const still = unmoved(curved.program);
  const begun = episodes.map((each) => ({ ...each, start: { ...still, ...each.start } }));
  const results = await curved.run(begun, applied(coefficients), { gradient: false });
  const inside = episodes.filter((_, i) => results[i]!.divergence === null);
  const finite = results.filter(({ divergence }) => divergence === null);
  if (finite.length === 0) return { results, coefficients: null, newton, diverged: 0 };
  const slope = scales.map(
    (scale, k) => scale * meanOf(finite, ({ outputs }) => outputs[SLOPES]![k]!),
  );
  const curvature = mixed(newton.curvature, matrixOf(finite, scales));
  const before = meanOf(finite, ({ loss }) => loss);
  let { damping } = newton;
  let diverged = 0;
  for (let trial = 0; trial < TRIALS; trial++) {
    const whole = solved(curvature, slope, damping);
    const change = whole?.map((each) => share * each);
    const tried = change && coefficients.map((value, k) => value - change[k]!);
    const there = tried && (await plain.run(inside, applied(tried), { gradient: false }));
    const lost = there?.filter(({ divergence }) => divergence !== null).length ?? 0;
    diverged += lost;
    const fall = there && lost === 0 ? before - meanOf(there, ({ loss }) => loss) : 0;
    if (tried && fall > 0) {
      const ratio = fall / foreseen(curvature, slope, change);
      if (ratio > TRUST[1]) damping *= DAMPING.better;
      else if (ratio < TRUST[0]) damping *= DAMPING.worse;
      return { results, coefficients: tried, newton: kept(damping, curvature), diverged };
    }
    damping *= DAMPING.worse;
  }
  return { results, coefficients, newton: kept(damping, curvature), diverged };
}

/** Nothing has moved yet where an episode begins. */
const unmoved = ({ states }: Program): Arrays =>
  Object.fromEntries(
    states.map(({ name, shape }) => [name, new Float64Array(shape[0] * shape[1])]),
  );

const kept = (damping: number, curvature: readonly number[]): NewtonState => ({
  damping: Math.min(Math.max(damping, DAMPING.least), DAMPING.most),
  curvature,
});

/** The mean matrix of a batch, in scaled units. */
function matrixOf(results: readonly EpisodeResult[], scales: readonly number[]): number[] {
  const size = scales.length;
  const matrix: number[] = new Array(size * size).fill(0);
  let pair = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const at = pair++;
      const mean = meanOf(results, ({ outputs }) => outputs[CURVATURE]![at]!);
      const scaled = scales[i]! * scales[j]! * mean;
      matrix[i * size + j] = scaled;
      matrix[j * size + i] = scaled;
    }
  }
  return matrix;
}

/** The running mean goes on; the first matrix begins it. */
function mixed(before: readonly number[], now: readonly number[]): number[] {
  const isFirst = before.every((each) => each === 0);
  return now.map((each, k) => (isFirst ? each : MEMORY * before[k]! + (1 - MEMORY) * each));
}

/** By how much the loss falls with a step, to second order. */
function foreseen(
  curvature: readonly number[],
  slope: readonly number[],
  change: readonly number[],
): number {
  const size = slope.length;
  const bent = slope.map((_, i) =>
    change.reduce((sum, each, j) => sum + curvature[i * size + j]! * each, 0),
  );
  return change.reduce((sum, each, k) => sum + each * (slope[k]! - bent[k]! / 2), 0);
}

/**
 * The solution of the damped problem by Cholesky's factor, in units of each coefficient's own curvature;
 * those without any do not move. Null where the matrix is not positive.
 */
function solved(
  curvature: readonly number[],
  slope: readonly number[],
  damping: number,
): number[] | null {
  const all = slope.length;
  const moving = slope.flatMap((_, k) => (curvature[k * all + k]! > 0 ? [k] : []));
  const unit = moving.map((k) => Math.sqrt(curvature[k * all + k]!));
  const factor: number[][] = [];
  const forward: number[] = [];
  for (const [i, row] of moving.entries()) {
    const line: number[] = [];
    for (let j = 0; j <= i; j++) {
      let sum = curvature[row * all + moving[j]!]! / (unit[i]! * unit[j]!);
      if (i === j) sum += damping;
      for (let k = 0; k < j; k++) sum -= line[k]! * (factor[j] ?? line)[k]!;
      if (i === j && !(sum > 0)) return null;
      line.push(i === j ? Math.sqrt(sum) : sum / factor[j]![j]!);
    }
    const known = forward.reduce((sum, each, k) => sum + line[k]! * each, 0);
    forward.push((slope[row]! / unit[i]! - known) / line[i]!);
    factor.push(line);
  }
  const solution: number[] = new Array(all).fill(0);
  const found: number[] = new Array(moving.length).fill(0);
  for (let i = moving.length - 1; i >= 0; i--) {
    let sum = forward[i]!;
    for (let j = i + 1; j < moving.length; j++) sum -= factor[j]![i]! * found[j]!;
    found[i] = sum / factor[i]![i]!;
    solution[moving[i]!] = found[i]! / unit[i]!;
  }
  return solution;
}

const meanOf = <T>(all: readonly T[], value: (each: T) => number): number =>
  all.reduce((sum, each) => sum + value(each), 0) / all.length;
