import type { Library } from '../library.js';
import type { Recording } from '../recording.js';
import { growFactor, leastSquares } from '../sparse/least-squares.js';
import { type Moments, momentsOf } from '../sparse/moments.js';
import { selectSupport } from '../sparse/select-support.js';
import { standardise } from '../sparse/standardise.js';
import { axisOf, columnsAt, libraryAt, type Problem } from './axes.js';

/** Values that are tried of every parameter, over its range. */
const GRID = 9;
/** Times that every parameter is gone through while all terms are there. */
const SWEEPS = 2;
/** Times that terms are chosen and parameters fitted to them. */
const ROUNDS = 3;
const MOST_STEPS = 20;
/** Of a step of Gauss and Newton, the least share that is tried. */
const LEAST_SHARE = 1e-3;
/** Beside a value, from where its derivative is found; and changes that end the search. */
const NEAR = 1e-3;
const SMALL = 1e-6;

/** Where the parameters that the space marks `fit` ended. */
export interface Settled {
  readonly problem: Problem;
  /** On the axes. */
  readonly places: readonly number[];
  /** With these values. */
  readonly library: Library;
}

/**
 * Fits what stands inside the terms (time constants, exponents) so that the best coefficients leave least
 * of the target, whatever they are (variable projection): first with all terms, over a grid, one
 * parameter after another; then, in turns, the terms are chosen and the parameters fitted to these by
 * steps of Gauss and Newton. Null where nothing is marked `fit`.
 */
export function settle(
  library: Library,
  recording: Recording,
  target: Float64Array,
): Settled | null {
  const axes = library.frame.searched.map(axisOf);
  if (axes.length === 0) return null;
  const problem = { library, recording, target, axes };
  let places = overGrid(problem);
  // Where no value makes all terms finite, the design says which is not.
  if (leftAt(problem, places) === Infinity) {
    return { problem, places, library: libraryAt(problem, places) };
  }
  let before = '';
  for (let round = 0; round < ROUNDS; round++) {
    const { support } = selectSupport(momentsOf(columnsAt(problem, places), target));
    if (support.length === 0 || support.join() === before) break;
    before = support.join();
    places = descend(problem, places, support);
  }
  return { problem, places, library: libraryAt(problem, places) };
}

/** Share of the target that all terms together leave. */
function leftAt(problem: Problem, places: readonly number[]): number {
  const moments = momentsOf(columnsAt(problem, places), problem.target);
  if (!moments.gram.every(Number.isFinite)) return Infinity;
  const factor = growFactor(standardise(moments), [...moments.cross.keys()]);
  return factor.left(factor.used.length);
}

function overGrid(problem: Problem): number[] {
  const places = problem.axes.map(({ start }) => start);
  let best = leftAt(problem, places);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const [k, { low, high }] of problem.axes.entries()) {
      for (let m = 0; m < GRID; m++) {
        const place = low + ((m + 0.5) / GRID) * (high - low);
        const left = leftAt(problem, places.with(k, place));
        if (left < best) {
          best = left;
          places[k] = place;
        }
      }
    }
  }
  return places;
}

/** Steps of Gauss and Newton, halved until less is left, within the ranges. */
function descend(problem: Problem, start: readonly number[], support: readonly number[]): number[] {
  const { target, axes } = problem;
  const within = (places: readonly number[]): number[] =>
    places.map((place, k) => Math.min(axes[k]!.high, Math.max(axes[k]!.low, place)));
  const leftBy = (places: readonly number[]): number => {
    const columns = columnsOf(problem, places, support);
    return leastSquares(momentsOf(columns, target), [...columns.keys()])?.residual ?? Infinity;
  };
  let places = [...start];
  let left = leftBy(places);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { columns, slopes } = tangentsAt(problem, places, support);
    const moments = momentsOf([...columns, ...slopes], target);
    const fit = leastSquares(moments, movingOf(moments));
    if (!fit) return places;
    const moves = slopes.map((_, k) => fit.coefficients[columns.length + k]!);
    let next = places;
    let there = left;
    for (let share = 1; share >= LEAST_SHARE; share /= 2) {
      next = within(places.map((place, k) => place + share * moves[k]!));
      there = leftBy(next);
      if (there < left) break;
    }
    if (!(there < left)) return places;
    const moved = Math.max(...next.map((place, k) => Math.abs(place - places[k]!)));
    [places, left] = [next, there];
    if (moved < SMALL) break;
  }
  return places;
}

function columnsOf(
  problem: Problem,
  places: readonly number[],
  support: readonly number[],
): Float64Array[] {
  const columns = columnsAt(problem, places);
  return support.map((at) => columns[at]!);
}

/** Columns that are not 0 everywhere, as slopes are along parameters that the terms do not need. */
export const movingOf = ({ gram, cross }: Moments): number[] =>
  [...cross.keys()].filter((at) => gram[at * cross.length + at]! > 0);

/** The columns of a support, and how the sum that fits best changes along each axis. */
export function tangentsAt(
  problem: Problem,
  places: readonly number[],
  support: readonly number[],
): { readonly columns: readonly Float64Array[]; readonly slopes: readonly Float64Array[] } {
  const { target, axes } = problem;
  const columns = columnsOf(problem, places, support);
  const fit = leastSquares(momentsOf(columns, target), [...columns.keys()]);
  const slopes = axes.map((_, k) => {
    const slope = new Float64Array(target.length);
    if (!fit) return slope;
    const below = columnsOf(problem, places.with(k, places[k]! - NEAR), support);
    const above = columnsOf(problem, places.with(k, places[k]! + NEAR), support);
    for (const [m, coefficient] of fit.coefficients.entries()) {
      const factor = coefficient / (2 * NEAR);
      for (let row = 0; row < slope.length; row++) {
        slope[row]! += factor * (above[m]![row]! - below[m]![row]!);
      }
    }
    return slope;
  });
  return { columns, slopes };
}

/** Shares of the ranges at which terms stand for what was searched. */
const ELSEWHERE = [0.15, 0.5, 0.85];

/**
 * The terms that depend on the parameters, at other values of these: what the search could have chosen
 * from, so that the test against chance has the same choice.
 */
export function termsElsewhere({ problem, places }: Settled): Float64Array[] {
  const here = columnsAt(problem, places);
  return ELSEWHERE.flatMap((share) => {
    const there = problem.axes.map(({ low, high }) => low + share * (high - low));
    return columnsAt(problem, there).filter((column, k) =>
      column.some((value, row) => value !== here[k]![row]),
    );
  });
}
