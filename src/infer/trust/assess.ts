import type { Stream } from '../../base/random.js';
import { irrepresentable } from '../sparse/irrepresentable.js';
import { leastSquares } from '../sparse/least-squares.js';
import { combineMoments, type Moments, momentsOf } from '../sparse/moments.js';
import { type PathPoint, type SelectOptions, selectSupport } from '../sparse/select-support.js';
import { quantile, type Resampled, resample } from './resample.js';
import type { Series } from './series.js';
import { type ShiftTest, shiftTest } from './shift-test.js';
import { driftCriterion, type SlowCourse, slowCourse } from './slow-course.js';
import {
  CHANCE_LEVEL,
  ESTABLISHED,
  NULL_LEVEL,
  TENTATIVE,
  type Verdict,
  verdictOf,
} from './verdicts.js';

/** A table to fit, and which of its rows belong together. */
export interface AssessedTable {
  /** One a term of the library. */
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
  /** Resampled as wholes. */
  readonly blocks: readonly Int32Array[];
  /** Shifted in time. */
  readonly series: readonly Series[];
  /**
   * What terms could have been, too, where parameters inside them were fitted to the target: the shift
   * test has the same choice.
   */
  readonly elsewhere?: readonly Float64Array[];
}

export interface AssessOptions {
  readonly stream: Stream;
  readonly resamples?: number;
  readonly shifts?: number;
  /** Of the intervals. */
  readonly level?: number;
  readonly select?: SelectOptions;
}

/** A term of the rule, and why to believe it. */
export interface AssessedTerm {
  /** Its place in the library. */
  readonly column: number;
  readonly coefficient: number;
  /** Of the coefficient over the resamples that chose the term; null where too few did. */
  readonly interval: readonly [number, number] | null;
  readonly inclusion: number;
  /** Of the shift test. */
  readonly p: number;
  readonly verdict: Verdict;
  /** Terms that stood for it in resamples without it, the most frequent first. */
  readonly instead: readonly number[];
}

/**
 * Why what was found is no rule: `chance`, targets that were shifted in time agree with the library as
 * well; `drift`, a slow course of time explains the target as well, and no term passes the shift test.
 */
export type WhyNone = 'chance' | 'drift';

/** What the search found where it is no rule. */
export interface Refused {
  readonly why: WhyNone;
  /** Places in the library. */
  readonly support: readonly number[];
  /** Share of the target's mean square that these leave. */
  readonly left: number;
}

/** A sparse fit with what there is to say for and against each of its terms. */
export interface Assessment {
  /** None where the answer is "no rule". */
  readonly terms: readonly AssessedTerm[];
  readonly refused: Refused | null;
  /** Null where there is no course of time, as for activity. */
  readonly slow: SlowCourse | null;
  /** Terms that the criterion chose but too few resamples did. */
  readonly unstable: readonly number[];
  readonly nullTest: { readonly p: number; readonly shifts: number };
  /** Of the support that is reported: above 1, an L1 penalty alone would not find it. Null for no terms. */
  readonly irrepresentable: number | null;
  /** Share of the target's mean square that the rule leaves. */
  readonly left: number;
  readonly path: readonly PathPoint[];
}

export const RESAMPLES = 200;
export const SHIFTS = 99;
/** Of the intervals. */
export const LEVEL = 0.9;
/** Resamples that an interval is made from at least. */
const LEAST_DRAWS = 20;
/** Share of the resamples without a term in which another must be for that one to stand for it. */
const STANDS_FOR = 0.5;

/**
 * The search, then the same search on resampled blocks, then shifts in time:
 * 1. select terms by the criterion,
 * 2. keep those that resamples keep, and fit these again,
 * 3. test against shifted targets,
 * 4. say of each what can be said.
 */
