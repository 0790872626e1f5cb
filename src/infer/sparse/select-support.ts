import { criterionOf, type Price, USUAL_PRICE } from './criterion.js';
import { fitStandardised, growFactor } from './least-squares.js';
import type { Moments } from './moments.js';
import { type Candidate, downFromAll, thresholdedPath } from './nested.js';
import { type Standardised, standardise } from './standardise.js';
import { type Cost, exchangeUntilBest } from './swaps.js';

/** The best support found of one size. */
export interface PathPoint {
  readonly support: readonly number[];
  /** Share of the target's mean square that its fit leaves. */
  readonly left: number;
  readonly criterion: number;
}

/** The terms that a criterion chooses, fitted without a penalty. */
export interface Selection {
  /** In the order of the library; empty where no term is worth its price. */
  readonly support: readonly number[];
  /** K, in the units of the columns; 0 outside the support. */
  readonly coefficients: Float64Array;
  readonly criterion: number;
  /** Σ (y − fit)². */
  readonly residual: number;
  /** The best support found of each size, from no terms on: what a further term buys. */
  readonly path: readonly PathPoint[];
}

export interface SelectOptions {
  readonly price?: Price;
  /** Most terms of a support. */
  readonly most?: number;
  /** How many supports are tried to be bettered by exchanging columns. */
  readonly starts?: number;
}

const MOST_TERMS = 20;
const STARTS = 4;

/**
 * The support with the smallest criterion among: magnitudes along the L1 path, sequential
 * thresholding, backward elimination, and the best of those bettered by letting columns enter, leave
 * and change places. Every support is refitted without a penalty before it is compared. Of columns that
 * are equal but for a factor the first stands for all.
 */
export function selectSupport(moments: Moments, options: SelectOptions = {}): Selection {
  const { price = USUAL_PRICE, starts = STARTS } = options;
  const whole = standardise(moments);
  const columns = differentColumns(whole);
  const standardised = restrict(whole, columns);
  const library = columns.length;
  const most = Math.max(
    0,
    Math.min(options.most ?? MOST_TERMS, library, Math.floor(moments.n) - 1),
  );
  const cost: Cost = (left, terms) =>
    criterionOf({ n: moments.n, power: moments.power, library }, left, terms, price);
  const pointOf = ({ support, left }: Candidate): PathPoint => ({
    support,
    left,
    criterion: cost(left, support.length),
  });
  const path: PathPoint[] = [pointOf({ support: [], left: 1 })];
  const keep = (candidate: Candidate): void => {
    const size = candidate.support.length;
    if (!path[size] || candidate.left < path[size].left) path[size] = pointOf(candidate);
  };
  if (moments.power > 0 && most > 0) {
    thresholdedPath(standardised, most).forEach(keep);
    downFromAll(standardised, most).forEach(keep);
    const first = path.filter(Boolean).sort((a, b) => a.criterion - b.criterion);
    for (const { support } of first.slice(0, starts)) {
      exchangeUntilBest(standardised, support, most, cost).forEach(keep);
    }
  }
  const named = path.filter(Boolean).map(({ support }) => ({
    // A search rounds off more than one factorisation does: what is told is computed once more.
    ...pointOf({ support, left: growFactor(standardised, support).left(support.length) }),
    support: support.map((k) => columns[k]!).sort((a, b) => a - b),
  }));
  const best = named.reduce((a, b) => (b.criterion < a.criterion ? b : a));
  const fit = fitStandardised(moments, whole, best.support)!;
  return { ...fit, criterion: best.criterion, path: named };
}

/** Columns that are neither zero nor, but for a factor, equal to one before them. */
function differentColumns({ size, gram }: Standardised): number[] {
  const kept: number[] = [];
  for (let k = 0; k < size; k++) {
    if (gram[k * size + k] === 0) continue;
    if (!kept.some((other) => Math.abs(gram[k * size + other]!) > 1 - SAME)) kept.push(k);
  }
  return kept;
}

/** How far from ±1 the correlation of two columns may be that are called equal: rounding. */
const SAME = 1e-11;

function restrict(whole: Standardised, columns: readonly number[]): Standardised {
  const size = columns.length;
  const gram = new Float64Array(size * size);
  for (const [a, from] of columns.entries()) {
    for (const [b, other] of columns.entries()) {
      gram[a * size + b] = whole.gram[from * whole.size + other]!;
    }
  }
  return {
    ...whole,
    size,
    gram,
    cross: Float64Array.from(columns, (k) => whole.cross[k]!),
    scale: Float64Array.from(columns, (k) => whole.scale[k]!),
  };
}
