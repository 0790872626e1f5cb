import type { Stream } from '../../base/random.js';
import { EXCHANGES } from '../hidden/assess-courses.js';
import type { Courses } from '../hidden/courses.js';
import { gaussNewton, linearised, type Optimum } from '../hidden/gauss-newton.js';
import { kept, ofTerms } from '../hidden/select.js';
import type { TrialRows } from '../hidden/trial-test.js';
import { irrepresentable } from '../sparse/irrepresentable.js';
import { combineMoments, dot, type Moments } from '../sparse/moments.js';
import { selectSupport } from '../sparse/select-support.js';
import { type Assessment, assessedTerm, instead, LEVEL, RESAMPLES } from '../trust/assess.js';
import { resample } from '../trust/resample.js';
import { CHANCE_LEVEL, TENTATIVE } from '../trust/verdicts.js';
import { CHOICE_OPTIONS, selectChoices } from './select-choices.js';

/** Of fewer animals there are too few exchanges. */
const LEAST_ANIMALS = 4;

/** A sparse rule for choices, and what is needed to say more of it. */
export interface AssessedChoices {
  readonly assessment: Assessment;
  /** With the differences between animals that suit the data best. */
  readonly courses: Courses;
  readonly optimum: Optimum;
  readonly nothing: Optimum;
  readonly support: readonly number[];
  readonly spread: number;
  /** Of all terms, where the rule is: what the data tell apart. */
  readonly moments: Moments;
}

/**
 * The search for terms that explain choices, the same search on resampled animals (of the linear problem
 * at the optimum), a test against animals whose choices have changed places, then what can be said of
 * each term. Null where even animals that do not learn have no finite urges.
 */
export async function assessChoices(
  whole: Courses,
  stream: Stream,
  spreads?: readonly number[],
): Promise<AssessedChoices | null> {
  const chosen = await selectChoices(whole, spreads);
  if (!chosen) return null;
  const { courses, selection, spread } = chosen;
  const { size, terms, always } = courses;
  const { nothing } = selection;
  const base = nothing.cost + courses.evidence(nothing);
  const leftBy = (optimum: Optimum): number => (optimum.cost + courses.evidence(optimum)) / base;
  const path = selection.tried.map(({ support, criterion, cost }) => ({
    support,
    criterion,
    left: cost / nothing.cost,
  }));
  const reduce = (drawn: Moments): Moments => ofTerms(drawn, terms);
  const select = { price: CHOICE_OPTIONS.price };
  const { p, exchanges } = await exchangeTest(courses, nothing, stream.child('exchanges'));
  const nullTest = { p, shifts: exchanges };
  const none: Assessment = {
    terms: [],
    refused: null,
    slow: null,
    unstable: selection.support,
    nullTest,
    irrepresentable: null,
    left: 1,
    path,
  };
  const noRule = (assessment: Assessment): AssessedChoices => ({
    assessment,
    courses,
    optimum: nothing,
    nothing,
    support: [],
    spread,
    moments: reduce(combineMoments(linearised(nothing, size))),
  });
  if (selection.support.length === 0) return noRule(none);

  const drawn = resample(linearised(selection.optimum, size), {
    resamples: RESAMPLES,
    stream: stream.child('animals'),
    select,
    reduce,
  });
  const rivals = new Map(
    selection.support.map((term) => [term, instead(drawn, selection.support, term)]),
  );
  const support = selection.support.filter(
    (term) => drawn.inclusion[term]! >= TENTATIVE || rivals.get(term)!.length > 0,
  );
  const optimum =
    support.length === selection.support.length
      ? selection.optimum
      : await gaussNewton(courses, kept(selection.optimum.point, support, terms), [
          ...support,
          ...always,
        ]);
  if (!optimum || support.length === 0) return noRule(none);
  const unstable = selection.support.filter((term) => !support.includes(term));
  if (exchanges > 0 && p > CHANCE_LEVEL) {
    const refused = { why: 'chance', support, left: leftBy(optimum) } as const;
    return noRule({ ...none, refused, unstable });
  }

  const moments = reduce(combineMoments(linearised(optimum, size)));
  const assessed = support.map((column) =>
    assessedTerm(drawn, column, LEVEL, moments, {
      coefficient: optimum.point[column]!,
      p,
      instead: rivals.get(column)!,
    }),
  );
  return {
    assessment: {
      ...none,
      terms: assessed,
      unstable,
      irrepresentable: irrepresentable(moments, optimum.point.subarray(0, terms)),
      left: leftBy(optimum),
    },
    courses,
    optimum,
    nothing,
    support,
    spread,
    moments,
  };
}

/**
 * How often the same search agrees as well with animals whose choices have changed places: their stimuli
 * and rewards stay, and what the others' choices are beyond their preferences is looked at instead. All at
 * the point where nothing learns, and for the whole library, so that it counts that a search looks for
 * what agrees best.
 */
async function exchangeTest(
  courses: Courses,
  { point }: Optimum,
  stream: Stream,
): Promise<{ readonly p: number; readonly exchanges: number }> {
  const all = Array.from({ length: courses.terms }, (_, k) => k);
  const rows = await courses.rows(point, point, all);
  if (!rows || rows.length < LEAST_ANIMALS) return { p: 1, exchanges: 0 };
  const agreement = agreements(rows);
  const own = [...rows.keys()];
  const observed = agreement(own);
  let asGood = 0;
  for (let k = 0; k < EXCHANGES; k++) {
    if (agreement(stream.child(k).choose(own)) <= observed) asGood += 1;
  }
  return { p: (1 + asGood) / (1 + EXCHANGES), exchanges: EXCHANGES };
}

/** The criterion that a search reaches where each animal has the choices of another. */
function agreements(rows: readonly TrialRows[]): (order: readonly number[]) => number {
  const size = rows[0]!.columns.length;
  const gram = new Float64Array(size * size);
  for (const { columns } of rows) {
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) gram[a * size + b]! += dot(columns[a]!, columns[b]!);
    }
  }
  const crosses = rows.map(({ columns }) =>
    rows.map(({ left }) => columns.map((column) => dot(column, left))),
  );
  const power = rows.reduce((sum, { left }) => sum + dot(left, left), 0);
  const n = rows.reduce((sum, { left }) => sum + left.length, 0);
  return (order) => {
    const cross = new Float64Array(size);
    for (const [k, from] of order.entries()) {
      for (let a = 0; a < size; a++) cross[a]! += crosses[k]![from]![a]!;
    }
    return selectSupport({ n, gram, cross, power }, { most: MOST_OF_TEST, starts: 1 }).criterion;
  };
}

const MOST_OF_TEST = 4;