export function assess(table: AssessedTable, options: AssessOptions): Assessment {
  const { stream, resamples = RESAMPLES, shifts = SHIFTS, level = LEVEL, select = {} } = options;
  const blocks = table.blocks.map((rows) => momentsOf(table.columns, table.target, rows));
  const moments = combineMoments(blocks);
  const selection = selectSupport(moments, select);
  if (selection.support.length === 0) return noRule(table, selection.path, options);

  const resampled = resample(blocks, { resamples, stream: stream.child('blocks'), select });
  const rivals = selection.support.map((term) => instead(resampled, selection.support, term));
  const isReplaceable = (k: number): boolean => rivals[k]!.length > 0;
  const keeps = selection.support.map(
    (term, k) => resampled.inclusion[term]! >= TENTATIVE || isReplaceable(k),
  );
  const support = selection.support.filter((_, k) => keeps[k]);
  const fit = leastSquares(moments, support)!;
  const test = shiftTest(
    withElsewhere(table),
    { support, coefficients: fit.coefficients },
    {
      shifts,
      stream: stream.child('shifts'),
      level: NULL_LEVEL,
    },
  );
  const terms = support.map((column, k) =>
    assessedTerm(resampled, column, level, moments, {
      coefficient: fit.coefficients[column]!,
      p: test.terms[k]!,
      instead: rivals[selection.support.indexOf(column)]!,
    }),
  );
  const slow = slowCourse(table.target, table.series);
  const left = fit.residual / moments.power;
  const found = {
    unstable: selection.support.filter((_, k) => !keeps[k]),
    nullTest: { p: test.p, shifts },
    slow,
    path: selection.path,
  };
  const why = whyNone(test, left, slow);
  if (why && support.length > 0) {
    const refused = { why, support, left };
    return { ...found, terms: [], refused, irrepresentable: null, left: 1 };
  }
  return {
    ...found,
    terms,
    refused: null,
    irrepresentable: irrepresentable(moments, fit.coefficients),
    left,
  };
}

const withElsewhere = (table: AssessedTable): AssessedTable => ({
  ...table,
  columns: [...table.columns, ...(table.elsewhere ?? [])],
});

/** Terms always go along with a drift; that they do is a rule only if something tells the two apart. */
function whyNone({ p, terms }: ShiftTest, left: number, slow: SlowCourse): WhyNone | null {
  if (p > CHANCE_LEVEL) return 'chance';
  if (terms.some((each) => each <= NULL_LEVEL)) return null;
  const rule = driftCriterion({ left, numbers: terms.length, rows: slow.rows });
  return driftCriterion(slow) <= rule ? 'drift' : null;
}

function noRule(
  table: AssessedTable,
  path: readonly PathPoint[],
  { stream, shifts = SHIFTS }: AssessOptions,
): Assessment {
  const chosen = { support: [], coefficients: new Float64Array(table.columns.length) };
  const { p } = shiftTest(withElsewhere(table), chosen, {
    shifts,
    stream: stream.child('shifts'),
    level: NULL_LEVEL,
  });
  return {
    terms: [],
    refused: null,
    slow: slowCourse(table.target, table.series),
    unstable: [],
    nullTest: { p, shifts },
    irrepresentable: null,
    left: 1,
    path,
  };
}

/** A term of the rule with its interval and its verdict, from what became of it in the resamples. */
export function assessedTerm(
  resampled: Resampled,
  column: number,
  level: number,
  moments: Moments,
  found: Pick<AssessedTerm, 'coefficient' | 'p' | 'instead'>,
): AssessedTerm {
  const inclusion = resampled.inclusion[column]!;
  const interval = intervalOf(resampled, column, level);
  const verdict = verdictOf({
    inclusion,
    interval,
    p: found.p,
    isAliased: hasAlias(moments, column),
    isReplaceable: found.instead.length > 0,
  })!;
  return { column, interval, inclusion, verdict, ...found };
}

function intervalOf({ draws }: Resampled, column: number, level: number) {
  const values = draws.map((draw) => draw[column]!).filter((value) => value !== 0);
  if (values.length < LEAST_DRAWS) return null;
  const tail = (1 - level) / 2;
  return [quantile(values, tail), quantile(values, 1 - tail)] as const;
}

/** What is in the place of a term where resamples do without it, if with these nearly all have one. */
export function instead({ draws }: Resampled, support: readonly number[], term: number): number[] {
  const without = draws.filter((draw) => draw[term] === 0);
  if (without.length <= (1 - ESTABLISHED) * draws.length) return [];
  const counts = [...draws[0]!.keys()].map((column) =>
    support.includes(column) ? 0 : without.filter((draw) => draw[column] !== 0).length,
  );
  const rivals = [...counts.keys()]
    .filter((column) => counts[column]! >= STANDS_FOR * without.length)
    .sort((a, b) => counts[b]! - counts[a]!);
  const uncovered = without.filter((draw) => rivals.every((column) => draw[column] === 0)).length;
  return uncovered <= (1 - ESTABLISHED) * draws.length ? rivals : [];
}

/** Whether another column is the same but for a factor. */
function hasAlias({ gram, cross }: Moments, column: number): boolean {
  const size = cross.length;
  const own = gram[column * size + column]!;
  for (let other = 0; other < size; other++) {
    if (other === column) continue;
    const product = gram[column * size + other]!;
    if (product ** 2 > (1 - SAME) * own * gram[other * size + other]!) return true;
  }
  return false;
}

const SAME = 2e-11;
